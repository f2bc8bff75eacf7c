#include "index/standing/standing_check.h"

#include "index/base/codec.h"
#include "tests/index/standing/standing_desk.h"

using namespace counterpart::index;

TEST_CASE("standing: a check of what is on disk names what does not belong together", "[standing]") {
  Desk desk;
  desk.add(seeking("solar pumps"));
  desk.put(profile("a"));
  desk.put(profile("gone"));
  CHECK(check_standing(desk.store->database())->difference_count == 0);
  Alert stray;
  stray.query = "q9";
  stray.profile = "a";
  REQUIRE(desk.store->run_exclusively([&](Database& writable) {
    return writable.write({{Family::kAlerts, mark_key("a", 8), std::string()},
                           {Family::kAlerts, alert_key(77), encode_alert(stray)},
                           {Family::kAlerts, alert_key(2), std::string("?")},
                           {Family::kAlerts, "m-no-mark", std::string()},
                           {Family::kStandingQueries, big_endian(9), std::string()},
                           {Family::kProfiles, "gone", {}}});
  }));
  const auto found = check_standing(desk.store->database());
  REQUIRE(found);
  const std::vector<std::string> expected{"standing query `q9` does not decode",
                                          "standing query `q9` has a number not yet given",
                                          "alert 2 does not decode",
                                          "alert 77 has a number not yet given",
                                          "a mark of a profile does not decode",
                                          "profile `a` is marked with standing query `q8`, which is gone",
                                          "profile `gone` is marked with standing queries, but gone"};
  CHECK(found->differences == expected);
  CHECK(found->difference_count == expected.size());
  VerifyReport full;
  full.difference_count = 200;
  full.differences.resize(99);
  const auto both = check_standing(desk.store->database(), full);
  CHECK(both->differences.size() == 100);
  CHECK(both->difference_count == 207);
}
