#include "index/run/match_run.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <new>
#include <set>
#include <thread>

#include "index/pairs/pair_scorer.h"
#include "index/run/run_memory.h"
#include "index/snapshot/word_scores.h"
#include "index/text/words.h"
#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

struct Folder : TempFolder {
  RunMatches run(const Snapshot& snapshot, const Programme& programme, RunSettings settings = small_settings()) {
    RunControl control;
    return match_everybody({snapshot, real_taxonomy(), programme, "rules", kToday, path(), settings}, control).value();
  }
};

void check_equal(const RunMatches& a, const RunMatches& b) {
  REQUIRE(a.header.ids == b.header.ids);
  REQUIRE(a.ends == b.ends);
  REQUIRE(a.entries == b.entries);
}

Faces faces_of(const RunWorld& world, const Snapshot& snapshot, const std::string& id) {
  Faces faces = snapshot.faces(*snapshot.find(id));
  add_words(faces, world.profile(id));
  return faces;
}

}  // namespace

TEST_CASE("match run: a pair is scored as a match by either id scores it", "[match_run]") {
  RunWorld world(3, 700);
  const auto [fine, seen] = GENERATE(std::pair{true, true}, std::pair{true, false}, std::pair{false, false});
  const Snapshot snapshot = world.snapshot(3, fine, seen);
  const Programme programme = two_sided_programme();
  const Admission admission(snapshot, programme, kToday);
  const WordRows words(snapshot, admission);
  const Weights weights = weights_of({});
  const PairScorer scorer({snapshot, admission, words, real_taxonomy(), weights, kToday});
  const auto total = [&](const std::string& seeker, Row other) {
    const Candidate texts = snapshot.compare(faces_of(world, snapshot, seeker), other);
    return total_score(
        {traits_of(world.profile(seeker), real_taxonomy()), snapshot.traits(other), texts, real_taxonomy(), kToday}, weights);
  };
  std::set<std::int32_t> scored;
  std::size_t inferred = 0;
  for (std::uint32_t position = 0; position < admission.size(); position += 29) {
    std::vector<std::uint32_t> others;
    for (std::uint32_t other = 0; other < admission.size(); other += 31)
      if (other != position) others.push_back(other);
    const std::vector<PairScore> scores = scorer.score(position, others);
    REQUIRE(scores.size() == others.size());
    for (const PairScore& score : scores) {
      const Row a = admission.row(position), b = admission.row(score.position);
      // Requantised vectors may round the last bit of a scale otherwise.
      REQUIRE(std::abs(score.own - total(std::string(snapshot.id(a)), b) * 1e6) <= 1.5);
      REQUIRE(std::abs(score.their - total(std::string(snapshot.id(b)), a) * 1e6) <= 1.5);
      REQUIRE(score.value == reciprocal(score.own, score.their));
      scored.insert(score.own);
      inferred += snapshot.traits(a).sector_count == 0 && snapshot.guessed_sectors(a).size() > 0 ? 1 : 0;
    }
  }
  CHECK(scored.size() > 100);
  CHECK((inferred > 0) == seen);  // sectors that nobody stated count as they do in a match
}

TEST_CASE("match run: the same result whatever the segments, the threads and the groups that were done before", "[match_run]") {
  RunWorld world(5, 2600);
  const Programme programme = GENERATE(two_sided_programme(), open_programme());
  Folder first, second, third;
  const Snapshot one = world.snapshot(1), three = world.snapshot(3);
  const RunMatches whole = first.run(one, programme);
  RunSettings threads = small_settings();
  threads.threads.count = 3;
  check_equal(whole, second.run(three, programme, threads));
  CHECK(whole.work.multiply_adds > 0);

  // Cut off after each piece, again and again: once more rows are done than the run before left.
  std::uint64_t left = 0;
  for (int stops = 0;; ++stops) {
    REQUIRE(stops < 100);
    RunControl control;
    std::jthread watch([&](std::stop_token token) {
      const auto is_new = [&](const RunControl::Progress& at) { return at.phase == RunPhase::kMatching && at.done > left; };
      while (!token.stop_requested() && !is_new(control.progress())) std::this_thread::yield();
      control.stop();
    });
    const Result<RunMatches> run =
        match_everybody({three, real_taxonomy(), programme, "rules", kToday, third.path(), small_settings()}, control);
    watch.request_stop();
    if (!run) {
      CHECK(run.error().code == ErrorCode::kUnavailable);
      left = control.progress().done;
      continue;
    }
    check_equal(whole, *run);
    CHECK(run->resumed == (stops > 0));
    break;
  }
}

TEST_CASE("match run: a night after changes gives what a full run gives", "[match_run]") {
  RunWorld world(7, 1500);
  const Programme programme = GENERATE(two_sided_programme(), open_programme());
  Folder nights;
  REQUIRE(nights.run(world.snapshot(2), programme).taken_over == 0);
  REQUIRE(keep_as_base(nights.path()));
  for (std::size_t night = 0; night < 6; ++night) {
    for (std::size_t i = 0; i < 12 * night; ++i) {
      const std::size_t what = world.draw.below(3);
      if (what == 0) world.erase(world.any());
      if (what == 1) world.put("p" + std::to_string(world.draw.below(9'000)));
      if (what == 2) world.put(world.any());
    }
    const Snapshot snapshot = world.snapshot(1 + night % 3);
    const RunMatches run = nights.run(snapshot, programme);
    Folder fresh;
    check_equal(run, fresh.run(snapshot, programme));
    CHECK(run.taken_over > run.header.ids.size() / 3);
    if (night == 0) CHECK(run.work.multiplied == 0);
    REQUIRE(keep_as_base(nights.path()));
  }
}

TEST_CASE("match run: work that was cut off before the profiles changed is taken over", "[match_run]") {
  RunWorld world(9, 2600);
  const Programme programme = open_programme();
  Folder nights, fresh;
  RunControl control;
  std::jthread watch([&](std::stop_token token) {
    while (!token.stop_requested() && control.progress().done < kGroupRows) std::this_thread::yield();
    control.stop();
  });
  const Snapshot before = world.snapshot(1);
  REQUIRE_FALSE(
      match_everybody({before, real_taxonomy(), programme, "rules", kToday, nights.path(), small_settings()}, control));
  watch.request_stop();
  world.put("p1");
  world.put("new");
  const Snapshot after = world.snapshot(1);
  const RunMatches run = nights.run(after, programme);
  CHECK(run.taken_over > 500);
  CHECK_FALSE(run.resumed);
  check_equal(run, fresh.run(after, programme));
}

TEST_CASE("match run: a bound of memory that cannot do is refused before the work, with what would do", "[match_run]") {
  RunWorld world(13, 800);
  const Programme programme = open_programme();
  const Snapshot snapshot = world.snapshot(1);
  Folder folder, fresh;
  RunSettings settings = small_settings();
  settings.memory = process_memory() + (1U << 20U);
  RunControl control;
  const auto refused =
      match_everybody({snapshot, real_taxonomy(), programme, "rules", kToday, folder.path(), settings}, control);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kTooLarge);
  CHECK(refused.error().place == "memory");
  CHECK(control.progress().phase == RunPhase::kReading);
  const std::string& remedy = refused.error().remedy;
  settings.memory = (std::stoull(remedy.substr(remedy.find_first_of("0123456789"))) + 64) << 20U;
  check_equal(folder.run(snapshot, programme, settings), fresh.run(snapshot, programme));
}

TEST_CASE("match run: a damaged log costs the work that it lost, and no more", "[match_run]") {
  RunWorld world(11, 2600);
  const Programme programme = open_programme();
  const Snapshot snapshot = world.snapshot(1);
  Folder folder, fresh;
  const RunMatches whole = fresh.run(snapshot, programme);
  folder.run(snapshot, programme);
  const auto size = std::filesystem::file_size(folder.path() / "work");
  for (const std::uintmax_t kept : {size - 3, size / 2, std::uintmax_t{100}, std::uintmax_t{0}}) {
    std::filesystem::resize_file(folder.path() / "work", kept);
    check_equal(whole, folder.run(snapshot, programme));
  }
}

TEST_CASE("match run: what a piece of the work throws ends the run with an error", "[match_run]") {
  RunControl control;
  std::atomic<int> done{0};
  const Status ended = on_threads({.count = 4}, 1000, control, [&](std::size_t i) -> Status {
    if (i == 20) throw std::bad_alloc();
    ++done;
    return {};
  });
  REQUIRE_FALSE(ended);
  CHECK(ended.error().code == ErrorCode::kUnavailable);
  CHECK(done < 1000);
  CHECK(on_threads({}, 10, control, [](std::size_t) -> Status { return {}; }));
}
