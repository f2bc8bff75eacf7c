#include "engine/taxonomy/taxonomy.h"

#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::engine {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> strings(const auto& range) { return {range.begin(), range.end()}; }
using Strings = std::vector<std::string>;

// A copy of the real files that a test may spoil; gone with the object.
class Copy {
 public:
  Copy() { fs::copy(COUNTERPART_SOURCE_DIR "/datasets/taxonomy", directory(), fs::copy_options::recursive); }
  const fs::path& directory() const { return folder_.path(); }
  void append(const std::string& file, const std::string& text) const {
    std::ofstream(directory() / file, std::ios::app | std::ios::binary) << text;
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("taxonomy: lineage runs from a code up to the top", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  CHECK(strings(t.sectors.lineage("C2710")) == Strings{"C2710", "C271", "C27", "C"});
  CHECK(strings(t.products.lineage("010121")) == Strings{"010121", "0101", "01"});
  CHECK(strings(t.sdgs.lineage("9.4")) == Strings{"9.4", "9"});
  CHECK(t.sectors.lineage("C99").empty());
}

TEST_CASE("taxonomy: every code is found at its own place, and nothing else is", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  for (const CodeList* list : {&t.countries, &t.country_groups, &t.currencies, &t.sectors, &t.products, &t.sdgs,
                               &t.organisation_types, &t.technologies, &t.themes}) {
    REQUIRE_FALSE(list->entries().empty());
    for (std::size_t i = 0; i < list->entries().size(); ++i)
      REQUIRE(list->index_of(list->entries()[i].code) == static_cast<int>(i));
    CHECK(list->index_of("") == -1);
    CHECK(list->find("no such code") == nullptr);
  }
  CHECK(CodeList().find("x") == nullptr);
}

TEST_CASE("taxonomy: a country is found under its groups and the regions above them", "[taxonomy]") {
  const auto keys = strings(real_taxonomy().country_keys("UG"));
  REQUIRE_FALSE(keys.empty());
  CHECK(keys.front() == "UG");
  for (const char* group : {"developing", "LDC", "LLDC", "africa", "LIC", "014", "202", "002"})
    CHECK(std::ranges::count(keys, group) == 1);
  CHECK(std::ranges::count(keys, "developed") == 0);
  CHECK(real_taxonomy().country_keys("QQ").empty());
}

TEST_CASE("taxonomy: a group has its countries, and only those", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  CHECK(t.members_of("LDC").size() > 40);
  CHECK(t.members_of("KE") == std::vector<std::size_t>{static_cast<std::size_t>(t.countries.index_of("KE"))});
  CHECK(t.members_of("nowhere").empty());
  CHECK(t.is_country_or_group("KE"));
  CHECK(t.is_country_or_group("LDC"));
  CHECK_FALSE(t.is_country_or_group("ke"));
}

TEST_CASE("taxonomy: a wrong code is answered with the one that was probably meant", "[taxonomy]") {
  const auto [list, wrong, meant] = GENERATE(table<CodeList Taxonomy::*, std::string, std::string>({
      {&Taxonomy::sectors, "C99", ""},
      {&Taxonomy::sectors, "27", "C27"},
      {&Taxonomy::sectors, "C10.1", "C101"},
      {&Taxonomy::sectors, "10.10", "C1010"},
      {&Taxonomy::sectors, "ISIC 2710", "C2710"},
      {&Taxonomy::products, "101", "0101"},
      {&Taxonomy::products, "1", "01"},
      {&Taxonomy::products, "0101.21", "010121"},
      {&Taxonomy::products, "01012100", "010121"},
      {&Taxonomy::products, "HS 8541", "8541"},
      {&Taxonomy::products, "8599", ""},
      {&Taxonomy::sdgs, "9,4", "9.4"},
      {&Taxonomy::sdgs, "SDG 9", "9"},
      {&Taxonomy::sdgs, "18", ""},
      {&Taxonomy::sdgs, "9.4.1", "9.4"},
      {&Taxonomy::country_groups, "2", "002"},
      {&Taxonomy::sectors, "c27", "C27"},
      {&Taxonomy::sectors, "C27100", "C2710"},
      {&Taxonomy::country_groups, "ldc", "LDC"},
      {&Taxonomy::themes, "circular_ecnomy", "circular_economy"},
      {&Taxonomy::currencies, "", ""},
      {&Taxonomy::currencies, std::string(5000, 'x'), ""},
  }));
  CAPTURE(wrong);
  CHECK((real_taxonomy().*list).suggestion(wrong) == meant);
}

TEST_CASE("taxonomy: a wrong code of a level is answered with the codes below it", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  CHECK(t.sectors.level_below("C99") == "below `C` there are `C10` to `C33`");
  CHECK(t.products.level_below("0199") == "below `01` there are `0101` to `0106`");
  CHECK(t.sdgs.level_below("9.z") == "below `9` there are `9.1` to `9.c`");
  CHECK(t.sdgs.level_below("18").empty());
  CHECK(t.themes.level_below("circular").empty());
}

TEST_CASE("taxonomy: countries are found by what people call them", "[taxonomy]") {
  const auto [name, code] = GENERATE(table<std::string, std::string>({
      {"ke", "KE"},
      {"KEN", "KE"},
      {"Kenia", "KE"},
      {"KENYA", "KE"},
      {"肯尼亚", "KE"},
      {"كينيا", "KE"},
      {"Кения", "KE"},
      {"UK", "GB"},
      {"U.K.", "GB"},
      {"Great Britain", "GB"},
      {"Royaume-Uni", "GB"},
      {"the United Kingdom", "GB"},
      {"Vietnam", "VN"},
      {"Viêt Nam", "VN"},
      {"Cote d'Ivoire", "CI"},
      {"CÔTE D’IVOIRE", "CI"},
      {"Elfenbeinküste", "CI"},
      {"South Korea", "KR"},
      {"Corea del Sur", "KR"},
      {"Turkey", "TR"},
      {"Türkei", "TR"},
      {"Hong Kong", "HK"},
      {"Deutschland", "DE"},
      {"Alemanha", "DE"},
      {"DR Congo", "CD"},
      {"Congo-Brazzaville", "CG"},
      {"Laos", "LA"},
      {"Iran", "IR"},
      {"Bolivia", "BO"},
      {"Tanzania", "TZ"},
      {"Russia", "RU"},
      {"USA", "US"},
      {"Niger", "NE"},
      {"日本", "JP"},
      {"臺灣", "TW"},
      {"Česko", "CZ"},
      {"Maroc", "MA"},
      {"Swaziland", "SZ"},
      {"Guinea", "GN"},
  }));
  CAPTURE(name);
  CHECK(real_taxonomy().country_names().find(name) == std::vector<std::string>{code});
}

TEST_CASE("taxonomy: a name that may be two countries is neither, and no name is no country", "[taxonomy]") {
  const CountryNames& names = real_taxonomy().country_names();
  CHECK(names.find("Congo").size() == 2);
  CHECK(names.find("Korea").size() == 2);
  CHECK(names.find("Nigera").size() == 2);  // Latvian for Niger, and Nigeria but for a letter
  for (const char* none : {"XX", "", "EU", "Atlantis", "Nowhere", "East Africa", "'"}) {
    CAPTURE(none);
    CHECK(names.find(none).empty());
    CHECK(names.nearest(none).empty());
  }
  CHECK(names.nearest("Germny") == "DE");
  CHECK(names.nearest("Ugandda") == "UG");
}

TEST_CASE("taxonomy: a title comes in the language asked for, else in English, else as the code", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  CHECK(t.themes.title("circular_economy", "fr") == "Économie circulaire");
  CHECK(t.sectors.title("A", "fr") == "Agriculture, sylviculture et pêche");
  CHECK(t.sectors.title("A011", "fr") == t.sectors.title("A011", "en"));
  CHECK(t.sectors.title("no such") == "no such");
}

TEST_CASE("taxonomy: DAC purposes lead to ISIC sectors", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  REQUIRE(t.crs_to_isic.contains("110"));
  for (const auto& [crs, codes] : t.crs_to_isic)
    for (const std::string& code : codes) CHECK(t.sectors.find(code));
}

TEST_CASE("taxonomy: the hash changes with any byte and with nothing else", "[taxonomy]") {
  const Copy copy;
  const std::string before = Taxonomy::load(copy.directory()).value()->hash();
  CHECK(before == real_taxonomy().hash());
  CHECK(before.size() == 16);
  copy.append("currencies.tsv", "\n");
  CHECK(Taxonomy::load(copy.directory()).value()->hash() != before);
}

TEST_CASE("taxonomy: a damaged file is named with what is wrong in it", "[taxonomy]") {
  const auto [file, addition, complaint] = GENERATE(table<std::string, std::string, std::string>({
      {"currencies.tsv", "EUR\tonce more\n", "`EUR` stands twice"},
      {"currencies.tsv", "\tno code\n", "has no code"},
      {"currencies.tsv", "QQQ\ttoo\tmany\n", "cells"},
      {"isic4.tsv", "Z01\tZ\tOrphan\t\t\t\t\t\n", "the parent of `Z01`"},
      {"isic4.tsv", "Z01\tZ01\tIts own parent\t\t\t\t\t\n", "the parent of `Z01`"},
      {"crs_to_isic.tsv", "99999\tC99\n", "`C99` is not in ISIC"},
      {"exchange_rates.tsv", "QQQ\t1\t2026-01-01\n", "`QQQ` is not in ISO 4217"},
      {"exchange_rates.tsv", "AFN\t-1\t2026-01-01\n", "`-1` is no rate"},
      {"exchange_rates.tsv", "USD\t1\t2026-01-01\n", "`USD` stands twice"},
      {"countries.tsv", "QQ\tQQQ\t\tEUR\tnowhere\t\t\t\t\t\t\n", "`nowhere` is not in country_groups.tsv"},
  }));
  const Copy copy;
  copy.append(file, addition);
  const auto loaded = Taxonomy::load(copy.directory());
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(loaded.error().place, Catch::Contains(file));
  CHECK_THAT(loaded.error().message, Catch::Contains(complaint));
}

TEST_CASE("taxonomy: money of one currency is worth its dollars, that of an unlisted one is not known", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  CHECK(t.in_usd(5, "USD") == 5.0);
  CHECK(t.in_usd(1, "EUR").value() > 0.8);
  CHECK(t.in_usd(1, "EUR").value() < 1.6);
  CHECK_FALSE(t.in_usd(1, "AFN"));
  CHECK_FALSE(t.in_usd(1, "no currency"));
}

TEST_CASE("taxonomy: a country has its currency, Antarctica and what is no country have none", "[taxonomy]") {
  const Taxonomy& t = real_taxonomy();
  CHECK(t.currency_of("KE") == "KES");
  CHECK(t.currency_of("DE") == "EUR");
  CHECK(t.currency_of("AQ").empty());
  CHECK(t.currency_of("LDC").empty());
  for (const CodeList::Entry& country : t.countries.entries()) {
    INFO(country.code);
    CHECK((t.currency_of(country.code).empty() || t.currencies.find(t.currency_of(country.code)) != nullptr));
  }
}

TEST_CASE("taxonomy: technologies beyond the 64 that a mask holds are refused", "[taxonomy]") {
  const Copy copy;
  for (int i = 0; i < 65; ++i) copy.append("themes.tsv", "extra" + std::to_string(i) + "\t\t\t\t\t\t\n");
  const auto loaded = Taxonomy::load(copy.directory());
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == ErrorCode::kCorrupt);
  CHECK_THAT(loaded.error().message, Catch::Contains("64"));
}

TEST_CASE("taxonomy: a directory without the files is not found", "[taxonomy]") {
  const auto loaded = Taxonomy::load("no-such-directory");
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code == ErrorCode::kNotFound);
}

}  // namespace counterpart::engine
