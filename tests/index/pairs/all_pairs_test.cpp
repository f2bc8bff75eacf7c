#include "index/pairs/all_pairs.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/base/date.h"
#include "engine/programme/eligibility.h"
#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

constexpr std::uint32_t kDimensions = 64;
constexpr TextWeights kFast{.forward = 0.6F, .backward = 0.4F};
constexpr TextWeights kBoth{.forward = 0.6F, .backward = 0.4F, .fine_forward = 1.5F, .fine_backward = 0.7F};

// A base with deleted rows and a recent segment.
struct World {
  explicit World(unsigned seed, std::size_t base = 1400) : draw(seed) {
    add(draw_profiles(draw, base, "base"), 7);
    add(draw_profiles(draw, 90, "recent"), 9);
  }
  void add(Drawn drawn, std::size_t delete_each) {
    SegmentBuilder builder(kDimensions, kDimensions);
    for (std::size_t i = 0; i < drawn.profiles.size(); ++i) {
      PartnerConditions& partner = drawn.profiles[i].partner;
      if (draw.below(6) == 0) partner.exclude_countries = {draw.below(2) == 0 ? "DE" : "africa"};
      if (draw.below(6) == 0) partner.sectors = {draw.below(2) == 0 ? "C" : "D351"};
      add_fine(drawn.vectors[i], draw.faces(), "fine-1");
      builder.add(drawn.profiles[i], {i + 1, 1}, drawn.vectors[i], real_taxonomy());
    }
    const std::shared_ptr<const Segment> segment = builder.build();
    auto deleted = std::make_shared<Bitmap>();
    for (std::size_t i = 0; i < drawn.profiles.size(); ++i)
      if (i % delete_each == delete_each - 1)
        deleted->add(*segment->find(drawn.profiles[i].id));
      else
        profiles[drawn.profiles[i].id] = drawn.profiles[i];
    segments.push_back({segment, deleted});
  }
  Snapshot snapshot() const { return {{"fake-1", kDimensions, "fine-1", kDimensions}, 42, segments}; }

  Draw draw;
  std::vector<LiveSegment> segments;
  std::map<std::string, Profile> profiles;
};

// Everybody who may be `seeker`'s counterpart, as a match by id finds them, with the weighted sum of cosines.
std::map<std::string, double> by_search(const World& world, const Snapshot& snapshot, const Programme& programme,
                                        const Profile& seeker, const TextWeights& weights = kFast) {
  const SearchResult found = snapshot.search({.seeker = snapshot.faces(*snapshot.find(seeker.id)),
                                              .forward_weight = weights.forward,
                                              .backward_weight = weights.backward,
                                              .filter = filter_for({seeker}, programme, {}, real_taxonomy()),
                                              .today = kToday,
                                              .exclude_id = seeker.id,
                                              .wanted = world.profiles.size() + 1,
                                              .exact = true});
  std::map<std::string, double> keys;
  for (const Candidate& one : found.candidates)
    keys[std::string(snapshot.id(one.row))] =
        order_key(weights.forward, weights.backward, one.forward, one.backward) +
        (weights.fine_forward > 0 ? order_key(weights.fine_forward, weights.fine_backward, one.fine_forward, one.fine_backward)
                                  : 0);
  return keys;
}

bool valid(const Profile& profile) { return profile.valid_until.empty() || parse_date(profile.valid_until).value() >= kToday; }

}  // namespace

TEST_CASE("all pairs: whoever may meet under a programme is admitted, and nobody else", "[all_pairs]") {
  const World world(11, 500);
  const Snapshot snapshot = world.snapshot();
  for (const Programme& programme : {open_programme(), two_sided_programme()}) {
    const Admission admission(snapshot, programme, kToday);
    std::size_t seekers = 0;
    for (std::uint32_t position = 0; position < admission.size(); ++position) {
      const std::string id(snapshot.id(admission.row(position)));
      REQUIRE(valid(world.profiles.at(id)));
      ++seekers;
      std::map<std::string, double> expected = by_search(world, snapshot, programme, world.profiles.at(id));
      for (const PositionRange& range : admission.admitted(admission.class_of(position)))
        for (std::uint32_t other = range.first; other < range.end; ++other)
          if (other != position) REQUIRE(expected.erase(std::string(snapshot.id(admission.row(other)))) == 1);
      REQUIRE(expected.empty());
    }
    CHECK(seekers > 100);
  }
}

TEST_CASE("all pairs: each list is the best of an exact search, whatever the segments", "[all_pairs]") {
  const World world(12);
  const Snapshot snapshot = world.snapshot();
  const Programme programme = two_sided_programme();
  const Admission admission(snapshot, programme, kToday);
  constexpr std::size_t kWanted = 20;
  const bool with_fine = GENERATE(false, true);
  const TextWeights& weights = with_fine ? kBoth : kFast;
  const AllPairs pairs(snapshot, admission, weights, kWanted);
  PairWork work;
  std::uint64_t admissible = 0;
  for (std::uint32_t group = 0; group < pairs.groups(); ++group) {
    const auto lists = pairs.lists(group, &work);
    REQUIRE(lists == pairs.lists(group));
    for (std::uint32_t i = 0; i < lists.size(); ++i) {
      const std::string id(snapshot.id(admission.row(pairs.group(group).first + i)));
      const std::map<std::string, double> all = by_search(world, snapshot, programme, world.profiles.at(id), weights);
      admissible += all.size();
      std::vector<double> best;
      for (const auto& [unused, key] : all) best.push_back(key);
      std::ranges::sort(best, std::greater{});
      REQUIRE(lists[i].size() == std::min(kWanted, best.size()));
      for (std::size_t at = 0; at < lists[i].size(); ++at) {
        const std::string other(snapshot.id(admission.row(lists[i][at].position)));
        REQUIRE(all.contains(other));
        REQUIRE(std::abs(all.at(other) - static_cast<double>(lists[i][at].key)) < 2e-5);
        REQUIRE(std::abs(best[at] - static_cast<double>(lists[i][at].key)) < 1e-5);
      }
    }
  }
  CHECK(work.admissible == admissible);
  CHECK(work.multiply_adds == work.multiplied * (with_fine ? 4 : 2) * kDimensions);
}

TEST_CASE("all pairs: equal texts come by id", "[all_pairs]") {
  Draw draw(13);
  Drawn drawn = draw_profiles(draw, 60, "same");
  for (std::size_t i = 0; i < drawn.profiles.size(); ++i) {
    drawn.profiles[i].partner = {};
    drawn.profiles[i].valid_until.clear();
    drawn.vectors[i] = drawn.vectors[0];
  }
  const std::shared_ptr<const Segment> segment = segment_of(drawn);
  const Snapshot snapshot({"fake-1", kDimensions}, 1, {{segment, nullptr}});
  const Admission admission(snapshot, open_programme(), kToday);
  const AllPairs pairs(snapshot, admission, kFast, 5);
  std::vector<std::string> ids;
  for (const Profile& profile : drawn.profiles) ids.push_back(profile.id);
  std::ranges::sort(ids);
  const auto lists = pairs.lists(0);
  REQUIRE(lists.size() == 60);
  for (std::uint32_t i = 0; i < lists.size(); ++i) {
    std::vector<std::string> expected;
    for (const std::string& id : ids)
      if (id != snapshot.id(admission.row(i)) && expected.size() < 5) expected.push_back(id);
    std::vector<std::string> got;
    for (const TextCandidate& one : lists[i]) got.emplace_back(snapshot.id(admission.row(one.position)));
    REQUIRE(got == expected);
  }
}

TEST_CASE("all pairs: nobody takes part, nobody is compared", "[all_pairs]") {
  const Snapshot snapshot({"fake-1", kDimensions}, 1, {});
  const Admission admission(snapshot, two_sided_programme(), kToday);
  CHECK(admission.size() == 0);
  CHECK(AllPairs(snapshot, admission, kFast, 5).groups() == 0);
}
