// Lists by hand-made numbers: the order of maximal marginal relevance, caps, floors, and what each costs.
#include "engine/rerank.h"

#include "tests/support/catch.h"

namespace counterpart {
namespace {

constexpr std::uint32_t kKenya = 1, kMali = 2, kPeru = 3;
constexpr std::uint64_t kPoor = 1, kIsland = 2;  // bits of groups 0 and 1

RankedEntry entry(double score, std::string_view id, std::uint32_t country = kKenya, std::uint64_t groups = 0) {
  return {score, id, country, std::string(id), groups};
}

double nothing_alike(std::size_t, std::size_t) { return 0; }

using List = std::vector<std::string>;

List ids(const std::vector<RankedEntry>& entries, const RankedList& list) {
  List result;
  for (const std::size_t at : list) result.emplace_back(entries[at].id);
  return result;
}

List varied(const std::vector<RankedEntry>& entries, std::size_t limit, const Diversity& rules,
            const EntrySimilarity& similarity = nothing_alike) {
  return ids(entries, diversify(entries, limit, rules, similarity));
}

// The first `limit` entries, brought to their floors.
List kept(const std::vector<RankedEntry>& entries, std::size_t limit, const std::vector<GroupFloor>& floors,
          const Diversity& caps = {}) {
  RankedList list;
  for (std::size_t at = 0; at < limit; ++at) list.push_back(at);
  keep_floors(entries, floors, caps, list);
  return ids(entries, list);
}

}  // namespace

TEST_CASE("rerank: a copy of what is listed goes behind something else", "[rerank]") {
  const std::vector<RankedEntry> entries{entry(0.8, "best"), entry(0.72, "copy"), entry(0.48, "other")};
  const auto similarity = [](std::size_t a, std::size_t b) { return a + b == 1 ? 1.0 : 0.1; };
  // After "best", by 0.5 * share of the best score - 0.5 * similarity: copy 0.45 - 0.5, other 0.3 - 0.05.
  CHECK(varied(entries, 3, {.lambda = 0.5}, similarity) == List{"best", "other", "copy"});
  SECTION("but not where difference weighs little: copy 0.81 - 0.1, other 0.54 - 0.01") {
    CHECK(varied(entries, 3, {.lambda = 0.1}, similarity) == List{"best", "copy", "other"});
  }
  SECTION("with lambda 0 by score alone, with lambda 1 by difference alone") {
    CHECK(varied(entries, 2, {.lambda = 0}, similarity) == List{"best", "copy"});
    CHECK(varied(entries, 2, {.lambda = 1}, similarity) == List{"best", "other"});
  }
}

TEST_CASE("rerank: what counts is the likeness to the most similar one listed, not to the last", "[rerank]") {
  const std::vector<RankedEntry> entries{entry(1, "a"), entry(0.9, "b"), entry(0.8, "like a"), entry(0.7, "new")};
  const auto similarity = [](std::size_t a, std::size_t b) { return a + b == 2 && a != b ? 0.9 : 0.0; };
  CHECK(varied(entries, 4, {.lambda = 0.5}, similarity) == List{"a", "b", "new", "like a"});
}

TEST_CASE("rerank: equal worth is ordered by score and then by id, whatever the order given", "[rerank]") {
  CHECK(varied({entry(0.5, "z"), entry(0.5, "b"), entry(0.9, "m")}, 3, {.lambda = 0}) == List{"m", "b", "z"});
  CHECK(varied({entry(0, "z"), entry(0, "b")}, 2, {.lambda = 0.3}) == List{"b", "z"});
}

TEST_CASE("rerank: no country and no organisation gets more places than its cap", "[rerank]") {
  std::vector<RankedEntry> entries{entry(0.9, "k1"), entry(0.8, "k2"), entry(0.7, "k3"), entry(0.6, "m1", kMali),
                                   entry(0.5, "m2", kMali)};
  CHECK(varied(entries, 3, {.lambda = 0, .per_country_at_most = 2}) == List{"k1", "k2", "m1"});
  CHECK(varied(entries, 3, {.lambda = 0, .per_country_at_most = 1}) == List{"k1", "m1"});  // shorter, never broken
  entries[1].organisation = entries[3].organisation = entries[0].organisation;
  CHECK(varied(entries, 3, {.lambda = 0, .per_organisation_at_most = 1}) == List{"k1", "k3", "m2"});
}

TEST_CASE("rerank: for a floor the worst outsider gives way to the best insider further down", "[rerank]") {
  const std::vector<RankedEntry> entries{entry(0.9, "a"),       entry(0.8, "b"),
                                         entry(0.7, "p", kMali, kPoor), entry(0.6, "d"),
                                         entry(0.5, "q", kMali, kPoor), entry(0.4, "r", kMali, kPoor)};
  CHECK(kept(entries, 4, {{0, 0.25}}) == List{"a", "b", "p", "d"});
  CHECK(kept(entries, 4, {{0, 0.26}}) == List{"a", "b", "p", "q"});  // a share is rounded up to whole places
  CHECK(kept(entries, 4, {{0, 0.75}}) == List{"a", "r", "p", "q"});
  SECTION("and the cost is what the mean score loses") {
    RankedList list{0, 1, 2, 3};
    const double before = mean_score(entries, list);
    CHECK(before == Approx(0.75));
    CHECK(keep_floors(entries, std::vector<GroupFloor>{{0, 0.75}}, {}, list) == 2);
    CHECK(before - mean_score(entries, list) == Approx((0.6 - 0.5 + 0.8 - 0.4) / 4));
  }
  SECTION("where too few qualify, as far as it goes") {
    CHECK(kept(entries, 5, {{0, 1}}) == List{"a", "b", "p", "r", "q"});
    CHECK(kept({entry(0.9, "a"), entry(0.8, "b"), entry(0.7, "c")}, 2, {{0, 0.5}}) == List{"a", "b"});
    CHECK(mean_score(entries, {}) == 0);
  }
}

TEST_CASE("rerank: one tenth of ten is one place", "[rerank]") {
  CHECK(places_of({0, 0.1}, 10) == 1);
  CHECK(places_of({0, 0.07}, 100) == 7);  // 7.000000000000001 as a product of doubles
  CHECK(places_of({0, 0.15}, 10) == 2);
  CHECK(places_of({0, 0.2}, 0) == 0);
}

TEST_CASE("rerank: a floor is never kept at the expense of another one", "[rerank]") {
  const std::vector<RankedEntry> entries{entry(0.9, "a"), entry(0.8, "isle", kPeru, kIsland),
                                         entry(0.7, "poor", kMali, kPoor),
                                         entry(0.2, "both", kMali, kPoor | kIsland)};
  // The one islander is the worst outsider to group 0, but holds the only place of its floor.
  CHECK(kept(entries, 2, {{1, 0.5}, {0, 0.5}}) == List{"poor", "isle"});
  SECTION("one who brings the other floor along may replace it") {
    CHECK(kept({entries[1], entries[0], entries[3]}, 1, {{1, 1}, {0, 1}}) == List{"both"});
  }
  SECTION("and where nobody may go, nobody goes") {
    CHECK(kept({entries[1], entries[2]}, 1, {{1, 1}, {0, 1}}) == List{"isle"});
  }
}

TEST_CASE("rerank: a floor breaks no cap", "[rerank]") {
  const std::vector<RankedEntry> entries{entry(0.9, "a"), entry(0.8, "m", kMali), entry(0.7, "b", kPeru),
                                         entry(0.5, "p", kMali, kPoor), entry(0.4, "q", kPeru, kPoor)};
  const Diversity caps{.lambda = 0, .per_country_at_most = 1};
  CHECK(kept(entries, 3, {{0, 0.3}}, caps) == List{"a", "p", "b"});  // its own country's place, not the worst one's
  CHECK(kept(entries, 3, {{0, 0.6}}, caps) == List{"a", "p", "q"});
  CHECK(kept({entry(0.9, "a"), entry(0.8, "m", kMali), entry(0.1, "p", kMali, kPoor), entry(0.05, "s", kMali, kPoor)}, 2,
             {{0, 1}}, caps) == List{"a", "p"});
}

}  // namespace counterpart
