// Profile <-> JSON: every rule of the contract's profile table is checked here, member by member.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// Nothing deeper is parsed; the contract's deepest member has 4 levels.
inline constexpr std::size_t kMaxJsonDepth = 16;
// One profile as JSON text, private members included; three texts of 20,000 four-byte characters fit.
inline constexpr std::size_t kMaxProfileBytes = 1 << 20;

// kInvalid: place is the member ("sectors[1]", "organisation.identifiers[0].scheme"), message quotes the value (cut to
// 80 characters, never a private member's), remedy says what would be right. Refuses unknown and duplicate members,
// invalid UTF-8, control characters (but \n and \t in the three texts), over-long texts, impossible dates and amounts.
// A private member may be null: there is none. `removed`, if given, tells which were; one that is null within `contact` says
// that what else stands there is all of it.
Result<Profile> parse_profile(std::string_view json, const Taxonomy& taxonomy, PrivateRemoved* removed = nullptr);
// The same of a profile that stands within a text which was read by parse_strictly().
Result<Profile> read_profile(const boost::json::value& json, const Taxonomy& taxonomy);
// The same for a row of a file. All faults are found, the first of them is the error; of a text that cannot
// be read as JSON there is none but that error. Control characters in texts, and line breaks where there may be one line,
// are taken out, and a remark tells of it.
struct Findings;
Result<Profile> parse_profile(std::string_view json, const Taxonomy& taxonomy, Findings& findings,
                              PrivateRemoved* removed = nullptr);

enum class Visibility { kPublic, kWithPrivate };

// One line, members in the contract's order, empty ones left out; parse_profile of the result gives an equal profile.
std::string to_json(const Profile& profile, Visibility visibility);

// The private members alone ({"organisation":{"legal_name":...},"contact":{...}}), empty string when there are none.
std::string private_json(const Profile& profile);

// Of our own bytes: trusts codes and lengths, checks shape only (kCorrupt). Quick: used on every read of the store.
Result<Profile> decode_profile(std::string_view public_json, std::string_view private_json = {});

}  // namespace counterpart::engine
