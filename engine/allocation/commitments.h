// What a project's introductions have brought of its budget: by partner and by instrument, in the project's own currency, what
// is still open, and the days to come.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar/time_zone.h"
#include "engine/casework/case.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// A case as it stands now.
struct CaseStanding {
  const Case* of = nullptr;
  std::string_view state;
  bool open = false;
  std::optional<Day> due;  // of an open one
};

enum class Committed : std::uint8_t { kYes, kInTalks, kNo };
template <>
struct Vocabulary<Committed> {
  static constexpr std::array<std::string_view, 3> kNames{"committed", "in_talks", "ended"};
};

struct Commitment {
  std::string case_id, counterpart, state;
  Committed committed = Committed::kNo;
  std::optional<double> amount;  // as it was said when it was concluded
  std::string currency;
  std::optional<double> own;  // of the project's currency; nullopt: none was said, or one of the two has no rate
  std::optional<Cooperation> instrument;
  Day since = 0;  // of the last act
};

struct InstrumentMoney {
  std::optional<Cooperation> instrument;  // nullopt: none was said
  double committed = 0;                   // in the project's currency
  std::size_t partners = 0;
  bool sought = false;  // the project asks for it
};

struct ProjectDay {
  Day day = 0;
  std::string_view what;  // "due", "starts", "ends", "valid_until"
  std::string case_id;    // empty: of the profile itself
};

struct Commitments {
  std::string currency;                      // of all amounts here: that of the finance sought; USD where none is stated
  double budget = 0;                         // the upper end of what is sought; 0: not stated
  double committed = 0;                      // of it
  double open = 0;                           // budget - committed, never below 0
  std::size_t unconverted = 0;               // committed partners whose amount has no rate: not in `committed`
  std::vector<InstrumentMoney> instruments;  // those sought first, in the profile's order, then others as they came
  std::vector<Commitment> partners;          // in the order of the cases
  std::vector<ProjectDay> calendar;          // from `today` on, ascending
};

// `cases`: all of which the project is a side; those of two profiles count. `today`: days since 1970.
Commitments commitments_of(const Profile& project, std::span<const CaseStanding> cases, Day today, const Taxonomy& taxonomy);

}  // namespace counterpart::engine
