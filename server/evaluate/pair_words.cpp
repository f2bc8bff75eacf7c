#include "server/evaluate/pair_words.h"

#include <algorithm>
#include <cmath>

#include "index/text/word_weights.h"
#include "server/evaluate/bm25.h"

namespace counterpart::server {
namespace {

double value_of(const std::map<std::uint32_t, double>& map, std::uint32_t word) {
  const auto found = map.find(word);
  return found == map.end() ? 0 : found->second;
}

double length_of(const engine::Words& words) {
  double length = 0;
  for (const WordCount& count : words.counts) length += count.offers;
  return length;
}

double log_count(double times) { return 1 + std::log(times); }

float ratio(double part, double whole) { return whole > 0 ? static_cast<float>(part / whole) : 0.0F; }

}  // namespace

double PairWords::rare(std::uint32_t word) const {
  return relative_rarity(value_of(holders_, word), static_cast<double>(set_->candidates.size()));
}

// As scikit-learn smooths it.
double PairWords::tf_idf(std::uint32_t word) const { return 1 + std::log((1 + texts_) / (1 + value_of(texts_with_, word))); }

void PairWords::take(const PairSet& set, std::function<const engine::Words&(const std::string&)> words_of) {
  set_ = &set;
  words_of_ = std::move(words_of);
  holders_.clear();
  texts_with_.clear();
  texts_ = 0;
  for (const CandidateTexts& candidate : set.candidates) {
    std::set<std::uint32_t> held;
    for (const std::string& text : candidate.texts) {
      ++texts_;
      for (const WordCount& count : words_of_(text).counts) {
        ++texts_with_[count.word];
        held.insert(count.word);
      }
    }
    for (const std::uint32_t word : held) ++holders_[word];
  }
  sums_.clear();
  double length = 0;
  for (const CandidateTexts& candidate : set.candidates) {
    sums_.push_back(sum_of(candidate, {}));
    length += sums_.back().length;
  }
  mean_length_ = length / static_cast<double>(std::max<std::size_t>(set.candidates.size(), 1));
}

PairWords::Sum PairWords::sum_of(const CandidateTexts& candidate, const std::string& leave_out) const {
  Sum sum;
  for (std::size_t i = 0; i < candidate.texts.size(); ++i) {
    if (!leave_out.empty() && candidate.text_ids[i] == leave_out) continue;
    const engine::Words& words = words_of_(candidate.texts[i]);
    sum.length += length_of(words);
    sum.languages.insert(words.language);
    double norm = 0;
    for (const WordCount& count : words.counts) norm += std::pow(log_count(count.offers) * tf_idf(count.word), 2);
    for (const WordCount& count : words.counts) {
      Weights& weights = sum.words[count.word];
      weights.times += count.offers;
      weights.own += counted(count.offers, words.different_offers) * rare(count.word);
      weights.tf_idf += log_count(count.offers) * tf_idf(count.word) / std::sqrt(norm);
    }
  }
  for (const auto& [word, weights] : sum.words) {
    sum.own_norm += weights.own * weights.own;
    sum.tf_idf_norm += weights.tf_idf * weights.tf_idf;
  }
  sum.own_norm = std::sqrt(sum.own_norm);
  sum.tf_idf_norm = std::sqrt(sum.tf_idf_norm);
  return sum;
}

std::vector<PairWords::Asked> PairWords::asked_of(const engine::Words& words) const {
  std::vector<Asked> asking;
  for (const WordCount& count : words.counts)
    asking.push_back({count.word, counted(count.offers, words.different_offers) * rare(count.word),
                      asked(count.offers) * rarity(value_of(holders_, count.word), static_cast<double>(sums_.size())),
                      log_count(count.offers) * tf_idf(count.word)});
  return asking;
}

WordReadings PairWords::readings(const PairQuery& query) const {
  const engine::Words& words = words_of_(query.text);
  const std::vector<Asked> asking = asked_of(words);
  WordReadings readings;
  for (std::size_t place = 0; place < set_->candidates.size(); ++place) {
    const CandidateTexts& candidate = set_->candidates[place];
    const bool holds_it =
        !query.leave_out.empty() && std::ranges::find(candidate.text_ids, query.leave_out) != candidate.text_ids.end();
    const Sum& sum = holds_it ? sum_of(candidate, query.leave_out) : sums_[place];
    double own = 0, bm25 = 0, tf_idf = 0;
    for (const Asked& one : asking)
      if (const auto found = sum.words.find(one.word); found != sum.words.end()) {
        own += one.own * found->second.own;
        bm25 += one.bm25 * saturated(found->second.times, sum.length, mean_length_);
        tf_idf += one.tf_idf * found->second.tf_idf;
      }
    const bool comparable = !asking.empty() && words.language != 0 && sum.languages.contains(words.language);
    readings.words.push_back(comparable ? std::min(ratio(own, sum.own_norm * kTypicalRarity), 1.0F) : kUnknown);
    readings.bm25.push_back(comparable ? static_cast<float>(bm25) : kUnknown);
    readings.tf_idf.push_back(comparable ? ratio(tf_idf, sum.tf_idf_norm) : kUnknown);
  }
  return readings;
}

}  // namespace counterpart::server
