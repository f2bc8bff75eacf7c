#include "engine/match/matcher.h"

#include <algorithm>
#include <bit>

#include "engine/corpus/field.h"
#include "engine/match/repeats.h"
#include "engine/programme/eligibility.h"

namespace counterpart::engine {
namespace {

// So many of the best by text are scored by all signals; rows beyond can change the order only where structured signals
// outweigh the text, which `complete` tells.
constexpr std::size_t kPool = 1'500;
// So many of all together who miss one condition: only the best is told.
constexpr std::size_t kPoolBeyond = 600;
// Where no more than these qualify, all are scored by all signals and the list is complete.
constexpr std::size_t kScoredInFull = 8'192;

// What the signals say, what is about the matter first, then the groups that make a host country worth naming to an officer.
std::vector<Reason> reasons_with_host(const Pair& pair, const Score& score, const std::string& country) {
  std::vector<Reason> found = reasons(pair, score);
  constexpr std::pair<std::string_view, std::string_view> kTold[] = {
      {"LDC", "host.ldc"}, {"LLDC", "host.lldc"}, {"SIDS", "host.sids"}};
  const auto keys = pair.taxonomy.country_keys(country);
  std::vector<PhraseWord> groups;
  for (const auto& [group, term] : kTold)
    if (std::ranges::find(keys, group) != keys.end()) groups.emplace_back(Term{std::string(term)});
  if (!groups.empty())
    found.push_back(
        {{"reason.host", {{"country", Title{Title::List::kCountries, country}}, {"groups", std::move(groups)}}}, false});
  return found;
}

std::vector<Phrase> phrases_of(std::vector<Reason> reasons) {
  std::vector<Phrase> phrases;
  for (Reason& reason : reasons) phrases.push_back(std::move(reason.phrase));
  return phrases;
}

std::vector<std::string> role_names(std::uint32_t roles) {
  std::vector<std::string> names;
  for (; roles != 0; roles &= roles - 1)
    names.emplace_back(Vocabulary<Role>::kNames[static_cast<std::size_t>(std::countr_zero(roles))]);
  return names;
}

Asker asker_of(const Seeker& seeker) { return {seeker.profile, seeker.anonymous, seeker.side}; }

Traits traits_of_seeker(const Seeker& seeker, const Taxonomy& taxonomy) {
  Traits own = traits_of(seeker.profile, taxonomy);
  if (seeker.anonymous) {
    if (seeker.profile.country.empty()) own.country = kNoCountry;
    own.languages = 0;  // the words' language is not that of the one who asks: the same question gets the same answer
  }
  return own;
}

// In the candidates' order.
std::vector<Ranked> ranked_by(const Corpus& corpus, const std::vector<Candidate>& candidates, const Traits& own,
                              const Weights& weights, const Taxonomy& taxonomy, std::int32_t today) {
  const TotalScores totals(own, weights);
  std::vector<Ranked> ranked;
  ranked.reserve(candidates.size());
  for (const Candidate& candidate : candidates)
    ranked.push_back({totals.of({own, corpus.traits(candidate.row), candidate, taxonomy, today}), candidate});
  return ranked;
}

// What passes any of these.
Filter either_of(std::span<const OneBeyond* const> all) {
  Filter either;
  for (const OneBeyond* one : all) {
    if (one->filter.either.empty()) either.either.push_back(one->filter.all);
    for (const Conditions& group : one->filter.either) {
      either.either.push_back(one->filter.all);
      either.either.back().insert(either.either.back().end(), group.begin(), group.end());
    }
  }
  return either;
}

}  // namespace

Matcher::Matcher(const Taxonomy& taxonomy, const Programme& programme)
    : taxonomy_(taxonomy), programme_(programme), weights_(weights_of(programme.weights)), groups_(taxonomy, programme) {}

Result<Matches> Matcher::match(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request) const {
  if (request.limit < 1 || request.limit > kMaxLimit)
    return fail(ErrorCode::kInvalid, "limit", "`" + std::to_string(request.limit) + "` is out of range",
                "give a number from 1 to " + std::to_string(kMaxLimit));
  if (request.after >= kMaxLimit)
    return fail(ErrorCode::kInvalid, "after", "`" + std::to_string(request.after) + "` is out of range",
                "give a number from 0 to " + std::to_string(kMaxLimit - 1));
  if (Status known = check_side(seeker.side); !known) return tl::unexpected(known.error());
  const std::size_t end = std::min(request.after + request.limit, kMaxLimit);  // of the list that the page ends

  Conditions where = request.where;
  where.insert(where.end(), request.within.begin(), request.within.end());
  const Traits own = traits_of_seeker(seeker, taxonomy_);
  const TextWeights text = text_weights_of(own);
  Search search{.seeker = seeker.faces,
                .forward_weight = text.forward,
                .backward_weight = text.backward,
                .filter = filter_for(asker_of(seeker), programme_, where, taxonomy_),
                .today = request.today,
                .exclude_id = seeker.profile.id,
                .wanted = request.exact ? corpus.size() + 1 : std::max(kPool, 2 * end),
                .wanted_if_all_compared = request.scan ? 0 : kScoredInFull,
                .exact = request.exact || request.scan};
  const SearchResult found = corpus.search(search);
  search.prepared = found.prepared;  // for those who miss a condition
  Stopwatch watch;

  Question question = question_of(corpus, seeker, request, found.qualifying);
  std::vector<Ranked> ranked = ranked_by(corpus, found.candidates, question.own, weights_, taxonomy_, request.today);
  std::vector<Ranked> full = take_full(question, ranked);
  const std::size_t left_out = tell_chance(question, ranked);
  Listing listing = request.plain
                        ? list_rows(corpus, ranked, end)
                        : list_matches(corpus, programme_, groups_, ranked, {.limit = end, .diversify = request.diversify});
  if (!request.plain) groups_.count_qualifying(corpus, programme_, search, found, listing.exposure);

  const std::size_t passed = std::min(request.after, listing.matches.size());
  Matches result{.matches = {},
                 .more = listing.more && end < kMaxLimit,
                 .complete = found.scanned == found.qualifying && found.candidates.size() == found.qualifying,
                 .somebody = question.better.anybody && found.qualifying > full.size(),
                 .weak = std::min(left_out, end - request.after - (listing.matches.size() - passed)),
                 .full = full.size(),
                 .method = found.method,
                 .qualifying = found.qualifying,
                 .scanned = found.scanned,
                 .sequence = corpus.sequence(),
                 .exposure = std::move(listing.exposure),
                 .exposure_cost = listing.exposure_cost,
                 .diversity_cost = listing.diversity_cost,
                 .awaiting_fine = corpus.awaiting_fine(),
                 .facets = facets_of(corpus, search, request, seeker),
                 .seconds = {.embed = 0, .filter = found.filter_seconds, .search = found.search_seconds, .score = 0}};
  std::vector<Row> rows;
  for (const ListedMatch& one : std::span(listing.matches).subspan(passed)) {
    Match match = match_of(question, one);
    if (!request.bands.contains(match.band)) continue;
    result.matches.push_back(std::move(match));
    rows.push_back(one.best.candidate.row);
  }
  tell_sides(question, rows, result.matches);
  tell_places(question, rows, result.matches);
  if (!result.somebody && request.tell_absence) tell_absence(question, std::move(search), std::move(full), result);
  result.seconds.score = watch.lap();
  return result;
}

std::map<std::string, FacetCounts> Matcher::facets_of(const Corpus& corpus, const Search& search, const MatchRequest& request,
                                                      const Seeker& seeker) const {
  std::map<std::string, FacetCounts> facets;
  const std::optional<Row> own = corpus.find(seeker.profile.id);
  const bool counted = own && corpus.passing(search.filter, search.today, {&*own, 1})[0];
  for (const std::string& name : request.facets) {
    const Field* field = find_field(name);
    FacetCounts counts = corpus.facet(search.filter, search.today, name);
    const Keys keys = counted && field ? field->keys(seeker.profile, taxonomy_) : Keys();
    for (auto& [key, count] : counts)
      if (std::ranges::find(keys, key) != keys.end()) --count;
    std::erase_if(counts, [](const auto& one) { return one.second == 0; });
    facets[name] = std::move(counts);
  }
  return facets;
}

// Whoever states one side alone is never compared by the other alone.
TextWeights Matcher::text_weights_of(const Traits& seeker) const {
  TextWeights text = text_weights(weights_, false);
  if (seeker.own_need > seeker.own_offer) text.backward = 0;
  if (seeker.own_offer > seeker.own_need) text.forward = 0;
  return text;
}

Status Matcher::check_side(const std::string& side) const {
  if (side.empty() || std::ranges::count(programme_.sides, side, &ProgrammeSide::name) > 0) return {};
  std::string names;
  for (const ProgrammeSide& one : programme_.sides) names += (names.empty() ? "" : ", ") + one.name;
  return fail(ErrorCode::kNotFound, "side", "`" + side + "` is no side of " + programme_.slug,
              names.empty() ? "leave it out: this programme has no sides" : "its sides are " + names);
}

Matcher::Question Matcher::question_of(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request,
                                       std::uint64_t among) const {
  Question question{corpus, seeker, request, traits_of_seeker(seeker, taxonomy_), {}, among};
  if (const UnrelatedTexts* unrelated = corpus.unrelated())
    question.nearness.emplace(*unrelated, seeker.faces, !seeker.profile.seeks.empty(), !seeker.profile.offers.empty());
  return question;
}

std::size_t Matcher::tell_chance(Question& question, std::vector<Ranked>& ranked) const {
  if (!question.nearness) return 0;
  std::vector<double> nearness;
  std::vector<Row> rows;
  nearness.reserve(ranked.size());
  rows.reserve(ranked.size());
  for (const Ranked& one : ranked) {
    nearness.push_back(question.near(one.candidate));
    rows.push_back(one.candidate.row);
  }
  leave_out_repeats(question.corpus, rows, nearness);
  question.better = better_than_chance(nearness, question.among);
  if (question.request.bands.contains(Band::kWeak)) return 0;
  return std::erase_if(ranked, [&](const Ranked& one) { return question.near(one.candidate) < question.better.least; });
}

std::vector<PlacesOf> Matcher::places_of(const Question& question, std::span<const Row> rows) const {
  std::vector<std::string_view> ids;
  for (const Row row : rows) ids.push_back(question.corpus.id(row));
  const std::vector<unsigned> taken = question.request.places_taken(ids);
  std::vector<PlacesOf> places;
  for (std::size_t i = 0; i < rows.size(); ++i)
    places.push_back({.taken = taken[i], .capacity = question.corpus.traits(rows[i]).capacity});
  return places;
}

std::vector<Ranked> Matcher::take_full(const Question& question, std::vector<Ranked>& ranked) const {
  if (!question.request.places_taken || question.request.list_full || question.request.plain) return {};
  std::vector<Row> rows;
  for (const Ranked& one : ranked) rows.push_back(one.candidate.row);
  const std::vector<PlacesOf> places = places_of(question, rows);
  std::vector<Ranked> full, others;
  for (std::size_t i = 0; i < ranked.size(); ++i) (places[i].full() ? full : others).push_back(ranked[i]);
  ranked = std::move(others);
  return full;
}

void Matcher::tell_places(const Question& question, std::span<const Row> rows, std::vector<Match>& matches) const {
  if (!question.request.places_taken) return;
  const std::vector<PlacesOf> places = places_of(question, rows);
  for (std::size_t i = 0; i < rows.size(); ++i) matches[i].places = places[i];
}

void Matcher::tell_absence(const Question& asked, Search search, std::vector<Ranked> full, Matches& result) const {
  const auto& [corpus, seeker, request, own, nearness, among, better] = asked;
  result.absence = absence_of({corpus, taxonomy_, programme_, asker_of(seeker), request.within, request.where, request.today});
  search.wanted = search.wanted_if_all_compared = kPoolBeyond;
  std::map<std::int32_t, std::vector<const OneBeyond*>> by_day;
  for (const OneBeyond& one : result.absence->one_beyond) by_day[one.today].push_back(&one);
  for (const auto& [day, beyond] : by_day) {
    // One search for all of them: a search takes far longer than to tell which condition somebody misses.
    search.filter = either_of(beyond);
    search.today = day;
    const std::vector<Ranked> ranked =
        ranked_by(corpus, corpus.search(search).candidates, own, weights_, taxonomy_, request.today);
    std::vector<Row> rows;
    for (const Ranked& one : ranked) rows.push_back(one.candidate.row);
    for (const OneBeyond* one : beyond) {
      const std::vector<bool> passes = corpus.passing(one->filter, day, rows);
      std::vector<Ranked> own_ranked;
      for (std::size_t i = 0; i < ranked.size(); ++i)
        if (passes[i]) own_ranked.push_back(ranked[i]);
      offer_nearest(asked, std::move(own_ranked), one->condition, result);
    }
  }
  if (full.empty()) return;
  const Removed no_place{{"absence.free_place"}, {"owner.counterparts"}, full.size(), {"absence.end_one"}};
  result.absence->removed.push_back(no_place);
  offer_nearest(asked, std::move(full), no_place, result);
}

void Matcher::offer_nearest(const Question& asked, std::vector<Ranked> ranked, const Removed& condition,
                            Matches& result) const {
  Question beyond = asked;
  beyond.among = condition.count;
  tell_chance(beyond, ranked);
  const Listing best = list_rows(asked.corpus, ranked, 1);
  if (best.matches.empty()) return;
  Match match = match_of(beyond, best.matches[0]);
  // Those who meet every condition do not fit: whoever fits no better is no news.
  if (asked.among > 0 && match.band == Band::kWeak) return;
  const auto goes_first = [](const Match& a, const Match& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; };
  if (!result.nearest || goes_first(match, result.nearest->match)) result.nearest = Nearest{std::move(match), condition};
}

void Matcher::tell_sides(const Question& question, std::span<const Row> rows, std::vector<Match>& matches) const {
  for (const std::size_t side : sides_across(asker_of(question.seeker), programme_, taxonomy_)) {
    const std::vector<bool> stands =
        question.corpus.passing({.all = programme_.sides[side].eligible, .either = {}}, kEver, rows);
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (stands[i] && matches[i].side.empty()) matches[i].side = programme_.sides[side].name;
  }
}

Match Matcher::match_of(const Question& question, const ListedMatch& listed) const {
  const auto& [corpus, seeker, request, own, nearness, among, better] = question;
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
  std::vector<Reason> why = reasons_with_host(pair, full, match.country);
  BandEvidence evidence{.about_matter = !why.empty() && why.front().about_matter};
  match.reasons = phrases_of(std::move(why));
  if (match.reasons.empty()) match.reasons.push_back({"reason.none"});
  if (request.explain) match.parts = std::move(full.parts);
  for (const Row row : listed.also) match.also.emplace_back(corpus.id(row));
  match.brought_in = listed.brought_in;
  match.roles = role_names(traits.roles);
  if (nearness) {
    const double near = nearness->of(candidate);
    match.expected = expected_by_chance(near, among);
    evidence.better = near >= better.least;
  }
  if (request.place_with) match.place = request.place_with(match.id);
  evidence.expected = match.expected;
  evidence.place = match.place;
  match.band = band_of(evidence);
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
  result.reasons = phrases_of(reasons_with_host(pair, result.score, b.country));
  result.verdicts = verdicts_on(a.profile, b, programme_, today, taxonomy_);
  result.matched = std::ranges::all_of(result.verdicts, &Verdict::met);
  return result;
}

}  // namespace counterpart::engine
