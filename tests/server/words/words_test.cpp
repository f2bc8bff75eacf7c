// What is said in six languages: the catalogue as it is shipped, and what becomes of one that is wrong.
#include "server/words/words.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "engine/match/bands.h"
#include "engine/programme/programme.h"
#include "engine/score/score.h"
#include "engine/taxonomy/vocabulary.h"
#include "server/http/problem.h"
#include "server/words/catalogue.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

const std::filesystem::path kShipped = COUNTERPART_SOURCE_DIR "/datasets/words";

const Words& words() {
  static const std::unique_ptr<const Words> loaded = Words::load(kShipped, real_taxonomy()).value();
  return *loaded;
}

// One key in six languages.
struct Block {
  std::string key, en, fr, es, ar, zh, ru;
};

std::string toml_of(const Block& b) {
  return "[" + b.key + "]\nen = \"" + b.en + "\"\nfr = \"" + b.fr + "\"\nes = \"" + b.es + "\"\nar = \"" + b.ar +
         "\"\nzh = \"" + b.zh + "\"\nru = \"" + b.ru + "\"\n";
}

Result<std::unique_ptr<const Words>> loaded(const std::string& text, const WordsSettings& settings = {}) {
  const TempFolder folder;
  folder.file("a.toml", text);
  return Words::load(folder.path(), real_taxonomy(), settings);
}

const Block kDays{"days",
                  "{n, plural, one {# day} other {# days}}",
                  "{n, plural, one {# jour} many {# de jours} other {# jours}}",
                  "{n, plural, one {# día} many {# de días} other {# días}}",
                  "{n, plural, zero {z#} one {o#} two {t#} few {f#} many {m#} other {x#}}",
                  "{n} 天",
                  "{n, plural, one {# день} few {# дня} many {# дней} other {# дня}}"};
const Block kGreeting{"greeting", "To {name}.", "À {name}.", "A {name}.", "إلى {name}.", "致{name}。", "Кому: {name}."};

bool has_script(const std::string& text, UScriptCode script) {
  const auto wide = icu::UnicodeString::fromUTF8(text);
  UErrorCode error = U_ZERO_ERROR;
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1))
    if (uscript_getScript(wide.char32At(i), &error) == script) return true;
  return false;
}

// Arguments alone, with marks around them.
bool says_nothing(const Message& message) {
  return std::ranges::all_of(message.texts, [](const std::string& text) {
    int depth = 0;
    return std::ranges::none_of(text, [&](char c) {
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      return depth == 0 && std::isalpha(static_cast<unsigned char>(c));
    });
  });
}

constexpr std::int32_t kThirdOfDecember = 20'790;  // 2026, a Thursday

}  // namespace

TEST_CASE("words: the shipped catalogue loads, and nothing in it is left in English", "[words]") {
  REQUIRE(words().keys().size() > 300);
  // The same word in both languages.
  static const std::set<std::string> kSame = {"cooperation.acquisition fr",
                                              "cooperation.distribution fr",
                                              "cooperation.franchise fr",
                                              "cooperation.licence fr",
                                              "flag.false es",
                                              "kind.expert fr",
                                              "owner.programme fr",
                                              "programme.gcip.side.mentor fr",
                                              "programme.gcip.side.mentor es",
                                              "band.possible fr",
                                              "review.mark.5 fr",
                                              "signal.technologies fr",
                                              "role.association fr",
                                              "role.mentor fr",
                                              "role.mentor es",
                                              "size.micro fr",
                                              "size.micro es",
                                              "stage.concept fr",
                                              "stage.idea es",
                                              "stage.prototype fr",
                                              "term.possible fr",
                                              "term.programme fr",
                                              "term.quota fr",
                                              "column.organisation fr",
                                              "column.type fr",
                                              "column.technologies fr",
                                              "column.min fr",
                                              "column.max fr",
                                              "column.instruments fr",
                                              "column.sector es",
                                              "column.programmes fr",
                                              "column.contact fr",
                                              "column.code fr",
                                              "column.condition fr",
                                              "column.contacts fr",
                                              "column.contribution fr",
                                              "column.description fr",
                                              "column.error es",
                                              "column.instrument fr",
                                              "column.places fr",
                                              "column.points fr",
                                              "column.programme fr",
                                              "column.publication fr",
                                              "column.second fr",
                                              "column.verdict fr",
                                              "column.version fr",
                                              "column.where fr",
                                              "column.absence fr",
                                              "column.cause fr",
                                              "column.dimension fr",
                                              "column.date fr",
                                              "column.source fr",
                                              "page.admin.action fr",
                                              "page.system.megabytes es",
                                              "page.brief.sources fr",
                                              "page.casework.mentor es",
                                              "page.casework.mentor fr",
                                              "page.compare.no es",
                                              "page.nav.admin fr",
                                              "page.panel.expert fr",
                                              "page.panel.invitations fr",
                                              "page.panel.level_interregional es",
                                              "page.panel.level_regional es",
                                              "page.panel.quotas fr",
                                              "page.panel.title es",
                                              "page.panel.title_of es",
                                              "page.portfolio.budget fr",
                                              "page.programme.by_sector es",
                                              "page.runs.place fr",
                                              "import.column.verdict fr"};
  // Nothing but arguments and marks between them, as "{name}: {sentence}".
  const auto is_frame = [](const std::string& text) {
    bool inside = false;
    return std::ranges::none_of(text, [&](char c) {
      inside = c == '{' || (inside && c != '}');
      return !inside && std::isalpha(static_cast<unsigned char>(c)) != 0;
    });
  };
  std::set<std::string> unused = kSame;
  const Catalogue catalogue = read_catalogue(kShipped).value();
  for (const auto& [key, message] : catalogue) {
    if (is_frame(message.texts[*un_language("en")])) continue;
    const auto text = [&, &texts = message.texts](std::string_view language) { return texts[*un_language(language)]; };
    for (const std::string_view language : kUnLanguages) {
      if (language == "en" || text(language) != text("en") || says_nothing(message)) continue;
      const std::string what = key + " " + std::string(language);
      INFO(what << " is the English text");
      CHECK(kSame.contains(what));
      unused.erase(what);
    }
    INFO(key);
    if (says_nothing(message)) continue;
    CHECK(has_script(text("ar"), USCRIPT_ARABIC));
    CHECK(has_script(text("zh"), USCRIPT_HAN));
    CHECK(has_script(text("ru"), USCRIPT_CYRILLIC));
    for (const std::string_view latin : {"en", "fr", "es"}) CHECK(has_script(text(latin), USCRIPT_LATIN));
  }
  for (const std::string& what : unused) FAIL_CHECK(what << " need not be listed");
}

TEST_CASE("words: a due date explains itself in every language, with the weekday and the plural of the language", "[words]") {
  const Phrase days{"due.working_days", {{"n", std::int64_t{5}}, {"start", OnDay{kThirdOfDecember - 7}}}};
  const Phrase due{"due.on", {{"day", OnDay{kThirdOfDecember}}, {"parts", Values{{nested(days)}}}}};
  CHECK(words().say(due, "en") == "due Thursday 3 December: 5 working days from Thursday 26 November");
  CHECK(words().say(due, "fr") == "échéance : jeudi 3 décembre ; 5 jours ouvrables à compter du jeudi 26 novembre");
  CHECK(words().say(due, "es") == "vence: jueves, 3 de diciembre; 5 días hábiles a partir del jueves, 26 de noviembre");
  CHECK(words().say(due, "ru") == "срок — четверг, 3 декабря: 5 рабочих дней, начиная с даты: четверг, 26 ноября");
  CHECK(words().say(due, "zh") == "12月3日星期四到期：自11月26日星期四起 5 个工作日");
  CHECK(words().say(due, "ar") == "الموعد الخميس، 3 ديسمبر: 5 أيام عمل ابتداءً من الخميس، 26 نوفمبر");
  const Phrase holiday{"due.is_holiday",
                       {{"day", OnDay{kThirdOfDecember, true}}, {"country", Title{Title::List::kCountries, "AE"}}}};
  CHECK(words().say(holiday, "en") == "Thursday 3 December 2026 is a holiday in United Arab Emirates");
  CHECK(words().say(holiday, "fr") == "jour férié (Émirats arabes unis) : jeudi 3 décembre 2026");
}

TEST_CASE("words: each number takes the form that its language has for it", "[words]") {
  const auto own = loaded(toml_of(kDays)).value();
  const auto days = [&](const char* language, std::int64_t n) { return own->say("days", language, {{"n", n}}); };
  CHECK(days("en", 1) == "1 day");
  CHECK(days("en", 0) == "0 days");
  CHECK(days("fr", 0) == "0 jour");
  CHECK(days("fr", 1'000'000) == "1\u202F000\u202F000 de jours");
  CHECK(days("es", 2'000'000) == "2.000.000 de días");
  CHECK(days("ru", 21) == "21 день");
  CHECK(days("ru", 24) == "24 дня");
  CHECK(days("ru", 11) == "11 дней");
  CHECK(days("zh", 7) == "7 天");
  std::string arabic;
  for (const std::int64_t n : {0, 1, 2, 3, 11, 100}) arabic += days("ar", n) + " ";
  CHECK(arabic == "z0 o1 t2 f3 m11 x100 ");
}

TEST_CASE("words: the digits of Arabic are those of one setting", "[words]") {
  CHECK(loaded(toml_of(kDays)).value()->say("days", "ar", {{"n", std::int64_t{1234}}}) == "m1,234");
  CHECK(loaded(toml_of(kDays), {.arabic_digits = "arab"}).value()->say("days", "ar", {{"n", std::int64_t{12}}}) == "m١٢");
}

TEST_CASE("words: a name that runs the other way disturbs nothing around it", "[words]") {
  const auto own = loaded(toml_of(kGreeting)).value();
  CHECK(own->say("greeting", "ar", {{"name", "Acme (GmbH)"}}) == "إلى \u2068Acme (GmbH)\u2069.");
  CHECK(own->say("greeting", "en", {{"name", "شركة النور"}}) == "To \u2068شركة النور\u2069.");
  CHECK(own->say("greeting", "en", {{"name", "Acme"}}) == "To Acme.");
  // A name cannot end its isolation, nor turn round what follows.
  CHECK(own->say("greeting", "ar", {{"name", "A\u2069\u202EB"}}) == "إلى \u2068AB\u2069.");
  // What a name says is no message.
  CHECK(own->say("greeting", "fr", {{"name", "l'{n} #"}}) == "À l'{n} #.");
}

TEST_CASE("words: lists are joined as the language joins them, our words and the countries translated", "[words]") {
  const auto own = loaded(toml_of(kGreeting)).value();
  const Title kenya{Title::List::kCountries, "KE"};
  const auto said = [&](const char* language) {
    return own->say("greeting", language, {{"name", std::vector<PhraseWord>{"Acme", "B", kenya}}});
  };
  CHECK(said("en") == "To Acme, B and Kenya.");
  CHECK(said("fr") == "À Acme, B et Kenya.");
  CHECK(said("zh") == "致Acme、B和肯尼亚。");
  CHECK(said("ar") == "إلى \u2068Acme\u2069 و\u2068B\u2069 و\u2068كينيا\u2069.");
  CHECK(own->say("greeting", "fr", {{"name", Values{{"Acme", "B", Term{"days"}}}}}) == "\u27E8greeting\u27E9");  // it takes one
  CHECK(words().say("verdict.one_of", "zh", {{"field", Term{"field.kind"}}, {"values", Values{{Term{"kind.company"}, "X"}}}}) ==
        "档案类型为下列之一：企业、X");
}

TEST_CASE("words: all that the shipped programmes say is said in six languages", "[words]") {
  const Programmes programmes = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", real_taxonomy()).value();
  const auto check = [](const std::string& english) {
    INFO(english);
    CHECK(words().of_programme(english, "en") == english);
    if (!english.empty()) CHECK(has_script(words().of_programme(english, "ru"), USCRIPT_CYRILLIC));
  };
  for (const auto& [slug, programme] : programmes) {
    check(programme.name);
    check(programme.description);
    for (const ProgrammeSide& side : programme.sides) check(side.label);
    for (const Gate& gate : programme.gates) check(gate.label), check(gate.remedy);
    if (programme.panel)
      for (const std::string& topic : programme.panel->topics) check(topic);
  }
  CHECK(words().of_programme("a side of an office's own", "fr") == "a side of an office's own");
}

TEST_CASE("words: every row of the tables that people read of has its words", "[words]") {
  const auto check = [](std::string_view room, std::string_view name) {
    const std::string key = std::string(room) + "." + std::string(name);
    INFO(key);
    CHECK(words().has(key));
    CHECK(words().takes(key).empty());
  };
  const auto check_all = [&]<class Word>(std::string_view room, Vocabulary<Word>) {
    for (const std::string_view name : Vocabulary<Word>::kNames) check(room, name);
  };
  check_all("kind", Vocabulary<Kind>());
  check_all("role", Vocabulary<Role>());
  check_all("gender", Vocabulary<Gender>());
  check_all("size", Vocabulary<Size>());
  check_all("cooperation", Vocabulary<Cooperation>());
  check_all("stage", Vocabulary<Stage>());
  check_all("ipr", Vocabulary<Ipr>());
  for (const std::string_view language : kUnLanguages) check("language", language);
  for (const Signal& signal : signals()) check("signal", signal.name);
  for (const BandRow& band : bands()) {
    CHECK(words().say("band." + std::string(band.name), "en") == band.name);
    CHECK(words().say("band.help." + std::string(band.name), "en") == band.help);
  }
  for (const ProblemKind& kind : problem_kinds()) CHECK(words().say("problem." + std::string(kind.type), "en") == kind.title);
}

TEST_CASE("words: what a text chooses between is chosen in every language", "[words]") {
  const PhraseArguments near{{"theirs", "offer"}, {"yours", "seek"}, {"near", "yes"}, {"similarity", Decimal{0.534, 2}}};
  CHECK(words().say("reason.texts_forward", "en", near) == "what they offer fits what you seek closely (text similarity 0.53)");
  CHECK(words().say("reason.texts_forward", "fr", near) ==
        "ce qu’ils offrent correspond étroitement à ce que vous cherchez (similarité des textes : 0,53)");
  const PhraseArguments far{{"theirs", "do"}, {"yours", "do"}, {"near", "no"}, {"similarity", Decimal{0.21, 2}}};
  CHECK(words().say("reason.texts_forward", "ru", far) ==
        "их деятельность отвечает тому, чем вы занимаетесь (сходство текстов: 0,21)");
}

TEST_CASE("words: a fault of ours shows the key, never another language", "[words]") {
  const auto own = loaded(toml_of(kGreeting) + toml_of(kDays)).value();
  const std::string shown = "\u27E8greeting\u27E9";
  CHECK(own->say("nothing.such", "fr") == "\u27E8nothing.such\u27E9");
  CHECK(own->say("greeting", "fr") == shown);
  CHECK(own->say("greeting", "de", {{"name", "x"}}) == shown);
  CHECK(own->say("greeting", "fr", {{"nom", "x"}}) == shown);
  CHECK(own->say("greeting", "fr", {{"name", "x"}, {"name", "y"}}) == shown);
  CHECK(own->say("greeting", "fr", {{"name", Term{"nothing.such"}}}) == shown);
  CHECK(own->say("greeting", "fr", {{"name", Term{"days"}}}) == shown);  // it takes something
  CHECK(own->say("days", "fr", {{"n", "five"}}) == "\u27E8days\u27E9");
  CHECK(own->has("days"));
  CHECK_FALSE(own->has("day"));
  CHECK(own->takes("days") == std::vector<std::string>{"n"});
}

TEST_CASE("words: a catalogue with a fault is refused at its place", "[words]") {
  struct Case {
    std::string text, place, message;
  };
  const auto with = [](Block block, std::string Block::*language, const std::string& text) {
    block.*language = text;
    return toml_of(block);
  };
  const std::string good = toml_of(kGreeting);
  const std::vector<Case> cases{
      {"[a]\nen = \"x\"\n", "a.toml:1", "has no text in `ar`"},
      {good + "de = \"An {name}.\"\n", "a.toml:8", "none of the six languages"},
      {good + good, "a.toml:8", "not TOML"},
      {"x = 1\n", "a.toml:1", "is no table"},
      {"[A]\nen = \"x\"\n", "a.toml:1", "is no key"},
      {with(kGreeting, &Block::ru, ""), "a.toml:7", "has no text here"},
      {with(kGreeting, &Block::ru, std::string(5000, 'x')), "a.toml:7", "more than 4000 bytes"},
      {with(kGreeting, &Block::fr, "À {nom}."), "a.toml:3", "takes {nom}, and the text in ar does not"},
      {with(kGreeting, &Block::fr, "À tous."), "a.toml:3", "does not take {name}, and the text in ar does"},
      {with(kGreeting, &Block::fr, "À {name"), "a.toml:3", "no ICU message"},
      {with(kGreeting, &Block::fr, "À {0}."), "a.toml:3", "has a number for a name"},
      {with(kGreeting, &Block::fr, "À {name, date}."), "a.toml:3", "neither plain nor plural nor select"},
      {with(kDays, &Block::ru, "{n, plural, one {# день} other {# дня}}"), "a.toml:7", "lacks `few`"},
      {with(kDays, &Block::fr, "{n, plural, one {1} few {2} many {3} other {#}}"), "a.toml:3",
       "has `few`, which this language"},
      {with(kDays, &Block::es, "{n, select, a {1} other {2}}"), "a.toml:4", "{n} is a"},
  };
  for (const Case& one : cases) {
    INFO(one.text);
    const auto answer = loaded(one.text);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::kInvalid);
    CHECK(answer.error().place == one.place);
    CHECK_THAT(answer.error().message, Catch::Matchers::Contains(one.message));
  }
  const TempFolder empty;
  CHECK(Words::load(empty.path(), real_taxonomy()).error().code == ErrorCode::kNotFound);
  const TempFolder twice;
  twice.file("a.toml", good);
  twice.file("b.toml", good);
  CHECK(Words::load(twice.path(), real_taxonomy()).error().place == "b.toml:1");
}

}  // namespace counterpart::server
