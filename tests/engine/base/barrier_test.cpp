#include "engine/base/barrier.h"

#include <atomic>
#include <new>
#include <stdexcept>
#include <system_error>

#include "engine/base/back_off.h"
#include "engine/base/threads.h"
#include "tests/support/catch.h"

using namespace counterpart::engine;

TEST_CASE("barrier: what a library throws is an error that names its kind and quotes nobody", "[barrier]") {
  const Status logic = guarded("runs", []() -> Status { throw std::runtime_error("jane@secret.example"); });
  REQUIRE_FALSE(logic);
  CHECK(logic.error().code == ErrorCode::kInternal);
  CHECK(logic.error().place == "runs");
  CHECK_THAT(describe(logic.error()), Catch::Contains("std::runtime_error"));
  CHECK_THAT(describe(logic.error()), !Catch::Contains("jane"));

  const Status system = guarded("runs", []() -> Status { throw std::system_error(11, std::generic_category(), "jane"); });
  REQUIRE_FALSE(system);
  CHECK_THAT(describe(system.error()), Catch::Contains(", 11"));
  CHECK_THAT(describe(system.error()), !Catch::Contains("jane"));

  CHECK_FALSE(guarded("runs", []() -> Result<int> { throw 7; }));
  CHECK(guarded("runs", []() -> Result<int> { return 7; }) == 7);
}

TEST_CASE("barrier: memory that has run out is said, and may be there later", "[barrier]") {
  const Status full = guarded("a place with a long name", []() -> Status { throw std::bad_alloc(); });
  REQUIRE_FALSE(full);
  CHECK(full.error().code == ErrorCode::kUnavailable);
  CHECK_THAT(describe(full.error()), Catch::Contains("out of memory"));
}

TEST_CASE("threads: what one of them throws is thrown to the caller when all have ended", "[barrier]") {
  std::atomic<int> working{0};
  const auto work = [&](std::size_t i) {
    ++working;
    if (i == 5) {
      --working;
      throw std::bad_alloc();
    }
    --working;
  };
  CHECK_THROWS_AS(on_all_cores(1000, work), std::bad_alloc);
  CHECK(working == 0);
  std::atomic<int> done{0};
  on_all_cores(1000, [&](std::size_t) { ++done; });
  CHECK(done == 1000);
}

TEST_CASE("back-off: twice as long each time, up to a limit, and anew after a success", "[barrier]") {
  using namespace std::chrono_literals;
  BackOff back_off(100ms, 350ms);
  CHECK(back_off.failed() == 100ms);
  CHECK(back_off.failed() == 200ms);
  CHECK(back_off.failed() == 350ms);
  CHECK(back_off.failed() == 350ms);
  back_off.succeeded();
  CHECK(back_off.failed() == 100ms);
}
