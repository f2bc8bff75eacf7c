#include "engine/match/matcher.h"

#include <algorithm>

#include "engine/programme/eligibility.h"

namespace counterpart::engine {
namespace {

// So many of the best by text are scored by all signals; rows beyond can change the order only where structured signals
// outweigh the text, which `complete` tells.
constexpr std::size_t kPool = 1'500;
// Where no more than these qualify, all are scored by all signals and the list is complete.
constexpr std::size_t kScoredInFull = 8'192;

// What the signals say, then the groups that make a host country worth naming to an officer.
std::vector<std::string> reasons_with_host(const Pair& pair, const Score& score, const std::string& country) {
  std::vector<std::string> texts = reasons(pair, score);
  std::string groups;
  for (const std::string& key : pair.taxonomy.country_keys(country))
    if (key == "LDC" || key == "LLDC" || key == "SIDS") groups += (groups.empty() ? "" : ", ") + key;
  if (!groups.empty()) texts.push_back(std::string(pair.taxonomy.countries.title(country)) + " is " + groups);
  return texts;
}

Traits traits_of_seeker(const Seeker& seeker, const Taxonomy& taxonomy) {
  Traits own = traits_of(seeker.profile, taxonomy);
  if (seeker.anonymous) {
    own.country = kNoCountry;
    own.languages = 0;  // the words' language is not that of the one who asks: the same question gets the same answer
  }
  return own;
}

}  // namespace

Matcher::Matcher(const Taxonomy& taxonomy, const Programme& programme)
    : taxonomy_(taxonomy), programme_(programme), weights_(weights_of(programme.weights)), groups_(taxonomy, programme) {}

Result<Matches> Matcher::match(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request) const {
  if (request.limit < 1 || request.limit > kMaxLimit)
    return fail(ErrorCode::kInvalid, "limit", "`" + std::to_string(request.limit) + "` is out of range",
                "give a number from 1 to " + std::to_string(kMaxLimit));

  Conditions where = request.where;
  where.insert(where.end(), request.within.begin(), request.within.end());
  const Traits own = traits_of_seeker(seeker, taxonomy_);
  const TextWeights text = text_weights_of(own);
  Search search{.seeker = seeker.faces,
                .forward_weight = text.forward,
                .backward_weight = text.backward,
                .filter = filter_for(seeker.profile, seeker.anonymous, programme_, where, taxonomy_),
                .today = request.today,
                .exclude_id = seeker.profile.id,
                .wanted = request.exact ? corpus.size() + 1 : std::max(kPool, 2 * request.limit),
                .wanted_if_all_compared = kScoredInFull,
                .exact = request.exact};
  const SearchResult found = corpus.search(search);
  Stopwatch watch;

  std::vector<Ranked> ranked;
  ranked.reserve(found.candidates.size());
  for (const Candidate& candidate : found.candidates)
    ranked.push_back(
        {total_score({own, corpus.traits(candidate.row), candidate, taxonomy_, request.today}, weights_), candidate});
  Listing listing = request.plain ? list_rows(corpus, ranked, request.limit)
                                  : list_matches(corpus, programme_, groups_, ranked,
                                                 {.limit = request.limit, .diversify = request.diversify});
  if (!request.plain) groups_.count_qualifying(corpus, programme_, search, found, listing.exposure);

  Matches result{.matches = {},
                 .complete = found.scanned == found.qualifying && found.candidates.size() == found.qualifying,
                 .method = found.method,
                 .qualifying = found.qualifying,
                 .scanned = found.scanned,
                 .sequence = corpus.sequence(),
                 .exposure = std::move(listing.exposure),
                 .exposure_cost = listing.exposure_cost,
                 .diversity_cost = listing.diversity_cost,
                 .awaiting_fine = corpus.awaiting_fine(),
                 .seconds = {.embed = 0, .filter = found.filter_seconds, .search = found.search_seconds, .score = 0}};
  for (const ListedMatch& one : listing.matches) result.matches.push_back(match_of(corpus, own, one, request));
  if (result.matches.empty() && request.tell_absence) tell_absence(corpus, seeker, request, std::move(search), result);
  result.seconds.score = watch.lap();
  return result;
}

// Whoever states one side alone is never compared by the other alone.
TextWeights Matcher::text_weights_of(const Traits& seeker) const {
  TextWeights text = text_weights(weights_, false);
  if (seeker.own_need > seeker.own_offer) text.backward = 0;
  if (seeker.own_offer > seeker.own_need) text.forward = 0;
  return text;
}

void Matcher::tell_absence(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request, Search search,
                           Matches& result) const {
  result.absence = absence_of(
      {corpus, taxonomy_, programme_, seeker.profile, seeker.anonymous, request.within, request.where, request.today});
  const Traits own = traits_of_seeker(seeker, taxonomy_);
  ListedMatch best;
  const OneBeyond* beyond = nullptr;
  for (const OneBeyond& one : result.absence->one_beyond) {
    search.filter = one.filter;
    search.today = one.today;
    for (const Candidate& candidate : corpus.search(search).candidates) {
      const double total = total_score({own, corpus.traits(candidate.row), candidate, taxonomy_, request.today}, weights_);
      const bool better = !beyond || total > best.best.total ||
                          (total == best.best.total && corpus.id(candidate.row) < corpus.id(best.best.candidate.row));
      if (better) best.best = {total, candidate}, beyond = &one;
    }
  }
  if (beyond) result.nearest = Nearest{match_of(corpus, own, best, request), beyond->condition};
}

Match Matcher::match_of(const Corpus& corpus, const Traits& own, const ListedMatch& listed, const MatchRequest& request) const {
  const Candidate& candidate = listed.best.candidate;
  const Traits& traits = corpus.traits(candidate.row);
  const Pair pair{own, traits, candidate, taxonomy_, request.today};
  Score full = score(pair, weights_);
  Match match{.id = std::string(corpus.id(candidate.row)),
              .title = std::string(corpus.title(candidate.row)),
              .country = taxonomy_.countries.entries()[traits.country].code,
              .score = full.total,
              .parts = {},
              .reasons = {}};
  match.reasons = reasons_with_host(pair, full, match.country);
  if (match.reasons.empty()) match.reasons.push_back("meets every condition; no signal speaks for it in particular");
  if (request.explain) match.parts = std::move(full.parts);
  for (const Row row : listed.also) match.also.emplace_back(corpus.id(row));
  match.brought_in = listed.brought_in;
  return match;
}

Explanation Matcher::explain(const Corpus& corpus, const Seeker& a, const Profile& b, Row b_row, std::int32_t today) const {
  Explanation result;
  const Candidate compared = corpus.compare(a.faces, b_row);
  const Traits own = traits_of(a.profile, taxonomy_);
  Traits other = traits_of(b, taxonomy_);
  other.accepted = corpus.traits(b_row).accepted;
  const Pair pair{own, other, compared, taxonomy_, today};
  result.score = score(pair, weights_);
  result.reasons = reasons_with_host(pair, result.score, b.country);
  result.verdicts = verdicts_on(a.profile, b, programme_, today, taxonomy_);
  result.matched = std::ranges::all_of(result.verdicts, &Verdict::met);
  return result;
}

}  // namespace counterpart::engine
