#include <algorithm>
#include <set>

#include "index/run/run_archive.h"
#include "index/run/run_changes.h"
#include "index/run/run_proposals.h"
#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

namespace fs = std::filesystem;

// Nights of one world, each published.
class Nights {
 public:
  explicit Nights(std::size_t profiles) : world(24, profiles) { fs::create_directories(directory_); }

  RunMatches match() {
    snapshot_.reset(new Snapshot(world.snapshot(2)));
    RunSettings settings;
    settings.threads.count = 1;
    RunControl control;
    return match_everybody({*snapshot_, real_taxonomy(), programme_, "rules", 20'600, directory_, settings}, control).value();
  }
  RunResult proposed(RunMatches matches, const Engagements& engaged = {}) {
    Assignment assignment;
    return propose(std::move(matches), *snapshot_, programme_, real_taxonomy(), engaged, assignment).value();
  }
  std::shared_ptr<const PublishedRun> publish(const RunResult& result) {
    RunArchive archive(directory_);
    RunManifest manifest;
    manifest.programme = "open";
    REQUIRE(archive.publish(result, manifest, 3));
    return archive.open(manifest.id).value();
  }

  RunWorld world;

 private:
  TempFolder folder_;
  fs::path directory_ = folder_.path() / "open";
  Programme programme_ = open_programme();
  std::unique_ptr<Snapshot> snapshot_;
};

void set_bands(RunMatches& matches, Band band) { std::ranges::fill(matches.bands, static_cast<RunBand>(band)); }

std::size_t proposals(const RunResult& result) {
  return static_cast<std::size_t>(std::ranges::count_if(result.flags, [](std::uint8_t f) { return (f & kProposed) != 0; }));
}

}  // namespace

TEST_CASE("run bands: every entry of a run has its band, of a handful of profiles none has", "[run_bands]") {
  Nights nights(150);
  const RunMatches matches = nights.match();
  REQUIRE(matches.bands.size() == matches.entries.size());
  CHECK(std::ranges::count(matches.bands, kUntold) == 0);
  // Texts drawn by chance: many a list has nobody nearer than chance brings.
  const auto weak = std::ranges::count(matches.bands, static_cast<RunBand>(Band::kWeak));
  CHECK(weak > static_cast<long>(matches.bands.size()) / 4);

  Nights few(30);
  const RunMatches untold = few.match();
  CHECK(std::ranges::count(untold.bands, kUntold) == static_cast<long>(untold.bands.size()));
  const RunResult result = few.proposed(untold);
  CHECK(proposals(result) > 0);
  CHECK(std::ranges::none_of(result.flags, [](std::uint8_t flags) { return band_in(flags).has_value(); }));
}

TEST_CASE("run bands: no introduction is proposed from a weak match", "[run_bands]") {
  Nights nights(30);
  RunMatches matches = nights.match();
  set_bands(matches, Band::kWeak);
  CHECK(proposals(nights.proposed(matches)) == 0);

  set_bands(matches, Band::kGood);
  for (std::uint64_t at = matches.ends[0]; at < matches.ends[1]; ++at) matches.bands[at] = static_cast<RunBand>(Band::kWeak);
  const RunResult result = nights.proposed(matches);
  CHECK(proposals(result) > 0);
  for (std::uint64_t at = result.matches.ends[0]; at < result.matches.ends[1]; ++at)
    if ((result.flags[at] & kListed) != 0) CHECK((result.flags[at] & kProposed) == 0);
}

TEST_CASE("run bands: a place among the other's first ten lifts a possible match", "[run_bands]") {
  Nights nights(30);
  RunMatches matches = nights.match();
  set_bands(matches, Band::kPossible);
  const auto run = nights.publish(nights.proposed(matches));
  for (std::uint32_t rank = 0; rank < run->size(); ++rank)
    for (std::size_t i = 0; i < run->matches(rank).size(); ++i) {
      const std::size_t place = run->place_in_list_of(run->id(run->matches(rank)[i].counterpart), rank).value();
      CHECK(band_in(run->flags(rank)[i]) == (place > 0 && place <= 10 ? Band::kGood : Band::kPossible));
    }
}

TEST_CASE("run bands: a first morning's digest lists the proposals, a later one's the news of good matches", "[run_bands]") {
  Nights nights(60);
  RunMatches matches = nights.match();
  set_bands(matches, Band::kStrong);
  const auto first = nights.publish(nights.proposed(matches));
  const Digest morning = digest_of(*first, nullptr, "", 1000);
  REQUIRE_FALSE(morning.profiles.empty());
  for (const ProfileChanges& profile : morning.profiles) {
    CHECK(profile.changes.size() <= kDigestChanges);
    for (const MatchChange& change : profile.changes) {
      CHECK(change.kind == ChangeKind::kNowProposed);
      CHECK(change.cause == ChangeCause::kFirstRun);
      CHECK(change.proposed);
    }
  }

  nights.world.put("newcomer");
  matches = nights.match();
  set_bands(matches, Band::kWeak);
  const auto silent = nights.publish(nights.proposed(matches));
  for (const ProfileChanges& profile : digest_of(*silent, first.get(), "", 1000).profiles)
    for (const MatchChange& change : profile.changes) CHECK(change.kind != ChangeKind::kNew);

  const std::set<std::string, std::less<>> later{"second", "third", "fourth", "fifth"};  // not all may have anybody to meet
  for (const std::string& id : later) nights.world.put(id);
  matches = nights.match();
  set_bands(matches, Band::kStrong);
  const auto loud = nights.publish(nights.proposed(matches));
  const Digest news = digest_of(*loud, silent.get(), "", 1000);
  const auto second = std::ranges::find_if(news.profiles, [&](const ProfileChanges& one) { return later.contains(one.id); });
  REQUIRE(second != news.profiles.end());
  CHECK(second->changes.size() == kDigestChanges);
  CHECK(second->more > 0);
}
