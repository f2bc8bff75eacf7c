#include "index/pairs/word_rows.h"

#include <algorithm>

#include "index/text/word_weights.h"

namespace counterpart::index {
namespace {

constexpr std::uint32_t kNobody = 0xffffffff;
constexpr std::uint32_t kMaybeBits = 4096;

const WordShares& shares() {
  static const WordShares shares;
  return shares;
}

// Visits each live posting of each segment: visit(word, row of the snapshot, posting), each segment's words ascending.
template <class Visit>
void each_posting(const Snapshot& snapshot, Visit visit) {
  Row first = 0;
  for (const LiveSegment& live : snapshot.segments()) {
    const SegmentColumns& columns = live.segment->columns();
    for (std::size_t w = 0; w < columns.words.size(); ++w)
      for (std::uint32_t at = columns.word_ends[w]; at < columns.word_ends[w + 1]; ++at) {
        const WordPosting& posting = columns.postings[at];
        if (!live.deleted || !live.deleted->contains(posting.row)) visit(columns.words[w], first + posting.row, posting);
      }
    first += live.segment->size();
  }
}

std::vector<std::uint32_t> vocabulary_of(const Snapshot& snapshot) {
  std::vector<std::uint32_t> words;
  for (const LiveSegment& live : snapshot.segments()) {
    const auto more = live.segment->columns().words.view();
    const auto middle = static_cast<std::ptrdiff_t>(words.size());
    words.insert(words.end(), more.begin(), more.end());
    std::inplace_merge(words.begin(), words.begin() + middle, words.end());
  }
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// From a word's hash to its number, asked in ascending order within a segment.
class Numbers {
 public:
  explicit Numbers(const std::vector<std::uint32_t>& vocabulary) : vocabulary_(vocabulary) {}
  std::uint32_t of(std::uint32_t word) {
    if (word != last_ || vocabulary_[at_] != word) {
      const auto found = std::ranges::lower_bound(vocabulary_, word);
      at_ = static_cast<std::size_t>(found - vocabulary_.begin());
      last_ = word;
    }
    return static_cast<std::uint32_t>(at_);
  }

 private:
  const std::vector<std::uint32_t>& vocabulary_;
  std::uint32_t last_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

WordRows::WordRows(const Snapshot& snapshot, const Admission& admission) : rows_(admission.size()) {
  for (std::uint32_t position = 0; position < admission.size(); ++position) {
    const Snapshot::SegmentRow at = snapshot.locate(admission.row(position));
    const DifferentWords different = at.segment.different_words(at.row);
    rows_[position] = {different.offers, different.seeks, at.segment.traits(at.row).text_language};
  }
  fill(snapshot, admission);
  for (std::uint32_t position = 0; position < admission.size(); ++position) mark_weightiest(position);
}

void WordRows::fill(const Snapshot& snapshot, const Admission& admission) {
  const std::vector<std::uint32_t> vocabulary = vocabulary_of(snapshot);
  std::size_t total = 0;
  for (const LiveSegment& live : snapshot.segments()) total += live.segment->size();
  std::vector<std::uint32_t> positions(total, kNobody);
  for (std::uint32_t position = 0; position < admission.size(); ++position) positions[admission.row(position)] = position;

  // The rarity of a word is counted over all live rows, whether they take part or not.
  std::vector<std::uint32_t> counts(vocabulary.size(), 0);
  Numbers numbers(vocabulary);
  each_posting(snapshot, [&](std::uint32_t word, auto, const WordPosting&) { ++counts[numbers.of(word)]; });
  const auto live = static_cast<double>(std::max<std::size_t>(snapshot.size(), 1));
  rarity_.resize(vocabulary.size());
  for (std::size_t word = 0; word < vocabulary.size(); ++word) rarity_[word] = relative_rarity(counts[word], live);

  ends_.assign(admission.size() + 1, 0);
  each_posting(snapshot, [&](std::uint32_t word, auto row, const WordPosting&) {
    if (positions[row] != kNobody && rarity_[numbers.of(word)] > 0) ++ends_[positions[row] + 1];
  });
  for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
  words_.resize(ends_.back());
  std::vector<std::uint64_t> next(ends_.begin(), ends_.end() - 1);
  each_posting(snapshot, [&](std::uint32_t word, auto row, const WordPosting& posting) {
    const std::uint32_t number = numbers.of(word);
    if (positions[row] != kNobody && rarity_[number] > 0)
      words_[next[positions[row]]++] = {number, posting.offers, posting.seeks};
  });
}

void WordRows::mark_weightiest(std::uint32_t position) {
  Row& row = rows_[position];
  const auto mark = [&](std::uint8_t RowWord::*times, std::uint16_t different, bool RowWord::*counts) {
    std::vector<WeighedWord> weighed;
    for (std::uint64_t at = ends_[position]; at < ends_[position + 1]; ++at)
      if (words_[at].*times != 0)
        weighed.push_back({words_[at].word, weight_of_word(words_[at].*times, different, rarity_[words_[at].word])});
    keep_weightiest(weighed);
    std::uint64_t at = ends_[position];
    for (const WeighedWord& one : weighed) {
      while (words_[at].word != one.word) ++at;
      words_[at].*counts = true;
    }
    return !weighed.empty();
  };
  row.weighs_offers = mark(&RowWord::offers, row.different_offers, &RowWord::counts_in_offers);
  row.weighs_seeks = mark(&RowWord::seeks, row.different_seeks, &RowWord::counts_in_seeks);
}

std::size_t WordRows::bytes() const {
  return rarity_.size() * sizeof(double) + ends_.size() * sizeof(std::uint64_t) + words_.size() * sizeof(RowWord) +
         rows_.size() * sizeof(Row);
}

WordRows::Reader::Reader(const WordRows& rows, std::uint32_t position)
    : rows_(rows), position_(position), maybe_(kMaybeBits / 64, 0) {
  const Row& row = rows.rows_[position];
  for (const RowWord& word : rows.words(position)) {
    OwnWord own{word};
    const double rare = rows.rarity_[word.word];
    if (word.counts_in_offers) own.offers_weight = static_cast<float>(weight_of_word(word.offers, row.different_offers, rare));
    if (word.counts_in_seeks) own.seeks_weight = static_cast<float>(weight_of_word(word.seeks, row.different_seeks, rare));
    own_.push_back(own);
    maybe_[word.word % kMaybeBits / 64] |= std::uint64_t{1} << (word.word % 64);
  }
}

WordsInCommon WordRows::Reader::with(std::uint32_t position) const {
  const Row& mine = rows_.rows_[position_];
  const Row& theirs = rows_.rows_[position];
  WordsInCommon sum;
  if (mine.language == 0 || mine.language != theirs.language) return sum;
  if (mine.weighs_seeks) sum.forward = 0;
  if (mine.weighs_offers) sum.backward = 0;
  if (theirs.weighs_seeks) sum.their_forward = 0;
  if (theirs.weighs_offers) sum.their_backward = 0;
  const WordShares& share = shares();
  auto from = own_.begin();
  for (const RowWord& word : rows_.words(position)) {
    if ((maybe_[word.word % kMaybeBits / 64] >> (word.word % 64) & 1U) == 0) continue;
    from = std::lower_bound(from, own_.end(), word.word, [](const OwnWord& own, std::uint32_t w) { return own.word.word < w; });
    if (from == own_.end()) break;
    if (from->word.word != word.word) continue;
    const RowWord& own = from->word;
    if (own.counts_in_seeks && word.offers != 0)
      sum.forward += from->seeks_weight * share(word.offers, theirs.different_offers);
    if (own.counts_in_offers && word.seeks != 0)
      sum.backward += from->offers_weight * share(word.seeks, theirs.different_seeks);
    const double rare = rows_.rarity_[word.word];
    if (word.counts_in_seeks && own.offers != 0)
      sum.their_forward += static_cast<float>(weight_of_word(word.seeks, theirs.different_seeks, rare)) *
                           share(own.offers, mine.different_offers);
    if (word.counts_in_offers && own.seeks != 0)
      sum.their_backward += static_cast<float>(weight_of_word(word.offers, theirs.different_offers, rare)) *
                            share(own.seeks, mine.different_seeks);
  }
  for (float* one : {&sum.forward, &sum.backward, &sum.their_forward, &sum.their_backward}) *one = *one > 1 ? 1 : *one;
  return sum;
}

}  // namespace counterpart::index
