#include "engine/match/chance.h"

#include <cmath>
#include <random>

#include "engine/match/bands.h"
#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

// Of so many unrelated rows, in spreads: the tails that texts have, or those of a normal distribution.
std::vector<double> unrelated(std::size_t rows, std::uint32_t seed, bool exponential = true) {
  std::mt19937_64 random(seed);
  const auto uniform = [&] { return (static_cast<double>(random() >> 11U) + 0.5) / 9007199254740992.0; };
  std::vector<double> nearness;
  for (std::size_t i = 0; i < rows; ++i) {
    const double share = uniform(), angle = 6.283185307179586 * uniform();
    const double logistic = std::log(share / (1 - share)) * std::sqrt(3.0) / 3.141592653589793;
    nearness.push_back(exponential ? logistic : std::sqrt(-2 * std::log(share)) * std::cos(angle));
  }
  return nearness;
}

std::vector<double> with(std::vector<double> nearness, std::initializer_list<double> planted) {
  nearness.insert(nearness.end(), planted);
  return nearness;
}

}  // namespace

TEST_CASE("chance: as many are as near as is expected where nothing fits", "[chance]") {
  double near = 0, nearer = 0;
  for (std::uint32_t seed = 0; seed < 200; ++seed)
    for (const double one : unrelated(2000, seed)) {
      near += expected_by_chance(one, 2000) < 10;
      nearer += expected_by_chance(one, 2000) < 0.5;
    }
  CHECK(near / 200 == Approx(10).margin(0.7));
  CHECK(nearer / 200 == Approx(0.5).margin(0.15));
}

TEST_CASE("chance: more are expected among more, fewer the nearer, and never more than there are", "[chance]") {
  CHECK(expected_by_chance(5, 2000) == Approx(2 * expected_by_chance(5, 1000)));
  CHECK(expected_by_chance(5, 1000) < expected_by_chance(4, 1000));
  CHECK(expected_by_chance(0, 1000) == Approx(500));
  CHECK(expected_by_chance(-9, 1000) == Approx(1000).margin(0.01));
}

TEST_CASE("chance: of questions to which nothing fits few are told that somebody does", "[chance]") {
  int told = 0, told_of_normal = 0;
  for (std::uint32_t seed = 0; seed < 300; ++seed) {
    told += better_than_chance(unrelated(3000, seed), 3000).anybody;
    told_of_normal += better_than_chance(unrelated(3000, seed, false), 3000).anybody;
  }
  CHECK(told < 300 * 0.16);  // by any of three places, each of which alone is mistaken once in twenty
  CHECK(told_of_normal < 300 * 0.05);
}

TEST_CASE("chance: one that is far nearer than the rest is somebody, and alone better than chance", "[chance]") {
  const std::vector<double> nearness = with(unrelated(3000, 7, false), {9.0});
  const BetterThanChance better = better_than_chance(nearness, nearness.size());
  CHECK(better.anybody);
  CHECK(better.least == 9.0);
}

TEST_CASE("chance: several that are each hardly nearer than chance are somebody together", "[chance]") {
  CHECK_FALSE(better_than_chance(with(unrelated(3000, 3, false), {5.0}), 3000).anybody);
  const BetterThanChance better =
      better_than_chance(with(unrelated(3000, 3, false), {5.01, 5.0, 4.99, 4.98, 4.97, 4.96, 4.95, 4.94}), 3000);
  CHECK(better.anybody);
  CHECK(better.least <= 4.94);
}

TEST_CASE("chance: nobody is there among nobody, and of a handful none needs to be near", "[chance]") {
  CHECK_FALSE(better_than_chance({}, 0).anybody);
  const std::vector<double> few{0.5, 0.2, -0.3};
  CHECK_FALSE(better_than_chance(few, few.size()).anybody);
  const std::vector<double> fits{4.0, 0.2, -0.3};
  CHECK(better_than_chance(fits, fits.size()).anybody);
}

TEST_CASE("chance: the nearness is that of the faces that the seeker states, above what any row has", "[chance]") {
  const UnrelatedTexts unrelated{.mean = {.offers = {0.1F, 0}, .seeks = {0, 0.2F}, .fine_offers = {0.1F}, .fine_seeks = {0}},
                                 .fast_spread = 0.1,
                                 .spread = 0.2};
  const Faces seeker{.offers = {0, 1}, .seeks = {1, 0}, .fine_offers = {1}, .fine_seeks = {1}};
  Candidate candidate{.row = 0, .forward = 0.4F, .backward = 0.9F};
  CHECK(Nearness(unrelated, seeker, true, false).of(candidate) == Approx(3));
  CHECK(Nearness(unrelated, seeker, false, true).of(candidate) == Approx(7));
  CHECK(Nearness(unrelated, seeker, true, true).of(candidate) == Approx(7));
  candidate.fine_forward = 0.6F;
  CHECK(Nearness(unrelated, seeker, true, false).of(candidate) == Approx(4));
  candidate.words_forward = 0.2F;
  CHECK(Nearness(unrelated, seeker, true, false).of(candidate) == Approx(5));
}

TEST_CASE("bands: who is expected rarely by chance is strong, who is no better than chance is weak", "[bands]") {
  CHECK(band_of({.expected = 0.01}) == Band::kStrong);
  CHECK(band_of({.expected = 0.05}) == Band::kGood);
  CHECK(band_of({.expected = 0.37}) == Band::kPossible);
  CHECK(band_of({.expected = 4}) == Band::kPossible);
  CHECK(band_of({.expected = 0.01, .better = false}) == Band::kWeak);
}

TEST_CASE("bands: what cannot be told is possible", "[bands]") { CHECK(band_of({}) == Band::kPossible); }

TEST_CASE("bands: to stand among the other's first ten lifts, not to stand there lowers, neither makes a weak one good",
          "[bands]") {
  CHECK(band_of({.expected = 0.9, .place = 10}) == Band::kGood);
  CHECK(band_of({.expected = 0.9, .place = 11}) == Band::kPossible);
  CHECK(band_of({.expected = 0.01, .place = 3}) == Band::kStrong);
  CHECK(band_of({.expected = 0.01, .place = 0}) == Band::kGood);
  CHECK(band_of({.expected = 9, .better = false, .place = 1}) == Band::kWeak);
}

TEST_CASE("bands: without a reason about the matter a match is possible at most", "[bands]") {
  CHECK(band_of({.expected = 0.01, .about_matter = false}) == Band::kPossible);
  CHECK(band_of({.expected = 0.9, .about_matter = false, .place = 1}) == Band::kPossible);
}

TEST_CASE("bands: each has a name by which it is found", "[bands]") {
  for (const BandRow& row : bands()) CHECK(find_band(row.name) == row.band);
  CHECK_FALSE(find_band("excellent"));
  CHECK(BandSet::all().contains(Band::kWeak));
  CHECK_FALSE(BandSet::better_than_chance().contains(Band::kWeak));
  CHECK(BandSet::better_than_chance().contains(Band::kPossible));
}

}  // namespace counterpart::engine
