#include "index/snapshot/snapshot.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <map>
#include <set>

#include "engine/base/date.h"
#include "engine/programme/eligibility.h"
#include "index/text/words.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"

using namespace counterpart::index;

namespace {

constexpr std::uint32_t kDimensions = 64;
constexpr std::int32_t kToday = 20'600;  // 2026-05-27

// A base with deleted rows and two recent segments; what must be found is kept beside it, plainly.
struct World {
  explicit World(unsigned seed, std::size_t base_rows = 5000) : draw(seed) {
    add(draw_profiles(draw, base_rows, "base"), true, 7);
    add(draw_profiles(draw, 200, "recent"), false, 9);
    add(draw_profiles(draw, 40, "newest"), false, 1000);
  }

  void add(const Drawn& drawn, bool lists, std::size_t delete_each) {
    std::shared_ptr<const Segment> segment = segment_of(drawn);
    if (lists) {
      const LiveSegment inputs[] = {{segment, nullptr}};
      segment = merge_segments(inputs, Lists::kTrain).value();
    }
    auto deleted = std::make_shared<Bitmap>();
    for (std::size_t i = 0; i < drawn.profiles.size(); ++i) {
      const Profile& profile = drawn.profiles[i];
      if (i % delete_each == delete_each - 1) {
        deleted->add(*segment->find(profile.id));
        gone.insert(profile.id);
      } else {
        profiles[profile.id] = profile;
        vectors[profile.id] = drawn.vectors[i];
      }
    }
    segments.push_back({segment, deleted});
  }

  Snapshot snapshot() const { return {{"fake-1", kDimensions}, 42, segments}; }

  bool passes(const Profile& profile, const Filter& filter, std::int32_t today) const {
    const auto all = [&](const Conditions& conditions) {
      return std::ranges::all_of(conditions, [&](const Condition& c) { return holds(c, profile, real_taxonomy()); });
    };
    if (!profile.valid_until.empty() && parse_date(profile.valid_until).value() < today) return false;
    return all(filter.all) && (filter.either.empty() || std::ranges::any_of(filter.either, all));
  }

  std::vector<std::string> passing(const Filter& filter, std::int32_t today) const {
    std::vector<std::string> ids;
    for (const auto& [id, profile] : profiles)
      if (passes(profile, filter, today)) ids.push_back(id);
    return ids;
  }

  Draw draw;
  std::map<std::string, Profile> profiles;
  std::map<std::string, Embedding> vectors;
  std::set<std::string> gone;
  std::vector<LiveSegment> segments;
};

Search search_for(const Faces& faces, std::size_t wanted) {
  Search search;
  search.seeker = faces;
  search.forward_weight = 0.4F;
  search.backward_weight = 0.3F;
  search.today = kToday;
  search.wanted = wanted;
  return search;
}

std::vector<std::string> ids_of(const Snapshot& snapshot, const SearchResult& found) {
  std::vector<std::string> ids;
  for (const Candidate& candidate : found.candidates) ids.emplace_back(snapshot.id(candidate.row));
  return ids;
}

// By plain arithmetic on the stored bytes.
std::vector<std::string> best_by_hand(const World& world, const Search& search) {
  const Embedding seeker = quantise(search.seeker, {});
  std::vector<std::pair<double, std::string>> order;
  for (const std::string& id : world.passing(search.filter, search.today)) {
    if (id == search.exclude_id) continue;
    const Embedding& row = world.vectors.at(id);
    int forward = 0, backward = 0;
    for (std::size_t i = 0; i < kDimensions; ++i) {
      forward += seeker.values[kDimensions + i] * row.values[i];
      backward += seeker.values[i] * row.values[kDimensions + i];
    }
    const double unit = static_cast<double>(seeker.scale) * static_cast<double>(row.scale);
    const double key = static_cast<double>(search.forward_weight) * static_cast<float>(forward * unit) +
                       static_cast<double>(search.backward_weight) * static_cast<float>(backward * unit);
    order.emplace_back(-key, id);
  }
  std::ranges::sort(order);
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min(order.size(), search.wanted); ++i) ids.push_back(order[i].second);
  return ids;
}

}  // namespace

TEST_CASE("snapshot: every live profile is found, no deleted one is", "[snapshot]") {
  const World world(1);
  const Snapshot snapshot = world.snapshot();
  CHECK(snapshot.size() == world.profiles.size());
  for (const auto& [id, profile] : world.profiles) {
    const auto row = snapshot.find(id);
    REQUIRE(row);
    REQUIRE(snapshot.id(*row) == id);
    CHECK(snapshot.title(*row) == profile.title);
    CHECK(snapshot.embedding(*row).values == world.vectors.at(id).values);
    CHECK(snapshot.faces(*row).offers == dequantise(world.vectors.at(id)).offers);
    CHECK(snapshot.traits(*row).kind == static_cast<std::uint8_t>(profile.kind));
  }
  for (const std::string& id : world.gone) CHECK_FALSE(snapshot.find(id));
}

TEST_CASE("snapshot: counts, facets and lists equal a test of every profile", "[snapshot]") {
  World world(2);
  const Snapshot snapshot = world.snapshot();
  for (int round = 0; round < 60; ++round) {
    const Filter filter = world.draw.filter();
    const std::vector<std::string> valid = world.passing(filter, kToday);
    CHECK(snapshot.count(filter, kToday) == valid.size());
    std::vector<Row> rows;
    for (const std::string& id : snapshot.list({}, {}, snapshot.size())) rows.push_back(*snapshot.find(id));
    const std::vector<bool> passing = snapshot.passing(filter, kToday, rows);
    CHECK(static_cast<std::size_t>(std::ranges::count(passing, true)) == valid.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
      CHECK(passing[i] == (std::ranges::find(valid, snapshot.id(rows[i])) != valid.end()));
    for (std::size_t i = 0; i < rows.size(); i += 7)  // a few are told another way
      CHECK(snapshot.passing(filter, kToday, std::span(rows).subspan(i, 1)).front() == passing[i]);

    std::map<std::string, std::uint64_t> kinds;
    for (const std::string& id : valid) ++kinds[std::string(name_of(world.profiles.at(id).kind))];
    const auto facet = snapshot.facet(filter, kToday, "kind");
    CHECK(std::map<std::string, std::uint64_t>(facet.begin(), facet.end()) == kinds);

    const std::vector<std::string> all = world.passing(filter, INT32_MIN);
    std::vector<std::string> listed;
    while (true) {
      const auto page = snapshot.list(filter, listed.empty() ? "" : listed.back(), 97);
      listed.insert(listed.end(), page.begin(), page.end());
      if (page.size() < 97) break;
    }
    CHECK(listed == all);
  }
}

TEST_CASE("snapshot: an exact search equals arithmetic by hand, order and ties included", "[snapshot]") {
  World world(3);
  const Snapshot snapshot = world.snapshot();
  for (int round = 0; round < 30; ++round) {
    Search search = search_for(world.draw.faces(), round % 2 == 0 ? 10 : 300);
    search.filter = world.draw.filter();
    search.exclude_id = "base3";
    search.exact = true;
    const SearchResult found = snapshot.search(search);
    CHECK(found.method == "exact");
    CHECK(found.scanned == found.qualifying);
    CHECK(ids_of(snapshot, found) == best_by_hand(world, search));
  }
}

TEST_CASE("snapshot: rows of equal worth come by id", "[snapshot]") {
  const World world(3);
  const Snapshot snapshot = world.snapshot();
  Search search = search_for({}, 50);  // nothing in it: every row is worth zero
  search.exact = true;
  const std::vector<std::string> ids = ids_of(snapshot, snapshot.search(search));
  CHECK(std::ranges::is_sorted(ids));
  CHECK(ids == best_by_hand(world, [&] {
          search.seeker = {std::vector<float>(kDimensions), std::vector<float>(kDimensions)};
          return search;
        }()));
}

TEST_CASE("snapshot: compare gives to the last bit what search gives", "[snapshot]") {
  World world(4);
  const Snapshot snapshot = world.snapshot();
  for (int round = 0; round < 10; ++round) {
    const Search search = search_for(world.draw.faces(), 100);
    for (const Candidate& found : snapshot.search(search).candidates) {
      const Candidate pair = snapshot.compare(search.seeker, found.row);
      CHECK(std::memcmp(&pair.forward, &found.forward, sizeof pair.forward) == 0);
      CHECK(std::memcmp(&pair.backward, &found.backward, sizeof pair.backward) == 0);
    }
  }
}

TEST_CASE("snapshot: a probed search finds the best, fills its limit and keeps to the conditions", "[snapshot]") {
  World world(5, 20'000);
  const Snapshot snapshot = world.snapshot();
  std::size_t hits = 0, possible = 0, probed = 0;
  for (int round = 0; round < 40; ++round) {
    Search search = search_for(world.draw.faces(), round % 3 == 0 ? 2000 : 10);
    if (round % 2 == 0) search.filter.all = {{"kind", {"company", "expert"}, false, {}}};
    const SearchResult found = snapshot.search(search);
    if (found.method == "probed") ++probed;
    CHECK(found.qualifying == world.passing(search.filter, kToday).size());
    CHECK(found.candidates.size() == std::min<std::size_t>(search.wanted, found.qualifying));
    CHECK(found.scanned <= found.qualifying);
    for (const std::string& id : ids_of(snapshot, found)) CHECK(world.passes(world.profiles.at(id), search.filter, kToday));
    const std::vector<std::string> best = best_by_hand(world, search), got = ids_of(snapshot, found);
    for (std::size_t i = 0; i < 10; ++i) hits += static_cast<std::size_t>(std::ranges::count(got, best[i]));
    possible += 10;
  }
  CHECK(probed == 40);
  CHECK(static_cast<double>(hits) >= 0.95 * static_cast<double>(possible));
}

TEST_CASE("snapshot: whoever shares the most words is a candidate, however far the vectors are", "[snapshot]") {
  World world(8, 100);
  Drawn speaking = draw_profiles(world.draw, 12'000, "speaking");
  for (Profile& profile : speaking.profiles) profile.lang = "en";
  world.add(speaking, true, 1000);
  const Snapshot snapshot = world.snapshot();
  Profile asking = world.draw.profile("asking");
  asking.lang = "en";
  Search search = search_for(world.draw.faces(), 100);
  search.seeker.words = words_of(asking);
  const auto by_words = [&](const Candidate& c) {
    const auto known = [](float share) { return std::isnan(share) ? 0.0F : share; };
    return search.forward_weight * known(c.words_forward) + search.backward_weight * known(c.words_backward);
  };
  const SearchResult probed = snapshot.search(search);
  CHECK(probed.method == "probed");
  search.exact = true;
  search.wanted = 20'000;
  std::vector<Candidate> all = snapshot.search(search).candidates;
  std::ranges::sort(all, std::greater{}, by_words);
  const float bar = std::max(by_words(all[100]), 0.05F * (search.forward_weight + search.backward_weight));
  std::size_t sharing = 0;
  for (const Candidate& one : all) {
    if (by_words(one) <= bar) break;
    ++sharing;
    CHECK(std::ranges::find(probed.candidates, one.row, &Candidate::row) != probed.candidates.end());
  }
  CHECK(sharing > 10);
}

TEST_CASE("snapshot: nothing qualifies is an empty answer", "[snapshot]") {
  World world(6);
  const Snapshot snapshot = world.snapshot();
  Search search = search_for(world.draw.faces(), 10);
  search.filter.all = {{"country", {"XX"}, false, {}}};
  const SearchResult found = snapshot.search(search);
  CHECK(found.candidates.empty());
  CHECK(found.qualifying == 0);
  CHECK(found.method == "exact");
  const Snapshot empty({"fake-1", kDimensions}, 0, {});
  CHECK(empty.search(search_for(world.draw.faces(), 10)).candidates.empty());
  CHECK(empty.list({}, "", 5).empty());
  CHECK_FALSE(empty.find("base1"));
}
