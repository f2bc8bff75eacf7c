#include "server/wire/versions.h"

#include <algorithm>
#include <string>

#include "engine/base/date.h"
#include "engine/profile/profile_json.h"
#include "engine/profile/word_diff.h"
#include "index/base/time.h"
#include "server/wire/arguments.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

bool is_simple(const json::value& value) { return !value.is_object() && !value.is_array(); }

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : value.is_null() ? std::string() : json::serialize(value);
}

std::vector<std::string> entries_of(const json::value& value) {
  std::vector<std::string> entries;
  if (value.is_array())
    for (const json::value& entry : value.as_array()) entries.push_back(text_of(entry));
  return entries;
}

bool is_list_of_words(const json::value& value) { return value.is_array() && std::ranges::all_of(value.as_array(), is_simple); }

// Goes down both values at once; null stands for what is not there.
class Difference {
 public:
  void compare(const std::string& path, const json::value& before, const json::value& after) {
    if (before == after) return;
    if (before.is_object() || after.is_object()) return compare_members(path, before, after);
    const bool words = (is_list_of_words(before) || before.is_null()) && (is_list_of_words(after) || after.is_null());
    if (words && (before.is_array() || after.is_array()))
      return add(path, entry_diff(entries_of(before), entries_of(after)), true);
    if (before.is_array() || after.is_array()) return compare_entries(path, before, after);
    add(path, word_diff(text_of(before), text_of(after)), false);
  }

  json::array done() && { return std::move(members_); }

 private:
  static const json::value& member(const json::value& of, std::string_view name) {
    static const json::value kNothing;
    const json::value* found = of.is_object() ? of.as_object().if_contains(name) : nullptr;
    return found ? *found : kNothing;
  }
  static const json::value& entry(const json::value& of, std::size_t i) {
    static const json::value kNothing;
    return of.is_array() && i < of.as_array().size() ? of.as_array()[i] : kNothing;
  }

  void compare_members(const std::string& path, const json::value& before, const json::value& after) {
    std::vector<std::string> names;
    for (const json::value* one : {&before, &after})
      if (one->is_object())
        for (const auto& [name, value] : one->as_object())
          if (std::ranges::find(names, std::string_view(name)) == names.end()) names.emplace_back(name);
    for (const std::string& name : names)
      compare(path.empty() ? name : path + "." + name, member(before, name), member(after, name));
  }

  void compare_entries(const std::string& path, const json::value& before, const json::value& after) {
    const std::size_t most =
        std::max(before.is_array() ? before.as_array().size() : 0, after.is_array() ? after.as_array().size() : 0);
    for (std::size_t i = 0; i < most; ++i) compare(path + "[" + std::to_string(i) + "]", entry(before, i), entry(after, i));
  }

  void add(const std::string& path, const std::vector<ChangedPart>& parts, bool entries) {
    json::array out;
    for (const ChangedPart& part : parts)
      out.push_back(json::object{{"change", engine::name_of(part.change)}, {"text", part.text}});
    members_.push_back(json::object{{"member", path}, {"of", entries ? "entries" : "words"}, {"parts", std::move(out)}});
  }

  json::array members_;
};

json::object head_of(const ProfileVersion& version) {
  json::object out{{"version", version.version}, {"at", iso_time(version.at)}};
  if (!version.who.empty()) out["who"] = version.who;
  if (!version.via.empty()) out["case"] = version.via;
  return out;
}

}  // namespace

json::object write_versions(std::string_view id, const std::vector<ProfileVersion>& versions) {
  json::array list;
  for (const ProfileVersion& version : versions) list.push_back(head_of(version));
  return {{"id", id}, {"versions", std::move(list)}, {"kept", kVersionsKept}};
}

json::object write_version(std::string_view id, const ProfileVersion& version) {
  json::object out = head_of(version);
  out["id"] = id;
  out["profile"] = json::parse(version.public_json);
  return out;
}

json::array write_difference(std::string_view before, std::string_view after) {
  Difference difference;
  difference.compare({}, json::parse(before), json::parse(after));
  return std::move(difference).done();
}

json::object write_submitted(const Submitted& submitted) {
  json::object out{{"id", submitted.id},
                   {"status", submitted.unchanged ? "unchanged" : "held"},
                   {"case", submitted.case_id},
                   {"state", submitted.state},
                   {"review", link_to("profile", submitted.case_id)}};
  if (submitted.version > 0) out["version"] = submitted.version;
  return out;
}

json::object write_proposal(const Proposal& proposal) {
  json::object out{{"id", proposal.profile.id},
                   {"case", proposal.case_id},
                   {"review", link_to("profile", proposal.case_id)},
                   {"at", iso_time(proposal.at)},
                   {"who", proposal.who},
                   {"profile", json::parse(to_json(proposal.profile, Visibility::kWithPrivate))}};
  if (proposal.base > 0) out["base"] = proposal.base;
  return out;
}

namespace {

constexpr std::size_t kMaxReason = 4000;

}  // namespace

json::value write_diligence(const Diligence& stated, std::int32_t today, bool sees_all) {
  if (stated.excluded() && !sees_all) return nullptr;
  json::object out{{"status", engine::name_of(status_on(stated, iso_date(today)))}};
  if (stated.check) {
    const Check& check = *stated.check;
    out["by"] = check.office;
    out["at"] = iso_time(check.at);
    if (!check.until.empty()) out["until"] = check.until;
    if (sees_all && !check.reason.empty()) out["reason"] = check.reason;
    if (sees_all) out["desk"] = check.desk;
  }
  if (stated.listed && sees_all) {
    const ListedAs& listed = *stated.listed;
    out["listed"] = json::object{{"likeness", engine::name_of(listed.likeness)},
                                 {"name", listed.name},
                                 {"source", listed.source},
                                 {"date", listed.date},
                                 {"line", listed.line}};
  }
  return out;
}

json::object write_good_practice(const Case& released, std::string_view profile, const NameOf& name_of) {
  const std::string& partner = released.party(released.asking.profile == profile ? Side::kAnswering : Side::kAsking).profile;
  const ProfileName name = name_of(partner);
  json::object out{{"case", released.id}, {"partner", partner}};
  if (!name.title.empty()) out["title"] = name.title;
  if (!name.country.empty()) out["country"] = name.country;
  out["at"] = iso_time(released.log.back().at);
  for (const Act& act : released.log) {
    if (act.verb != "write") continue;
    const Facts& told = act.said.facts;  // the last words are the ones that were let out
    out["outcome"] = told.outcome;
    for (const std::string_view member : {"amount", "currency", "jobs", "sdg"}) out.erase(member);
    if (told.amount) out["amount"] = *told.amount;
    if (!told.currency.empty()) out["currency"] = told.currency;
    if (told.jobs) out["jobs"] = *told.jobs;
    if (!told.sdg.empty()) out["sdg"] = told.sdg;
  }
  return out;
}

Result<Check> read_check(const Request& request) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  Check check;
  bool said = false;
  for (const auto& [key, value] : *object) {
    const std::string_view name = key;
    Status read;
    if (name == "as") {
      const auto status =
          value.is_string() ? parse_word<CheckStatus>(std::string_view(value.as_string())) : std::optional<CheckStatus>();
      if (!status) return fail(ErrorCode::kInvalid, "as", "is no status", "not_checked, checked or excluded");
      check.status = *status;
      said = true;
    } else if (name == "reason") {
      read = into(words_of(value, name, kMaxReason), check.reason);
    } else if (name == "until") {
      read = into(words_of(value, name, 10), check.until);
      if (read && !parse_date(check.until)) read = fail(ErrorCode::kInvalid, "until", "is no day", "as in 2027-11-26");
    } else {
      read = fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "is no member of this call", "see /openapi.json");
    }
    if (!read) return tl::unexpected(std::move(read.error()));
  }
  if (!said) return fail(ErrorCode::kInvalid, "as", "is no status", "not_checked, checked or excluded");
  if (check.status == CheckStatus::kExcluded && check.reason.empty())
    return fail(ErrorCode::kInvalid, "reason", "is required of an exclusion", "say it in a sentence");
  if (check.status != CheckStatus::kChecked && !check.until.empty())
    return fail(ErrorCode::kInvalid, "until", "is asked for of what is checked alone", "leave it out");
  return check;
}

}  // namespace counterpart::server
