#include "engine/profile/profile_json.h"

#include "engine/profile/draft_json.h"
#include "engine/profile/members.h"
#include "engine/profile/profile_json_codec.h"
#include "engine/profile/profile_json_tree.h"

namespace counterpart::engine {
namespace {

using boost::json::value;
using Part = JsonOut::Part;

// The rules that more than one of Profile's own members are under.
std::vector<Error> faults_of_whole(const Profile& profile) {
  std::vector<Error> faults;
  if (profile.gender && profile.kind != Kind::kExpert)
    faults.push_back({ErrorCode::kInvalid, "gender", "is of an expert alone, not of a " + std::string(name_of(profile.kind)),
                      "leave it out; who leads an organisation is said by `organisation.women_led`"});
  if (profile.summary.empty() && profile.offers.empty() && profile.seeks.empty())
    faults.push_back(
        {ErrorCode::kInvalid, "summary", "one of `summary`, `offers`, `seeks` is required", "say what is offered or sought"});
  return faults;
}

Status read_into(Profile& profile, const value& json, const Rules& rules) {
  const MemberFindings before(rules.findings);
  if (Status status = read_members(profile_members(), json, &profile, rules); !status) return status;
  if (rules.trusted()) return {};
  for (Error& fault : faults_of_whole(profile)) {
    // A text that could not be read is there all the same.
    if (before.told(fault.place) || (fault.place == "summary" && (before.told("offers") || before.told("seeks")))) continue;
    if (Status status = before.add(std::move(fault)); !status) return status;
  }
  return rules.findings && !rules.findings->faults.empty() ? tl::unexpected(rules.findings->faults.front()) : Status{};
}

Status read_into(Profile& profile, std::string_view text, const Rules& rules) {
  JsonTree tree;
  if (Status status = tree.parse(text); !status) return status;
  return read_into(profile, tree.root(), rules);
}

Result<Profile> parse(std::string_view json, const Rules& rules) {
  if (json.size() > kMaxProfileBytes)
    return fail(ErrorCode::kTooLarge, {}, "the profile has " + std::to_string(json.size()) + " bytes",
                "at most " + std::to_string(kMaxProfileBytes));
  Profile profile;
  if (Status status = read_into(profile, json, rules); !status) return tl::unexpected(std::move(status.error()));
  return profile;
}

std::string write(const Profile& profile, Part part) {
  JsonOut json(part);
  write_members(profile_members(), &profile, json);
  return std::move(json.out);
}

}  // namespace

Result<Profile> parse_profile(std::string_view json, const Taxonomy& taxonomy, PrivateRemoved* removed) {
  return parse(json, {.taxonomy = &taxonomy, .removed = removed});
}

Result<Profile> read_profile(const boost::json::value& json, const Taxonomy& taxonomy) {
  Profile profile;
  if (Status status = read_into(profile, json, {.taxonomy = &taxonomy}); !status)
    return tl::unexpected(std::move(status.error()));
  return profile;
}

Result<Profile> parse_profile(std::string_view json, const Taxonomy& taxonomy, Findings& findings, PrivateRemoved* removed) {
  return parse(json, {.taxonomy = &taxonomy, .findings = &findings, .removed = removed});
}

Result<Profile> parse_draft(std::string_view json, const Taxonomy& taxonomy, Findings& findings) {
  JsonTree tree;
  if (Status status = tree.parse(json); !status) return tl::unexpected(std::move(status.error()));
  if (!tree.root().is_object()) return wrong_shape("an object", tree.root());
  if (std::optional<Error> unknown = first_unknown(profile_members(), tree.root())) return tl::unexpected(std::move(*unknown));
  Profile profile;
  (void)read_into(profile, tree.root(), {.taxonomy = &taxonomy, .findings = &findings});  // its faults are the findings
  return profile;
}

std::string to_json(const Profile& profile, Visibility visibility) {
  return write(profile, visibility == Visibility::kPublic ? Part::kPublic : Part::kAll);
}

std::string private_json(const Profile& profile) { return write(profile, Part::kPrivateOnly); }

Result<Profile> decode_profile(std::string_view public_json, std::string_view private_json) {
  Profile profile;
  Status status = read_into(profile, public_json, {});
  if (status && !private_json.empty()) status = read_into(profile, private_json, {});
  if (status) return profile;
  status.error().code = ErrorCode::kCorrupt;
  return tl::unexpected(std::move(status.error()));
}

}  // namespace counterpart::engine
