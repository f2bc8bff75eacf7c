// What is asked of the store of cases, and what it answers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "index/layer.h"
#include "index/store/write.h"

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

// A call that names itself, so that a repeated one is told from a new one. Digests: neither tells what it was made of.
struct RepeatKey {
  std::string key;      // of the caller and its key
  std::string request;  // of all that is asked, and of the key
};

// Somebody wants to act.
struct ActRequest {
  std::string case_id = {};  // empty: `opens` one
  std::optional<NewCase> opens = {};
  By by = By::kDesk;      // never the clock, but within the store
  std::string desk = {};  // of By::kDesk
  std::string verb = {};
  Said said = {};
  std::optional<unsigned> last = {};  // number of the last act that the caller has seen; kConflict where there is a newer one
  std::string who = {};               // for the audit log
  std::optional<RepeatKey> repeat = {};
};

// A case after an act.
struct Acted {
  Case after;
  Standing standing;
  std::vector<Letter> letters;      // that go out because of it, those of the cases in `others` too
  std::vector<std::string> others;  // ids of cases that it opened or moved
  bool repeated = false;            // an earlier call of the same key did it: the case as it is now, and nothing else
};

// Who acts on many cases at once, or has that undone.
struct BulkCall {
  std::string verb = {};  // what is done; of an undoing: nothing
  std::string desk, office, who;
  std::optional<RepeatKey> repeat = {};
};

// Somebody sends a profile in that is held back: a new one, or the next version of one that is published.
struct Submission {
  Write write;            // its id and language are set
  By by = By::kDesk;      // an owner's own profile: By::kOwner
  std::string desk = {};  // of By::kDesk; one of another office than the profile's, or none, is noted as nobody's
  bool submits = true;    // false: it stays a draft
};
// What became of it.
struct Submitted {
  std::string id;       // of the profile
  std::string case_id;  // under which it is held; empty: the same is published already
  std::string_view state = {};
  std::uint64_t version = 0;  // that stays in force; 0: none is
  bool unchanged = false;     // the same was there already
};

}  // namespace counterpart::index
