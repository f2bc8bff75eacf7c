#include "index/snapshot/snapshot_save.h"

#include <cstring>

#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

constexpr std::uint32_t kDimensions = 64;
const SnapshotStamp kStamp{"fake-1", "tables", kDimensions, "fine-1", kDimensions};

// A space of vectors of its own.
std::shared_ptr<const CorpusSpace> space(unsigned seed) {
  Draw draw(seed, kDimensions);
  std::vector<float> vectors;
  for (int i = 0; i < 300; ++i) {
    const Faces drawn = draw.faces();
    vectors.insert(vectors.end(), drawn.offers.begin(), drawn.offers.end());
  }
  return CorpusSpace::of(vectors, kDimensions, "fine-1", 300).value();
}

std::shared_ptr<const Segment> segment_of(Draw& draw, const std::string& prefix, int count) {
  SegmentBuilder builder(kDimensions, kDimensions);
  for (int i = 0; i < count; ++i) {
    Profile profile = draw.profile(prefix + std::to_string(i));
    if (i % 3 == 0) profile.references.resize(2);
    Embedding embedding = quantise(draw.faces(), "fake-1");
    if (i % 7 != 0) add_fine(embedding, draw.faces(), "fine-1");
    builder.add(profile, {1, 1}, embedding, real_taxonomy(), 0);
  }
  return builder.build();
}

bool equal(const SeenRows& a, const SeenRows& b) {
  return std::ranges::equal(a.values.view(), b.values.view()) && std::ranges::equal(a.references.view(), b.references.view()) &&
         a.scales == b.scales && a.reference_scales == b.reference_scales &&
         std::ranges::equal(a.sectors, b.sectors, [](const SectorGuess& one, const SectorGuess& other) {
           return std::memcmp(&one, &other, sizeof one) == 0;
         });
}

}  // namespace

TEST_CASE("snapshot file: a start has from it what the space shows, the same as by looking at all rows again",
          "[snapshot_save]") {
  Draw draw(25, kDimensions);
  const std::shared_ptr<const CorpusSpace> shows = space(1);
  const std::shared_ptr<const Segment> base = segment_of(draw, "a", 90), recent = segment_of(draw, "b", 40);
  auto deleted = std::make_shared<Bitmap>();
  for (const std::uint32_t row : {0U, 3U, 50U}) deleted->add(row);
  const auto seen = [&](const Segment& segment) { return std::make_shared<const SeenRows>(shows->see(segment)); };
  const SnapshotModels models{"fake-1", kDimensions, "fine-1", kDimensions};
  for (const bool many : {false, true}) {
    const TempFolder folder;
    std::vector<LiveSegment> segments{{base, many ? deleted : nullptr, seen(*base)}};
    if (many) segments.push_back({recent, nullptr, seen(*recent)});
    const Snapshot snapshot(models, 9, segments, shows);
    REQUIRE(save_snapshot(snapshot, folder.path(), kStamp));
    const auto loaded = load_segment(folder.path(), kStamp);
    REQUIRE(loaded);
    CHECK(loaded->segment->size() == (many ? 127 : 90));
    CHECK(loaded->seen.space == shows->name());
    REQUIRE(loaded->seen.rows);
    CHECK(equal(*loaded->seen.rows, shows->see(*loaded->segment)));
  }
}

TEST_CASE("snapshot file: without a space nothing of one is kept", "[snapshot_save]") {
  const TempFolder folder;
  Draw draw(26, kDimensions);
  const Snapshot snapshot({"fake-1", kDimensions, "fine-1", kDimensions}, 1, {{segment_of(draw, "a", 10), nullptr}});
  REQUIRE(save_snapshot(snapshot, folder.path(), kStamp));
  const auto loaded = load_segment(folder.path(), kStamp);
  REQUIRE(loaded);
  CHECK(loaded->seen.space.empty());
  CHECK_FALSE(loaded->seen.rows);
}
