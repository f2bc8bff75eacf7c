// What is asked of the store of cases, and what it answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "index/layer.h"

namespace counterpart::index {

// What a new case is between. Offices and organisations are read from the stored profiles; a profile whose office is not in the
// directory is answered for by the duty office.
struct NewCase {
  std::string kind;
  std::string programme;
  std::string from;     // id of a profile
  std::string to = {};  // the same; of a kind that is about one profile: empty
  // Of a profile that is not stored yet; of kinds that are about one profile alone.
  std::string office = {}, organisation = {};
};

// Somebody wants to act.
struct ActRequest {
  std::string case_id = {};  // empty: `opens` one
  std::optional<NewCase> opens = {};
  By by = By::kDesk;      // never the clock
  std::string desk = {};  // of By::kDesk
  std::string verb = {};
  Said said = {};
  std::optional<unsigned> last = {};  // number of the last act that the caller has seen; kConflict where there is a newer one
  std::string who = {};               // for the audit log
};

// A case after an act.
struct Acted {
  Case after;
  Standing standing;
  std::vector<Letter> letters;      // that go out because of it, those of the cases in `others` too
  std::vector<std::string> others;  // ids of cases that it opened or moved
};

}  // namespace counterpart::index
