#include "engine/survey/brief.h"

#include <algorithm>
#include <map>
#include <span>

#include "engine/profile/profile_check.h"
#include "engine/programme/eligibility.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {
namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

Condition seated_in(std::string_view country) {
  return {.field = "country", .any_of = {std::string(country)}, .negated = false, .owner = Condition::Owner::kRequest};
}

bool is_region(std::string_view group) { return group[0] >= '0' && group[0] <= '9'; }
bool is_income(std::string_view group) { return group == "LIC" || group == "LMC" || group == "UMC" || group == "HIC"; }

void add_groups(const Taxonomy& taxonomy, std::string_view country, CountryBrief& brief) {
  for (const std::string& key : taxonomy.country_keys(country)) {
    if (key == country) continue;
    std::vector<BriefCount>& list = is_region(key) ? brief.regions : is_income(key) ? brief.income : brief.groups;
    list.push_back({key, Title{Title::List::kCountryGroups, key}, 0});
  }
  // A region lies in those that have it among the groups above it.
  std::ranges::stable_sort(brief.regions, std::ranges::greater{},
                           [&](const BriefCount& region) { return taxonomy.country_groups.lineage(region.code).size(); });
}

// Those of `codes` that occur, most frequent first.
std::vector<BriefCount> counted(const Counts& counts, std::span<const BriefCount> codes, std::size_t most) {
  std::vector<BriefCount> list;
  for (BriefCount code : codes) {
    const auto found = counts.find(code.code);
    if (found == counts.end() || found->second == 0) continue;
    code.profiles = found->second;
    list.push_back(std::move(code));
  }
  std::ranges::stable_sort(list, std::ranges::greater{}, &BriefCount::profiles);
  if (list.size() > most) list.resize(most);
  return list;
}

template <class Word>
std::vector<BriefCount> words(const std::string& prefix) {
  std::vector<BriefCount> codes;
  for (const std::string_view name : Vocabulary<Word>::kNames)
    codes.push_back({std::string(name), Term{prefix + std::string(name)}, 0});
  return codes;
}

std::vector<BriefCount> sections(const Taxonomy& taxonomy) {
  std::vector<BriefCount> codes;
  for (const CodeList::Entry& entry : taxonomy.sectors.entries())
    if (entry.parent.empty()) codes.push_back({entry.code, Title{Title::List::kSectors, entry.code}, 0});
  return codes;
}

std::vector<BriefCount> keys_of(const Counts& counts) {
  std::vector<BriefCount> codes;
  for (const auto& [key, unused] : counts) codes.push_back({key, key, 0});
  return codes;
}

// Conditions other than those on the seat may be met by someone of any country.
bool admits(const ProgrammeSide& side, std::span<const std::string> country_keys) {
  return std::ranges::all_of(side.eligible, [&](const Condition& condition) {
    if (condition.field != "country") return true;
    const bool any = std::ranges::any_of(country_keys, [&](const std::string& key) {
      return std::ranges::find(condition.any_of, key) != condition.any_of.end();
    });
    return any != condition.negated;
  });
}

std::vector<BriefProgramme> programmes_in(const Corpus& corpus, const Programmes& programmes, std::string_view country,
                                          std::int32_t today, const Taxonomy& taxonomy) {
  std::vector<BriefProgramme> list;
  for (const auto& [slug, programme] : programmes) {
    BriefProgramme one{.slug = slug, .name = programme.name, .sides = {}, .profiles = 0};
    for (const ProgrammeSide& side : programme.sides)
      if (admits(side, taxonomy.country_keys(country))) one.sides.push_back(side.label);
    if (one.sides.empty() && !programme.sides.empty()) continue;
    one.profiles = corpus.count(filter_for({Profile{}, true}, programme, {seated_in(country)}, taxonomy), today);
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

Result<CountryBrief> country_brief(const Corpus& corpus, const Programmes& programmes, std::string_view country,
                                   std::int32_t today, const Taxonomy& taxonomy) {
  if (!taxonomy.countries.find(country)) {
    return fail(ErrorCode::kNotFound, "country", "`" + std::string(country.substr(0, 80)) + "` is no country",
                country_meant(country, taxonomy.country_names(), "give its ISO 3166-1 alpha-2 code, as in KE"));
  }
  CountryBrief brief;
  brief.code = country;
  brief.sequence = corpus.sequence();
  add_groups(taxonomy, country, brief);
  brief.currency = taxonomy.currency_of(country);
  if (!brief.currency.empty()) brief.usd = taxonomy.in_usd(1, brief.currency);

  const Filter seated{.all = {seated_in(country)}, .either = {}};
  const auto counts = [&](std::string_view field) {
    Counts by_key;
    for (auto& [key, count] : corpus.facet(seated, today, field)) by_key.emplace(std::move(key), count);
    return by_key;
  };
  brief.profiles = corpus.count(seated, today);
  Filter abroad{.all = {seated_in(country), seated_in(country)}, .either = {}};
  abroad.all[0].field = "countries_of_activity";
  abroad.all[1].negated = true;
  brief.from_abroad = corpus.count(abroad, today);
  brief.kinds = counted(counts("kind"), words<Kind>("kind."), SIZE_MAX);
  brief.roles = counted(counts("roles"), words<Role>("role."), SIZE_MAX);
  brief.sectors = counted(counts("sectors"), sections(taxonomy), kBriefSectors);
  const Counts offices = counts("office");
  brief.offices = counted(offices, keys_of(offices), SIZE_MAX);
  brief.programmes = programmes_in(corpus, programmes, country, today, taxonomy);
  return brief;
}

}  // namespace counterpart::engine
