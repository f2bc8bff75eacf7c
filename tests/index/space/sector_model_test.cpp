#include "index/space/sector_model.h"

#include <cmath>
#include <random>

#include "index/space/space_file.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

constexpr std::size_t kDimensions = 64;

// Texts of a few sectors: each near the axis of its own, `apart` of 1 tells them apart well.
class Texts {
 public:
  explicit Texts(unsigned seed, float apart = 2) : random_(seed), apart_(apart) {}
  std::vector<float> of(std::size_t axis) {
    std::vector<float> vector;
    float square = 0;
    for (std::size_t i = 0; i < kDimensions; ++i) {
      vector.push_back(0.3F * normal_(random_) + (i == axis ? apart_ : 0.0F));
      square += vector.back() * vector.back();
    }
    for (float& x : vector) x /= std::sqrt(square);
    return vector;
  }

 private:
  std::mt19937 random_;
  std::normal_distribution<float> normal_;
  float apart_;
};

const std::vector<std::string> kCodes{"A01", "C", "C27", "D35"};

std::vector<TaggedVector> tagged(Texts& texts, std::size_t count) {
  std::vector<TaggedVector> made;
  for (std::size_t i = 0; i < count; ++i) made.push_back({texts.of(i % kCodes.size()), {kCodes[i % kCodes.size()]}});
  return made;
}

double share_of(const SectorGuess& guess, std::string_view code) {
  for (std::size_t i = 0; i < guess.size(); ++i)
    if (guess.likeliest[i].name() == code) return guess.likeliest[i].share / 255.0;
  return 0;
}

bool equal(const SectorGuess& a, const SectorGuess& b) {
  for (std::size_t i = 0; i < std::size(a.likeliest); ++i)
    if (a.likeliest[i].name() != b.likeliest[i].name() || a.likeliest[i].share != b.likeliest[i].share) return false;
  return true;
}

}  // namespace

TEST_CASE("sector model: a text is taken to be of the sector whose texts it is near, and said to be as surely as it is",
          "[sector_model]") {
  Texts clear(1), blurred(2, 0.5F);
  const SectorModel sure = SectorModel::of(tagged(clear, 400), kDimensions);
  const SectorModel unsure = SectorModel::of(tagged(blurred, 400), kDimensions);
  CHECK(sure.right() > 0.95F);
  CHECK(unsure.right() < 0.85F);
  double of_sure = 0, of_unsure = 0;
  std::size_t right = 0;
  for (std::size_t i = 0; i < 80; ++i) {
    const SectorGuess guess = sure.guess(clear.of(i % 4));
    right += guess.likeliest[0].name() == kCodes[i % 4] ? 1 : 0;
    of_sure += guess.likeliest[0].share / 255.0 / 80;
    of_unsure += unsure.guess(blurred.of(i % 4)).likeliest[0].share / 255.0 / 80;
  }
  CHECK(right > 75);
  CHECK(of_sure > 0.85);
  CHECK(std::abs(of_unsure - static_cast<double>(unsure.right())) < 0.1);  // the probability is one
}

TEST_CASE("sector model: a text of two sectors teaches both, and one of few texts is not told", "[sector_model]") {
  Texts texts(3);
  std::vector<TaggedVector> learnt = tagged(texts, 200);
  for (std::size_t i = 0; i < 60; ++i) learnt.push_back({texts.of(9), {"C27", "F41"}});
  for (std::size_t i = 0; i < SectorModel::kLeastOfOne - 1; ++i) learnt.push_back({texts.of(11), {"B05"}});
  const SectorModel model = SectorModel::of(learnt, kDimensions);
  CHECK(model.classes() == kCodes.size() + 1);
  CHECK(share_of(model.guess(texts.of(9)), "F41") > 0.3);
  CHECK(share_of(model.guess(texts.of(11)), "B05") == 0);
}

TEST_CASE("sector model: too few profiles teach nothing, and of nothing nothing is told", "[sector_model]") {
  Texts texts(4);
  const SectorModel none = SectorModel::of(tagged(texts, SectorModel::kLeastTagged - 1), kDimensions);
  CHECK(none.classes() == 0);
  CHECK(none.guess(texts.of(0)).size() == 0);
  CHECK(SectorModel::decode(none.encode(), kDimensions).value().classes() == 0);
  CHECK(SectorModel::of(tagged(texts, 400), kDimensions).guess({}).size() == 0);
}

TEST_CASE("sector model: written and read again it is the same one, and damage is refused", "[sector_model]") {
  Texts texts(5);
  const SectorModel model = SectorModel::of(tagged(texts, 400), kDimensions);
  const std::string bytes = model.encode();
  const SectorModel read = SectorModel::decode(bytes, kDimensions).value();
  CHECK(read.encode() == bytes);
  CHECK(read.right() == model.right());
  const std::vector<float> text = texts.of(1);
  CHECK(equal(read.guess(text), model.guess(text)));
  for (const std::string& wrong : {bytes.substr(0, 5), bytes.substr(0, bytes.size() - 1), bytes + "x"}) {
    const auto refused = SectorModel::decode(wrong, kDimensions);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kCorrupt);
  }
}

TEST_CASE("sector model: a space learns it of the rows that state sectors, however they lie in segments", "[sector_model]") {
  const auto segments_of = [&](std::size_t parts) {
    Texts again(7);
    Draw profiles(8);
    std::vector<SegmentBuilder> builders(parts, SegmentBuilder(kDimensions, kDimensions));
    for (std::size_t i = 0; i < 600; ++i) {
      Profile profile = profiles.profile("p" + std::to_string(i));
      const std::size_t axis = i % 3;
      profile.sectors.clear();
      if (i % 10 != 0) profile.sectors = {axis == 0 ? "A01" : axis == 1 ? "C2710" : "C"};
      Embedding embedding = quantise(profiles.faces(), "fake-1");
      add_fine(embedding, {.offers = again.of(axis), .seeks = again.of(axis)}, "fine-1");
      builders[(i * i) % parts].add(profile, {1, 1}, embedding, real_taxonomy(), 0);
    }
    std::vector<LiveSegment> segments;
    for (SegmentBuilder& builder : builders) segments.push_back({builder.build(), nullptr});
    return segments;
  };
  const std::vector<LiveSegment> one = segments_of(1), three = segments_of(3);
  const auto space = make_space(one, "fine-1").value();
  CHECK(space->name() == make_space(three, "fine-1").value()->name());
  CHECK(space->sectors().classes() == 3);
  CHECK(space->name() != space->with({})->name());
  CHECK(CorpusSpace::decode(space->encode()).value()->name() == space->name());

  const Segment& segment = *one[0].segment;
  const SeenRows rows = space->see(segment);
  std::size_t guessed = 0, right = 0;
  for (std::size_t i = 0; i < 600; ++i) {
    const std::uint32_t row = *segment.find("p" + std::to_string(i));
    if (i % 10 != 0) {
      REQUIRE(rows.sectors[row].size() == 0);  // it says so itself
      continue;
    }
    const Query asked = space->see(stored_query(segment.fine(), row, segment.fine_scale(row)));
    REQUIRE(equal(rows.sectors[row], space->guess(asked)));
    ++guessed;
    right += rows.sectors[row].likeliest[0].name() == (i % 3 == 0 ? "A01" : i % 3 == 1 ? "C27" : "C") ? 1 : 0;
  }
  CHECK(guessed == 60);
  CHECK(right > 50);
}
