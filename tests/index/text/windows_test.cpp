// Texts longer than a model looks at, and work that nobody waits for any more.
#include "index/text/windows.h"

#include <algorithm>
#include <numeric>
#include <stop_token>
#include <thread>

#include "engine/base/patience.h"
#include "index/model/encoder.h"
#include "tests/index/standing/standing_desk.h"

using namespace counterpart::index;

TEST_CASE("windows: one behind the other, and of a long text so many from its first piece to its last", "[windows]") {
  CHECK(window_starts(0, 10, 4).empty());
  CHECK(window_starts(1, 10, 4) == std::vector<std::size_t>{0});
  CHECK(window_starts(40, 10, 4) == std::vector<std::size_t>{0, 10, 20, 30});
  CHECK(window_starts(41, 10, 4) == std::vector<std::size_t>{0, 10, 20, 31});
  CHECK(window_starts(100'000, 10, 4) == std::vector<std::size_t>{0, 33'330, 66'660, 99'990});
}

TEST_CASE("windows: a text of any length costs no more than what a model looks at, and its end counts", "[windows]") {
  const auto embedder = std::move(open_embedder("fast", COUNTERPART_MODELS).value());
  std::string long_text;
  for (int i = 0; i < 6000; ++i) long_text += "tax advice for companies. ";
  std::string with_end = long_text;
  for (int i = 0; i < 500; ++i) with_end += "cold storage for fish. ";
  const std::vector<float> query = embedder->embed("cold storage for fish", {});
  const auto likeness = [&](const std::string& text) {
    const std::vector<float> vector = embedder->embed(text, {});
    return std::inner_product(query.begin(), query.end(), vector.begin(), 0.0F);
  };
  const float without = likeness(long_text);
  CHECK(likeness(with_end) > without + 0.02F);
}

TEST_CASE("patience: a thread's work is over when whoever asked says so, and the one before counts again", "[patience]") {
  CHECK_FALSE(Patience::over());
  std::stop_source outer, inner;
  const Patience first(outer.get_token());
  {
    const Patience second(inner.get_token());
    inner.request_stop();
    CHECK(Patience::over());
  }
  CHECK_FALSE(Patience::over());
  outer.request_stop();
  CHECK(Patience::over());
  bool elsewhere = true;
  std::thread([&] { elsewhere = Patience::over(); }).join();
  CHECK_FALSE(elsewhere);
}

TEST_CASE("patience: a text is not read to its end for nobody", "[patience]") {
  const auto embedder = std::move(open_embedder("fast", COUNTERPART_MODELS).value());
  std::stop_source stop;
  stop.request_stop();
  const Patience over(stop.get_token());
  const std::vector<float> vector = embedder->embed("solar pumps", {});
  CHECK(std::ranges::all_of(vector, [](float x) { return x == 0; }));
}

TEST_CASE("standing: a query whose owner has left is not kept", "[standing][patience]") {
  Desk desk;
  desk.put(profile("a"));
  std::stop_source stop;
  stop.request_stop();
  {
    const Patience over(stop.get_token());
    const auto added = desk.standing->add(seeking("solar pumps"));
    REQUIRE_FALSE(added);
    CHECK(added.error().code == ErrorCode::kUnavailable);
  }
  CHECK(desk.standing->size() == 0);
  CHECK(desk.add(seeking("solar pumps")) == "q1");
}
