#include "server/suitcase/contents.h"

#include <algorithm>
#include <set>
#include <vector>

#include "server/suitcase/inner_call.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string text_at(const json::value& value, std::string_view name) {
  const json::value* found = value.is_object() ? value.as_object().if_contains(name) : nullptr;
  return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

// Fills a suitcase thing by thing, the most needed first, until it weighs what it may.
class Packer {
 public:
  Packer(const Call& call, const Caller& caller, std::string office, std::string desk)
      : call_(call), caller_(caller), office_(std::move(office)), desk_(std::move(desk)) {}

  json::object pack() {
    out_["desk_view"] = ask({"GET", "/v1/desk", {}, {}, {whose(), {"limit", "1000"}}});
    out_["directory"] = ask({"GET", "/v1/offices"});
    out_["programmes"] = ask({"GET", "/v1/programmes"});
    pack_cases();
    pack_own_profiles();
    pack_others();
    pack_briefs();
    out_["cases"] = std::move(cases_);
    out_["profiles"] = std::move(profiles_);
    out_["matches"] = std::move(matches_);
    out_["advice"] = std::move(advice_);
    out_["briefs"] = std::move(briefs_);
    out_["left_out"] = std::move(left_out_);
    return std::move(out_);
  }

 private:
  std::pair<std::string, std::string> whose() const {
    return desk_.empty() ? std::pair("office", office_) : std::pair("desk", desk_);
  }
  json::value ask(InnerCall inner) const { return json_of(answer_of(call_, caller_, std::move(inner))).value_or(nullptr); }

  // Whether there was room for it.
  bool take(json::object& into, const std::string& id, json::value value) {
    if (value.is_null()) return true;
    const std::size_t bytes = json::serialize(value).size();
    if (weight_ + bytes > kBytesTaken) return false;
    weight_ += bytes;
    into[id] = std::move(value);
    return true;
  }
  void leave_out(std::string_view what, std::size_t taken, std::size_t of) {
    if (taken < of) left_out_.push_back(json::object{{"what", what}, {"taken", taken}, {"of", of}});
  }

  // Those that wait for somebody of the desk first, as the desk tells them, then all other open ones of the office.
  std::vector<std::string> open_cases() const {
    std::vector<std::string> ids;
    std::set<std::string> seen;
    const auto add = [&](std::string id) {
      if (!id.empty() && seen.insert(id).second) ids.push_back(std::move(id));
    };
    if (const json::value& view = out_.at("desk_view"); view.is_object())
      for (const char* list : {"mine", "inbox", "waiting", "expiring"})
        for (const json::value& row : view.at(list).as_array())
          if (text_at(row, "kind") != "profile" || text_at(row, "id") != text_at(row, "from")) add(text_at(row, "id"));
    for (std::string after;;) {
      InnerCall page{"GET", "/v1/cases", {}, {}, {{"office", office_}, {"open", "true"}, {"limit", "1000"}}};
      if (!after.empty()) page.query.emplace("after", after);
      const json::value listed = ask(std::move(page));
      if (!listed.is_object()) break;
      for (const json::value& one : listed.at("cases").as_array()) add(text_at(one, "id"));
      after = text_at(listed, "after");
      if (!listed.at("more").as_bool() || after.empty()) break;
    }
    return ids;
  }

  void pack_cases() {
    const std::vector<std::string> ids = open_cases();
    std::size_t taken = 0;
    for (const std::string& id : ids) {
      if (taken == kCasesTaken) break;
      json::value one = ask({"GET", "/v1/cases/{id}", id});
      if (one.is_object())
        for (const char* side : {"from", "to"})
          if (const json::value* party = one.as_object().if_contains(side)) involved_.push_back(text_at(*party, "profile"));
      if (!take(cases_, id, std::move(one))) break;
      ++taken;
    }
    leave_out("cases", taken, ids.size());
  }

  std::vector<std::string> own_ids(std::size_t& all) const {
    std::vector<std::string> ids;
    for (std::string cursor;;) {
      InnerCall page{"GET", "/v1/profiles", {}, {}, {{"office", office_}, {"limit", "250"}}};
      if (!cursor.empty()) page.query.emplace("cursor", cursor);
      const json::value found = ask(std::move(page));
      if (!found.is_object()) break;
      all = found.at("total").to_number<std::size_t>();
      for (const json::value& one : found.at("profiles").as_array()) ids.push_back(text_at(one, "id"));
      cursor = text_at(found, "next_cursor");
      if (cursor.empty() || ids.size() >= 20 * kProfilesTaken) break;
    }
    // Of whom a case is open go first.
    std::ranges::stable_partition(ids,
                                  [&](const std::string& id) { return std::ranges::find(involved_, id) != involved_.end(); });
    return ids;
  }

  bool take_profile(const std::string& id, bool own, json::value* said = nullptr) {
    const Response answer = answer_of(call_, caller_, {"GET", "/v1/profiles/{id}", id});
    std::optional<json::value> profile = json_of(answer);
    if (!profile) return true;  // gone meanwhile, or out of sight
    if (said) *said = *profile;
    countries_.push_back(text_at(*profile, "country"));
    return take(profiles_, id,
                json::object{{"own", own}, {"etag", field_of(answer, "ETag")}, {"profile", std::move(*profile)}});
  }

  void pack_own_profiles() {
    std::size_t all = 0, taken = 0;
    for (const std::string& id : own_ids(all)) {
      if (taken == kProfilesTaken) break;
      json::value profile;
      if (!take_profile(id, true, &profile)) break;
      ++taken;
      take(advice_, id, ask({"GET", "/v1/profiles/{id}/advice", id}));
      pack_matches(id, profile);
    }
    leave_out("profiles", taken, all);
  }

  // By the rules of the first programme that it takes part in.
  void pack_matches(const std::string& id, const json::value& profile) {
    std::string programme = "open";
    if (const json::value* named = profile.is_object() ? profile.as_object().if_contains("programmes") : nullptr)
      for (const json::value& one : named->as_array())
        if (programme == "open" && call_.data.programmes.contains(std::string(one.as_string()))) programme = one.as_string();
    InnerCall match{"POST", "/v1/match"};
    match.headers["content-type"] = "application/json";
    match.body =
        json::serialize(json::object{{"profile", id}, {"programme", programme}, {"limit", kMatchesTaken}, {"explain", true}});
    json::value found = ask(std::move(match));
    if (!found.is_object()) return;
    for (const json::value& one : found.at("matches").as_array()) involved_.push_back(text_at(one, "id"));
    take(matches_, id, json::object{{"programme", programme}, {"matches", std::move(found.as_object()["matches"])}});
  }

  // The other sides of cases and matches, as everybody sees them.
  void pack_others() {
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const std::string& id : involved_)
      if (!id.empty() && !profiles_.contains(id) && seen.insert(id).second) ids.push_back(id);
    std::size_t taken = 0;
    for (const std::string& id : ids) {
      if (taken == kOthersTaken || !take_profile(id, false)) break;
      ++taken;
    }
    leave_out("counterparts", taken, ids.size());
  }

  void pack_briefs() {
    std::vector<std::string> codes;
    std::set<std::string> seen;
    for (const std::string& code : countries_)
      if (!code.empty() && seen.insert(code).second) codes.push_back(code);
    std::size_t taken = 0;
    for (const std::string& code : codes) {
      if (taken == kBriefsTaken || !take(briefs_, code, ask({"GET", "/v1/countries/{country}/brief", code}))) break;
      ++taken;
    }
    leave_out("briefs", taken, codes.size());
  }

  const Call& call_;
  const Caller& caller_;
  std::string office_, desk_;
  json::object out_, cases_, profiles_, matches_, advice_, briefs_;
  json::array left_out_;
  std::vector<std::string> involved_, countries_;
  std::size_t weight_ = 0;
};

}  // namespace

json::object contents_of(const Call& call, const Caller& caller, const std::string& office, const std::string& desk) {
  return Packer(call, caller, office, desk).pack();
}

}  // namespace counterpart::server
