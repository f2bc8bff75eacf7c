#include "index/run/hub_correction.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

RunMatches run(const std::filesystem::path& folder, const Snapshot& snapshot, const Programme& programme) {
  RunSettings settings;
  settings.candidates = 24;
  settings.spare = 6;
  settings.listed = 10;
  settings.threads.count = 1;
  RunControl control;
  return match_everybody({snapshot, real_taxonomy(), programme, "rules", kToday, folder, settings}, control).value();
}

Programme one_to_one() {
  return parse_programme(R"(
name = "One to one"
description = "Each supplier with one partner."
capacity = 1
hubs = "corrected"
pairs = [["supplier", "partner"]]
[sides.supplier]
country = ["developed"]
[sides.partner]
country = ["developing"]
kind = ["company", "project"]
)",
                         "one-to-one", real_taxonomy())
      .value();
}

Programme without_correction() {
  Programme programme = one_to_one();
  programme.corrects_hubs = false;
  return programme;
}

// Of text in one direction alone, along an axis each.
Faces along(std::size_t axis, bool offers, float hub) {
  std::vector<float> vector(RunWorld::kDimensions, 0.0F), none(RunWorld::kDimensions, 0.0F);
  vector[axis] = std::sqrt(1 - hub * hub);
  vector[0] = hub;
  return offers ? Faces{.offers = vector, .seeks = none} : Faces{.offers = none, .seeks = vector};
}

// Six partners who seek something each, which one of six suppliers offers; and a supplier who is a little nearer to them all.
Snapshot with_a_hub() {
  SegmentBuilder builder(RunWorld::kDimensions, 0);
  std::uint64_t sequence = 0;
  const auto add = [&](const std::string& id, const std::string& country, bool offers, const Faces& faces) {
    Profile profile;
    profile.id = id;
    profile.title = id;
    profile.kind = Kind::kCompany;
    profile.country = country;
    profile.lang = "en";
    (offers ? profile.offers : profile.seeks) = "text of " + id;
    builder.add(profile, {++sequence, 1}, quantise(faces, "fake-1"), real_taxonomy(), 20'500);
  };
  for (std::size_t i = 1; i <= 6; ++i) {
    add("partner" + std::to_string(i), "KE", false, along(i, false, 0.75F));
    add("supplier" + std::to_string(i), "DE", true, along(i, true, 0.1F));
  }
  add("hub", "DE", true, along(7, true, 0.98F));
  std::vector<LiveSegment> segments{{builder.build(), std::make_shared<Bitmap>()}};
  return {{"fake-1", RunWorld::kDimensions, "", 0}, sequence, segments};
}

std::string first_of(const RunMatches& matches, std::string_view id) {
  const auto rank = std::ranges::find(matches.header.ids, id) - matches.header.ids.begin();
  return matches.header.ids[matches.entries[matches.ends[static_cast<std::size_t>(rank)]].counterpart];
}

}  // namespace

TEST_CASE("hub correction: who is near to everybody gives way to who is near to one", "[hub_correction]") {
  const Snapshot snapshot = with_a_hub();
  TempFolder plain, corrected;
  const RunMatches before = run(plain.path(), snapshot, without_correction());
  const RunMatches after = run(corrected.path(), snapshot, one_to_one());
  for (std::size_t i = 1; i <= 6; ++i) {
    const std::string number = std::to_string(i);
    CHECK(first_of(before, "partner" + number) == "hub");
    CHECK(first_of(after, "partner" + number) == "supplier" + number);
  }
}

TEST_CASE("hub correction: only the value changes, alike from both sides, and lists are in its order", "[hub_correction]") {
  RunWorld world(21, 900);
  const Snapshot snapshot = world.snapshot(2);
  TempFolder plain, corrected;
  const RunMatches before = run(plain.path(), snapshot, without_correction());
  const RunMatches after = run(corrected.path(), snapshot, one_to_one());
  REQUIRE(before.ends == after.ends);
  std::size_t moved = 0, mutual = 0;
  for (std::uint32_t rank = 0; rank < after.rows.size(); ++rank)
    for (std::uint64_t at = after.ends[rank]; at < after.ends[rank + 1]; ++at) {
      const RunEntry& entry = after.entries[at];
      const auto first = before.entries.begin() + static_cast<std::ptrdiff_t>(before.ends[rank]);
      const auto last = before.entries.begin() + static_cast<std::ptrdiff_t>(before.ends[rank + 1]);
      const auto was = std::find_if(first, last, [&](const RunEntry& one) { return one.counterpart == entry.counterpart; });
      REQUIRE(was != last);
      REQUIRE((was->own == entry.own && was->their == entry.their));
      REQUIRE(before.bands[static_cast<std::size_t>(was - before.entries.begin())] == after.bands[at]);
      if (at > after.ends[rank]) REQUIRE(after.entries[at - 1].value >= entry.value);
      moved += was->value != entry.value ? 1 : 0;
      for (std::uint64_t other = after.ends[entry.counterpart]; other < after.ends[entry.counterpart + 1]; ++other)
        if (after.entries[other].counterpart == rank) {
          REQUIRE(after.entries[other].value == entry.value);
          ++mutual;
        }
    }
  CHECK(moved > after.entries.size() / 2);
  CHECK(mutual > 100);
}

TEST_CASE("hub correction: a night after changes gives what a full run gives", "[hub_correction]") {
  RunWorld world(23, 900);
  const Programme programme = one_to_one();
  TempFolder nights;
  run(nights.path(), world.snapshot(2), programme);
  REQUIRE(keep_as_base(nights.path()));
  for (std::size_t night = 1; night < 4; ++night) {
    for (std::size_t i = 0; i < 10 * night; ++i) world.put(i % 3 == 0 ? "new" + std::to_string(10 * night + i) : world.any());
    world.erase(world.any());
    const Snapshot snapshot = world.snapshot(night);
    const RunMatches after = run(nights.path(), snapshot, programme);
    TempFolder fresh;
    const RunMatches whole = run(fresh.path(), snapshot, programme);
    CHECK(after.taken_over > after.header.ids.size() / 3);
    REQUIRE(after.ends == whole.ends);
    REQUIRE(after.entries == whole.entries);
    REQUIRE(after.bands == whole.bands);
    REQUIRE(keep_as_base(nights.path()));
  }
}

TEST_CASE("hub correction: how near the nearest are is told of as many as there are", "[hub_correction]") {
  CandidateList list;
  CHECK(std::isnan(hub_nearness(list)));
  list.candidates = {{1, 4.0F}, {2, 2.0F}};
  CHECK(hub_nearness(list) == Approx(1.5));
  for (std::uint32_t rank = 3; rank < 20; ++rank) list.candidates.push_back({rank, 1.0F});
  CHECK(hub_nearness(list) == Approx((4 + 2 + 3 * 1) / 5.0 / 2));
}
