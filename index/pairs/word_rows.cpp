#include "index/pairs/word_rows.h"

#include <algorithm>
#include <cmath>

#include "index/text/word_weights.h"
#include "index/vector/best_references.h"

namespace counterpart::index {
namespace {

constexpr std::uint32_t kDeleted = 0xfffffffe, kNobody = 0xffffffff;

const WordShares& shares() {
  static const WordShares shares;
  return shares;
}

constexpr WordColumns SegmentColumns::*kBoth[] = {&SegmentColumns::words, &SegmentColumns::reference_words};

std::vector<std::uint32_t> vocabulary_of(const Snapshot& snapshot) {
  std::vector<std::uint32_t> words;
  for (const LiveSegment& live : snapshot.segments())
    for (const auto columns : kBoth) {
      const auto more = (live.segment->columns().*columns).words.view();
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
  explicit Numbers(std::span<const std::uint32_t> vocabulary) : vocabulary_(vocabulary) {}
  std::uint32_t of(std::uint32_t word) {
    if (word != last_ || vocabulary_[at_] != word) {
      const auto found = std::ranges::lower_bound(vocabulary_, word);
      at_ = static_cast<std::size_t>(found - vocabulary_.begin());
      last_ = word;
    }
    return static_cast<std::uint32_t>(at_);
  }

 private:
  std::span<const std::uint32_t> vocabulary_;
  std::uint32_t last_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

// Where each row or reference of the snapshot stands in the run: its place among the texts, kNobody, kDeleted.
struct WordRows::Places {
  std::vector<std::uint32_t> of;
  std::vector<std::size_t> firsts;  // of each segment
  std::size_t texts = 0;

  // Visits each live posting of each segment, each segment's words ascending: visit(word, place, posting).
  template <class Visit>
  void each_posting(const Snapshot& snapshot, WordColumns SegmentColumns::*columns, Visit visit) const {
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      const WordColumns& words = snapshot.segments()[i].segment->columns().*columns;
      for (std::size_t w = 0; w < words.words.size(); ++w)
        for (std::uint32_t at = words.ends[w]; at < words.ends[w + 1]; ++at)
          if (const std::uint32_t place = of[firsts[i] + words.postings[at].row]; place != kDeleted)
            visit(words.words[w], place, words.postings[at]);
    }
  }
};

WordRows::WordRows(const Snapshot& snapshot, const Admission& admission)
    : snapshot_(snapshot), rows_(admission.size()), reference_ends_(admission.size() + 1, 0) {
  Places rows, references;
  for (const LiveSegment& live : snapshot.segments()) {
    rows.firsts.push_back(rows.of.size());
    references.firsts.push_back(references.of.size());
    rows.of.resize(rows.of.size() + live.segment->size(), kNobody);
    references.of.resize(references.of.size() + live.segment->references(), kNobody);
    if (!live.deleted) continue;
    for (const std::uint32_t row : live.deleted->rows()) {
      rows.of[rows.firsts.back() + row] = kDeleted;
      const auto first =
          references.of.begin() + static_cast<std::ptrdiff_t>(references.firsts.back() + live.segment->first_reference(row));
      std::fill_n(first, live.segment->reference_count(row), kDeleted);
    }
  }
  for (std::uint32_t position = 0; position < admission.size(); ++position) {
    const Snapshot::SegmentRow at = snapshot.locate(admission.row(position));
    const DifferentWords different = at.segment.different_words(at.row);
    rows_[position] = {different.offers, different.seeks, at.segment.traits(at.row).text_language};
    rows.of[admission.row(position)] = position;
    const std::size_t segment =
        static_cast<std::size_t>(std::ranges::upper_bound(rows.firsts, std::size_t{admission.row(position)}) -
                                 rows.firsts.begin()) -
        1;
    const std::uint32_t first = at.segment.first_reference(at.row);
    for (std::uint32_t i = first; i < first + at.segment.reference_count(at.row); ++i) {
      references.of[references.firsts[segment] + i] = static_cast<std::uint32_t>(reference_different_.size());
      reference_different_.push_back(at.segment.reference_different_words(i));
    }
    reference_ends_[position + 1] = static_cast<std::uint32_t>(reference_different_.size());
  }
  rows.texts = admission.size();
  references.texts = reference_different_.size();

  // The rarity of a word is counted over all live rows and references, whether they take part or not.
  const std::vector<std::uint32_t> vocabulary = vocabulary_of(snapshot);
  std::vector<std::uint32_t> counts(vocabulary.size(), 0);
  Numbers numbers(vocabulary);
  const auto count = [&](std::uint32_t word, auto, const WordPosting&) { ++counts[numbers.of(word)]; };
  rows.each_posting(snapshot, &SegmentColumns::words, count);
  references.each_posting(snapshot, &SegmentColumns::reference_words, count);
  const auto live = static_cast<double>(std::max<std::size_t>(snapshot.texts(), 1));
  rarity_.resize(vocabulary.size());
  for (std::size_t word = 0; word < vocabulary.size(); ++word) rarity_[word] = relative_rarity(counts[word], live);

  fill(&SegmentColumns::words, rows, vocabulary, words_);
  fill(&SegmentColumns::reference_words, references, vocabulary, reference_words_);
  for (std::uint32_t position = 0; position < admission.size(); ++position) {
    Row& row = rows_[position];
    row.weighs_offers = mark_weightiest(words_, position, &RowWord::offers, row.different_offers, &RowWord::counts_in_offers);
    row.weighs_seeks = mark_weightiest(words_, position, &RowWord::seeks, row.different_seeks, &RowWord::counts_in_seeks);
  }
  for (std::size_t i = 0; i < reference_different_.size(); ++i)
    mark_weightiest(reference_words_, i, &RowWord::offers, reference_different_[i], &RowWord::counts_in_offers);
}

void WordRows::fill(WordColumns SegmentColumns::*columns, const Places& places, std::span<const std::uint32_t> vocabulary,
                    Texts& texts) const {
  Numbers numbers(vocabulary);
  texts.ends.assign(places.texts + 1, 0);
  places.each_posting(snapshot_, columns, [&](std::uint32_t word, std::uint32_t place, const WordPosting&) {
    if (place != kNobody && rarity_[numbers.of(word)] > 0) ++texts.ends[place + 1];
  });
  for (std::size_t i = 1; i < texts.ends.size(); ++i) texts.ends[i] += texts.ends[i - 1];
  texts.words.resize(texts.ends.back());
  std::vector<std::uint64_t> next(texts.ends.begin(), texts.ends.end() - 1);
  places.each_posting(snapshot_, columns, [&](std::uint32_t word, std::uint32_t place, const WordPosting& posting) {
    const std::uint32_t number = numbers.of(word);
    if (place != kNobody && rarity_[number] > 0) texts.words[next[place]++] = {number, posting.offers, posting.seeks};
  });
}

bool WordRows::mark_weightiest(Texts& texts, std::size_t text, std::uint8_t RowWord::*times, std::uint16_t different,
                               bool RowWord::*counts) const {
  std::vector<WeighedWord> weighed;
  for (const RowWord& word : texts.of(text))
    if (word.*times != 0) weighed.push_back({word.word, weight_of_word(word.*times, different, rarity_[word.word])});
  keep_weightiest(weighed);
  std::uint64_t at = texts.ends[text];
  for (const WeighedWord& one : weighed) {
    while (texts.words[at].word != one.word) ++at;
    texts.words[at].*counts = true;
  }
  return !weighed.empty();
}

std::size_t WordRows::bytes() const {
  const auto of = [](const auto& values) { return values.size() * sizeof(values[0]); };
  return of(rarity_) + of(rows_) + of(words_.ends) + of(words_.words) + of(reference_ends_) + of(reference_different_) +
         of(reference_words_.ends) + of(reference_words_.words);
}

WordRows::Reader::Reader(const WordRows& rows, std::uint32_t position) : rows_(rows), position_(position) {
  const Row& row = rows.rows_[position];
  own_ = weighed(rows.words_.of(position), row.different_offers, row.different_seeks);
  for (const OwnWord& own : own_) maybe_.add(own.word.word);
  for (std::uint32_t i = rows.reference_ends_[position]; i < rows.reference_ends_[position + 1]; ++i) {
    references_.push_back(weighed(rows.reference_words_.of(i), rows.reference_different_[i], 0));
    for (const OwnWord& own : references_.back()) maybe_in_references_.add(own.word.word);
  }
}

std::vector<WordRows::Reader::OwnWord> WordRows::Reader::weighed(std::span<const RowWord> words, std::uint16_t offers,
                                                                 std::uint16_t seeks) const {
  std::vector<OwnWord> own;
  for (const RowWord& word : words) {
    const double rare = rows_.rarity_[word.word];
    own.push_back({word});
    if (word.counts_in_offers) own.back().offers_weight = static_cast<float>(weight_of_word(word.offers, offers, rare));
    if (word.counts_in_seeks) own.back().seeks_weight = static_cast<float>(weight_of_word(word.seeks, seeks, rare));
  }
  return own;
}

namespace {

// Visits the words that two ascending lists share: visit(own, their).
template <class Own, class Maybe, class Visit>
void each_common(const std::vector<Own>& own, const Maybe& maybe, std::span<const RowWord> theirs, Visit visit) {
  auto from = own.begin();
  for (const RowWord& word : theirs) {
    if (!maybe.holds(word.word)) continue;
    from = std::lower_bound(from, own.end(), word.word, [](const Own& one, std::uint32_t w) { return one.word.word < w; });
    if (from == own.end()) break;
    if (from->word.word == word.word) visit(*from, word);
  }
}

}  // namespace

WordsInCommon WordRows::Reader::with(std::uint32_t position) const {
  const Row& mine = rows_.rows_[position_];
  const Row& theirs = rows_.rows_[position];
  WordsInCommon sum;
  if (mine.language == 0 || mine.language != theirs.language) return sum;
  if (mine.weighs_seeks) sum.forward = 0;
  if (mine.weighs_offers) sum.backward = 0;
  if (theirs.weighs_seeks) sum.their_forward = 0;
  if (theirs.weighs_offers) sum.their_backward = 0;
  add_faces(position, sum);
  for (float* one : {&sum.forward, &sum.backward, &sum.their_forward, &sum.their_backward}) *one = *one > 1 ? 1 : *one;
  if (rows_.reference_count(position) > 0) raise_by_theirs(position, sum);
  if (!references_.empty()) raise_by_own(position, sum);
  return sum;
}

void WordRows::Reader::add_faces(std::uint32_t position, WordsInCommon& sum) const {
  const Row& mine = rows_.rows_[position_];
  const Row& theirs = rows_.rows_[position];
  const WordShares& share = shares();
  each_common(own_, maybe_, rows_.words_.of(position), [&](const OwnWord& weighed, const RowWord& word) {
    const RowWord& own = weighed.word;
    if (own.counts_in_seeks && word.offers != 0)
      sum.forward += weighed.seeks_weight * share(word.offers, theirs.different_offers);
    if (own.counts_in_offers && word.seeks != 0)
      sum.backward += weighed.offers_weight * share(word.seeks, theirs.different_seeks);
    const double rare = rows_.rarity_[word.word];
    if (word.counts_in_seeks && own.offers != 0)
      sum.their_forward += static_cast<float>(weight_of_word(word.seeks, theirs.different_seeks, rare)) *
                           share(own.offers, mine.different_offers);
    if (word.counts_in_offers && own.seeks != 0)
      sum.their_backward += static_cast<float>(weight_of_word(word.offers, theirs.different_offers, rare)) *
                            share(own.seeks, mine.different_seeks);
  });
}

// Their references against my need: as I see them, and as they see me.
void WordRows::Reader::raise_by_theirs(std::uint32_t position, WordsInCommon& sum) const {
  const Row& mine = rows_.rows_[position_];
  const WordShares& share = shares();
  BestReferences forward, their_backward;
  const std::uint32_t first = rows_.reference_ends_[position];
  const std::size_t count = rows_.reference_count(position);
  for (std::uint32_t i = first; i < first + count; ++i) {
    const std::uint16_t different = rows_.reference_different_[i];
    float mine_to_theirs = 0, theirs_to_mine = 0;
    each_common(own_, maybe_, rows_.reference_words_.of(i), [&](const OwnWord& own, const RowWord& word) {
      if (own.word.counts_in_seeks) mine_to_theirs += own.seeks_weight * share(word.offers, different);
      if (word.counts_in_offers && own.word.seeks != 0)
        theirs_to_mine += static_cast<float>(weight_of_word(word.offers, different, rows_.rarity_[word.word])) *
                          share(own.word.seeks, mine.different_seeks);
    });
    forward.add(std::min(mine_to_theirs, 1.0F));
    their_backward.add(std::min(theirs_to_mine, 1.0F));
  }
  if (!std::isnan(sum.forward)) sum.forward = forward.raise(sum.forward, count);
  if (!std::isnan(sum.their_backward)) sum.their_backward = their_backward.raise(sum.their_backward, count);
}

// My references against their need, both ways.
void WordRows::Reader::raise_by_own(std::uint32_t position, WordsInCommon& sum) const {
  const Row& theirs = rows_.rows_[position];
  const WordShares& share = shares();
  BestReferences backward, their_forward;
  for (std::size_t i = 0; i < references_.size(); ++i) {
    const std::uint16_t different = rows_.reference_different_[rows_.reference_ends_[position_] + i];
    float mine_to_theirs = 0, theirs_to_mine = 0;
    each_common(references_[i], maybe_in_references_, rows_.words_.of(position), [&](const OwnWord& own, const RowWord& word) {
      if (own.word.counts_in_offers && word.seeks != 0)
        mine_to_theirs += own.offers_weight * share(word.seeks, theirs.different_seeks);
      if (word.counts_in_seeks)
        theirs_to_mine += static_cast<float>(weight_of_word(word.seeks, theirs.different_seeks, rows_.rarity_[word.word])) *
                          share(own.word.offers, different);
    });
    backward.add(std::min(mine_to_theirs, 1.0F));
    their_forward.add(std::min(theirs_to_mine, 1.0F));
  }
  if (!std::isnan(sum.backward)) sum.backward = backward.raise(sum.backward, references_.size());
  if (!std::isnan(sum.their_forward)) sum.their_forward = their_forward.raise(sum.their_forward, references_.size());
}

}  // namespace counterpart::index
