#include "engine/base/language_tag.h"

#include "engine/corpus/profile_language.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"

namespace counterpart::engine {

TEST_CASE("language tag: one language has one tag", "[language_tag]") {
  for (const auto& [written, tag, primary] :
       std::initializer_list<std::tuple<std::string, std::string, std::string>>{{"FR", "fr", "fr"},
                                                                                {"eng", "en", "en"},
                                                                                {"fre", "fr", "fr"},
                                                                                {"pt-br", "pt-BR", "pt"},
                                                                                {"ZH-hant-tw", "zh-Hant-TW", "zh"},
                                                                                {"cmn", "zh", "zh"},
                                                                                {"iw", "he", "he"},
                                                                                {"nb", "nb", "no"},
                                                                                {"und", "und", ""},
                                                                                {"", "", ""},
                                                                                {"no tag", "no tag", ""}}) {
    CAPTURE(written);
    CHECK(canonical_language(written) == tag);
    CHECK(primary_language(written) == primary);
  }
}

TEST_CASE("language tag: a profile's language is what it states, else what its texts tell, private ones aside",
          "[language_tag]") {
  const FakeEmbedder embedder;
  Profile profile;
  profile.title = "Pumps";
  profile.offers = "pumps for villages";
  profile.contact.person = "Ana";
  CHECK(public_text(profile) == "Pumps\npumps for villages");
  determine_language(profile, embedder);
  CHECK(profile.lang == "en");
  profile.lang = "SPA";
  determine_language(profile, embedder);
  CHECK(profile.lang == "es");
  profile.lang = "xx";  // looks like a tag, and is no language's
  determine_language(profile, embedder);
  CHECK(profile.lang == "en");
}

}  // namespace counterpart::engine
