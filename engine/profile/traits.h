// What scoring needs of a profile, in fixed-size codes: one flat row of memory, written to snapshot files as it is.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

inline constexpr std::int32_t kNoEnd = 0x7fffffff;
inline constexpr std::uint16_t kNoCountry = 0xffff;  // of a free text, which has no seat

// Indices are positions in the Taxonomy's lists; masks have one bit an entry. A zero mask or count means "not stated".
struct Traits {
  std::uint64_t activity[4]{};     // countries_of_activity, groups expanded: bit = index in Taxonomy::countries
  std::uint64_t technologies = 0;  // at most 64 entries in each of the project's own lists
  std::uint64_t themes = 0;
  std::uint64_t identifier = 0;  // a hash of strongest_identifier() (engine/profile/organisation.h); 0: it states none
  std::uint32_t sdgs = 0;        // bit g-1 for goal g
  std::uint32_t roles = 0;
  std::uint32_t cooperation = 0;
  std::int32_t valid_until = kNoEnd;  // days since 1970-01-01, last day included
  // Money as stated, in the currencies below; 0: that end is not stated. Instruments have the bits of Cooperation.
  float offered_min = 0, offered_max = 0, sought_min = 0, sought_max = 0;
  std::uint32_t offered_instruments = 0, sought_instruments = 0;
  std::uint16_t country = 0;
  std::uint16_t sector_count = 0;
  std::uint16_t sectors[kMaxSectors]{};  // index in Taxonomy::sectors
  std::uint8_t kind = 0;
  std::uint8_t stage = 0xff;       // 0xff: not stated
  std::uint8_t trl = 0;            // 0: not stated
  std::uint8_t languages = 0;      // bit = position in kUnLanguages; text language and organisation.languages
  std::uint8_t own_offer = 0;      // 1: the profile says what it offers: by an `offers` text or by references
  std::uint8_t own_need = 0;       // 1: it has a `seeks` text of its own
  std::uint8_t text_language = 0;  // of its texts, equal for equal languages; 0: not known
  std::uint8_t women_led = 0;      // 1: led or owned by women; 2: stated not to be; 0: not stated
  std::uint8_t completeness = 0;   // in 255ths
  std::uint8_t offered_currency = 0, sought_currency = 0;  // 1 + index in Taxonomy::currencies; 0: no amount is stated
  std::uint8_t reserved = 0;
  std::int32_t accepted = 0;   // day of the last write, since 1970-01-01; 0: not known; the index fills it in
  std::uint32_t capacity = 0;  // introductions it can handle at once
};
static_assert(std::is_trivially_copyable_v<Traits> && sizeof(Traits) == 152);  // no padding: it is written as it is

// `profile` has passed the checks of profile_json.
Traits traits_of(const Profile& profile, const Taxonomy& taxonomy);

// Traits::text_language of a BCP 47 tag: 1 + the position in kUnLanguages, a number above those for any other language.
std::uint8_t text_language(std::string_view tag);

}  // namespace counterpart::engine
