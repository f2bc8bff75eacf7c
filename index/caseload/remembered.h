// What is remembered of calls: names by which a repeated call is told, and what was done in bulk, so that it can be undone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/caseload/acts.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// Repeated calls are told for a week, and at most so many of them. What is older goes when new ones come.
inline constexpr std::int64_t kRepeatsKept = 7 * kSecondsOfDay;
inline constexpr std::size_t kMostRepeats = 100'000;

// A call that had a key: what it asked and what came of it.
struct Repeat {
  std::string request;  // as RepeatKey has it
  std::string made;     // id of a case or of a Bulk
  std::int64_t at = 0;
};
// kConflict: the key was used for another request. Nothing: it is new.
Result<std::optional<Repeat>> find_repeat(const Database& database, const RepeatKey& key);
void add_repeat(const RepeatKey& key, const std::string& made, std::int64_t now, std::vector<Database::Edit>& edits);
Result<std::size_t> count_repeats(const Database& database);
// Adds what removes those that are too old or too many of `count`; how many these are.
Result<std::size_t> drop_old_repeats(const Database& database, std::size_t count, std::int64_t now,
                                     std::vector<Database::Edit>& edits);

// One act on many cases.
struct BulkRow {
  std::string case_id;
  unsigned act = 0;  // its number; 0: it was refused
  std::optional<Error> refused = {};
};
struct Bulk {
  std::string id;
  std::string verb, desk, office;  // who did it
  std::int64_t at = 0;
  std::int64_t undone = 0;  // when it was; 0: it was not
  std::vector<BulkRow> rows;
};
inline constexpr std::int64_t kBulksKept = 30 * kSecondsOfDay;  // and can be undone so long

// kNotFound: there is none, or not any more.
Result<Bulk> read_bulk(const Database& database, std::string_view id);
void add_bulk(const Bulk& bulk, std::vector<Database::Edit>& edits);
// Adds what removes some of those that are too old.
Status drop_old_bulks(const Database& database, std::int64_t now, std::vector<Database::Edit>& edits);

}  // namespace counterpart::index
