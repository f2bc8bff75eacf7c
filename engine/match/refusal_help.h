// What a refusal's reason is good for: whom the asker may ask instead, which condition of the refusing profile would have kept
// the asker from coming, and whether the refusal tells something of how the two fit.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/casework/case.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"

namespace counterpart::engine {

// Who was refused by whom. Holds references.
struct Refused {
  const Profile& asker;
  const Profile& refusing;
  const Facts& asked;   // what was stated with the interest
  unsigned places = 0;  // of the refusing profile's capacity, that are taken
};

// THE table: a row for each reason of "decline" (engine/cycles/introductions.cpp).
struct RefusalRow {
  std::string_view reason;
  bool of_fit = false;  // it tells that the two do not fit; else of the moment alone, and nothing can be learnt from it
  // What somebody else must meet, to whom the reason does not apply. Nothing: the asker does not state what it is about, or
  // whoever may be asked at all will do.
  Conditions (*meets)(const Refused& refused) = nullptr;
  // The member of a profile that `state` changes; empty: no condition says such a thing.
  std::string_view member = {};
  // Changes `profile`, the refusing one, so that it would not have met the asker. False: it has no such condition to state.
  bool (*state)(Profile& profile, const Refused& refused) = nullptr;
};
std::span<const RefusalRow> refusal_rows();
const RefusalRow* refusal_row(std::string_view reason);  // nullptr: no such reason

}  // namespace counterpart::engine
