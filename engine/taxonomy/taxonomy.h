// The code lists behind a profile's members: countries and their groups, sectors, products, goals, currencies.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/taxonomy/country_names.h"
#include "engine/taxonomy/names.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::engine {

// One list of codes, in the order of its file.
class CodeList {
 public:
  struct Entry {
    std::string code;
    std::string parent;               // empty at the top
    std::vector<std::string> titles;  // by UN language in kUnLanguages' order; missing ones are empty
  };
  CodeList() = default;
  CodeList(std::string name, std::vector<Entry> entries);

  const std::string& name() const { return name_; }  // for messages: "ISIC Rev.4"
  std::span<const Entry> entries() const { return entries_; }
  const Entry* find(std::string_view code) const;  // nullptr: not in the list
  // Position in entries(), or -1.
  int index_of(std::string_view code) const;
  // The code itself and all above it, narrowest first. Empty: not in the list.
  std::vector<std::string_view> lineage(std::string_view code) const;
  // For "did you mean": the code whose title in any language is `wrong`; else the one that it is another spelling of
  // (`C10.1` of C101, `101` of HS 0101, `2710` of C2710, an HS code of a country's own tariff); else the nearest by edit
  // distance (letter case is nothing), then by shared prefix, length and order of codes, whose digits are the same: one
  // digit for another is another code and no misspelling. Empty: nothing is near.
  std::string_view suggestion(std::string_view wrong) const;
  // "below `C` there are `C10` to `C33`", of the last level that `wrong` shares with the list. Empty: it shares none.
  std::string level_below(std::string_view wrong) const;
  // Title in `language`, else English, else the code.
  std::string_view title(std::string_view code, std::string_view language = "en") const;

 private:
  const Entry* other_spelling(std::string_view wrong) const;
  const Entry* only_with_digits(std::string_view digits) const;

  std::string name_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> by_code_;  // entries_ indices sorted by code
};

inline constexpr std::size_t kMaxCountries = 256;  // a set of countries is four words of bits

class TaxonomyReader;

// Immutable after load; safe from any thread.
class Taxonomy {
 public:
  // Reads the files of datasets/taxonomy. kCorrupt names the file and line at fault.
  static Result<std::shared_ptr<const Taxonomy>> load(const std::filesystem::path& directory);

  CodeList countries;           // ISO 3166-1 alpha-2
  CodeList country_groups;      // developed developing LDC LLDC SIDS africa, LIC LMC UMC HIC, M49 regions
  CodeList currencies;          // ISO 4217
  CodeList sectors;             // ISIC Rev.4: C, C27, C271, C2710
  CodeList products;            // HS: 2, 4 or 6 digits
  CodeList sdgs;                // 9, 9.4, 9.b
  CodeList organisation_types;  // IATI
  CodeList technologies;
  CodeList themes;

  LegalForms legal_forms;  // what names of organisations carry at either end

  // DAC purpose codes (IATI sectors, 3 or 5 digits) -> ISIC Rev.4 codes of `sectors`.
  std::map<std::string, std::vector<std::string>, std::less<>> crs_to_isic;

  // Changes whenever a byte of any loaded file does; 16 hex digits.
  const std::string& hash() const { return hash_; }

  // The alpha-2 code itself and every group the country is in. Empty: no such country.
  std::span<const std::string> country_keys(std::string_view alpha2) const;
  bool is_country_or_group(std::string_view code) const;
  // What countries are called; CLDR's names, the titles of `countries` and those of country_names.tsv.
  const CountryNames& country_names() const { return *country_names_; }
  // The countries of a group, as positions in `countries`; a country's own code gives that country alone.
  std::vector<std::size_t> members_of(std::string_view country_or_group) const;
  // ISO 4217 of a country's own currency. Empty: none is listed, or no such country.
  std::string_view currency_of(std::string_view alpha2) const;
  // An amount in US dollars, by the newest rate that the shipped table has of the currency. nullopt: it has none.
  std::optional<double> in_usd(double amount, std::string_view currency) const;

 private:
  friend class TaxonomyReader;
  std::vector<std::vector<std::string>> country_keys_;  // by index in `countries`
  std::vector<std::string> country_currencies_;         // the same
  std::map<std::string, double, std::less<>> usd_;      // what one unit is worth, by currency
  std::unique_ptr<CountryNames> country_names_ = std::make_unique<CountryNames>();
  std::string hash_;
};

}  // namespace counterpart::engine
