#include "server/evaluate/evaluation.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/threads.h"
#include "index/space/corpus_space.h"
#include "index/text/words.h"

namespace counterpart::server {
namespace {

void add(std::vector<float>& sum, const std::vector<float>& vector) {
  sum.resize(vector.size(), 0.0F);
  for (std::size_t i = 0; i < vector.size(); ++i) sum[i] += vector[i];
}

float cosine(const std::vector<float>& unit, const std::vector<float>& sum) {
  if (unit.empty() || sum.empty()) return kUnknown;
  double dot = 0, norm = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    dot += static_cast<double>(unit[i]) * static_cast<double>(sum[i]);
    norm += static_cast<double>(sum[i]) * static_cast<double>(sum[i]);
  }
  return norm > 0 ? static_cast<float>(dot / std::sqrt(norm)) : kUnknown;
}

// Pairs of which nothing is known but a need and an offer.
class NeedAndOffer {
 public:
  NeedAndOffer() {
    needs_.own_need = 1;
    offers_.own_offer = 1;
  }
  double log_odds(const Candidate& texts, const Weights& weights) const {
    return engine::log_odds({needs_, offers_, texts, no_lists_}, weights);
  }

 private:
  Traits needs_ = {}, offers_ = {};
  Taxonomy no_lists_ = {};
};

std::vector<double> plain(const std::vector<float>& values) {
  std::vector<double> scores;
  for (const float value : values) scores.push_back(std::isnan(value) ? -1.0 : static_cast<double>(value));
  return scores;
}

std::vector<double> plain(const std::vector<Candidate>& texts, float Candidate::*cosine) {
  std::vector<float> values;
  for (const Candidate& one : texts) values.push_back(one.*cosine);
  return plain(values);
}

std::vector<double> reciprocal_ranks(const std::vector<double>& scores) {
  constexpr double kSmoothing = 60;
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return scores[i]; });
  std::vector<double> ranks(scores.size());
  for (std::size_t i = 0; i < order.size();) {  // ties share their mean rank
    std::size_t end = i;
    while (end < order.size() && scores[order[end]] == scores[order[i]]) ++end;
    const double rank = (static_cast<double>(i) + static_cast<double>(end) + 1) / 2;
    for (; i < end; ++i) ranks[order[i]] = 1 / (kSmoothing + rank);
  }
  return ranks;
}

std::vector<double> fused(const PairReadings& readings) {
  const bool fine = std::ranges::any_of(readings.texts, [](const Candidate& one) { return !std::isnan(one.fine_forward); });
  std::vector<double> scores = reciprocal_ranks(plain(readings.texts, fine ? &Candidate::fine_forward : &Candidate::forward));
  const std::vector<double> words = reciprocal_ranks(plain(readings.tf_idf));
  for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += words[i];
  return scores;
}

}  // namespace

void PairEvaluator::take(const PairSet& set) {
  set_ = &set;
  std::vector<std::pair<const std::string*, Text*>> jobs;
  const auto want = [&](const std::string& text) {
    const auto [at, fresh] = texts_.try_emplace(text);
    if (fresh) jobs.emplace_back(&at->first, &at->second);
  };
  for (const CandidateTexts& candidate : set.candidates)
    for (const std::string& text : candidate.texts) want(text);
  for (const PairQuery& query : set.queries) want(query.text);
  on_all_cores(jobs.size(), [&](std::size_t i) {
    const std::string language = fast_.detect(*jobs[i].first);
    *jobs[i].second = {fast_.embed(*jobs[i].first, language),
                       fine_ ? fine_->embed(*jobs[i].first, language) : std::vector<float>{},
                       words_of_text(*jobs[i].first, language)};
  });
  see();
  words_.take(set, [this](const std::string& one) -> const engine::Words& { return text(one).words; });
  sums_.clear();
  for (const CandidateTexts& candidate : set.candidates) sums_.push_back(sum_of(candidate, {}));
}

// The corpus is all that the candidates say.
void PairEvaluator::see() {
  std::vector<float> vectors;
  std::size_t dimensions = 0;
  for (const CandidateTexts& candidate : set_->candidates)
    for (const std::string& one : candidate.texts) {
      const std::vector<float>& fine = text(one).fine;
      dimensions = fine.size();
      if (std::ranges::any_of(fine, [](float x) { return x != 0; })) vectors.insert(vectors.end(), fine.begin(), fine.end());
    }
  const auto space = dimensions == 0 ? nullptr
                                     : CorpusSpace::of(vectors, dimensions, fine_->model(), vectors.size() / dimensions)
                                           .value_or(std::shared_ptr<const CorpusSpace>());
  const std::vector<float> none(dimensions, 0.0F);
  const auto show = [&](const std::string& one) {
    Text& shown = texts_.find(one)->second;
    shown.seen.clear();
    if (!space) return;
    const Query seen = space->see(make_query(none, shown.fine, dimensions));
    for (std::size_t i = 0; i < dimensions; ++i) shown.seen.push_back(static_cast<float>(seen.values[i]) * seen.scale);
  };
  for (const CandidateTexts& candidate : set_->candidates)
    for (const std::string& one : candidate.texts) show(one);
  for (const PairQuery& query : set_->queries) show(query.text);
}

PairEvaluator::Sum PairEvaluator::sum_of(const CandidateTexts& candidate, const std::string& leave_out) const {
  Sum sum;
  for (std::size_t i = 0; i < candidate.texts.size(); ++i) {
    if (!leave_out.empty() && candidate.text_ids[i] == leave_out) continue;
    const Text& one = text(candidate.texts[i]);
    add(sum.fast, one.fast);
    add(sum.fine, one.fine);
    add(sum.seen, one.seen);
    ++sum.texts;
  }
  return sum;
}

PairReadings PairEvaluator::readings(const PairQuery& query) const {
  const Text& asking = text(query.text);
  PairReadings readings;
  WordReadings words = words_.readings(query);
  readings.bm25 = std::move(words.bm25);
  readings.tf_idf = std::move(words.tf_idf);
  for (std::size_t place = 0; place < set_->candidates.size(); ++place) {
    const CandidateTexts& candidate = set_->candidates[place];
    const bool holds_it =
        !query.leave_out.empty() && std::ranges::find(candidate.text_ids, query.leave_out) != candidate.text_ids.end();
    const Sum& sum = holds_it ? sum_of(candidate, query.leave_out) : sums_[place];
    Candidate texts{.forward = cosine(asking.fast, sum.fast),
                    .fine_forward = asking.seen.empty() ? cosine(asking.fine, sum.fine) : cosine(asking.seen, sum.seen),
                    .words_forward = words.words[place]};
    readings.texts.push_back(texts);
    readings.popularity.push_back(static_cast<double>(sum.texts));
  }
  return readings;
}

std::vector<const Signal*> taught_signals() {
  std::vector<const Signal*> taught;
  for (const Signal& signal : signals())
    if ((signal.texts.source == SignalSource::kFineVectors || signal.texts.source == SignalSource::kWords) &&
        signal.texts.direction == Direction::kForward)
      taught.push_back(&signal);
  return taught;
}

LearningList learning_list(const PairReadings& readings, const std::vector<std::size_t>& relevant) {
  LearningList list{{}, relevant, 1};
  const NeedAndOffer pair;
  std::vector<Weights> units;  // one signal alone
  for (const Signal* signal : taught_signals()) {
    units.push_back({0, std::vector<double>(signals().size(), 0.0)});
    units.back().by_signal[static_cast<std::size_t>(signal - signals().data())] = 1;
  }
  for (const Candidate& texts : readings.texts)
    for (const Weights& unit : units) list.values.push_back(static_cast<float>(pair.log_odds(texts, unit)));
  return list;
}

std::vector<RankingMethod> ranking_methods() {
  return {{"popularity", [](const PairReadings& r) { return r.popularity; }},
          {"TF-IDF", [](const PairReadings& r) { return plain(r.tf_idf); }},
          {"BM25", [](const PairReadings& r) { return plain(r.bm25); }},
          {"fast", [](const PairReadings& r) { return plain(r.texts, &Candidate::forward); }},
          {"e5", [](const PairReadings& r) { return plain(r.texts, &Candidate::fine_forward); }, true},
          {"rank fusion", fused}};
}

std::vector<double> counterpart_scores(const PairReadings& readings, const Weights& weights) {
  const NeedAndOffer pair;
  std::vector<double> scores;
  for (const Candidate& texts : readings.texts) scores.push_back(pair.log_odds(texts, weights));
  return scores;
}

}  // namespace counterpart::server
