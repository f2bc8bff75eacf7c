// The hard conditions of a pair: what the seeker, the counterpart and the programme demand, as a filter over a corpus
// and as verdicts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/casework/engagements.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// One condition of a pair, met or broken.
struct Verdict {
  Phrase owner;      // whose: a profile's id, "programme itpo"
  Phrase condition;  // "`b` country is one of LDC, KE"
  bool met = false;
  Phrase found;   // what the other side states: "DE (developed, HIC)", "not stated"
  Phrase change;  // broken: what would make it hold; else empty
};

// Who asks, as conditions see it. Holds a reference.
struct Asker {
  const Profile& profile;
  // A bare text: of its profile no more is known than the country, where it has one. Conditions on anything else of it are
  // not tested, whosever they are.
  bool anonymous = false;
  std::string_view side = {};  // it asks from this side of the programme alone; empty: from any on which it may stand
};

// Whether it is known if a condition on the asker holds.
bool can_be_tested(const Condition& condition, const Asker& asker);

// May the asker stand on a side, gates included, as far as is known?
bool may_stand(const Asker& asker, const Programme& programme, std::size_t side, const Taxonomy& taxonomy);

// The sides across from those on which the asker may stand, ascending.
std::vector<std::size_t> sides_across(const Asker& asker, const Programme& programme, const Taxonomy& taxonomy);

// Who may be the asker's counterpart. One that fits no side gets a filter that nobody passes.
Filter filter_for(const Asker& asker, const Programme& programme, const Conditions& where, const Taxonomy& taxonomy);

// What `profile` demands of its counterpart, as conditions on the counterpart's own fields.
Conditions demands_of(const Profile& profile, Condition::Owner owner);

// The reverse: conditions on rows' own demands, that they admit `seeker`; one for each field that can be demanded, and one
// for excluded countries; those that can be tested. `field_demanded`: of which field such a condition is ("partner.roles":
// "roles").
Conditions admitting(const Asker& asker, const Taxonomy& taxonomy);
std::string_view field_demanded(const Condition& admitting);

// What a profile must meet to stand on a side: the side's own conditions and those of its gates.
Conditions demands_of_side(const Programme& programme, std::size_t side);

// Does a profile pass one condition, by its indexed keys?
bool holds(const Condition& condition, const Profile& profile, const Taxonomy& taxonomy);

// Every condition that this pair is under, met or broken, in a fixed order: a's, b's, the programme's, validity.
std::vector<Verdict> verdicts_on(const Profile& a, const Profile& b, const Programme& programme, std::int32_t today,
                                 const Taxonomy& taxonomy);

// Whether the profile `id` has a free place of its capacity.
Verdict verdict_on_places(const std::string& id, const PlacesOf& places);

}  // namespace counterpart::engine
