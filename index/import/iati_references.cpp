// An IATI activity -> a reference of one of its organisations; bulk_iati.h says how.
#include <algorithm>
#include <charconv>
#include <functional>

#include "engine/base/nearest.h"
#include "engine/base/utf8.h"
#include "engine/taxonomy/names.h"
#include "index/bulk/bulk_iati.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kNotBegun = "1", kCancelled = "5";  // of the code list ActivityStatus

std::optional<int> year_of(std::string_view date) {
  int year = 0;
  const auto [end, error] = std::from_chars(date.data(), date.data() + std::min<std::size_t>(date.size(), 4), year);
  if (error != std::errc{} || end != date.data() + 4 || year < kFirstYear || year > kLastYear) return std::nullopt;
  return year;
}

// Up to so many characters, whole ones.
std::string cut_to(std::string text, std::size_t most) {
  std::size_t characters = 0, bytes = 0;
  for (; bytes < text.size(); ++bytes)
    if (begins_character(text[bytes]) && characters++ == most) break;
  text.resize(bytes);
  return text;
}

bool same_name(const std::string& name, const std::string& other, const Taxonomy& taxonomy) {
  const std::string key = name_key(name, taxonomy.legal_forms);
  return !key.empty() && key == name_key(other, taxonomy.legal_forms);
}

}  // namespace

std::optional<Reference> iati_reference(const IatiActivity& activity, const Taxonomy& taxonomy) {
  const IatiTexts texts = texts_of(activity);
  const std::string status = trimmed_text(activity.status);
  if (texts.title.empty() || status == kNotBegun || status == kCancelled) return std::nullopt;
  Reference reference;
  reference.title = cut_to(texts.title, kMaxTitle);
  reference.text =
      cut_to(texts.general + (texts.general.empty() || texts.objectives.empty() ? "" : "\n") + texts.objectives, kMaxText);
  for (const IatiShare& share : ranked(activity.countries, activity.transaction_countries))
    if (reference.country.empty() && taxonomy.countries.find(share.code)) reference.country = share.code;
  const std::vector<std::string> sectors = isic_sectors(ranked(activity.sectors, activity.transaction_sectors), taxonomy);
  if (!sectors.empty()) reference.sector = sectors.front();
  reference.year = year_of(trimmed_text(activity.actual_end));
  if (!reference.year) reference.year = year_of(trimmed_text(activity.actual_start));
  return reference;
}

bool took_part(const Profile& profile, const IatiActivity& activity, const Taxonomy& taxonomy) {
  const auto& identifiers = profile.organisation.identifiers;
  return std::ranges::any_of(activity.organisations, [&](const IatiOrganisation& one) {
    const std::string ref = trimmed_text(one.ref);
    if (!identifiers.empty())
      return !ref.empty() && std::ranges::any_of(identifiers, [&](const Identifier& own) {
        return equal_but_case(ref, own.scheme + "-" + own.id) || equal_but_case(ref, own.id);
      });
    return same_name(one.name, profile.title, taxonomy) ||
           (profile.organisation.legal_name && same_name(one.name, *profile.organisation.legal_name, taxonomy));
  });
}

AddedReferences add_to_references(Profile& profile, std::vector<Reference> found) {
  AddedReferences result;
  std::ranges::stable_sort(found, std::greater{}, [](const Reference& one) { return one.year.value_or(0); });
  for (Reference& one : found) {
    if (std::ranges::find(profile.references, one) != profile.references.end()) {
      ++result.there;
    } else if (profile.references.size() == kMaxReferences) {
      ++result.no_room;
    } else {
      profile.references.push_back(std::move(one));
      ++result.added;
    }
  }
  return result;
}

}  // namespace counterpart::index
