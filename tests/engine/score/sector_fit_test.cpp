#include "engine/score/sector_fit.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/told.h"

namespace counterpart::engine {
namespace {

struct Sides {
  Traits seeker, counterpart;
  Candidate texts;
  Pair pair() const { return {seeker, this->counterpart, texts, real_taxonomy(), 20'000}; }
};

void state(Traits& who, std::string_view code) {
  who.sectors[who.sector_count++] = static_cast<std::uint16_t>(real_taxonomy().sectors.index_of(code));
}

SectorGuess guess(std::initializer_list<std::pair<std::string_view, double>> likeliest) {
  SectorGuess made;
  auto* out = std::begin(made.likeliest);
  for (const auto& [code, share] : likeliest) {
    std::ranges::copy(code, out->code);
    (out++)->share = static_cast<std::uint8_t>(255 * share);
  }
  return made;
}

SignalReading sectors_of(const Pair& pair) { return read(*find_signal("sectors"), pair); }

std::vector<Reason> reasons_of(const Pair& pair) { return reasons(pair, score(pair, weights_of({{"bias", 0.0}}))); }

TEST_CASE("sectors: of a side that states none they are what its text lets expect, at half the weight", "[sectors]") {
  Sides sides;
  state(sides.counterpart, "C2710");
  CHECK_FALSE(sectors_of(sides.pair()).known);

  sides.texts.own_sectors = guess({{"C27", 1.0}});
  const SignalReading same = sectors_of(sides.pair());
  CHECK((same.known && same.inferred));
  Sides stated = sides;
  state(stated.seeker, "C27");
  const SignalReading as_stated = sectors_of(stated.pair());
  CHECK_FALSE(as_stated.inferred);
  CHECK(same.value - kNeutral == Approx(kInferredShare * (as_stated.value - kNeutral)).margin(0.002));

  sides.texts.own_sectors = guess({{"C27", 0.5}, {"A01", 0.5}});
  const SignalReading doubtful = sectors_of(sides.pair());
  sides.texts.own_sectors = guess({{"A01", 1.0}});
  const SignalReading other = sectors_of(sides.pair());
  CHECK(doubtful.value == Approx((same.value + other.value) / 2).margin(0.003));
  CHECK(other.value < kNeutral);
}

TEST_CASE("sectors: two texts of which neither's sector is stated agree as far as both are sure", "[sectors]") {
  Sides sides;
  sides.texts.own_sectors = sides.texts.their_sectors = guess({{"D35", 1.0}});
  const double sure = sectors_of(sides.pair()).value;
  sides.texts.their_sectors = guess({{"D35", 0.6}, {"E36", 0.3}});
  const double unsure = sectors_of(sides.pair()).value;
  CHECK(sure > unsure);
  sides.texts.their_sectors = guess({{"E36", 1.0}});
  CHECK(unsure > sectors_of(sides.pair()).value);
  sides.texts.their_sectors = {};
  CHECK_FALSE(sectors_of(sides.pair()).known);
}

TEST_CASE("sectors: what a side states is never guessed at", "[sectors]") {
  Sides sides;
  state(sides.seeker, "C27");
  state(sides.counterpart, "A01");
  const double before = sectors_of(sides.pair()).value;
  sides.texts.own_sectors = sides.texts.their_sectors = guess({{"D35", 1.0}});
  CHECK(sectors_of(sides.pair()).value == before);
  CHECK_FALSE(sectors_of(sides.pair()).inferred);
}

TEST_CASE("sectors: a reason says that they are inferred and whose, and carries no match", "[sectors]") {
  Sides sides;
  state(sides.seeker, "C27");
  sides.texts.their_sectors = guess({{"C27", 0.95}});
  std::vector<Reason> given = reasons_of(sides.pair());
  REQUIRE(given.size() == 1);
  CHECK(told(given[0].phrase) == "reason.sectors_inferred(code=C27, title=C27, whose=theirs)");
  CHECK_FALSE(given[0].about_matter);
  const Score scored = score(sides.pair(), weights_of({}));
  CHECK(std::ranges::find(scored.parts, "sectors", &ScorePart::signal)->inferred);

  sides.texts.their_sectors = guess({{"A01", 0.7}, {"C27", 0.3}});
  CHECK(reasons_of(sides.pair()).empty());  // unlikely

  Sides stated;
  state(stated.seeker, "C27");
  state(stated.counterpart, "C2710");
  given = reasons_of(stated.pair());
  REQUIRE(given.size() == 1);
  CHECK(told(given[0].phrase) == "reason.sectors(code=C27, title=C27)");
  CHECK(given[0].about_matter);
}

}  // namespace
}  // namespace counterpart::engine
