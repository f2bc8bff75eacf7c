#include "server/draw/certificate.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/allocation/panel_rows.h"
#include "index/base/files.h"
#include "index/base/time.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr double kMillion = 1e6;
constexpr std::size_t kMaxWords = 500;  // characters of a name or topic

json::object write_rules(const PanelRules& rules) {
  json::array quotas;
  const std::vector<PanelRow> rows = panel_rows({}, rules);
  for (std::size_t i = 0; i < rules.quotas.size(); ++i)
    quotas.push_back(
        json::object{{"group", rules.quotas[i].group}, {"at_least", rows[i].at_least}, {"at_most", rows[i].at_most}});
  return {{"seats", rules.seats},
          {"quotas", std::move(quotas)},
          {"per_country_at_most", rules.per_country_at_most},
          {"per_organisation_at_most", rules.per_organisation_at_most},
          {"topics", strings(rules.topics)},
          {"experts_per_topic_at_least", rules.experts_per_topic_at_least},
          {"alternates_per_seat", rules.alternates_per_seat}};
}

std::uint64_t number_in(const std::string& organisation) {
  std::uint64_t number = 0;
  std::from_chars(organisation.data(), organisation.data() + organisation.size(), number);
  return number;
}

// Regions that no quota asks for would be the most of the file.
json::array write_groups(const std::vector<std::string>& groups, const PanelRules& rules) {
  json::array out;
  for (const std::string& group : groups)
    if (name_in_kind(group, kRegionKind).empty() || std::ranges::find(rules.quotas, group, &Quota::group) != rules.quotas.end())
      out.emplace_back(group);
  return out;
}

json::array write_candidates(const std::vector<PanelCandidate>& candidates, const PanelRules& rules) {
  json::array out;
  for (const PanelCandidate& one : candidates) {
    json::array topics;
    for (std::size_t i = 0; i < one.topics.size(); ++i)
      if (one.topics[i] > 0) topics.push_back(i);
    out.push_back(json::object{{"id", one.id},
                               {"country", one.country},
                               {"organisation", number_in(one.organisation)},
                               {"groups", write_groups(one.groups, rules)},
                               {"merit", static_cast<std::uint64_t>(std::llround(one.merit * kMillion))},
                               {"topics", std::move(topics)}});
  }
  return out;
}

// One member after the other is taken out of an object, until something is wrong with one.
class Members {
 public:
  explicit Members(const json::object& object) : object_(&object) {}
  Members(const json::value& value, std::string place) : place_(std::move(place)), object_(value.if_object()) {
    if (!object_) misplaced(place_);
  }
  Members(json::value&&, std::string) = delete;  // it is not kept
  std::string place_of(std::string_view name) const {
    return place_.empty() ? std::string(name) : place_ + "." + std::string(name);
  }

  const json::value* member(std::string_view name) {
    const json::value* found = status_ ? object_->if_contains(name) : nullptr;
    if (status_ && !found) misplaced(place_of(name));
    return found;
  }
  std::uint64_t number(std::string_view name, std::uint64_t most) {
    const json::value* found = member(name);
    if (!found) return 0;
    const Result<std::uint64_t> read = number_of(*found, place_of(name), Limit{0, most});
    if (!read) status_ = tl::unexpected(read.error());
    return read.value_or(0);
  }
  std::string words(std::string_view name, bool may_be_empty = false) {
    const json::value* found = member(name);
    if (!found || (may_be_empty && found->is_string() && found->as_string().empty())) return {};
    Result<std::string> read = words_of(*found, place_of(name), kMaxWords);
    if (!read) status_ = tl::unexpected(read.error());
    return read.value_or(std::string());
  }
  const json::array& list(std::string_view name, std::size_t most) {
    static const json::array kNone;
    const json::value* found = member(name);
    if (!found) return kNone;
    if (found->is_array() && found->as_array().size() <= most) return found->as_array();
    misplaced(place_of(name));
    return kNone;
  }
  std::vector<std::string> texts(std::string_view name, std::size_t most) {
    std::vector<std::string> read;
    for (const json::value& one : list(name, most)) {
      Result<std::string> text = words_of(one, place_of(name), kMaxWords);
      if (!text) status_ = tl::unexpected(text.error());
      read.push_back(text.value_or(std::string()));
    }
    return read;
  }
  void misplaced(std::string place) {
    status_ = fail(ErrorCode::kInvalid, std::move(place), "is not as a certificate of a draw has it",
                   "give the file as `convene --certificate` wrote it");
  }
  const Status& status() const { return status_; }

 private:
  std::string place_;
  const json::object* object_ = nullptr;
  Status status_;
};

Result<PanelRules> read_rules(const json::value& value) {
  constexpr std::size_t kMost = kMaxPanelCandidates;
  Members members(value, "rules");
  PanelRules rules;
  rules.seats = members.number("seats", kMost);
  for (const json::value& one : members.list("quotas", 1'000)) {
    Members quota(one, "rules.quotas");
    rules.quotas.push_back({.group = quota.words("group"),
                            .at_least = quota.number("at_least", kMost),
                            .at_most = quota.number("at_most", kMost),
                            .share_at_least = {},
                            .share_at_most = {},
                            .place = "rules.quotas"});
    if (!quota.status()) return tl::unexpected(quota.status().error());
  }
  rules.per_country_at_most = members.number("per_country_at_most", kMost);
  rules.per_organisation_at_most = members.number("per_organisation_at_most", kMost);
  rules.topics = members.texts("topics", kPanelTopics.most);
  rules.experts_per_topic_at_least = members.number("experts_per_topic_at_least", kMost);
  rules.alternates_per_seat = members.number("alternates_per_seat", kMost);
  if (!members.status()) return tl::unexpected(members.status().error());
  return rules;
}

Result<PanelCandidate> read_candidate(const json::value& value, std::size_t topics) {
  Members members(value, "candidates");
  PanelCandidate one{.id = members.words("id"),
                     .title = {},
                     .country = members.words("country", true),
                     .organisation = {},
                     .groups = members.texts("groups", 1'000),
                     .topics = std::vector<float>(topics, 0.0F)};
  if (const std::uint64_t number = members.number("organisation", kMaxPanelCandidates); number > 0)
    one.organisation = std::to_string(number);
  one.merit = static_cast<double>(members.number("merit", 1'000'000)) / kMillion;
  for (const json::value& covered : members.list("topics", topics)) {
    if (covered.is_int64() && covered.as_int64() >= 0 && static_cast<std::size_t>(covered.as_int64()) < topics)
      one.topics[static_cast<std::size_t>(covered.as_int64())] = 1.0F;
    else
      members.misplaced("candidates.topics");
  }
  if (!members.status()) return tl::unexpected(members.status().error());
  return one;
}

}  // namespace

std::string hash_of(const json::value& member) { return sha256(json::serialize(member)); }

std::string certificate_hash(const json::object& certificate) {
  json::object without;
  for (const auto& [name, value] : certificate)
    if (name != "certificate_hash") without.emplace(name, value);
  return sha256(json::serialize(without));
}

json::object write_draw_result(const Panel& panel) {
  json::array seats;
  for (const PanelSeat& seat : panel.seats) {
    json::array alternates;
    for (const PanelAlternate& one : seat.alternates)
      alternates.push_back(json::object{{"id", one.id}, {"title", one.title}, {"country", one.country}, {"alike", one.alike}});
    seats.push_back(json::object{{"id", seat.id},
                                 {"title", seat.title},
                                 {"country", seat.country},
                                 {"constituency", seat.constituency},
                                 {"draw", static_cast<std::uint64_t>(std::ldexp(seat.draw, 53))},
                                 {"alternates", std::move(alternates)}});
  }
  return {{"seats", std::move(seats)}};
}

json::object write_certificate(const PanelAnswer& answer, std::int64_t now) {
  json::object certificate{{"format", kDrawFormat},
                           {"programme", answer.programme},
                           {"name", answer.name},
                           {"level", answer.panel.level},
                           {"seed", answer.panel.seed},
                           {"drawn_at", iso_time(static_cast<std::uint64_t>(now))},
                           {"sequence", answer.sequence},
                           {"rules", write_rules(answer.rules)},
                           {"candidates", write_candidates(answer.stood, answer.rules)},
                           {"result", write_draw_result(answer.panel)}};
  certificate["hashes"] = json::object{{"candidates", hash_of(certificate.at("candidates"))},
                                       {"rules", hash_of(certificate.at("rules"))},
                                       {"result", hash_of(certificate.at("result"))}};
  certificate["certificate_hash"] = certificate_hash(certificate);
  return certificate;
}

Result<Draw> read_draw(const json::object& certificate) {
  Members members(certificate);
  if (members.words("format") != kDrawFormat) members.misplaced("format");
  const json::value* rules = members.member("rules");
  const std::uint64_t seed = members.number("seed", kPanelSeed.most);
  const std::string level = members.words("level");
  const json::array& candidates = members.list("candidates", kMaxPanelCandidates);
  if (!members.status()) return tl::unexpected(members.status().error());
  Draw draw;
  if (const Status read = into(read_rules(*rules), draw.rules); !read) return tl::unexpected(read.error());
  draw.rules.seed = seed;
  draw.rules.level = level;
  for (const json::value& one : candidates) {
    Result<PanelCandidate> candidate = read_candidate(one, draw.rules.topics.size());
    if (!candidate) return tl::unexpected(candidate.error());
    draw.candidates.push_back(std::move(*candidate));
  }
  return draw;
}

}  // namespace counterpart::server
