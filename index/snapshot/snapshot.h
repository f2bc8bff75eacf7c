// The Corpus that search reads: a base segment, a few recent ones and their deleted rows, at one sequence.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/thread_safety.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"
#include "index/segment/segment.h"
#include "index/segment/segment_merge.h"
#include "index/snapshot/word_scores.h"
#include "index/space/corpus_space.h"

namespace counterpart::index {

// The text models that the vectors of a snapshot are of.
struct SnapshotModels {
  std::string model;
  std::uint32_t dimensions = 0;
  std::string fine = {};  // empty: none
  std::uint32_t fine_dimensions = 0;
};

// The fine vectors of one side of a pair: as they are, and in the corpus's space.
struct FineQuery {
  FineSide plain = {}, seen = {};
  SectorGuess sectors = {};  // by what is seen
};

// Immutable; safe from any thread. A row is its segment's offset plus its place in the segment.
class Snapshot final : public Corpus {
 public:
  // `space`: what the segments' `seen` are seen in; null: none.
  Snapshot(SnapshotModels models, std::uint64_t sequence, std::vector<LiveSegment> segments,
           std::shared_ptr<const CorpusSpace> space = nullptr);

  std::uint64_t sequence() const override { return sequence_; }
  std::size_t size() const override { return live_; }
  std::optional<Row> find(std::string_view id) const override;
  std::string_view id(Row row) const override;
  std::string_view title(Row row) const override;
  std::string_view name(Row row) const override;
  std::vector<std::uint8_t> words_held(std::span<const AlternativeWords> wanted) const override;
  const Traits& traits(Row row) const override;
  Faces faces(Row row) const override;
  SearchResult search(const Search& search) const override;
  using Corpus::compare;
  Candidate compare(const Faces& seeker, Row row, const void* prepared) const override;
  std::shared_ptr<const void> prepare(const Faces& seeker) const override;
  std::vector<bool> passing(const Filter& filter, std::int32_t today, std::span<const Row> rows) const override;
  // Found out by whoever asks first; the same for equal rows, however they lie in segments.
  const UnrelatedTexts* unrelated() const override;
  SectorGuess guessed_sectors(Row row) const override;
  std::size_t awaiting_fine() const override { return awaiting_fine_; }
  std::uint64_t count(const Filter& filter, std::int32_t today) const override;
  std::vector<std::pair<std::string, std::uint64_t>> facet(const Filter& filter, std::int32_t today,
                                                           std::string_view field) const override;
  std::vector<std::string> list(const Filter& filter, std::string_view after, std::size_t limit) const override;

  const std::string& model() const { return models_.model; }
  const std::string& fine_model() const { return models_.fine; }
  std::uint32_t dimensions() const { return models_.dimensions; }
  std::uint32_t fine_dimensions() const { return models_.fine_dimensions; }
  // Nearly all live rows have their fine vectors. Until then nobody's are used: rows with and without would be compared
  // by different measures.
  bool compares_fine() const { return fine_ready_; }
  // In which fine vectors are compared; null: they are compared as they are.
  const CorpusSpace* space() const { return space_.get(); }
  std::span<const LiveSegment> segments() const { return segments_; }
  // Over how many texts the rarity of a word is counted: live rows and their references.
  std::size_t texts() const { return live_ + live_references_; }
  bool live(Row row) const;
  RowVersion version(Row row) const;
  Embedding embedding(Row row) const;

  struct SegmentRow {
    const Segment& segment;
    std::uint32_t row;
    const SeenRows* seen;  // of the segment; null: none
  };
  SegmentRow locate(Row row) const;
  // Fills in the fine cosines of `candidate`, where `seeker` and the row have vectors and they count. THE place where those of
  // a pair are computed: whoever scores pairs calls it.
  void compare_fine(const FineQuery& seeker, const SegmentRow& at, Candidate& candidate) const;
  FineQuery fine_query(const Faces& seeker) const;
  FineQuery fine_query(const SegmentRow& at) const;

 private:
  // kDrawnRows live rows, or all where they are fewer: those whose ids have the smallest hashes.
  std::vector<Row> draw() const;
  // Live rows of one segment that pass.
  Bitmap matching(const LiveSegment& live, const Filter& filter, std::int32_t today) const;

  // What a seeker is compared by beside the vectors of the fast model.
  struct Finer {
    FineQuery fine;
    WordScores words;
  };
  Finer finer_of(const Faces& seeker) const;
  // Adds the rows, in their order, by the fast vectors alone.
  void compare_vectors(const Query& query, std::span<const Row> rows, std::vector<Candidate>& candidates) const;
  // Asks the memory for a row's traits and fine vectors.
  void fetch(Row row) const;
  // Which of the row's passages is the nearest to what the query seeks; kNoPassage: it has none, or no fine vectors count.
  std::uint16_t best_passage(const Query& fine, Row row) const;
  // Fills in what `candidate` has of fine vectors and words.
  void complete(Candidate& candidate, const Finer& seeker) const;

  SnapshotModels models_;
  std::uint64_t sequence_;
  std::vector<LiveSegment> segments_;
  std::shared_ptr<const CorpusSpace> space_;
  std::vector<Row> firsts_;  // of each segment
  std::size_t live_ = 0, live_references_ = 0;
  std::size_t awaiting_fine_ = 0;
  bool fine_ready_ = false;
  mutable std::once_flag drawn_;
  mutable std::optional<UnrelatedTexts> unrelated_;  // once drawn
};

// Publishes the newest snapshot. A mutex around the copy: g++ 12's atomic<shared_ptr> fails the thread sanitizer.
class SnapshotCell {
 public:
  std::shared_ptr<const Snapshot> load() const {
    const MutexLock lock(mutex_);
    return snapshot_;
  }
  void store(std::shared_ptr<const Snapshot> snapshot) {
    const MutexLock lock(mutex_);
    snapshot_.swap(snapshot);  // the old one is released after the lock
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const Snapshot> snapshot_ GUARDED_BY(mutex_);
};

}  // namespace counterpart::index
