#include "server/service_search.h"

#include "engine/field.h"
#include "server/page_cursor.h"

namespace counterpart {
namespace {

constexpr std::size_t kMaxPage = 250;

}  // namespace

Result<SearchAnswer> search_profiles(const Corpus& corpus, const Taxonomy& taxonomy, const Embedder& embedder,
                                     const SearchCall& call, std::int32_t today) {
  if (call.limit < 1 || call.limit > kMaxPage)
    return fail(ErrorCode::kInvalid, "limit", "`" + std::to_string(call.limit) + "` is out of range",
                "give a number from 1 to " + std::to_string(kMaxPage));
  const Result<PageCursor> cursor = PageCursor::parse(call);
  if (!cursor) return tl::unexpected(cursor.error());
  const Filter filter{.all = call.where, .either = {}};
  SearchAnswer answer{.hits = {}, .total = corpus.count(filter, today), .removed = {}, .facets = {}, .next_cursor = {},
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
  const auto add = [&](Row row, std::optional<double> score) {
    const Traits& traits = corpus.traits(row);
    answer.hits.push_back({std::string(corpus.id(row)), std::string(corpus.title(row)),
                           taxonomy.countries.entries()[traits.country].code,
                           std::string(name_of(static_cast<Kind>(traits.kind))), score});
  };
  if (call.q.empty()) {
    const std::vector<std::string> ids = corpus.list(filter, cursor->id, call.limit + 1);
    for (std::size_t i = 0; i < ids.size() && i < call.limit; ++i) add(*corpus.find(ids[i]), std::nullopt);
    if (ids.size() > call.limit) answer.next_cursor = PageCursor{{}, answer.hits.back().id}.text(call);
    return answer;
  }
  std::vector<float> vector = embedder.embed(call.q, {});
  const Found found = corpus.search({.seeker = {.offers = vector, .seeks = vector, .fine_offers = {}, .fine_seeks = {}, .words = {}},
                                      .forward_weight = 0.5F,
                                      .backward_weight = 0.5F,
                                      .filter = filter,
                                      .today = today,
                                      .exclude_id = {},
                                      .wanted = corpus.size() + 1,
                                      .exact = true});
  for (const Candidate& candidate : found.candidates) {
    const double score = (static_cast<double>(candidate.forward) + static_cast<double>(candidate.backward)) / 2;
    if (!cursor->before(score, corpus.id(candidate.row))) continue;
    if (answer.hits.size() == call.limit) {
      answer.next_cursor = PageCursor{*answer.hits.back().score, answer.hits.back().id}.text(call);
      break;
    }
    add(candidate.row, score);
  }
  return answer;
}

}  // namespace counterpart
