// Two profiles that are one: what differs between them, whose word stands, and how to take it back.
#pragma once

#include <boost/json/value.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/profile/members.h"

namespace counterpart::engine {

// A member in which the two differ. Money and contacts are one thing each, with what is in them.
struct MergedMember {
  const MemberPath* path = nullptr;
  Keep keep = Keep::kA;
  boost::json::value a, b, result;  // null: not stated. Of a private member too, for who may see it
};

struct Merged {
  Profile profile;                      // with the survivor's id
  std::vector<MergedMember> differing;  // in the contract's order
};

// `a` stays. Where the two differ, `choices` say whose word stands. Without one it is a's; where a says nothing it is b's, but
// not of the rules that a profile makes by not stating them: partner, capacity, programmes, office, valid_until.
// kInvalid: of two kinds (place: "kind"); a choice of what does not differ or is no member, or given twice, or "both" of what
// is no list or too long a one (place: "keep.MEMBER").
Result<Merged> merge_profiles(const Profile& a, const Profile& b, std::span<const Choice> choices);

struct Parted {
  Profile profile;                 // what the survivor is again
  std::vector<std::string> stays;  // members that the merge had changed, and somebody since: as they are now
};
// Takes back what a merge had made of `before`. What it had not changed stays as it is now. kCorrupt.
Result<Parted> part_profiles(const Profile& before, const Profile& merged, const Profile& now);

}  // namespace counterpart::engine
