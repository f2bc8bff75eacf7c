// In which language somebody is answered.
#include "server/words/language.h"

#include "tests/support/catch.h"

namespace counterpart::server {

TEST_CASE("language: the parameter goes before the header, and is one of six", "[words]") {
  CHECK(language_asked("fr", "ru") == "fr");
  CHECK(language_asked({}, "ru") == "ru");
  CHECK(language_asked({}, "", "es") == "es");
  for (const char* wrong : {"de", "FR", "", "fr-FR", "fr,en"}) {
    INFO(wrong);
    const Result<std::string> asked = language_asked(wrong, "ru");
    REQUIRE_FALSE(asked);
    CHECK(asked.error().code == ErrorCode::kInvalid);
    CHECK(asked.error().place == "lang");
  }
}

TEST_CASE("language: of what a browser accepts the best of the six is taken", "[words]") {
  const auto best = [](const std::string& header) { return language_asked({}, header, "-").value(); };
  CHECK(best("fr-CH, fr;q=0.9, en;q=0.8, de;q=0.7, *;q=0.5") == "fr");
  CHECK(best("en;q=0.2, ar;q=0.9") == "ar");
  CHECK(best("de, zh-TW;q=0.8") == "zh");
  CHECK(best("es-419") == "es");
  CHECK(best("uk, de") == "-");
  CHECK(best("*") == "-");
  for (const std::string& odd : {std::string("fr;q="), std::string(";;;,,,"), std::string(20'000, 'a'), std::string("\xff\xfe"),
                                 std::string("en;q=0"), std::string(5'000, ',')}) {
    INFO(odd.substr(0, 20));
    CHECK_FALSE(best(odd).empty());
  }
}

}  // namespace counterpart::server
