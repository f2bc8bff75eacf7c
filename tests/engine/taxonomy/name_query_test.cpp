// Whom a typed name means.
#include "engine/taxonomy/name_query.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

// As if nobody's name had the words of `typed`.
Named named(std::string_view typed, std::string_view title, std::string_view id = "x:1") {
  const LegalForms& forms = real_taxonomy().legal_forms;
  const NameQuery query(typed, forms);
  const std::string name = name_key(title, forms);
  return query.of(id, title, name, ~query.words_in(name));
}

}  // namespace

TEST_CASE("name query: a name is known as it is, folded, by its beginning, by its words and misspelt", "[name_query]") {
  CHECK(named("Lakeshore Cold Ltd", "Lakeshore Cold Ltd") == Named::kExactly);
  CHECK(named("lakeshore cold", "Lakeshore Cold Ltd") == Named::kFolded);
  CHECK(named("ENERGIE D’AVENIR", "Énergie d'Avenir SARL") == Named::kFolded);
  CHECK(named("Gazprom", "ПАО «Газпром»") == Named::kFolded);
  CHECK(named("大和製作所", "㈱大和製作所") == Named::kFolded);
  CHECK(named("lakeshore", "Lakeshore Cold") == Named::kBeginning);
  CHECK(named("lakesh", "Lakeshore Cold") == Named::kPrefix);
  CHECK(named("cold lakeshore", "Lakeshore Cold Rooms") == Named::kWords);
  CHECK(named("rooms lake", "Lakeshore Cold Rooms") == Named::kWords);
  CHECK(named("lakeshor cold", "Lakeshore Cold") == Named::kMisspelt);
  CHECK(named("laekshore", "Lakeshore Cold Rooms") == Named::kMisspelt);
  CHECK(named("lake shore", "Lakeshore") == Named::kMisspelt);
  CHECK(named("mill", "Lakeshore Cold") == Named::kNot);
  CHECK(named("", "Lakeshore Cold") == Named::kNot);
  CHECK(named("!", "—") == Named::kNot);
}

TEST_CASE("name query: an id is known as it is, by its beginning and without its register", "[name_query]") {
  CHECK(named("wb:P1", "Mills", "wb:P1") == Named::kExactly);
  CHECK(named("WB:p1", "Mills", "wb:P1") == Named::kFolded);
  CHECK(named("wb:", "Mills", "wb:P1") == Named::kBeginning);
  CHECK(named("p1", "Mills", "wb:P1") == Named::kPrefix);
}

TEST_CASE("name query: a word that somebody's name has is not taken for a slip of the pen", "[name_query]") {
  const LegalForms& forms = real_taxonomy().legal_forms;
  const NameQuery query("solar pumps", forms);
  CHECK(query.words_in("solar mills") == 1);
  CHECK(query.of("x", "Polar Pumps", "polar pumps", ~0U) == Named::kMisspelt);
  CHECK(query.of("x", "Polar Pumps Mills", "polar pumps mills", 2) == Named::kNot);
  CHECK(query.of("x", "Polar Pumps", "polar pumps", 0) == Named::kNot);
}

}  // namespace counterpart::engine
