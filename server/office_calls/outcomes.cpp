#include "server/office_calls/outcomes.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

#include "engine/match/refusal_help.h"
#include "server/handlers/route.h"
#include "server/office_calls/case_log.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kLinesAtOnce = 100;
constexpr std::string_view kSet = "outcomes";

struct Outcome {
  std::set<std::string> accepted, declined, concluded;
};
using Outcomes = std::map<std::string, Outcome>;  // by who asked

bool has_act(const Case& of, std::string_view says) {
  bool has = false;
  const auto watch = [&](const Act&, const ActRow& row, const Progress&) { has = has || row.says == says; };
  return engine::progress_of(of, life_cycles(), watch) && has;
}

// A case that opens another one was accepted; one that was refused and taken up again is what it is now.
void add_outcome(const Case& of, Outcome& outcome) {
  const std::string& asked = of.answering.profile;
  if (has_act(of, "conclusion")) outcome.concluded.insert(asked);
  bool accepted = false, declined = false;
  const auto watch = [&](const Act& act, const ActRow& row, const Progress& after) {
    accepted = accepted || !row.opens.empty();
    if (is_open(*after.state)) declined = false;
    const RefusalRow* refusal = row.says == "decline" ? engine::refusal_row(act.said.reason) : nullptr;
    declined = declined || (refusal && refusal->of_fit);
  };
  if (!engine::progress_of(of, life_cycles(), watch)) return;
  if (accepted) outcome.accepted.insert(asked);
  if (declined) outcome.declined.insert(asked);
}

Result<Outcomes> read_outcomes(const Call& call) {
  CaseLog log(call, Right::kCaseLog);
  Outcomes outcomes;
  while (true) {
    const Result<std::optional<LoggedCase>> one = log.next();
    if (!one) return tl::unexpected(one.error());
    if (!*one) return outcomes;
    if ((*one)->of) add_outcome(*(*one)->of, outcomes[(*one)->of->asking.profile]);
  }
}

// All that the profile says in public; nothing of one that is not there any more.
std::string public_text(const Profile& profile) {
  std::string text = profile.title;
  for (const std::string* part : {&profile.summary, &profile.offers, &profile.seeks})
    if (!part->empty()) text += "\n" + *part;
  return text;
}

json::array ids_of(const std::set<std::string>& ids, const std::set<std::string>& known) {
  json::array out;
  for (const std::string& id : ids)
    if (known.contains(id)) out.emplace_back(id);
  return out;
}

// Line after line: the set, the candidates, the queries.
class PairLines {
 public:
  PairLines(const Call& call, Outcomes outcomes) : call_(call), outcomes_(std::move(outcomes)) {
    std::set<std::string> asked;
    for (const auto& [asker, outcome] : outcomes_)
      for (const auto* ids : {&outcome.accepted, &outcome.declined}) asked.insert(ids->begin(), ids->end());
    candidates_.assign(asked.begin(), asked.end());
    query_ = outcomes_.begin();
  }

  bool next(std::string& piece) {
    if (at_ == 0) piece += json::serialize(json::object{{"set", kSet}}) + "\n";
    for (std::size_t i = 0; i < kLinesAtOnce; ++i) {
      if (at_ < candidates_.size()) {
        add_candidate(candidates_[at_++], piece);
      } else if (query_ != outcomes_.end()) {
        add_query(query_->first, query_->second, piece);
        ++query_;
      } else {
        return false;
      }
    }
    return true;
  }

 private:
  std::optional<Profile> profile_of(const std::string& id) const {
    Result<StoredProfile> stored = call_.service.get(id);
    if (!stored && stored.error().code != ErrorCode::kNotFound) throw std::runtime_error("outcomes");
    return stored ? std::optional(std::move(stored->profile)) : std::nullopt;
  }
  void add_candidate(const std::string& id, std::string& piece) {
    const std::optional<Profile> profile = profile_of(id);
    if (!profile) return;
    known_.insert(id);
    const json::array texts{json::object{{"id", id}, {"text", public_text(*profile)}}};
    piece += json::serialize(json::object{{"candidate", id}, {"texts", texts}}) + "\n";
  }
  void add_query(const std::string& id, const Outcome& outcome, std::string& piece) const {
    json::array relevant = ids_of(outcome.accepted, known_);
    const std::optional<Profile> profile = relevant.empty() ? std::nullopt : profile_of(id);
    if (!profile) return;
    json::object line{{"query", id}, {"text", public_text(*profile)}, {"leave_out", id}, {"relevant", std::move(relevant)}};
    if (!profile->country.empty()) line["country"] = profile->country;
    if (json::array declined = ids_of(outcome.declined, known_); !declined.empty()) line["declined"] = std::move(declined);
    if (json::array concluded = ids_of(outcome.concluded, known_); !concluded.empty()) line["concluded"] = std::move(concluded);
    piece += json::serialize(line) + "\n";
  }

  Call call_;
  Outcomes outcomes_;
  std::vector<std::string> candidates_;
  std::size_t at_ = 0;
  Outcomes::const_iterator query_;
  std::set<std::string> known_;  // candidates that are there
};

}  // namespace

Response outcomes(const Call& call) {
  Result<Outcomes> read = read_outcomes(call);
  if (!read) return problem(read.error(), call.request);
  Response response;
  response.content_type = std::string(kLines);
  response.stream = [lines = std::make_shared<PairLines>(call, std::move(*read))](std::string& piece) {
    return lines->next(piece);
  };
  return response;
}

}  // namespace counterpart::server
