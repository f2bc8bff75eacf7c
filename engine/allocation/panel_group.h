// The closed words of panels: levels of consultation, and the kinds of groups that seats are counted by.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

inline constexpr std::string_view kPanelLevels[] = {"global", "regional", "interregional", "sectoral"};

// A group is written KIND:NAME, as in "constituency:business".
inline constexpr std::string_view kConstituencyKind = "constituency";
inline constexpr std::string_view kRegionKind = "region";
inline constexpr std::string_view kCountryGroupKind = "group";
inline constexpr std::string_view kGenderKind = "gender";

// Roles for which somebody may take part; who has none of them sits for the last.
inline constexpr std::string_view kOtherConstituency = "others";
inline constexpr std::string_view kConstituencies[] = {name_of(Role::kGovernment), name_of(Role::kBusiness),
                                                       name_of(Role::kLabour), name_of(Role::kConsumers), kOtherConstituency};

// Those that a profile may state, and the one of a profile that states none.
inline constexpr std::string_view kUnknownGender = "unknown";
inline constexpr auto kPanelGenders = [] {
  std::array<std::string_view, Vocabulary<Gender>::kNames.size() + 1> genders;
  std::ranges::copy(Vocabulary<Gender>::kNames, genders.begin());
  genders.back() = kUnknownGender;
  return genders;
}();

inline std::string panel_group(std::string_view kind, std::string_view name) {
  return std::string(kind) + ":" + std::string(name);
}

// NAME of a group of this kind; empty for a group of another.
inline std::string_view name_in_kind(std::string_view group, std::string_view kind) {
  if (!group.starts_with(kind) || group.substr(kind.size(), 1) != ":") return {};
  return group.substr(kind.size() + 1);
}

}  // namespace counterpart::engine
