#include "index/vector/kernel.h"

#include <random>

#include "tests/support/catch.h"

using namespace counterpart::index;

TEST_CASE("kernel: dot products equal plain integer arithmetic at every width", "[kernel]") {
  std::mt19937 random(3);
  for (const std::size_t half : {64U, 128U, 320U, 512U}) {
    constexpr std::size_t kRows = 9;
    alignas(64) static std::int8_t values[kRows * 2 * 512];
    QueryVector query(2 * half);
    for (std::size_t i = 0; i < kRows * 2 * half; ++i) values[i] = static_cast<std::int8_t>(random() % 255U - 127U);
    for (std::int16_t& q : query) q = static_cast<std::int16_t>(static_cast<int>(random() % 255U) - 127);
    const VectorRows rows{values, half};

    std::vector<std::uint32_t> which{8, 0, 3, 3, 7};
    std::vector<HalfDots> dots(which.size());
    dot_rows(query, rows, which, dots.data());
    std::vector<HalfDots> all(kRows);
    dot_range(query, rows, 0, kRows, all.data());

    for (std::size_t i = 0; i < which.size(); ++i) {
      std::int32_t forward = 0, backward = 0;
      for (std::size_t j = 0; j < half; ++j) {
        forward += query[j] * rows.row(which[i])[j];
        backward += query[half + j] * rows.row(which[i])[half + j];
      }
      CHECK(dots[i].forward == forward);
      CHECK(dots[i].backward == backward);
      CHECK(all[which[i]].forward == forward);
      CHECK(all[which[i]].backward == backward);
    }
  }
}

TEST_CASE("kernel: the largest components do not overflow", "[kernel]") {
  alignas(64) static std::int8_t row[4096];
  std::fill(std::begin(row), std::end(row), std::int8_t{-127});
  HalfDots dots;
  dot_range(QueryVector(4096, 127), {row, 2048}, 0, 1, &dots);
  CHECK(dots.forward == -127 * 127 * 2048);
  CHECK(dots.backward == -127 * 127 * 2048);
}
