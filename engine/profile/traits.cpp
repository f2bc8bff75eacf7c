#include "engine/profile/traits.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/base/date.h"
#include "engine/base/hash.h"
#include "engine/base/language_tag.h"
#include "engine/profile/advice.h"
#include "engine/profile/organisation.h"
#include "engine/taxonomy/names.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::engine {
namespace {

std::uint64_t mask_of(const std::vector<std::string>& codes, const CodeList& list) {
  std::uint64_t mask = 0;
  for (const std::string& code : codes)
    if (const int index = list.index_of(code); index >= 0 && index < 64) mask |= std::uint64_t{1} << index;
  return mask;
}

template <class Word>
std::uint32_t mask_of(const std::vector<Word>& words) {
  std::uint32_t mask = 0;
  for (const Word word : words) mask |= bit_of(word);
  return mask;
}

std::uint32_t goals_of(const std::vector<std::string>& sdgs) {
  std::uint32_t mask = 0;
  for (const std::string& code : sdgs) {
    unsigned goal = 0;
    std::from_chars(code.data(), code.data() + code.size(), goal);  // stops at the point of a target
    if (goal >= 1 && goal <= 32) mask |= std::uint32_t{1} << (goal - 1);
  }
  return mask;
}

// 0: nothing.
std::uint64_t hash_of(std::string_view text) { return text.empty() ? 0 : fnv1a(text); }

std::uint8_t language_bit(std::string_view tag) {
  const auto language = un_language(primary_language(tag));
  return language ? static_cast<std::uint8_t>(1U << *language) : std::uint8_t{0};
}

std::uint8_t leadership(const Organisation& organisation) {
  const auto yes = [](const std::optional<bool>& stated) { return stated.value_or(false); };
  if (yes(organisation.women_led) || yes(organisation.women_owned)) return 1;
  return organisation.women_led ? 2 : 0;
}

float end_of(const std::optional<double>& amount) { return static_cast<float>(amount.value_or(0)); }

std::uint8_t currency_of(const Finance& finance, const Taxonomy& taxonomy) {
  if (!finance.min && !finance.max) return 0;
  const int index = taxonomy.currencies.index_of(finance.currency);
  return index >= 0 && index < 255 ? static_cast<std::uint8_t>(index + 1) : std::uint8_t{0};
}

}  // namespace

Traits traits_of(const Profile& profile, const Taxonomy& taxonomy) {
  Traits traits;
  for (const std::string& place : profile.countries_of_activity)
    for (const std::size_t country : taxonomy.members_of(place))
      traits.activity[country / 64] |= std::uint64_t{1} << (country % 64);
  traits.technologies = mask_of(profile.technologies, taxonomy.technologies);
  traits.themes = mask_of(profile.themes, taxonomy.themes);
  traits.identifier = hash_of(strongest_identifier(profile));
  traits.sdgs = goals_of(profile.sdgs);
  traits.roles = mask_of(profile.roles);
  traits.cooperation = mask_of(profile.cooperation);
  if (const auto day = parse_date(profile.valid_until)) traits.valid_until = *day;
  const int country = taxonomy.countries.index_of(profile.country);
  traits.country = country < 0 ? kNoCountry : static_cast<std::uint16_t>(country);
  for (const std::string& code : profile.sectors) {
    const int sector = taxonomy.sectors.index_of(code);
    if (sector >= 0 && traits.sector_count < kMaxSectors)
      traits.sectors[traits.sector_count++] = static_cast<std::uint16_t>(sector);
  }
  traits.kind = static_cast<std::uint8_t>(profile.kind);
  if (profile.stage) traits.stage = static_cast<std::uint8_t>(*profile.stage);
  if (profile.trl) traits.trl = static_cast<std::uint8_t>(*profile.trl);
  traits.languages = language_bit(profile.lang);
  for (const std::string& tag : profile.organisation.languages)
    traits.languages = static_cast<std::uint8_t>(traits.languages | language_bit(tag));
  traits.own_offer = profile.offers.empty() && profile.references.empty() ? 0 : 1;
  traits.own_need = profile.seeks.empty() ? 0 : 1;
  traits.text_language = text_language(profile.lang);
  traits.women_led = leadership(profile.organisation);
  traits.capacity = static_cast<std::uint32_t>(profile.capacity);
  if (const auto& offered = profile.finance_offered) {
    traits.offered_min = end_of(offered->min);
    traits.offered_max = end_of(offered->max);
    traits.offered_currency = currency_of(*offered, taxonomy);
    traits.offered_instruments = mask_of(offered->instruments);
  }
  if (const auto& sought = profile.finance_sought) {
    traits.sought_min = end_of(sought->min);
    traits.sought_max = end_of(sought->max);
    traits.sought_currency = currency_of(*sought, taxonomy);
    traits.sought_instruments = mask_of(sought->instruments);
  }
  traits.completeness = static_cast<std::uint8_t>(std::lround(255 * completeness(profile)));
  return traits;
}

std::uint8_t text_language(std::string_view tag) {
  const std::string primary = primary_language(tag);
  if (primary.size() < 2) return 0;
  if (const std::uint8_t bit = language_bit(primary)) return static_cast<std::uint8_t>(std::countr_zero(bit) + 1);
  constexpr unsigned kOthers = 200;  // two rare languages may share a number: their words then simply do not meet
  const auto letter = [&](std::size_t i) { return static_cast<unsigned>(primary[i] | 0x20); };
  return static_cast<std::uint8_t>(std::size(kUnLanguages) + 1 + (letter(0) * 31 + letter(1)) % kOthers);
}

}  // namespace counterpart::engine
