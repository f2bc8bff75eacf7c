// What becomes of the cases of profiles that are erased: nothing that anybody wrote stays, and the other side is told.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "index/caseload/case_records.h"
#include "index/caseload/outbox.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// The letter to the side that is still there, of an open case.
inline constexpr std::string_view kEndedByErasure = "ended_by_erasure";

struct ErasedCases {
  std::vector<std::string> cases;      // ids
  std::vector<Case> changed;           // that go on, as they are now
  std::vector<std::uint64_t> letters;  // that are gone
  std::vector<StoredLetter> told;      // that are written instead
  CaseCounters counters;               // afterwards
};

// Adds to `edits` what removes every case that one of `profiles` is a side of, with its letters, and leaves an ErasedCase. A
// case that does not decode goes too. One in which an act named it loses the name and goes on.
Result<ErasedCases> erase_cases_of(const std::set<std::string>& profiles, const Database& database, const Casework& work,
                                   const CaseCounters& counters, std::int64_t now, std::vector<Database::Edit>& edits);

}  // namespace counterpart::index
