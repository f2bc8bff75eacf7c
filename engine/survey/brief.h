// Country brief, to stand beside a match: what an officer needs to know of a country before writing to someone there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// A code, what it is called, and how many profiles have it.
struct BriefCount {
  std::string code;
  PhraseWord title;
  std::uint64_t profiles = 0;
  bool operator==(const BriefCount&) const = default;
};

struct BriefProgramme {
  std::string slug, name;
  std::vector<std::string> sides;  // labels of those that admit the country; empty: the programme has no sides
  std::uint64_t profiles = 0;      // of the country that take part in it and stand on a side
};

struct CountryBrief {
  std::string code;
  std::vector<BriefCount> groups;   // LDC, africa, ...; `profiles` is 0 here and in the next two
  std::vector<BriefCount> regions;  // M49, narrowest first
  std::vector<BriefCount> income;   // the World Bank's group; empty: it has none
  std::string currency;             // ISO 4217; empty: not listed
  std::optional<double> usd;        // what one unit of it is worth; nullopt: no rate is known

  std::uint64_t profiles = 0;              // live ones seated there
  std::uint64_t from_abroad = 0;           // live ones seated elsewhere that work there
  std::vector<BriefCount> kinds, roles;    // of those seated there, most frequent first, ties in the list's order
  std::vector<BriefCount> sectors;         // ISIC sections, the same, at most kBriefSectors
  std::vector<BriefCount> offices;         // those that answer for them, the same, ties by name
  std::vector<BriefProgramme> programmes;  // with a side that admits the country, by slug
  std::uint64_t sequence = 0;
};
inline constexpr std::size_t kBriefSectors = 5;

// `today`: days since 1970-01-01.
// kNotFound: no such country (alpha-2, upper case).
Result<CountryBrief> country_brief(const Corpus& corpus, const Programmes& programmes, std::string_view country,
                                   std::int32_t today, const Taxonomy& taxonomy);

}  // namespace counterpart::engine
