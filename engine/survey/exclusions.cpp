#include "engine/survey/exclusions.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/profile/organisation.h"
#include "engine/taxonomy/names.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kCommon = 50;  // entries that have a word: it finds nobody
constexpr std::size_t kLeastSkeleton = 3;

}  // namespace

struct Exclusions::Impl {
  struct Entry {
    ExcludedName given;
    EntityName name;
  };
  using Places = std::unordered_map<std::string, std::vector<std::uint32_t>>;

  const Taxonomy* taxonomy = nullptr;
  std::vector<Entry> entries;
  Places by_identifier, by_skeleton, by_word;

  ListedAs told(std::uint32_t place, Likeness likeness) const {
    const ExcludedName& given = entries[place].given;
    return {likeness, given.name, given.source, given.date, given.line};
  }
  std::set<std::uint32_t> namesakes(const EntityName& name) const;
  std::optional<Likeness> likeness(const Entry& entry, const EntityName& name, const std::string& country) const;
};

std::set<std::uint32_t> Exclusions::Impl::namesakes(const EntityName& name) const {
  std::set<std::uint32_t> places;
  if (const auto found = by_skeleton.find(name.skeleton); found != by_skeleton.end())
    places.insert(found->second.begin(), found->second.end());
  for (const std::string& word : name.words)
    if (const auto found = by_word.find(word); found != by_word.end() && found->second.size() <= kCommon)
      places.insert(found->second.begin(), found->second.end());
  return places;
}

std::optional<Likeness> Exclusions::Impl::likeness(const Entry& entry, const EntityName& name,
                                                   const std::string& country) const {
  const NameComparison names = compare_names(entry.name, name);
  if (names.similarity < kAlikeName) return std::nullopt;
  const bool elsewhere = !entry.given.country.empty() && entry.given.country != country;
  const bool same = names.similarity >= kSameName && !names.other_numbers && !names.other_words && !elsewhere;
  return same ? Likeness::kName : Likeness::kAlike;
}

Exclusions::Exclusions() : impl_(std::make_unique<Impl>()) {}
Exclusions::~Exclusions() = default;
Exclusions::Exclusions(Exclusions&&) noexcept = default;
Exclusions& Exclusions::operator=(Exclusions&&) noexcept = default;

Exclusions::Exclusions(std::vector<ExcludedName> entries, const Taxonomy& taxonomy) {
  auto made = std::make_unique<Impl>();
  made->taxonomy = &taxonomy;
  for (ExcludedName& given : entries) {
    const auto place = static_cast<std::uint32_t>(made->entries.size());
    Impl::Entry entry{std::move(given), {}};
    entry.name = entity_name(entry.given.name, taxonomy.legal_forms);
    if (entry.given.number)
      if (const std::string key = identifier_key(*entry.given.number); !key.empty()) made->by_identifier[key].push_back(place);
    if (entry.name.skeleton.size() >= kLeastSkeleton) made->by_skeleton[entry.name.skeleton].push_back(place);
    for (const std::string& word : std::set<std::string>(entry.name.words.begin(), entry.name.words.end()))
      made->by_word[word].push_back(place);
    made->entries.push_back(std::move(entry));
  }
  impl_ = std::move(made);
}

bool Exclusions::empty() const { return impl_->entries.empty(); }

std::optional<ListedAs> Exclusions::find(const Profile& profile) const {
  if (empty()) return std::nullopt;
  for (const Identifier& identifier : profile.organisation.identifiers)
    if (const auto found = impl_->by_identifier.find(identifier_key(identifier)); found != impl_->by_identifier.end())
      return impl_->told(found->second.front(), Likeness::kIdentifier);
  if (profile.kind == Kind::kProject) return std::nullopt;
  std::optional<std::pair<Likeness, std::uint32_t>> best;
  for (const std::string& called : {profile.title, profile.organisation.legal_name.value_or(std::string())}) {
    if (called.empty()) continue;
    const EntityName name = entity_name(called, impl_->taxonomy->legal_forms);
    for (const std::uint32_t place : impl_->namesakes(name))
      if (const auto likeness = impl_->likeness(impl_->entries[place], name, profile.country))
        best = std::min(best.value_or(std::pair(*likeness, place)), std::pair(*likeness, place));
  }
  if (!best) return std::nullopt;
  return impl_->told(best->second, best->first);
}

}  // namespace counterpart::engine
