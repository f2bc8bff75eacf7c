// What an office states of a profile that it has looked into, and whom a list of exclusions takes it for. Records of
// Family::kVersions, apart from the profile: no import and no write of the profile changes them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/survey/exclusions.h"
#include "engine/taxonomy/vocabulary.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

enum class CheckStatus : std::uint8_t { kNotChecked, kChecked, kExcluded };

// What is said where somebody who is excluded is asked for.
inline constexpr std::string_view kIsExcluded = "is excluded: it is matched with nobody";

// The office's statement, not the company's.
struct Check {
  CheckStatus status = CheckStatus::kNotChecked;
  std::string reason, office, desk;
  std::uint64_t at = 0;      // seconds since 1970, UTC
  std::string until = {};    // ISO date, the last day on which it counts as checked; empty: no end
  std::uint64_t number = 0;  // of statements about this profile, from 1
  bool operator==(const Check&) const = default;
};

struct Diligence {
  std::optional<Check> check;      // nothing: nobody has looked
  std::optional<ListedAs> listed;  // by the list of exclusions; nothing: it is not on it
  // In no list, search, run, panel or alert, on neither side. Whoever was looked at and found to be somebody else than the one
  // whose name is on the list is not; an identifier is never somebody else's.
  bool excluded() const;
  bool operator==(const Diligence&) const = default;
};
// As of that day (ISO): what was checked until a day before is not checked.
CheckStatus status_on(const Diligence& diligence, std::string_view today);

// kCorrupt.
Result<Diligence> read_diligence(const Database& database, std::string_view id);
Result<bool> is_excluded(const Database& database, std::string_view id);
// kConflict at `place`, saying kIsExcluded, where it is.
Status check_not_excluded(const Database& database, std::string_view id, std::string_view place);
// Those that are excluded; of an alias too.
Result<std::set<std::string, std::less<>>> excluded_ids(const Database& database);
// Adds what stores it; what it does not have is removed.
void add_diligence(std::vector<Database::Edit>& edits, const std::string& id, const Diligence& diligence);

}  // namespace counterpart::index

template <>
struct counterpart::engine::Vocabulary<counterpart::index::CheckStatus> {
  static constexpr std::array<std::string_view, 3> kNames{"not_checked", "checked", "excluded"};
};
