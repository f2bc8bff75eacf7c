#include "index/snapshot/evidence.h"

#include <algorithm>

#include "index/text/passages.h"
#include "index/text/words.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"

namespace counterpart::index {
namespace {

Wanted wanted(std::string_view need, std::string_view language = "en", std::string_view offer = {}) {
  Wanted words;
  for (const std::string& stem : stems_of(need, language)) words.need.insert(stem);
  for (const std::string& stem : stems_of(offer, language)) words.offer.insert(stem);
  return words;
}

Profile with_offers(std::string offers, std::string lang = "en") {
  Profile profile;
  profile.title = "Title";
  profile.offers = std::move(offers);
  profile.lang = std::move(lang);
  profile.contact = {"Ada Secret", "ada@example.org", "+1 555", "example.org", "1 Hidden Street"};
  return profile;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

TEST_CASE("evidence: the sentence with most words of the need is quoted", "[evidence]") {
  const Profile profile = with_offers("We were founded in 1990. Our cold stores run on solar power. We sell in ten countries.");
  const auto evidence = quote(profile, {}, wanted("solar powered cold storage of fish"));
  REQUIRE(evidence);
  CHECK(evidence->text == "Our cold stores run on solar power.");
  CHECK(evidence->face == "offers");
  CHECK(evidence->member == "offers");
  CHECK(evidence->lang == "en");
}

TEST_CASE("evidence: without a word in common the beginning is quoted", "[evidence]") {
  const Profile profile = with_offers("We were founded in 1990. We sell in ten countries.");
  CHECK(quote(profile, {}, wanted("chambre froide", "fr"))->text == "We were founded in 1990.");
}

TEST_CASE("evidence: the passage that is best by meaning is where the quotation comes from", "[evidence]") {
  std::string text;
  for (int i = 0; i < 12; ++i)
    text += "Sentence number " + std::to_string(i) + " speaks of pumps and of nothing but many pumps. ";
  text += "In the end we also build mills for grain.";
  const Profile profile = with_offers(text);
  const auto passages = passages_of(profile.offers, "en");
  REQUIRE(passages.size() > 1);
  const auto evidence = quote(profile, {true, static_cast<std::uint16_t>(passages.size() - 1)}, {});
  REQUIRE(evidence);
  CHECK(passages.back().find(evidence->text) != std::string_view::npos);
  CHECK(passages.front().find(evidence->text) == std::string_view::npos);
  CHECK(quote(profile, {true, 999}, {})->text.starts_with("Sentence number 0"));  // a record newer than its vectors
}

TEST_CASE("evidence: a long sentence is cut between words, by characters of any script", "[evidence]") {
  std::string long_one;
  for (int i = 0; i < 60; ++i) long_one += "refrigeration ";
  const std::string english = quote(with_offers(long_one), {}, {})->text;
  CHECK(english.size() <= kQuoted);
  CHECK(english.size() > kQuoted - 20);
  CHECK(english.ends_with("refrigeration"));

  std::string chinese;
  for (int i = 0; i < 300; ++i) chinese += "冷";
  const std::string quoted = quote(with_offers(chinese, "zh"), {}, {})->text;
  CHECK(characters(quoted) == kQuoted);
  CHECK(quoted.size() == 3 * kQuoted);  // no half characters
}

TEST_CASE("evidence: title, need and contact never pass for an offer", "[evidence]") {
  Profile profile = with_offers("");
  const Wanted asked = wanted("partner Ada Secret Hidden Street Title");
  CHECK_FALSE(quote(profile, {}, asked));
  profile.seeks = "We are a village. We seek a solar pump.";
  const auto need = quote(profile, {true, 0}, wanted("village", "en", "solar pumps"));
  REQUIRE(need);
  CHECK(need->face == "seeks");
  CHECK(need->member == "seeks");
  CHECK(need->text == "We seek a solar pump.");
  profile.summary = "A summary\nof two lines.";
  const auto evidence = quote(profile, {}, asked);
  REQUIRE(evidence);
  CHECK(evidence->face == "offers");
  CHECK(evidence->member == "summary");
  CHECK(evidence->text.find('\n') == std::string::npos);
}

TEST_CASE("evidence: a reference is quoted where the vectors or the words say that it fits better", "[evidence]") {
  Profile profile = with_offers("We plan and build for industry. We sell in ten countries.");
  profile.references = {{"Ice plant", "A harbour was given 12 t of ice a day.", "KE", 2019, ""}, {"Dam", "", "", {}, ""}};
  const auto by_words = quote(profile, {}, wanted("ice for a fishing harbour"));
  REQUIRE(by_words);
  CHECK(by_words->member == "references");
  CHECK(by_words->face == "offers");
  CHECK(by_words->text == "A harbour was given 12 t of ice a day.");
  REQUIRE(by_words->reference);
  CHECK(by_words->reference->title == "Ice plant");
  CHECK(by_words->reference->country == "KE");
  CHECK(by_words->reference->year == 2019);
  CHECK(by_words->reference->text.empty());

  const auto by_vector = quote(profile, {true, kNoPassage, 1}, wanted("barrage", "fr"));
  REQUIRE(by_vector);
  CHECK(by_vector->text == "Dam");  // it has no text

  CHECK(quote(profile, {true}, wanted("ice for a fishing harbour"))->member == "offers");  // the vectors decide
  CHECK(quote(profile, {}, wanted("plan and build an industry"))->member == "offers");
  profile.offers.clear();
  profile.seeks = "Distributors in Africa.";
  CHECK(quote(profile, {}, wanted("ice for a fishing harbour"))->member == "references");
}

TEST_CASE("evidence: its place is told in characters of the member, whatever they take in bytes", "[evidence]") {
  const auto at = [](const std::string& text, const Evidence& evidence) {
    std::string cut;
    std::size_t character = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) ++character;
      if (character > evidence.offset && character <= evidence.offset + evidence.length) cut += text[i];
    }
    return cut;
  };
  const std::string english = "  Founded in Köln. Our cold stores run on solar power. We sell.";
  const auto first = quote(with_offers(english), {}, wanted("solar powered cold storage"));
  CHECK(first->offset == 19);
  CHECK(at(english, *first) == first->text);
  const std::string chinese = "我们成立于一九九〇年。我们生产太阳能水泵。";
  const auto second = quote(with_offers(chinese, "zh"), {}, wanted("太阳能水泵", "zh"));
  CHECK(second->text == "我们生产太阳能水泵。");
  CHECK(at(chinese, *second) == second->text);
  Profile profile = with_offers("We plan.");
  profile.references = {{"Dam", "", "", {}, ""}, {"Ice plant", "Éte. A harbour was given ice.", "KE", 2019, ""}};
  const auto third = quote(profile, {}, wanted("ice for a harbour"));
  CHECK(third->reference_number == 1);
  CHECK(at(profile.references[1].text, *third) == "A harbour was given ice.");
  const auto title = quote(profile, {true, kNoPassage, 0}, {});
  CHECK(title->text == "Dam");
  CHECK(title->offset == 0);
  CHECK(title->length == 3);
}

TEST_CASE("evidence: the asker's own sentence is told beside it", "[evidence]") {
  const FakeEmbedder embedder;
  const FakeCorpus nobody(real_taxonomy(), {});
  Seeker seeker{with_offers("We grow fish. Our ponds are in Kenya."), {}};
  seeker.profile.id = "a";
  seeker.profile.seeks = "We grew fast. Now we need solar power for cold stores. Write to us.";
  const Profile counterpart = with_offers("Founded 1990. Our cold stores run on solar power. We sell.");
  EvidenceFinder finder(nobody, seeker);
  const auto evidence = finder.of(counterpart);
  REQUIRE(evidence);
  REQUIRE(evidence->asked);
  CHECK(evidence->asked->member == "seeks");
  CHECK(evidence->asked->text == "Now we need solar power for cold stores.");
  CHECK(evidence->asked->offset == 14);
  CHECK(evidence->asked->length == 40);

  SECTION("of what seeks alone, the offer") {
    Profile seeks = with_offers("");
    seeks.seeks = "We want fish. In bulk.";
    CHECK(finder.of(seeks)->asked->text == "We grow fish.");
    CHECK(finder.of(seeks)->asked->member == "offers");
  }
  SECTION("without a word in common by meaning, where that can be told") {
    const Profile french = with_offers("La montagne.", "fr");
    CHECK_FALSE(finder.of(french)->asked);
    EvidenceFinder by_meaning(nobody, seeker, &embedder);
    CHECK(by_meaning.of(with_offers("fast", "fr"))->asked->text == "We grew fast.");
  }
  SECTION("of a bare text by the name that the request has for it, and the only sentence whatever its words") {
    Seeker text;
    text.anonymous = true;
    text.profile.seeks = "chambre froide";
    EvidenceFinder asked(nobody, text);
    CHECK(asked.of(counterpart)->asked->member == "text");
    CHECK(asked.of(counterpart)->asked->text == "chambre froide");
    text.profile.offers = std::exchange(text.profile.seeks, {});
    EvidenceFinder offered(nobody, text);
    CHECK(offered.of(counterpart)->asked->member == "offering");
  }
}

}  // namespace counterpart::index
