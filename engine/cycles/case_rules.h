// What a programme's file sets for its cases. Plain values, checked by the programme's reader.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/time_zone.h"

namespace counterpart::engine {

// A kind of membership.
struct Tier {
  std::string name;  // a slug
  double fee = 0;
  std::string currency;  // ISO 4217
  unsigned months = 0;   // how long it lasts, 1-600
  bool operator==(const Tier&) const = default;
};

struct CaseRules {
  std::vector<std::string> kinds;  // of those that only programmes run which name them
  std::string office;              // that answers for the programme; empty, or not there: the one on duty
  // By country, the desk whose word counts for it. A country that is not named: any desk of the profile's office.
  std::map<std::string, std::string, std::less<>> focal_points;
  // Of a cohort: first and last day of its call, seats, how many of one mentor's, jurors, what they give points for.
  std::optional<Day> opens, closes;
  unsigned seats = 0, mentees = 0;  // 0: no limit
  unsigned jurors = 1;
  std::vector<std::string> criteria;
  // Of members: who may be one, in words, and their tiers.
  std::vector<std::string> admission;
  std::vector<Tier> tiers;

  bool runs(std::string_view kind) const { return std::ranges::find(kinds, kind) != kinds.end(); }
  const Tier* tier(std::string_view name) const {
    const auto found = std::ranges::find(tiers, name, &Tier::name);
    return found != tiers.end() ? &*found : nullptr;
  }
};
using RulesByProgramme = std::map<std::string, CaseRules, std::less<>>;

}  // namespace counterpart::engine
