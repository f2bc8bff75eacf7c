#include "engine/survey/coverage.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "engine/base/nearest.h"
#include "engine/corpus/field.h"
#include "engine/programme/eligibility.h"

namespace counterpart::engine {
namespace {

using Counts = std::map<std::string, std::uint64_t, std::less<>>;

// The mean of the members' faces is taken over so many at most, evenly spread over their ids.
constexpr std::size_t kMeanOf = 20'000;

// ---- THE table of dimensions

struct KeyTitle {
  std::string key;
  PhraseWord title;
};

struct Dimension {
  std::string_view name;
  std::string_view field;
  bool by_country;  // the reference population is all countries
  std::vector<KeyTitle> (*keys)(const Taxonomy&);
};

bool is_region(std::string_view group) { return group[0] >= '0' && group[0] <= '9'; }

std::vector<KeyTitle> groups_of(const Taxonomy& taxonomy, bool regions) {
  std::vector<KeyTitle> keys;
  for (const CodeList::Entry& entry : taxonomy.country_groups.entries())
    if (is_region(entry.code) == regions) keys.push_back({entry.code, Title{Title::List::kCountryGroups, entry.code}});
  return keys;
}

std::vector<KeyTitle> tops_of(Title::List titles, const CodeList& list) {
  std::vector<KeyTitle> keys;
  for (const CodeList::Entry& entry : list.entries())
    if (entry.parent.empty()) keys.push_back({entry.code, Title{titles, entry.code}});
  return keys;
}

template <class Word>
std::vector<KeyTitle> worded(const std::string& prefix) {
  std::vector<KeyTitle> keys;
  for (const std::string_view name : Vocabulary<Word>::kNames)
    keys.push_back({std::string(name), Term{prefix + std::string(name)}});
  return keys;
}

constexpr Dimension kDimensions[] = {
    {"country_group", "country", true, [](const Taxonomy& t) { return groups_of(t, false); }},
    {"region", "country", true, [](const Taxonomy& t) { return groups_of(t, true); }},
    {"sector", "sectors", false, [](const Taxonomy& t) { return tops_of(Title::List::kSectors, t.sectors); }},
    {"theme", "themes", false, [](const Taxonomy& t) { return tops_of(Title::List::kThemes, t.themes); }},
    {"kind", "kind", false, [](const Taxonomy&) { return worded<Kind>("kind."); }},
    {"gender", "gender", false, [](const Taxonomy&) { return worded<Gender>("coverage.experts."); }},
    {"women_led", "women_led", false,
     [](const Taxonomy&) {
       return std::vector<KeyTitle>{{"true", Term{"coverage.led_by_women"}}, {"false", Term{"coverage.not_led_by_women"}}};
     }},
};

// What the call's shares name a key by: "true" says nothing without its dimension.
std::string asked_name(const Dimension& dimension, const std::string& key) {
  return key == "true" || key == "false" || dimension.name == "gender" ? std::string(dimension.name) + ":" + key : key;
}

// ---- who is in

struct Membership {
  Filter members;
  Conditions outside;  // what a profile that is no member meets
  bool assumed = false;
};

Membership membership_of(const Corpus& corpus, const Programme& programme, std::int32_t today, const Taxonomy& taxonomy) {
  Condition names{.field = "programmes", .any_of = {programme.slug}, .negated = false, .owner = Condition::Owner::kProgramme};
  Membership membership;
  membership.members.all = {names};
  if (corpus.count(membership.members, today) == 0) {
    membership.assumed = true;
    membership.members = filter_for({Profile{}, true}, programme, {}, taxonomy);
    names.any_of.emplace_back(kAnyKey);
  }
  names.negated = true;
  membership.outside = {names};
  return membership;
}

Filter with(Filter filter, const Conditions& more) {
  filter.all.insert(filter.all.end(), more.begin(), more.end());
  return filter;
}

Condition one_of(std::string_view field, std::vector<std::string> keys) {
  return {.field = std::string(field), .any_of = std::move(keys), .negated = false, .owner = Condition::Owner::kProgramme};
}

// Whom a programme can invite: who stands on a side. Neither gates, which it opens itself, nor other memberships count.
Filter invitable(const Programme& programme, const Conditions& outside) {
  Filter filter{.all = outside, .either = {}};
  for (const ProgrammeSide& side : programme.sides) filter.either.push_back(side.eligible);
  return filter;
}

// ---- counting

class Census {
 public:
  Census(const Corpus& corpus, const Filter& filter, std::int32_t today) : corpus_(corpus), filter_(filter), today_(today) {}

  Counts counts(std::string_view field) const {
    Counts counts;
    for (auto& [key, count] : corpus_.facet(filter_, today_, field)) counts.emplace(key, count);
    return counts;
  }
  std::uint64_t stated(std::string_view field, std::span<const KeyTitle> keys) const {
    std::vector<std::string> any;
    for (const KeyTitle& key : keys) any.push_back(key.key);
    return corpus_.count(with(filter_, {one_of(field, std::move(any))}), today_);
  }

 private:
  const Corpus& corpus_;
  const Filter& filter_;
  std::int32_t today_;
};

std::uint64_t count_in(const Counts& counts, std::string_view key) {
  const auto found = counts.find(key);
  return found == counts.end() ? 0 : found->second;
}

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// x of them more make it right: (members + x) / (stated + x) = expected.
std::uint64_t missing_of(std::uint64_t members, std::uint64_t stated, double expected) {
  const double lacking = expected * static_cast<double>(stated) - static_cast<double>(members);
  // Nobody is sent for while the shortfall is less than one member.
  if (lacking < 1) return 0;
  if (expected >= 1) return stated - members;
  return static_cast<std::uint64_t>(std::ceil(lacking / (1 - expected) - 1e-9));
}

CoverageDimension count_dimension(const Dimension& row, const Census& members, const Census& everybody,
                                  const CoverageCall& call, const Taxonomy& taxonomy) {
  const std::vector<KeyTitle> keys = row.keys(taxonomy);
  CoverageDimension dimension{.name = std::string(row.name),
                              .reference = row.by_country ? "countries" : "eligible",
                              .stated = members.stated(row.field, keys),
                              .keys = {}};
  const Counts inside = members.counts(row.field);
  const Counts reference = row.by_country ? Counts{} : everybody.counts(row.field);
  const std::uint64_t population = row.by_country ? taxonomy.countries.entries().size() : everybody.stated(row.field, keys);
  for (const auto& [key, title] : keys) {
    CoverageKey out{.key = key,
                    .title = title,
                    .members = count_in(inside, key),
                    .share = 0,
                    .expected = 0,
                    .asked = false,
                    .ratio = {},
                    .missing = 0};
    out.share = share_of(out.members, dimension.stated);
    const auto asked = call.shares.find(asked_name(row, key));
    out.asked = asked != call.shares.end();
    out.expected = out.asked        ? asked->second
                   : row.by_country ? share_of(taxonomy.members_of(key).size(), population)
                                    : share_of(count_in(reference, key), population);
    if (out.expected > 0 && dimension.stated > 0) out.ratio = out.share / out.expected;
    out.missing = missing_of(out.members, dimension.stated, out.expected);
    dimension.keys.push_back(std::move(out));
  }
  return dimension;
}

// ---- gaps and who could fill them

std::vector<CoverageGap> gaps_of(const std::vector<CoverageDimension>& dimensions, std::size_t most, const Taxonomy& taxonomy) {
  std::vector<CoverageGap> gaps;
  std::set<std::vector<std::size_t>> countries;  // of the groups so far
  for (const CoverageDimension& dimension : dimensions) {
    for (const CoverageKey& key : dimension.keys) {
      if (key.missing == 0) continue;
      if (dimension.reference == "countries" && !countries.insert(taxonomy.members_of(key.key)).second) continue;
      gaps.push_back({.dimension = dimension.name, .key = key, .could_join = 0, .fillers = {}});
    }
  }
  std::ranges::stable_sort(gaps, [](const CoverageGap& a, const CoverageGap& b) {
    if (a.key.missing != b.key.missing) return a.key.missing > b.key.missing;
    return a.key.ratio.value_or(0) < b.key.ratio.value_or(0);
  });
  if (gaps.size() > most) gaps.resize(most);
  return gaps;
}

void add_to(std::vector<double>& sum, const std::vector<float>& face) {
  if (sum.size() < face.size()) sum.resize(face.size());
  for (std::size_t i = 0; i < face.size(); ++i) sum[i] += static_cast<double>(face[i]);
}

std::vector<float> unit(const std::vector<double>& sum) {
  double length = 0;
  for (const double x : sum) length += x * x;
  length = std::sqrt(length);
  std::vector<float> face;
  for (const double x : sum) face.push_back(length > 0 ? static_cast<float>(x / length) : 0.0F);
  return face;
}

// A seeker whose nearest counterparts are those most like the members: it seeks what they offer, and the reverse.
Faces like_members(const Corpus& corpus, const Filter& members, std::int32_t today) {
  const std::vector<std::string> ids = corpus.list(members, {}, corpus.size());
  const std::size_t step = std::max<std::size_t>(1, (ids.size() + kMeanOf - 1) / kMeanOf);
  std::vector<double> offers, seeks;
  for (std::size_t i = 0; i < ids.size(); i += step) {
    const std::optional<Row> row = corpus.find(ids[i]);
    if (!row || corpus.traits(*row).valid_until < today) continue;
    const Faces faces = corpus.faces(*row);
    add_to(offers, faces.offers);
    add_to(seeks, faces.seeks);
  }
  Faces faces;
  faces.offers = unit(seeks);
  faces.seeks = unit(offers);
  return faces;
}

std::string_view field_of(std::string_view dimension) {
  return std::ranges::find(kDimensions, dimension, &Dimension::name)->field;
}

void find_fillers(const Corpus& corpus, const Filter& who, const Faces& like, const CoverageCall& call,
                  const Taxonomy& taxonomy, CoverageGap& gap) {
  Search search{.seeker = like,
                .filter = with(who, {one_of(field_of(gap.dimension), {gap.key.key})}),
                .today = call.today,
                .exclude_id = {},
                .wanted = call.fillers_per_gap,
                .exact = true};
  gap.could_join = corpus.count(search.filter, call.today);
  if (gap.could_join == 0 || call.fillers_per_gap == 0) return;
  const SearchResult found = corpus.search(search);
  for (const Candidate& candidate : found.candidates) {
    if (gap.fillers.size() == call.fillers_per_gap) break;
    gap.fillers.push_back(
        {.id = std::string(corpus.id(candidate.row)),
         .title = std::string(corpus.title(candidate.row)),
         .country = taxonomy.countries.entries()[corpus.traits(candidate.row).country].code,
         .nearness = 0.5 * (static_cast<double>(candidate.forward) + static_cast<double>(candidate.backward))});
  }
}

Status check_shares(const CoverageCall& call, const Taxonomy& taxonomy) {
  for (const auto& entry : call.shares) {
    const std::string& key = entry.first;
    const bool known = std::ranges::any_of(kDimensions, [&](const Dimension& row) {
      const std::vector<KeyTitle> keys = row.keys(taxonomy);
      return std::ranges::any_of(keys, [&](const KeyTitle& one) { return asked_name(row, one.key) == key; });
    });
    if (!known)
      return fail(ErrorCode::kInvalid, "shares", "`" + key.substr(0, 80) + "` is no key of a coverage map",
                  "give country groups, regions, ISIC sections, themes, kinds, gender:female or women_led:true");
    if (!(entry.second > 0 && entry.second <= 1))
      return fail(ErrorCode::kInvalid, "shares", "the share of `" + key + "` is out of range",
                  "give a number above 0 and at most 1");
  }
  return {};
}

}  // namespace

Result<Coverage> coverage_of(const Corpus& corpus, const Programme& programme, const CoverageCall& call,
                             const Taxonomy& taxonomy) {
  if (Status checked = check_shares(call, taxonomy); !checked) return tl::unexpected(checked.error());
  const Membership membership = membership_of(corpus, programme, call.today, taxonomy);
  Coverage coverage;
  coverage.sequence = corpus.sequence();
  coverage.assumed = membership.assumed;
  coverage.members = corpus.count(membership.members, call.today);
  if (coverage.members == 0)
    coverage.removed = absence_of({corpus, taxonomy, programme, {Profile{}, true}, {}, {}, call.today}).removed;
  if (!programme.sides.empty() && !membership.assumed)
    coverage.not_eligible = coverage.members - corpus.count(invitable(programme, membership.members.all), call.today);

  // Not the whole corpus: what no side admits can never be a member, and is no gap.
  const Filter anybody = invitable(programme, {});
  const Census inside(corpus, membership.members, call.today), everybody(corpus, anybody, call.today);
  for (const Dimension& row : kDimensions)
    coverage.dimensions.push_back(count_dimension(row, inside, everybody, call, taxonomy));
  coverage.gaps = gaps_of(coverage.dimensions, call.gaps, taxonomy);

  // Where a programme takes in everybody, nobody is left to join.
  const bool closed = membership.assumed && programme.slug == "open";
  if (closed || coverage.gaps.empty()) return coverage;
  const Faces like = like_members(corpus, membership.members, call.today);
  const Filter who = invitable(programme, membership.outside);
  for (CoverageGap& gap : coverage.gaps) find_fillers(corpus, who, like, call, taxonomy, gap);
  return coverage;
}

}  // namespace counterpart::engine
