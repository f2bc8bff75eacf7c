// Refusals that are composed in English, said in the language of their reader.
#include "server/words/refusals.h"

#include <string>

#include "server/words/pattern.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

const Words& shipped() {
  static const auto loaded = Words::load(COUNTERPART_SOURCE_DIR "/datasets/words", real_taxonomy()).value();
  return *loaded;
}

const Refusals& refusals() {
  static const auto made = Refusals::make(shipped()).value();
  return *made;
}

std::string said(std::string_view english, std::string_view language) {
  return refusals().say(english, language).value_or("nothing");
}

// As "a=1 b=2"; "nothing" where the text does not fit.
std::string gaps_of(std::string_view pattern, std::string_view text) {
  const Pattern parsed = Pattern::parse(pattern).value();  // the gaps are views of its names
  const auto gaps = parsed.match(text);
  if (!gaps) return "nothing";
  std::string all;
  for (const auto& [name, value] : *gaps) all += (all.empty() ? "" : " ") + std::string(name) + "=" + std::string(value);
  return all;
}

// A catalogue of sentences of which the English and the French are given.
std::string key_of(const std::string& name, const std::string& english, const std::string& french) {
  return "[refusal." + name + "]\nen = '''" + english + "'''\nfr = '''" + french + "'''\nes = '''" + french + "'''\nar = '''" +
         french + "'''\nzh = '''" + french + "'''\nru = '''" + french + "'''\n";
}

}  // namespace

TEST_CASE("refusals: a text fits a pattern if the words between its gaps are there in order", "[refusals]") {
  CHECK(gaps_of("`{name}` is no country", "`XX` is no country") == "name=XX");
  CHECK(gaps_of("`{name}` is no country", "`` is no country") == "name=");
  CHECK(gaps_of("`{name}` is no country", "`a` is no country; b` is no country") == "name=a` is no country; b");
  CHECK(gaps_of("`{name}` is no country", "`XX` is no county") == "nothing");
  CHECK(gaps_of("from {least} to {most}", "from 1 to 100") == "least=1 most=100");
  CHECK(gaps_of("from {least} to {most}", "from  to 100") == "nothing");
  CHECK(gaps_of("from {least} to {most}", "from 1 to ") == "nothing");
  CHECK(gaps_of("has {number} entries", "has 1,000 entries") == "number=1,000");
  CHECK(gaps_of("has {number} entries", "has many entries") == "nothing");
  CHECK(gaps_of("use {list}", "use GET, HEAD or `a b`") == "list=GET, HEAD or `a b`");
  CHECK(gaps_of("use {list}", "use the other program") == "nothing");
  CHECK(gaps_of("as in {code}", "as in KE") == "code=KE");
  CHECK(gaps_of("as in {code}", "as in the file") == "nothing");
  CHECK(gaps_of("write '{'\"a\": {code}'}'", "write {\"a\": 1}") == "code=1");
  CHECK_FALSE(Pattern::parse("{a}{b} is wrong"));
  CHECK_FALSE(Pattern::parse("{a}"));
  CHECK_FALSE(Pattern::parse("{n, plural, one {# day} other {# days}} are left"));
}

TEST_CASE("refusals: an English sentence is said in the language that is asked for", "[refusals]") {
  CHECK(said("there is no such profile", "fr") == "ce profil n’existe pas");
  CHECK(said("`Keny` is not in ISO 3166-1", "fr") == "`Keny` ne figure pas dans ISO 3166-1");
  CHECK(said("did you mean `KE`?", "zh") == "您是指 `KE` 吗？");
  CHECK(said("no sentence of ours", "fr") == "nothing");
  CHECK(said("", "fr") == "nothing");
  CHECK(said(std::string(5'000, 'a'), "fr") == "nothing");
}

TEST_CASE("refusals: numbers take the plural of the language, choices its conjunction", "[refusals]") {
  CHECK(said("has 1 characters", "ru") == "содержит 1 символ");
  CHECK(said("has 22 characters", "ru") == "содержит 22 символа");
  CHECK(said("has 300 characters", "ru") == "содержит 300 символов");
  CHECK(said("give ar, zh or en", "es") == "dé ar, zh o en");
  CHECK(said("give fr", "es") == "dé fr");
}

TEST_CASE("refusals: what somebody sent stays as it is, and is isolated where the sentence runs from the right", "[refusals]") {
  CHECK(said("`50 % {x}` is no country", "ru") == "`50 % {x}` — не страна");
  CHECK(said("`Keny` is no country", "ar") == "`\u2068Keny\u2069` ليس بلدًا");
  CHECK(said("`كينيا` is no country", "fr") == "`\u2068كينيا\u2069` n’est pas un pays");
}

TEST_CASE("refusals: a sentence within a sentence is said, too, and neither where one of them cannot be", "[refusals]") {
  CHECK(said("`name` has 300 characters", "es") == "`name`: tiene 300 caracteres");
  CHECK(said("`country`: `XX` is neither a country nor a country group", "es") ==
        "`country`: `XX` no es un país ni un grupo de países");
  CHECK(said("the base `a` cannot be read: a.toml: there is no such file, or it cannot be read", "fr") ==
        "la base `a` ne peut être lue : a.toml: ce fichier n’existe pas, ou ne peut être lu");
  CHECK(said("the base `a` cannot be read: it is blue", "fr") == "nothing");
}

TEST_CASE("refusals: of several patterns that fit, the one with most words of its own is taken", "[refusals]") {
  const TempFolder folder;
  folder.file("a.toml", key_of("wide", "{what} is wrong", "large {what}") +
                            key_of("narrow", "the {what} is wrong", "étroit {what}") +
                            key_of("whole", "the day is wrong", "entier"));
  const auto words = Words::load(folder.path(), real_taxonomy()).value();
  const auto own = Refusals::make(*words).value();
  CHECK(own->say("a day is wrong", "fr") == "large a day");
  CHECK(own->say("the hour is wrong", "fr") == "étroit hour");
  CHECK(own->say("the day is wrong", "fr") == "entier");
}

TEST_CASE("refusals: an English text that cannot be compared with is refused", "[refusals]") {
  const TempFolder folder;
  folder.file("a.toml", key_of("two", "{a}{b} is wrong", "{a}{b}"));
  const auto words = Words::load(folder.path(), real_taxonomy()).value();
  const auto made = Refusals::make(*words);
  REQUIRE_FALSE(made);
  CHECK(made.error().place == "refusal.two");
}

TEST_CASE("refusals: message and remedy are in one language, or both in English", "[refusals]") {
  Error error{ErrorCode::kInvalid, "country", "`XX` is no country", "give its ISO 3166-1 alpha-2 code, as in KE"};
  CHECK(refusals().say(error, "fr"));
  CHECK(error.message == "`XX` n’est pas un pays");
  CHECK(error.remedy == "donnez son code ISO 3166-1 alpha-2, comme KE");
  Error half{ErrorCode::kInvalid, "country", "`XX` is no country", "ask the sphinx"};
  CHECK_FALSE(refusals().say(half, "fr"));
  CHECK(half.message == "`XX` is no country");
  CHECK(half.remedy == "ask the sphinx");
  CHECK(refusals().say(half, "en"));
}

}  // namespace counterpart::server
