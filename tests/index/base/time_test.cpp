#include "index/base/time.h"

#include "tests/support/catch.h"

using namespace counterpart::index;

TEST_CASE("time: a time is read as it was written, and nothing else is", "[time]") {
  for (const std::uint64_t seconds : {1ULL, 951'782'400ULL, 1'700'000'000ULL, 4'102'444'799ULL})
    CHECK(seconds_of(iso_time(seconds)) == seconds);
  for (const std::string wrong : {"", "2024-05-01", "2024-05-01T12:00:00+01:00", "2024-13-01T12:00:00Z", "yesterday"})
    CHECK(seconds_of(wrong) == 0);
}
