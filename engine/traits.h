// What scoring needs of a profile, in fixed-size codes: one flat row of memory, written to snapshot files as it is.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/profile.h"
#include "engine/taxonomy.h"

namespace counterpart {

inline constexpr std::int32_t kNoEnd = 0x7fffffff;
inline constexpr std::uint16_t kNoCountry = 0xffff;  // of a free text, which has no seat
inline constexpr std::size_t kMaxCountries = 256;    // bits of Traits::activity

// Indices are positions in the Taxonomy's lists; masks have one bit an entry. A zero mask or count means "not stated".
struct Traits {
  std::uint64_t activity[4]{};     // countries_of_activity, groups expanded: bit = index in Taxonomy::countries
  std::uint64_t technologies = 0;  // at most 64 entries in each of the project's own lists
  std::uint64_t themes = 0;
  std::uint32_t sdgs = 0;  // bit g-1 for goal g
  std::uint32_t roles = 0;
  std::uint32_t cooperation = 0;
  std::int32_t valid_until = kNoEnd;  // days since 1970-01-01, last day included
  std::uint16_t country = 0;
  std::uint16_t sector_count = 0;
  std::uint16_t sectors[kMaxSectors]{};  // index in Taxonomy::sectors
  std::uint8_t kind = 0;
  std::uint8_t stage = 0xff;    // 0xff: not stated
  std::uint8_t trl = 0;         // 0: not stated
  std::uint8_t languages = 0;   // bit = position in kUnLanguages; text language and organisation.languages
  std::uint8_t own_offer = 0;   // 1: the profile has an `offers` text of its own
  std::uint8_t own_need = 0;    // 1: it has a `seeks` text of its own
  std::uint8_t reserved[2]{};
};
static_assert(std::is_trivially_copyable_v<Traits>);

// `profile` has passed the checks of profile_json.
Traits traits_of(const Profile& profile, const Taxonomy& taxonomy);

// Days since 1970-01-01 of an ISO 8601 date, or kInvalid.
Result<std::int32_t> parse_date(std::string_view text);

}  // namespace counterpart
