// The hard conditions of a pair: what the seeker, the counterpart and the programme demand, as a filter over a corpus
// and as verdicts in words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// One condition of a pair, met or broken.
struct Verdict {
  std::string owner;      // whose: a profile's id, "programme itpo", "request"
  std::string condition;  // in words: "partner country is one of LDC, KE"
  bool met = false;
  std::string found;   // what the other side states: "DE, developed, ...", "not stated"
  std::string change;  // broken: what would make it hold
};

// Who may be `seeker`'s counterpart. `anonymous`: nothing is known of the seeker, so the counterparts' own conditions
// are not tested and any side of the programme will do. A seeker that fits no side gets a filter that nobody passes.
Filter filter_for(const Profile& seeker, bool anonymous, const Programme& programme, const Conditions& where,
                  const Taxonomy& taxonomy);

// What `profile` demands of its counterpart, as conditions on the counterpart's own fields.
Conditions demands_of(const Profile& profile, Condition::Owner owner);

// The reverse: conditions on rows' own demands, that they admit `seeker`; one for each field that can be demanded, and one
// for excluded countries. `field_demanded`: of which field such a condition is ("partner.roles": "roles").
Conditions admitting(const Profile& seeker, const Taxonomy& taxonomy);
std::string_view field_demanded(const Condition& admitting);

// "country is one of LDC, KE".
std::string in_words(const Condition& condition);
// What `profile` states on a field, in words: "DE (developed, HIC)", "not stated".
std::string stated(const Profile& profile, std::string_view field, const Taxonomy& taxonomy);

// What a profile must meet to stand on a side: the side's own conditions and those of its gates.
Conditions demands_of_side(const Programme& programme, std::size_t side);

// Does a profile pass one condition, by its indexed keys?
bool holds(const Condition& condition, const Profile& profile, const Taxonomy& taxonomy);

// Every condition that this pair is under, met or broken, in a fixed order: a's, b's, the programme's, validity.
std::vector<Verdict> verdicts_on(const Profile& a, const Profile& b, const Programme& programme, std::int32_t today,
                                 const Taxonomy& taxonomy);

}  // namespace counterpart::engine
