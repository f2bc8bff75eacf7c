// Lists by hand-made numbers: the order of maximal marginal relevance, caps, floors, and that a list begins every longer one.
#include "engine/match/rerank.h"

#include <algorithm>
#include <map>
#include <random>

#include "tests/support/catch.h"

namespace counterpart::engine {
namespace {

constexpr std::uint32_t kKenya = 1, kMali = 2, kPeru = 3;
constexpr EntryKind kOther{.in = 0, .scope = 3}, kPoor{.in = 1, .scope = 3}, kIsland{.in = 2, .scope = 3},
    kBoth{.in = 3, .scope = 3};

struct Given {
  RankedEntry entry;
  EntryKind kind;
};

Given entry(double score, std::string_view id, std::uint32_t country = kKenya, EntryKind kind = kOther) {
  return {{score, id, country, std::string(id)}, kind};
}

// Entries by hand, of which it is known how many were looked at.
class Hand final : public RankedEntries {
 public:
  explicit Hand(const std::vector<Given>& given) {
    std::map<EntryKind, std::vector<RankedEntry>> by_kind;
    for (const Given& one : given) by_kind[one.kind].push_back(one.entry);
    for (auto& [kind, entries] : by_kind) {
      std::ranges::sort(entries, [](const RankedEntry& a, const RankedEntry& b) {
        return a.score != b.score ? a.score > b.score : a.id < b.id;
      });
      kinds_.push_back(kind);
      entries_.push_back(std::move(entries));
    }
  }
  std::span<const EntryKind> kinds() const override { return kinds_; }
  std::size_t size(std::size_t kind) const override { return entries_[kind].size(); }
  const RankedEntry& at(std::size_t kind, std::size_t place) override {
    seen_ = std::max(seen_, place + 1);
    return entries_[kind][place];
  }
  std::size_t seen() const { return seen_; }  // of the kind most looked at

 private:
  std::vector<EntryKind> kinds_;
  std::vector<std::vector<RankedEntry>> entries_;
  std::size_t seen_ = 0;
};

using List = std::vector<std::string>;
using Alike = std::function<double(std::string_view, std::string_view)>;

double nothing_alike(std::string_view, std::string_view) { return 0; }

struct Listed {
  List ids;
  std::vector<std::uint64_t> brought_in;
  std::vector<EntryKind> kinds;
};

Listed listed(const std::vector<Given>& given, const ListRules& rules, const Alike& alike = nothing_alike) {
  Hand hand(given);
  const auto similarity = [&](EntryAt a, EntryAt b) { return alike(hand.at(a.kind, a.rank).id, hand.at(b.kind, b.rank).id); };
  Listed list;
  for (const ListedEntry& one : rank_entries(hand, rules, similarity)) {
    list.ids.emplace_back(hand.at(one.entry.kind, one.entry.rank).id);
    list.brought_in.push_back(one.brought_in);
    list.kinds.push_back(hand.kinds()[one.entry.kind]);
  }
  return list;
}

List varied(const std::vector<Given>& given, std::size_t limit, double lambda, const Alike& alike = nothing_alike) {
  return listed(given, {.limit = limit, .lambda = lambda}, alike).ids;
}

List kept(const std::vector<Given>& given, std::size_t limit, std::vector<double> floors) {
  return listed(given, {.limit = limit, .floors = std::move(floors)}).ids;
}

}  // namespace

TEST_CASE("rerank: a copy of what is listed goes behind something else", "[rerank]") {
  const std::vector<Given> entries{entry(0.8, "best"), entry(0.72, "copy"), entry(0.48, "other")};
  const auto alike = [](std::string_view a, std::string_view b) { return a != "other" && b != "other" ? 1.0 : 0.1; };
  // After "best", by 0.5 * share of the best score - 0.5 * similarity: copy 0.45 - 0.5, other 0.3 - 0.05.
  CHECK(varied(entries, 3, 0.5, alike) == List{"best", "other", "copy"});
  SECTION("but not where difference weighs little: copy 0.81 - 0.1, other 0.54 - 0.01") {
    CHECK(varied(entries, 3, 0.1, alike) == List{"best", "copy", "other"});
  }
  SECTION("with lambda 0 by score alone, with lambda 1 by difference alone") {
    CHECK(varied(entries, 2, 0, alike) == List{"best", "copy"});
    CHECK(varied(entries, 2, 1, alike) == List{"best", "other"});
  }
}

TEST_CASE("rerank: what counts is the likeness to the most similar one listed, not to the last", "[rerank]") {
  const std::vector<Given> entries{entry(1, "a"), entry(0.9, "b"), entry(0.8, "like a"), entry(0.7, "new")};
  const auto alike = [](std::string_view a, std::string_view b) {
    return std::pair(std::min(a, b), std::max(a, b)) == std::pair<std::string_view, std::string_view>("a", "like a") ? 0.9
                                                                                                                     : 0.0;
  };
  CHECK(varied(entries, 4, 0.5, alike) == List{"a", "b", "new", "like a"});
}

TEST_CASE("rerank: equal worth is ordered by score and then by id, whatever the order given", "[rerank]") {
  CHECK(varied({entry(0.5, "z"), entry(0.5, "b"), entry(0.9, "m")}, 3, 0) == List{"m", "b", "z"});
  CHECK(varied({entry(0, "z"), entry(0, "b")}, 2, 0.3) == List{"b", "z"});
}

TEST_CASE("rerank: no country gets more places than its cap, and an organisation gets one", "[rerank]") {
  std::vector<Given> entries{entry(0.9, "k1"), entry(0.8, "k2"), entry(0.7, "k3"), entry(0.6, "m1", kMali),
                             entry(0.5, "m2", kMali)};
  CHECK(listed(entries, {.limit = 3, .country = {.at_most = 2}}).ids == List{"k1", "k2", "m1"});
  CHECK(listed(entries, {.limit = 3, .country = {.at_most = 1}}).ids == List{"k1", "m1"});  // shorter, never broken
  entries[1].entry.organisation = entries[3].entry.organisation = entries[0].entry.organisation;
  CHECK(listed(entries, {.limit = 3}).ids == List{"k1", "k3", "m2"});
}

TEST_CASE("rerank: a cap of three in ten grows with the list, and gives way where nobody else is left", "[rerank]") {
  const CountryCap cap{.at_most = 3, .of_ten = true, .countries = 200};
  CHECK(cap.of(1) == 3);
  CHECK(cap.of(10) == 3);
  CHECK(cap.of(11) == 4);
  CHECK(cap.of(20) == 6);
  CHECK(CountryCap{.at_most = 3, .of_ten = true, .countries = 3}.of(10) == 4);
  std::vector<Given> entries;
  const List names{"a", "b", "c", "d", "e", "f"};
  for (const std::string& name : names) entries.push_back(entry(0.9 - 0.1 * static_cast<double>(entries.size()), name));
  entries.push_back(entry(0.1, "m", kMali));
  CHECK(listed(entries, {.limit = 7, .country = {.at_most = 3, .of_ten = true, .countries = 200}}).ids ==
        List{"a", "b", "c", "m", "d", "e", "f"});
}

TEST_CASE("rerank: the best is first, and a floor brings its group's best in where the share is due", "[rerank]") {
  const std::vector<Given> entries{entry(0.9, "a"),
                                   entry(0.8, "b"),
                                   entry(0.7, "c"),
                                   entry(0.6, "d"),
                                   entry(0.5, "p", kMali, kPoor),
                                   entry(0.4, "q", kMali, kPoor)};
  CHECK(kept(entries, 1, {0.25}) == List{"a"});
  CHECK(kept(entries, 3, {0.25}) == List{"a", "b", "c"});  // a quarter of three, rounded down, is no place
  CHECK(kept(entries, 4, {0.25}) == List{"a", "b", "c", "p"});
  CHECK(kept(entries, 6, {0.25}) == List{"a", "b", "c", "p", "d", "q"});
  CHECK(kept(entries, 4, {0.5}) == List{"a", "p", "b", "q"});
  const Listed list = listed(entries, {.limit = 4, .floors = {0.25}});
  CHECK(list.brought_in == std::vector<std::uint64_t>{0, 0, 0, 1});
  SECTION("even a floor of everything does not put the best aside") { CHECK(kept(entries, 3, {1}) == List{"a", "p", "q"}); }
  SECTION("where too few qualify, as far as it goes") {
    CHECK(kept(entries, 6, {0.5}) == List{"a", "p", "b", "q", "c", "d"});
    CHECK(kept({entry(0.9, "a"), entry(0.8, "b")}, 2, {0.5}) == List{"a", "b"});
  }
}

TEST_CASE("rerank: two floors that fall due together are prepared for", "[rerank]") {
  std::vector<Given> entries{entry(0.2, "poor", kMali, kPoor), entry(0.1, "isle", kPeru, kIsland)};
  for (const char* id : {"a", "b", "c", "d", "e"}) entries.push_back(entry(0.9, id));
  CHECK(kept(entries, 5, {0.2, 0.2}) == List{"a", "b", "c", "poor", "isle"});
  SECTION("one who is of both groups serves both") {
    entries.push_back(entry(0.05, "both", kPeru, kBoth));
    CHECK(kept(entries, 5, {0.2, 0.2}) == List{"a", "b", "c", "d", "both"});
  }
}

TEST_CASE("rerank: a floor is a share of the places of those it is meant for", "[rerank]") {
  constexpr EntryKind adviser{}, project{.in = 0, .scope = 1}, poor{.in = 1, .scope = 1};
  const std::vector<Given> entries{entry(0.9, "adviser 1", kKenya, adviser), entry(0.8, "adviser 2", kKenya, adviser),
                                   entry(0.7, "project 1", kKenya, project), entry(0.6, "project 2", kKenya, project),
                                   entry(0.1, "poor", kMali, poor)};
  CHECK(kept(entries, 4, {0.5}) == List{"adviser 1", "adviser 2", "project 1", "poor"});
}

TEST_CASE("rerank: a floor breaks no cap", "[rerank]") {
  const std::vector<Given> entries{entry(0.9, "a"), entry(0.8, "m", kMali), entry(0.7, "b", kPeru),
                                   entry(0.5, "p", kMali, kPoor), entry(0.4, "q", kPeru, kPoor)};
  CHECK(listed(entries, {.limit = 3, .country = {.at_most = 1}, .floors = {0.4}}).ids == List{"a", "m", "q"});
}

TEST_CASE("rerank: no further than the list needs is looked", "[rerank]") {
  std::vector<Given> entries;
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back(std::to_string(1000 + i));
  for (int i = 0; i < 1000; ++i)
    entries.push_back(entry(1.0 - 0.0005 * i, names[static_cast<std::size_t>(i)], static_cast<std::uint32_t>(i)));
  Hand hand(entries);
  rank_entries(hand, {.limit = 10, .lambda = 0.3}, [](EntryAt, EntryAt) { return 0.2; });
  CHECK(hand.seen() < 400);
}

TEST_CASE("rerank: over random cases a list begins every longer one, the best is first and floors hold throughout",
          "[rerank]") {
  std::mt19937 random(20);
  const auto draw = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  for (int round = 0; round < 300; ++round) {
    const std::size_t count = 1 + draw(40);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back("n" + std::to_string(100 + i));
    std::vector<Given> entries;
    for (std::size_t i = 0; i < count; ++i) {
      Given one = entry(static_cast<double>(draw(20)) / 20, names[i], static_cast<std::uint32_t>(draw(5)),
                        std::vector{kOther, kOther, kPoor, kIsland}[draw(4)]);
      if (draw(6) == 0) one.entry.organisation = names[draw(count)];
      entries.push_back(one);
    }
    ListRules rules{.limit = count, .lambda = draw(2) == 0 ? 0.0 : 0.3};
    if (draw(3) == 0) rules.country = {.at_most = 1 + draw(3), .of_ten = draw(2) == 0, .countries = 5};
    rules.floors = {static_cast<double>(draw(9)) / 20, static_cast<double>(draw(9)) / 20};
    const Alike alike = [](std::string_view a, std::string_view b) { return (a.back() + b.back()) % 7 / 7.0; };
    const Listed whole = listed(entries, rules, alike);
    INFO("round " << round);
    for (std::size_t limit = 1; limit <= whole.ids.size(); ++limit) {
      rules.limit = limit;
      const List shorter = listed(entries, rules, alike).ids;
      REQUIRE(shorter == List(whole.ids.begin(), whole.ids.begin() + static_cast<std::ptrdiff_t>(limit)));
    }
    const double best = std::ranges::max(entries, {}, [](const Given& one) { return one.entry.score; }).entry.score;
    REQUIRE(std::ranges::find(entries, whole.ids.front(), [](const Given& one) { return one.entry.id; })->entry.score == best);
    if (rules.country.at_most > 0 ||
        std::ranges::any_of(entries, [](const Given& one) { return one.entry.organisation != one.entry.id; }))
      continue;  // what is there for a floor is then not plain
    for (std::size_t floor = 0; floor < 2; ++floor) {
      const auto all =
          static_cast<std::size_t>(std::ranges::count_if(entries, [&](const Given& one) { return one.kind.in >> floor & 1U; }));
      std::size_t in = 0;
      for (std::size_t place = 1; place <= whole.kinds.size(); ++place) {
        in += whole.kinds[place - 1].in >> floor & 1U;
        // Two disjoint floors of together at most 0.8 leave room for the best at the first place.
        REQUIRE(in >= std::min(places_of(rules.floors[floor], place), all));
      }
    }
  }
}

TEST_CASE("rerank: shares are rounded down to whole places", "[rerank]") {
  CHECK(places_of(0.1, 10) == 1);
  CHECK(places_of(0.29, 100) == 29);  // 28.999999999999996 as a product of doubles
  CHECK(places_of(0.15, 10) == 1);
  CHECK(places_of(0.2, 4) == 0);
}

}  // namespace counterpart::engine
