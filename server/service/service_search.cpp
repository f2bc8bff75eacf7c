#include "server/service/service_search.h"

#include <algorithm>

#include "engine/base/patience.h"
#include "engine/corpus/field.h"
#include "engine/taxonomy/name_query.h"
#include "index/text/words.h"
#include "server/service/page_cursor.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kMostWords = 32;    // of a query
constexpr std::size_t kCommonShare = 6;   // a word that one text in so many holds tells nothing,
constexpr std::size_t kCommonLeast = 20;  // nor where fewer do

constexpr auto kNames = static_cast<std::uint8_t>(Named::kNot);  // ranks below are of names
constexpr auto kMeaning = static_cast<std::uint8_t>(kNames + kMostWords);

// One query, and what it asks for.
class Asked {
 public:
  Asked(const Corpus& corpus, const Taxonomy& taxonomy, const std::string& q, const std::optional<SearchPlan>& plan)
      : corpus_(corpus), names_(q, taxonomy.legal_forms), words_(alternative_words(q, kMostWords)) {
    plan_ = plan ? *plan : SearchPlan{0, common()};
    std::vector<AlternativeWords> telling;
    for (std::size_t i = 0; i < words_.size(); ++i)
      if ((plan_.common >> i & 1U) == 0) telling.push_back(words_[i]);
    held_ = corpus_.words_held(telling);
  }

  // Nobody has these words in his name: they may be misspelt.
  void learn_names(const std::vector<Candidate>& candidates) {
    std::uint32_t known = 0;
    for (const Candidate& candidate : candidates) known |= names_.words_in(corpus_.name(candidate.row));
    plan_.misspelt = ~known & static_cast<std::uint32_t>((std::uint64_t{1} << names_.words().size()) - 1);
  }

  const SearchPlan& plan() const { return plan_; }

  HitPosition position(const Candidate& candidate) const {
    const Row row = candidate.row;
    const double score = (static_cast<double>(candidate.forward) + static_cast<double>(candidate.backward)) / 2;
    const Named named = names_.of(corpus_.id(row), corpus_.title(row), corpus_.name(row), plan_.misspelt);
    if (named != Named::kNot) return {static_cast<std::uint8_t>(named), score};
    return {static_cast<std::uint8_t>(kMeaning - held_[row]), score};
  }

  static std::string_view found_by(const HitPosition& position) {
    return position.rank < kNames ? "name" : position.rank < kMeaning ? "words" : "meaning";
  }

 private:
  std::uint32_t common() const {
    std::uint32_t common = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const auto held = corpus_.words_held({&words_[i], 1});
      const auto holders = static_cast<std::size_t>(std::ranges::count_if(held, [](std::uint8_t n) { return n > 0; }));
      if (holders > std::max(kCommonLeast, corpus_.size() / kCommonShare)) common |= std::uint32_t{1} << i;
    }
    return common;
  }

  const Corpus& corpus_;
  NameQuery names_;
  std::vector<AlternativeWords> words_;
  SearchPlan plan_;
  std::vector<std::uint8_t> held_;  // of the words that tell something, by row
};

struct Placed {
  HitPosition position;
  Row row = 0;
};

// All that pass, the first `wanted` behind the cursor in order.
std::vector<Placed> placed(const Corpus& corpus, const Taxonomy& taxonomy, const Embedder& embedder, const SearchCall& call,
                           const Filter& filter, std::int32_t today, PageCursor& cursor, std::size_t wanted) {
  std::vector<float> vector = embedder.embed(call.q, {});
  const SearchResult found =
      corpus.search({.seeker = {.offers = vector, .seeks = vector, .fine_offers = {}, .fine_seeks = {}, .words = {}},
                     .forward_weight = 0.5F,
                     .backward_weight = 0.5F,
                     .filter = filter,
                     .today = today,
                     .exclude_id = {},
                     .wanted = corpus.size() + 1,
                     .exact = true});
  Asked asked(corpus, taxonomy, call.q, cursor.position ? std::optional(cursor.plan) : std::nullopt);
  if (!cursor.position) asked.learn_names(found.candidates);
  cursor.plan = asked.plan();
  std::vector<Placed> rows;
  for (const Candidate& candidate : found.candidates)
    if (const HitPosition position = asked.position(candidate); cursor.before(position, corpus.id(candidate.row)))
      rows.push_back({position, candidate.row});
  const std::size_t first = std::min(wanted, rows.size());
  std::ranges::partial_sort(rows, rows.begin() + static_cast<std::ptrdiff_t>(first), [&](const Placed& a, const Placed& b) {
    if (a.position.rank != b.position.rank) return a.position.rank < b.position.rank;
    return a.position.score != b.position.score ? a.position.score > b.position.score : corpus.id(a.row) < corpus.id(b.row);
  });
  rows.resize(first);
  return rows;
}

}  // namespace

Result<SearchAnswer> search_profiles(const Corpus& corpus, const Taxonomy& taxonomy, const Embedder& embedder,
                                     const SearchCall& call, std::int32_t today) {
  if (call.limit < kSearchPage.least || call.limit > kSearchPage.most)
    return fail(ErrorCode::kInvalid, "limit", "`" + std::to_string(call.limit) + "` is out of range",
                "give a number from " + std::to_string(kSearchPage.least) + " to " + std::to_string(kSearchPage.most));
  Result<PageCursor> cursor = PageCursor::parse(call);
  if (!cursor) return tl::unexpected(cursor.error());
  const Filter filter{.all = call.where, .either = {}};
  SearchAnswer answer{.hits = {},
                      .total = corpus.count(filter, today),
                      .removed = {},
                      .facets = {},
                      .next_cursor = {},
                      .sequence = corpus.sequence()};
  if (answer.total == 0) {
    const auto own = call.where.end() - static_cast<std::ptrdiff_t>(call.in_sight);
    answer.removed = absence_of(corpus, {own, call.where.end()}, {call.where.begin(), own}, today).removed;
  }
  for (const std::string& field : call.facets) {
    if (!find_field(field))
      return fail(ErrorCode::kInvalid, "facets", "`" + field.substr(0, 80) + "` is no field", "see GET /v1/profiles");
    answer.facets[field] = corpus.facet(filter, today, field);
  }
  const auto add = [&](Row row, std::optional<double> score, std::string_view found_by) {
    const Traits& traits = corpus.traits(row);
    answer.hits.push_back({std::string(corpus.id(row)), std::string(corpus.title(row)),
                           taxonomy.countries.entries()[traits.country].code,
                           std::string(name_of(static_cast<Kind>(traits.kind))), score, found_by});
  };
  if (call.q.empty()) {
    const std::vector<std::string> ids = corpus.list(filter, cursor->id, call.limit + 1);
    for (std::size_t i = 0; i < ids.size() && i < call.limit; ++i) add(*corpus.find(ids[i]), std::nullopt, {});
    if (ids.size() > call.limit) answer.next_cursor = PageCursor{{}, answer.hits.back().id, {}}.text(call);
    return answer;
  }
  const std::vector<Placed> rows = placed(corpus, taxonomy, embedder, call, filter, today, *cursor, call.limit + 1);
  if (Patience::over()) return given_up();
  for (std::size_t i = 0; i < rows.size() && i < call.limit; ++i)
    add(rows[i].row, rows[i].position.score, Asked::found_by(rows[i].position));
  if (rows.size() > call.limit)
    answer.next_cursor = PageCursor{rows[call.limit - 1].position, answer.hits.back().id, cursor->plan}.text(call);
  return answer;
}

}  // namespace counterpart::server
