// THE table of edits that a profile's owner may make where they are true: what to state, or which own condition to
// widen.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/profile/profile.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

struct ProfileEdit {
  std::string member;                   // as in the contract
  Phrase words;                         // "if ..., state it"
  std::function<void(Profile&)> apply;  // holds what it needs by value
};

// Every edit of a's record that moves it towards b or towards what b or the programme ask of it; in the table's order,
// then as b or the programme list the values. Each leaves a valid profile and adds something that is not there.
std::vector<ProfileEdit> edits_towards(const Profile& a, const Profile& b, const Programme& programme,
                                       const Taxonomy& taxonomy);

}  // namespace counterpart::engine
