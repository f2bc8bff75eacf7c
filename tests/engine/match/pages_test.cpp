// A list that is read in pages, and counts of those who qualify for it.
#include "engine/match/matcher.h"
#include "tests/support/catch.h"
#include "tests/support/fake_corpus.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

// Of five countries and forty organisations, alike and not, so that floors, variety and organisations met twice all have a say.
std::vector<Profile> many() {
  const char* const countries[] = {"DE", "UG", "KE", "FJ", "TZ"};
  const char* const offers[] = {"solar cold storage for fish", "solar pumps", "cold storage", "tax advice",
                                "fish ponds and pumps"};
  std::vector<Profile> profiles;
  for (int i = 0; i < 60; ++i) {
    Profile one;
    one.id = "p" + std::to_string(i);
    one.title = "Company " + std::to_string(i % 40);
    one.country = countries[i % 5];
    one.offers = std::string(offers[i / 7 % 5]) + " " + std::to_string(i % 3);
    one.seeks = i % 4 == 0 ? "local partner for fish" : "distributors";
    profiles.push_back(std::move(one));
  }
  return profiles;
}

Seeker asking() {
  Profile own;
  own.id = "p0";
  own.title = "Company 0";
  own.country = "DE";
  own.offers = "fish ponds";
  own.seeks = "solar cold storage for fish";
  return {own, FakeCorpus::faces_of(own), false};
}

Programme with_floor() {
  Programme programme;
  programme.slug = "open";
  programme.exposure = {{.group = "LDC", .share = 0.4, .side = {}}};
  return programme;
}

struct Told {
  std::string id;
  double score;
  Band band;
  std::vector<std::string> brought_in;
  bool operator==(const Told&) const = default;
};
std::vector<Told> told(const Matches& matches) {
  std::vector<Told> out;
  for (const Match& one : matches.matches) out.push_back({one.id, one.score, one.band, one.brought_in});
  return out;
}

}  // namespace

TEST_CASE("pages: one after the other they are the long list, whatever their length", "[matcher]") {
  const FakeCorpus corpus(real_taxonomy(), many());
  const Programme programme = with_floor();
  const Matcher matcher(real_taxonomy(), programme);
  for (const bool plain : {false, true})
    for (const bool diversify : {false, true})
      for (const std::size_t length : {1U, 3U, 7U, 20U}) {
        const auto whole =
            matcher.match(corpus, asking(), {.where = {}, .limit = kMaxLimit, .diversify = diversify, .plain = plain}).value();
        REQUIRE(whole.matches.size() > 30);
        CHECK_FALSE(whole.more);
        std::vector<Told> pages;
        for (std::size_t after = 0;; after += length) {
          const auto page = matcher
                                .match(corpus, asking(),
                                       {.where = {}, .limit = length, .after = after, .diversify = diversify, .plain = plain})
                                .value();
          for (Told& one : told(page)) pages.push_back(std::move(one));
          CHECK(page.qualifying == whole.qualifying);
          CHECK(page.more == (pages.size() < whole.matches.size()));
          if (!page.more) break;
          REQUIRE(page.matches.size() == length);
        }
        CHECK(pages == told(whole));
      }
}

TEST_CASE("pages: none lies beyond the longest list, and behind the last place there is nobody", "[matcher]") {
  const FakeCorpus corpus(real_taxonomy(), many());
  const Programme programme = with_floor();
  const Matcher matcher(real_taxonomy(), programme);
  CHECK(matcher.match(corpus, asking(), {.where = {}, .limit = 10, .after = kMaxLimit}).error().place == "after");
  const auto behind = matcher.match(corpus, asking(), {.where = {}, .limit = 1000, .after = kMaxLimit - 1}).value();
  CHECK(behind.matches.empty());
  CHECK_FALSE(behind.more);
  CHECK(behind.weak == 0);
}

TEST_CASE("pages: facets count those who qualify, and never the asker", "[matcher]") {
  const FakeCorpus corpus(real_taxonomy(), many());
  const Programme programme = with_floor();
  const Matcher matcher(real_taxonomy(), programme);
  const Conditions where{{"country", {"DE", "UG"}, false, {}}};
  const auto page =
      matcher.match(corpus, asking(), {.where = where, .limit = 2, .after = 2, .facets = {"country", "kind"}}).value();
  CHECK(page.qualifying == 23);
  REQUIRE(page.facets.size() == 2);
  std::map<std::string, std::uint64_t> countries(page.facets.at("country").begin(), page.facets.at("country").end());
  CHECK(countries["DE"] == 11);  // twelve with the asker
  CHECK(countries["UG"] == 12);
  CHECK(countries["LDC"] == 12);
  CHECK(countries.count("KE") == 0);
  std::uint64_t kinds = 0;
  for (const auto& [kind, count] : page.facets.at("kind")) kinds += count;
  CHECK(kinds == page.qualifying);
}

}  // namespace counterpart::engine
