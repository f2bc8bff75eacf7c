// What stands on a desk is what reading every case anew would say, whatever was done and whoever is away.
#include <algorithm>
#include <random>

#include "tests/index/casework/desk_lists.h"

namespace counterpart::index {
namespace {

class World {
 public:
  explicit World(unsigned seed) : random_(seed), book_(4) {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      book_.now += static_cast<std::int64_t>(below(30)) * 3'600;
      const std::size_t what = below(12);
      if (what < 5) {
        ask();
      } else if (what < 9) {
        act();
      } else if (what == 9) {
        leave();
      } else if (what == 10) {
        CHECK(book_.cases->tick(book_.now)->failed.empty());
      } else {
        book_.open();
      }
      if (i % 8 == 0) check();
    }
    check();
    CHECK(book_.sound());
    CHECK(most_seen_ > 4);
  }

 private:
  std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
  template <class Row>
  Row any(const std::vector<Row>& list) {
    return list[below(list.size())];
  }
  std::string any_desk() { return any(book_.cases->offices()->directory.desks()).id; }

  void ask() {
    const std::string from = any(profiles_);
    const std::vector<std::string> desks = from.starts_with("sn")   ? std::vector<std::string>{"awa", "sow", "mbaye"}
                                           : from.starts_with("sa") ? std::vector<std::string>{"omar", "salem", "noura"}
                                                                    : std::vector<std::string>{"maier", "huber"};
    (void)book_.cases->act(book_.sending(any(desks), from, any(profiles_)), book_.now);
  }

  void act() {
    const std::vector<Case> open = book_.cases->list({.open = true}, {}, 1'000).value();
    if (open.empty()) return;
    const Case of = any(open);
    const auto verbs = life_cycles().acts_from(of.kind, progress_of(of, life_cycles())->state->state);
    Said said;
    const ActRow& row = *any(verbs);
    const auto reasons = life_cycles().reasons_of(row.says);
    if (!reasons.empty()) said.reason = any(reasons);
    if (row.says == "note") said.note = "said";
    if (row.says == "hand_over") said.facts.desk = any_desk();
    (void)book_.cases->act(book_.acting(of.id, any_desk(), std::string(row.verb), said), book_.now);
  }

  // Somebody goes for some days, or comes back.
  void leave() {
    Desk desk = any(book_.cases->offices()->directory.desks());
    const Day today = static_cast<Day>(book_.now / 86'400);
    if (desk.absence || below(3) == 0) {
      desk.absence.reset();
    } else {
      const Day from = today + static_cast<Day>(below(5));
      desk.absence = Absence{from, from + static_cast<Day>(below(20)), any_desk()};
    }
    (void)book_.cases->change_offices({{}, {{desk.id, desk}}}, "test", book_.now);
  }

  void check() {
    for (const Desk& desk : book_.cases->offices()->directory.desks()) {
      const DeskView view = book_.cases->desk(desk.id, book_.now, 10'000).value();
      CHECK(rows_of(view) == read_anew(book_, desk.id));
      most_seen_ = std::max(most_seen_, view.mine.count + view.waiting.count);
      const DeskView first = book_.cases->desk(desk.id, book_.now, 2).value();
      CHECK(first.mine.count == view.mine.count);
      CHECK(first.mine.rows.size() == std::min<std::size_t>(2, view.mine.count));
      if (view.mine.count > 2) CHECK(first.mine.rows[1].case_id == view.mine.rows[1].case_id);
    }
  }

  std::mt19937 random_;
  Casebook book_;
  std::size_t most_seen_ = 0;
  const std::vector<std::string> profiles_{"sn:solar", "sn:dairy", "sa:fund", "sa:works", "at:pumps", "xx:lost"};
};

}  // namespace

TEST_CASE("board: every desk has what reading all cases anew says", "[casework]") {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    INFO("seed " << seed);
    World(seed).run(160);
  }
}

}  // namespace counterpart::index
