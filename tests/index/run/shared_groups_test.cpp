#include "index/run/shared_groups.h"

#include <atomic>
#include <functional>
#include <limits>
#include <thread>

#include "index/run/group_work.h"
#include "index/run/match_run.h"
#include "tests/index/run/run_world.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
using namespace std::chrono_literals;

namespace {

using Turn = SharedGroups::Turn;
using Time = SharedGroups::Time;

SharedRun announcement() { return {"two-sided", "rules", 7, "space", kToday, {}}; }

// Groups 0, 1 and 2 of a run whose rows are "rows"; what is given is put by.
struct Queue {
  explicit Queue(std::size_t workers) : shared(workers, 1) {
    shared.announce(announcement());
    REQUIRE(shared.join("a", 7, "space"));
    shared.begin("rows", {0, 1, 2}, [this](std::uint32_t group, std::string_view bytes) -> Status {
      if (bytes == "nonsense") return fail(ErrorCode::kInvalid, "group", "nonsense");
      kept[group] = bytes;
      return {};
    });
  }
  SharedGroups::Next take(const std::string& worker) { return shared.take(worker, "rows", now).value(); }

  SharedGroups shared;
  std::map<std::uint32_t, std::string> kept;
  Time now{};
};

// A copy's thread: takes and gives until there is nothing left; `change` may alter what it gives.
void work_beside(SharedGroups& shared, const Snapshot& snapshot, const Programme& programme, const std::string& id,
                 const std::function<void(GroupPiece&)>& change, std::atomic<int>& given) {
  const TempFolder folder;
  const RunTask task{snapshot, real_taxonomy(), programme, "rules", kToday, folder.path(), small_settings()};
  GroupWork work(task, kToday);
  work.read_words();
  const std::string key = work.rows_key(work.header());
  while (true) {
    const Result<SharedGroups::Next> next = shared.take(id, key, std::chrono::steady_clock::now());
    if (!next || next->turn == Turn::kEnd) return;
    if (next->turn == Turn::kWait) {
      std::this_thread::yield();
      continue;
    }
    GroupPiece piece = work.piece(next->group).value();
    change(piece);
    const Result<bool> kept = shared.give(id, next->group, pack(piece));
    if (kept && *kept) ++given;
  }
}

}  // namespace

TEST_CASE("shared groups: a copy that stalls costs its group again, and is too late afterwards", "[shared_groups]") {
  Queue queue(1);
  CHECK(queue.take("a").group == 0);
  CHECK(queue.shared.take_own(queue.now).group == 1);
  CHECK(queue.shared.take_own(queue.now).group == 2);
  queue.shared.kept_own(1, queue.now + 1s);
  queue.shared.kept_own(2, queue.now + 1s);
  CHECK(queue.shared.take_own(queue.now + 4s).turn == Turn::kWait);            // it may just be slower
  CHECK(queue.shared.take("a", "rows", queue.now + 9s)->turn == Turn::kWait);  // it goes to whoever comes next
  const SharedGroups::Next again = queue.shared.take_own(queue.now + 9s);
  CHECK(again.turn == Turn::kWork);
  CHECK(again.group == 0);
  CHECK_FALSE(queue.shared.give("a", 0, "late").value());
  CHECK(queue.kept.empty());
  CHECK(queue.shared.take_own(queue.now + 9s).turn == Turn::kWait);  // another thread of the run's has it
  queue.shared.kept_own(0, queue.now + 10s);
  CHECK(queue.shared.take_own(queue.now + 10s).turn == Turn::kEnd);
  queue.shared.end();
  CHECK(queue.shared.figures().again == 1);
  CHECK(queue.shared.figures().groups == 0);
}

TEST_CASE("shared groups: who is found wrong loses all it gave and gets nothing more", "[shared_groups]") {
  Queue queue(1);
  for (const std::uint32_t group : {0U, 1U}) {
    CHECK(queue.take("a").group == group);
    CHECK(queue.shared.give("a", group, "theirs").value());
  }
  const SharedGroups::Next looked = queue.shared.take_own(queue.now);  // the first of each is looked at
  CHECK(looked.compare);
  CHECK(looked.group == 0);
  queue.shared.judge(looked, false);
  CHECK(queue.shared.take("a", "rows", queue.now).error().code == ErrorCode::kForbidden);
  CHECK(queue.shared.give("a", 2, "more").error().code == ErrorCode::kForbidden);
  std::set<std::uint32_t> again;
  for (SharedGroups::Next next = queue.shared.take_own(queue.now); next.turn == Turn::kWork;
       next = queue.shared.take_own(queue.now)) {
    again.insert(next.group);
    queue.shared.kept_own(next.group, queue.now);
  }
  CHECK(again == std::set<std::uint32_t>{1, 2});  // 0 was done by the one who looked
  queue.shared.end();
  REQUIRE(queue.shared.figures().dropped.size() == 1);
  CHECK(queue.shared.figures().dropped[0].first == "a");
  CHECK(queue.shared.figures().groups == 0);
}

TEST_CASE("shared groups: nonsense, other rows, another snapshot and one too many are refused", "[shared_groups]") {
  Queue queue(1);
  CHECK(queue.shared.join("b", 7, "space").error().code == ErrorCode::kConflict);
  CHECK(queue.shared.join("a", 8, "space").error().code == ErrorCode::kConflict);
  CHECK(queue.shared.join("a", 7, "other").error().code == ErrorCode::kConflict);
  CHECK(queue.shared.take("b", "rows", queue.now).error().code == ErrorCode::kConflict);
  CHECK(queue.shared.take("a", "other rows", queue.now).error().code == ErrorCode::kConflict);
  CHECK_FALSE(queue.shared.give("a", 1, "never taken").value());
  CHECK(queue.take("a").group == 0);
  CHECK(queue.shared.give("a", 0, "nonsense").error().code == ErrorCode::kInvalid);
  CHECK(queue.shared.take("a", "rows", queue.now).error().code == ErrorCode::kForbidden);

  SharedRun later = announcement();
  ++later.sequence;
  SharedGroups moved(2);
  moved.announce(announcement());
  CHECK(moved.join("a", 7, "space"));
  moved.announce(announcement());
  CHECK(moved.joined() == 1);
  moved.announce(later);  // who joined has not the rows of now
  CHECK(moved.joined() == 0);
  CHECK(moved.take("a", "rows", Time{}).error().code == ErrorCode::kConflict);
  moved.end();
  CHECK_FALSE(moved.announced());
}

TEST_CASE("shared groups: with copies, right or wrong ones, a run has the very result that it has alone", "[shared_groups]") {
  RunWorld world(5, 9000);
  const Programme programme = two_sided_programme();
  const bool seen = GENERATE(false, true);
  const Snapshot snapshot = world.snapshot(1, true, seen), copy = world.snapshot(3, true, seen);
  const auto run = [&](SharedGroups* shared) {
    const TempFolder folder;
    RunControl control;
    const RunTask task{snapshot, real_taxonomy(), programme, "rules", kToday, folder.path(), small_settings(), shared};
    return match_everybody(task, control).value();
  };
  const RunMatches alone = run(nullptr);

  const bool lies = GENERATE(false, true);
  SharedGroups shared(2, 3);
  const std::string space = space_name(snapshot);
  shared.announce({programme.slug, "rules", snapshot.sequence(), space, kToday, small_settings()});
  std::atomic<int> given{0}, untrue{0};
  const auto honest = [](GroupPiece&) {};
  const auto wrong = [](GroupPiece& piece) {
    for (std::vector<RunEntry>& matches : piece.matches)
      for (RunEntry& entry : matches) ++entry.value;
  };
  REQUIRE(shared.join("one", copy.sequence(), space));
  REQUIRE(shared.join("two", copy.sequence(), space));
  std::jthread one([&] { work_beside(shared, copy, programme, "one", honest, given); });
  std::jthread two([&] {
    work_beside(shared, copy, programme, "two", lies ? std::function<void(GroupPiece&)>(wrong) : honest, lies ? untrue : given);
  });
  const RunMatches together = run(&shared);
  one.join();
  two.join();
  CHECK(together.header.ids == alone.header.ids);
  CHECK(together.ends == alone.ends);
  CHECK(together.entries == alone.entries);
  CHECK(together.bands == alone.bands);
  CHECK(together.work.multiply_adds == alone.work.multiply_adds);
  const SharedFigures figures = shared.figures();
  CHECK(figures.groups <= static_cast<std::uint64_t>(given.load()));
  CHECK(figures.dropped.size() == (untrue > 0 ? 1 : 0));
}

TEST_CASE("shared groups: what others gave a run that was cut off is not believed, for it was not looked at to the end",
          "[shared_groups]") {
  RunWorld world(7, 2600);
  const Programme programme = two_sided_programme();
  const Snapshot snapshot = world.snapshot(1);
  const TempFolder folder;
  const RunTask task{snapshot, real_taxonomy(), programme, "rules", kToday, folder.path(), small_settings()};
  RunControl control;
  const RunMatches alone = match_everybody(task, control).value();

  // The same work once more, but all of it given by a copy that was wrong.
  RunHeader header;
  std::vector<std::pair<std::uint32_t, std::string>> groups;
  REQUIRE(RunLog::open(folder.path() / "work", [&](const RunLog::Piece& piece) -> Status {
    if (piece.kind == RunPiece::kHeader) header = unpack_header(piece.bytes).value();
    if (piece.kind != RunPiece::kGroup) return {};
    GroupPiece group = unpack_group(piece.bytes).value();
    for (std::vector<RunEntry>& matches : group.matches)
      for (RunEntry& entry : matches) ++entry.value;
    groups.emplace_back(piece.number, pack(group));
    return {};
  }));
  REQUIRE_FALSE(groups.empty());
  {
    const auto log = RunLog::create(folder.path() / "work", header).value();
    for (const auto& [number, bytes] : groups) REQUIRE(log->append(RunPiece::kGiven, number, bytes));
  }
  RunControl again;
  const RunMatches resumed = match_everybody(task, again).value();
  CHECK(resumed.resumed);
  CHECK(resumed.entries == alone.entries);
}

TEST_CASE("shared groups: keys that are no numbers, lists out of order and more than the group are no group",
          "[shared_groups]") {
  RunWorld world(9, 1500);
  const Programme programme = two_sided_programme();
  const Snapshot snapshot = world.snapshot(1);
  const TempFolder folder;
  const RunTask task{snapshot, real_taxonomy(), programme, "rules", kToday, folder.path(), small_settings()};
  GroupWork work(task, kToday);
  work.read_words();
  const GroupPiece good = work.piece(0).value();
  CHECK(work.check_shape(0, good));
  CHECK(pack(good).size() <= work.most_bytes(0));
  std::size_t row = 0;
  while (good.matches[row].size() < 2) ++row;
  const std::function<void(GroupPiece&)> breaks[] = {
      [&](GroupPiece& piece) { piece.lists[row].candidates[0].key = std::numeric_limits<float>::quiet_NaN(); },
      [&](GroupPiece& piece) { std::swap(piece.lists[row].candidates[0], piece.lists[row].candidates[1]); },
      [&](GroupPiece& piece) { piece.lists[row].candidates[0].rank = 1'000'000; },
      [&](GroupPiece& piece) { piece.matches[row][1] = piece.matches[row][0]; },
      [&](GroupPiece& piece) { piece.matches[row][0].counterpart = piece.lists[row].rank; },
      [&](GroupPiece& piece) { piece.bands[row][0] = 9; },
      [&](GroupPiece& piece) { piece.lists.pop_back(); },
      [&](GroupPiece& piece) { ++piece.lists[row].rank; }};
  for (const auto& one : breaks) {
    GroupPiece bad = good;
    one(bad);
    CHECK_FALSE(work.check_shape(0, bad));
  }
}
