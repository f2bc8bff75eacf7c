#include "index/snapshot/vector_work.h"

#include "tests/support/catch.h"

using namespace counterpart::index;
using namespace std::chrono_literals;

namespace {

const VectorWork::Time kStart{std::chrono::hours(1)};

// Ids that it hands out one after the other, each said to be made at `sequence`.
std::string hand_out(VectorWork& work, std::uint64_t sequence, VectorWork::Time now = kStart) {
  std::string all;
  while (const auto item = work.next(now)) {
    all += (all.empty() ? "" : " ") + item->id + (item->fine ? "+" : "");
    work.made(*item, sequence, now);
  }
  return all;
}

}  // namespace

TEST_CASE("vector work: those without any vector first, each once while the snapshot does not know better", "[vector_work]") {
  VectorWork work(true);
  work.lacking(10, {"c", "d"}, {"a", "b"});
  CHECK(hand_out(work, 11) == "c d a+ b+");
  CHECK(work.due() == VectorWork::Time::max());
  work.lacking(10, {"c", "d"}, {"a", "b"});
  CHECK(hand_out(work, 11).empty());
  work.lacking(14, {}, {"c", "d"});
  CHECK(hand_out(work, 18) == "c+ d+");
}

TEST_CASE("vector work: who lacks them again has its turn again", "[vector_work]") {
  VectorWork work(true);
  work.lacking(10, {}, {"a", "b"});
  CHECK(hand_out(work, 12) == "a+ b+");
  work.lacking(12, {}, {"a"});  // `a` was replaced at 11, before its vectors were stored, and those were refused
  CHECK(hand_out(work, 13) == "a+");

  const VectorWork::Item a{"a", true};
  work.lacking(13, {}, {"a"});
  REQUIRE(work.next(kStart));
  work.failed(a, ErrorCode::kConflict, kStart);
  CHECK(work.next(kStart)->id == "a");
}

TEST_CASE("vector work: only who is asked for makes fine vectors", "[vector_work]") {
  VectorWork work(false);
  work.lacking(10, {"c"}, {"a", "b"});
  CHECK(hand_out(work, 11) == "c");
  CHECK(work.lack_fine().size() == 2);
}

TEST_CASE("vector work: one that fails waits longer each time and keeps nobody else waiting", "[vector_work]") {
  VectorWork work(true);
  work.lacking(10, {"bad", "good"}, {});
  const VectorWork::Item bad{"bad"};
  VectorWork::Time now = kStart;
  std::chrono::steady_clock::duration before{};
  for (int i = 0; i < 20; ++i) {
    const auto item = work.next(now);
    REQUIRE(item);
    REQUIRE(item->id == (i == 1 ? "good" : "bad"));
    if (i == 1) {
      work.made(*item, 11, now);
      CHECK_FALSE(work.next(now));
    } else {
      work.failed(*item, ErrorCode::kInternal, now);
      if (i == 0) continue;
      CHECK_FALSE(work.next(now));
    }
    const auto wait = work.due() - now;
    CHECK(wait >= before);
    CHECK(wait <= 5min);
    before = wait;
    now = work.due();
  }
  CHECK(before == 5min);
}

TEST_CASE("vector work: a disk that refuses makes all wait, and not for long once it takes them again", "[vector_work]") {
  VectorWork work(true);
  work.lacking(10, {"a", "b", "c"}, {});
  VectorWork::Time now = kStart;
  for (int i = 0; i < 30; ++i) {
    const auto item = work.next(now);
    REQUIRE(item);
    work.failed(*item, ErrorCode::kStorage, now);
    CHECK_FALSE(work.next(now));
    CHECK(work.due() - now <= 10s);
    now = work.due();
  }
  std::string made;
  for (int i = 0; i < 3; ++i) {
    const auto item = work.next(now);
    REQUIRE(item);
    made += item->id;
    work.made(*item, 11, now);
  }
  CHECK(made.size() == 3);
  CHECK_FALSE(work.next(now));
}

TEST_CASE("vector work: what the snapshot lacks though it must have it is not tried without a pause", "[vector_work]") {
  VectorWork work(true);
  work.lacking(10, {"a"}, {});
  const auto item = work.next(kStart);
  REQUIRE(item);
  work.made(*item, 10, kStart);
  CHECK_FALSE(work.next(kStart));
  CHECK(work.due() > kStart);
  CHECK(work.due() < kStart + 1s);
}
