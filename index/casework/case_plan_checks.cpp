// What an act asks of the store: of profiles that it names, of those that it is about, and of what else is open.
#include <algorithm>

#include "engine/casework/asks.h"
#include "index/casework/case_plan.h"
#include "index/store/aliases.h"
#include "index/store/checks.h"
#include "index/store/origins.h"
#include "index/store/versions.h"

namespace counterpart::index {
namespace {

std::string in_quotes(std::string_view text) { return "`" + std::string(text) + "`"; }

bool has_role(const Profile& profile, std::string_view roles) {
  return std::ranges::any_of(profile.roles, [&](Role role) {
    const std::string word = " " + std::string(name_of(role)) + " ";
    return (" " + std::string(roles) + " ").find(word) != std::string::npos;
  });
}

std::string in_words(std::string_view roles) {
  std::string words;
  for (; !roles.empty(); roles.remove_prefix(std::min(roles.find(' '), roles.size() - 1) + 1))
    words += (words.empty() ? "" : " or ") + std::string(roles.substr(0, roles.find(' ')));
  return words;
}

}  // namespace

// By all that is known of the profile: what is proposed, and its legal name, which no case holds.
Status CasePlan::check_reviewer(const Case& of, const Act& act) const {
  const Desk* desk = work_.directory.desk(act.desk);
  if (!desk || desk->organisation.empty() || !is_of_) return {};
  const auto refused = [] {
    return fail(ErrorCode::kForbidden, "desk", "is of the profile's own organisation and may not review it", "hand it over");
  };
  const Result<std::optional<Proposal>> proposal = read_proposal(store_, of.asking.profile, true);
  if (!proposal) return tl::unexpected(proposal.error());
  if (*proposal && is_of_(desk->organisation, (*proposal)->profile)) return refused();
  const Result<StoredProfile> stored = store_.get(of.asking.profile, true);
  if (!stored) return stored.error().code == ErrorCode::kNotFound ? Status() : tl::unexpected(stored.error());
  return is_of_(desk->organisation, stored->profile) ? refused() : Status();
}

// The focal point of the profile's country, or whoever sits in for it.
Status CasePlan::check_focal_point(const Case& of, const Act& act, const CaseRules& rules) const {
  const Result<StoredProfile> stored = store_.get(of.asking.profile);
  if (!stored) return tl::unexpected(stored.error());
  const std::string& country = stored->profile.country;
  const auto named = rules.focal_points.find(country);
  if (named == rules.focal_points.end() || named->second == act.desk) return {};
  const Desk* desk = work_.directory.desk(named->second);
  if (desk && responsible(desk->id, desk->office, work_.clock.day_in(desk->office, act.at), work_.directory).desk == act.desk)
    return {};
  return fail(ErrorCode::kForbidden, "desk", in_quotes(act.desk) + " is not the focal point of " + in_quotes(country),
              "it is for the desk " + in_quotes(named->second));
}

Status CasePlan::check_seat(const Step& step, const Case& of, const CaseRules& rules) const {
  if (rules.seats == 0) return {};
  std::map<std::string, const Case*> changed;
  for (const Step* one : {&done_, &step})
    for (const auto& [id, now] : one->cases) changed[id] = &now;
  std::set<std::string, std::less<>> ids{of.id};
  for (const auto& [id, now] : changed) ids.insert(id);
  std::size_t taken = board_.taken_of(of.programme, {}, ids);
  for (const auto& [id, now] : changed) {
    if (id == of.id || now->programme != of.programme) continue;
    const Result<Progress> progress = progress_of(*now, work_.table);
    if (progress && progress->state && progress->state->seat) ++taken;
  }
  if (taken < rules.seats) return {};
  return fail(ErrorCode::kConflict, "programme",
              "all " + std::to_string(rules.seats) + " seats of the cohort of " + in_quotes(of.programme) + " are taken",
              "a seat is free again when an application that has one is ended");
}

// A profile that helps: by all its open cases, and by those of the programme.
Status CasePlan::check_helper(const Step& step, const Case& of, const Profile& helper, std::string_view place,
                              unsigned mentees) const {
  std::map<std::string, const Case*> changed = touched(step, helper.id);
  changed.erase(of.id);
  std::set<std::string, std::less<>> ids{of.id};
  for (const auto& [id, now] : changed) ids.insert(id);
  PlacesOf places = places_of(helper, board_.places_taken(helper.id, ids));
  std::size_t helped = board_.taken_of(of.programme, helper.id, ids);
  for (const auto& [id, now] : changed) {
    const unsigned taken = engine::places_taken(*now, helper.id, work_.table);
    places.taken += taken;
    if (taken > 0 && now->programme == of.programme) ++helped;
  }
  if (places.full())
    return fail(ErrorCode::kConflict, std::string(place),
                "all " + std::to_string(places.capacity) + " places of " + in_quotes(helper.id) + " are taken",
                "end something that is open, or raise its `capacity`");
  if (mentees == 0 || helped < mentees) return {};
  return fail(ErrorCode::kConflict, std::string(place),
              in_quotes(helper.id) + " has " + std::to_string(helped) + " of " + in_quotes(of.programme) + " already",
              "the programme gives each at most " + std::to_string(mentees) + "; name another one");
}

Status CasePlan::check_named(const Step& step, const Case& of, const ActRow& row, const Facts& facts) const {
  const CaseRules* rules = rules_of(of, work_);
  for (const SaidRow& said : work_.table.saids) {
    if (said.roles.empty() || said.says != row.says) continue;
    const std::string named = named_in(facts, said.fact);
    if (named.empty()) continue;
    const std::string place = "facts." + std::string(said.fact);
    const Result<StoredProfile> stored = store_.get(named);
    if (!stored && stored.error().code == ErrorCode::kNotFound)
      return fail(ErrorCode::kInvalid, place, "there is no such profile", "the id of a stored profile");
    if (!stored) return tl::unexpected(stored.error());
    if (!has_role(stored->profile, said.roles))
      return fail(ErrorCode::kInvalid, place, in_quotes(named) + " has not the role " + in_words(said.roles),
                  "name another profile, or add the role to this one");
    if (named == of.asking.profile)
      return fail(ErrorCode::kInvalid, place, "is the profile that the case is about", "name another profile");
    if (!said.helps) continue;
    if (Status free = check_helper(step, of, stored->profile, place, rules ? rules->mentees : 0); !free) return free;
  }
  return {};
}

namespace {

// What ends a case, or sends it back.
constexpr std::string_view kEnding[] = {"decline", "refuse", "withdraw", "drop", "cancel", "return", "send_back", "lapse"};

// A case about what another office's server sent would wait here for people who never see it, unless both share it.
Status check_here(const Database& database, const Case& of) {
  for (const Side side : kSides) {
    const Result<std::string> origin = read_origin(database, of.party(side).profile);
    if (!origin) return tl::unexpected(origin.error());
    if (origin->empty()) continue;
    return fail(ErrorCode::kConflict, side == Side::kAsking ? "from" : "to",
                "was received from the office `" + *origin + "`, and such a case does not travel between offices",
                "send an interest from a profile of this office, or write to the people of that one");
  }
  return {};
}

// With whoever is excluded a case goes no further: it is ended, or stays where it is.
Status check_goes_on(const Database& database, const Case& of, const ActRow& row, const Act& act, const LifeCycles& table,
                     bool shared) {
  const KindRow* kind = table.kind(of.kind);
  const bool goes_on = !row.to.empty() || row.two_keys || !row.opens.empty();
  const bool ends = std::ranges::find(kEnding, row.verb) != std::end(kEnding);
  if (act.by != By::kClock && goes_on && !ends && !shared)
    if (Status here = check_here(database, of); !here) return here;
  if (act.by == By::kClock || !goes_on || !kind || kind->between == Between::kProfileAlone) return {};
  if (ends) return {};
  for (const Side side : kSides) {
    const Result<std::string> survivor = survivor_of(database, of.party(side).profile);
    if (!survivor) return tl::unexpected(survivor.error());
    if (Status may = check_not_excluded(database, *survivor, side == Side::kAsking ? "from" : "to"); !may) return may;
  }
  return {};
}

}  // namespace

Status CasePlan::check_around(const Step& step, const Case& of, const ActRow& row, const Act& act) const {
  if (row.who & kReviewer)
    if (Status may = check_reviewer(of, act); !may) return may;
  if (const CaseRules* rules = rules_of(of, work_)) {
    if ((row.asks & kFocalPoint) && act.by == By::kDesk)
      if (Status focal = check_focal_point(of, act, *rules); !focal) return focal;
    if (row.asks & kFreeSeat)
      if (Status seat = check_seat(step, of, *rules); !seat) return seat;
  }
  const Result<std::optional<SharedCase>> shares = shared(step, of);
  if (!shares) return tl::unexpected(shares.error());
  if (Status may = check_goes_on(store_.database(), of, row, act, work_.table, shares->has_value()); !may) return may;
  return check_named(step, of, row, act.said.facts);
}

}  // namespace counterpart::index
