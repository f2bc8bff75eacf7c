// What acts state. A member here has a row in case_json.cpp too; which act states what, the rows of saids say.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/time_zone.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

// What an interest came of.
enum class Found : std::uint8_t { kList, kRun, kAlert, kByHand };
template <>
struct Vocabulary<Found> {
  static constexpr std::array<std::string_view, 4> kNames{"list", "run", "alert", "by_hand"};
};

// By four criteria, 0 to 5 each.
struct Scores {
  int advantages = 0, clarity = 0, cooperation = 0, rules = 0;
  int total() const { return advantages + clarity + cooperation + rules; }
  bool has_zero() const { return !advantages || !clarity || !cooperation || !rules; }
  bool operator==(const Scores&) const = default;
};
inline constexpr int kScoreToPublish = 10;

struct Comment {
  std::string member;  // of the profile, as in "organisation.size"; empty: on the whole
  std::string text;
  bool operator==(const Comment&) const = default;
};

// A juror's points by one criterion of the programme, 0 to 5.
struct Mark {
  std::string criterion;
  int points = 0;
  bool operator==(const Mark&) const = default;
};

// Of two profiles that become one, whose word stands: of the one that stays, of the other, or of both where it is a list.
enum class Keep : std::uint8_t { kA, kB, kBoth };
template <>
struct Vocabulary<Keep> {
  static constexpr std::array<std::string_view, 3> kNames{"a", "b", "both"};
};
struct Choice {
  std::string member;  // as in "organisation.size"
  Keep keep = Keep::kA;
  bool operator==(const Choice&) const = default;
};

// All that acts can state beside reason and note; which act states what, the table of saids says. None of it is contact data.
struct Facts {
  std::optional<Cooperation> cooperation;  // that is wanted
  std::string missing, about_us;
  std::optional<Found> found;
  std::optional<double> amount;
  std::string currency;  // ISO 4217
  std::optional<Cooperation> instrument;
  std::optional<std::int64_t> jobs;
  std::string sdg;  // goal or target
  std::optional<Scores> scores;
  std::vector<Comment> comments;
  std::optional<Day> valid_until;  // the last day of the profile, or of the term that is agreed
  std::string desk;
  std::string plan, outcome;  // what is to be done, what came of it
  std::optional<Day> starts, ends;
  std::string implementer, adviser, mentor, investor;  // ids of profiles
  std::optional<double> ticket_min, ticket_max;
  std::vector<Cooperation> instruments;
  std::vector<Mark> marks;  // one a criterion
  std::string tier;         // of the programme's tiers
  std::optional<std::int64_t> duration_months, staff_hours;
  std::string know_how;
  std::string draw;                     // hash of the certificate that names the seat
  std::string seat;                     // who was drawn for it, an id
  std::vector<std::string> alternates;  // ids, who is called up first stands first
  std::string survivor;                 // id of the profile that stays, of the two that become one
  std::vector<Choice> keep;             // where they differ; see engine/survey/merge.h for the rest
  bool operator==(const Facts&) const = default;
};

// The profile that the fact of that name names; empty: it names none.
std::string named_in(const Facts& facts, std::string_view fact);
// All profiles that they name.
std::vector<std::string> named_profiles(const Facts& facts);
// Takes those names out.
void forget_profiles(const std::set<std::string>& profiles, Facts& facts);

}  // namespace counterpart::engine
