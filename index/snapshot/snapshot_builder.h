// Follows a store: from its changes to the segments of the next snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/segment/segment_file.h"
#include "index/snapshot/snapshot.h"
#include "index/store/store.h"

namespace counterpart::index {

// Not thread-safe; the snapshots it makes are. Keeps references to its arguments.
class SnapshotBuilder {
 public:
  SnapshotBuilder(const Store& store, const Taxonomy& taxonomy, SnapshotModels models);

  // Starts over from a loaded base, or from every profile of the store.
  Status adopt(const LoadedSegment& base);
  Status rebuild();

  // Takes in up to `limit` changes of the store and tells how many there were; fewer than `limit`: it is up to date. After an
  // error, or whatever it throws, no snapshot is to be made of it before a later advance() has gone through the same changes.
  Result<std::size_t> advance(std::size_t limit);
  // Finds profiles that are stored but neither indexed nor known to wait (after adopt() and advance()). kCorrupt: a row
  // of the index has no live profile in the store.
  Status reconcile();

  std::uint64_t sequence() const { return sequence_; }
  std::shared_ptr<const Snapshot> snapshot() const;
  // Shows fine vectors in this space from now on.
  void use(std::shared_ptr<const CorpusSpace> space);
  const CorpusSpace* space() const { return space_.get(); }
  // Stored, but without vectors of this model.
  const std::set<std::string, std::less<>>& awaiting() const { return awaiting_; }
  // Indexed, but still without vectors of the fine model.
  const std::set<std::string, std::less<>>& awaiting_fine() const { return awaiting_fine_; }

  // What to merge into a new base when the recent segments have grown too large beside it. While that is under way (on
  // another thread, Lists::kTrain) advance() may go on; one at a time, ended by install_base() or drop_base().
  std::optional<std::vector<LiveSegment>> base_due();
  void install_base(const std::shared_ptr<const Segment>& base);
  void drop_base() { frozen_.clear(); }

 private:
  // A segment with what the builder has deleted of it.
  struct HeldSegment {
    std::shared_ptr<const Segment> segment;
    Bitmap deleted;
    std::shared_ptr<const Bitmap> shown;  // `deleted` as snapshots see it; null: none
    std::shared_ptr<const SeenRows> seen;
    bool dirty = false;
    std::uint64_t live() const { return segment->size() - deleted.size(); }
  };
  // What a changed profile is now; kFast and kAll: a row of it was added.
  enum class RowState : std::uint8_t { kErased, kNoVectors, kFast, kAll };
  Result<RowState> read(const Change& change, SegmentBuilder& fresh) const;
  void take_in(std::string_view id, RowState state);
  SegmentBuilder new_segment() const { return SegmentBuilder(models_.dimensions, models_.fine_dimensions); }
  bool usable(const std::optional<Embedding>& vectors) const;
  // Leaves out fine vectors of another model. kFast: the profile waits for its own.
  RowState accept(Embedding& vectors) const;
  Status await_fine_of(const Segment& segment);
  void remove(std::string_view id);
  void consolidate();  // merges small segments, drops empty ones, shows what was deleted
  HeldSegment hold(std::shared_ptr<const Segment> segment) const;
  static LiveSegment shown(const HeldSegment& one) { return {one.segment, one.shown, one.seen}; }
  std::uint64_t base_rows() const;

  const Store& store_;
  const Taxonomy& taxonomy_;
  SnapshotModels models_;
  std::shared_ptr<const CorpusSpace> space_;  // null: none yet
  std::uint64_t sequence_ = 0;
  std::vector<HeldSegment> segments_;  // the base, if there is one, is the first
  std::vector<LiveSegment> frozen_;    // the first parts, as they were given to a base merge under way
  std::set<std::string, std::less<>> awaiting_, awaiting_fine_;
};

}  // namespace counterpart::index
