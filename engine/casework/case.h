// A case: two sides and a log of acts. What stands of it is read from the log (standing.h); it changes by acts alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/engagements.h"
#include "engine/casework/office.h"
#include "engine/casework/office_clock.h"
#include "engine/cycles/case_rules.h"
#include "engine/cycles/facts.h"
#include "engine/cycles/life_cycles.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

struct Said {
  std::string reason;  // a code
  std::string note;    // as written, in the writer's language
  Facts facts;
  bool operator==(const Said&) const = default;
};

enum class By : std::uint8_t { kDesk, kOwner, kClock };
template <>
struct Vocabulary<By> {
  static constexpr std::array<std::string_view, 3> kNames{"desk", "owner", "clock"};
};

struct Act {
  unsigned number = 0;  // from 1 in each case, without a gap
  std::int64_t at = 0;  // seconds since 1970, UTC; never before the act before
  By by = By::kDesk;
  std::string desk, office;   // of a desk that acts, when it acted; empty otherwise
  Side side = Side::kAsking;  // for which it was done; apply() says it
  std::string verb;
  Said said;
  bool operator==(const Act&) const = default;
};

struct Party {
  std::string profile;
  std::string office;        // that answers for it; of a profile's answering side: that reviews it
  std::string desk;          // whose work it is from the beginning; empty: the office's inbox
  std::string organisation;  // of the profile; empty: not known
  bool operator==(const Party&) const = default;
};

struct Case {
  std::string id;  // given by the store
  std::string kind;
  std::string programme;
  std::string origin;  // the case whose act opened this one; empty: none
  Party asking, answering;
  std::vector<Act> log;
  const Party& party(Side side) const { return side == Side::kAsking ? asking : answering; }
  bool operator==(const Case&) const = default;
};

// The rules and the circumstances under which cases are read and changed. Borrowed: all must outlive whoever holds it.
struct Casework {
  const Directory& directory;
  const OfficeClock& clock;
  const Limits& limits;
  const LifeCycles& table = life_cycles();
  const RulesByProgramme* rules = nullptr;  // nullptr: nothing is known of programmes, and nothing asked of them
};

// A letter to be written: a code with arguments, rendered in its reader's language by whoever sends it. No contact data.
struct Letter {
  std::string key;                                             // never twice, and for the same letter always the same
  std::string letter;                                          // which, a code of the table
  std::string case_id;                                         // that it is about
  unsigned act = 0;                                            // that caused it, or after which time passed
  std::string office, desk;                                    // whom it goes to; or
  std::string profile;                                         // to whose owner
  std::vector<std::pair<std::string, std::string>> arguments;  // by name, in a fixed order
  bool operator==(const Letter&) const = default;
};

// An act done, and what it causes; all of it belongs in one batch.
struct Applied {
  Case changed;
  std::vector<Letter> letters;
  std::string_view opens;  // the kind of the case that follows(): to be opened by the same desk at the same time; empty: none
  std::string_view on_origin;   // the clock's act to be done on the case's origin, where it has one; empty: none
  const ActRow* row = nullptr;  // what was done
};

// The case with the act in its log; an opening act in an empty log opens it. `act.number` is the next one (kConflict: somebody
// acted meanwhile) or 0. `places`: of both sides' profiles, this case and its origin counted where they are open.
//   kInvalid: no such verb; a reason or fact that is missing, wrong or not asked for (place: "reason", "facts.amount"); a party
//   that is not there.
//   kConflict: the table has no such act from this state (the remedy names those it has); a capacity is used up; not due yet.
//   kForbidden: not this side's, desk's or office's; the second key by the office that turned the first, or where one office is
//   on both sides by the desk that did.
Result<Applied> apply(const Case& before, Act act, const Casework& work, const std::array<PlacesOf, 2>& places);

// Who is called up next where the case's profile does not come; empty: nobody is left.
std::vector<std::string> alternates_of(const Case& of);

// The case that `origin`'s last act opens: of the same parties, with whoever has their work now. Its log is empty.
Case follows(const Case& origin, std::string id, std::string_view kind, const LifeCycles& table = life_cycles());

// Of the places of `profile`, a side of the case or who helps in it, how many the case takes: 0 or 1.
unsigned places_taken(const Case& by, std::string_view profile, const LifeCycles& table = life_cycles());
unsigned places_taken(std::span<const Case> by, std::string_view profile, const LifeCycles& table = life_cycles());

}  // namespace counterpart::engine
