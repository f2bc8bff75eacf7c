// Where a store stands, and the batches that it wrote last, in memory, for whoever follows. Never on disk: a batch holds what
// may be erased for good a moment later, and then no file may have it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/layer.h"
#include "index/tail/batch.h"

namespace counterpart::index {

inline constexpr std::size_t kTailBytes = 64 << 20;  // of edits; a batch that is larger is kept until the next one

// Safe from any thread; but positions are given out and taken by whoever writes alone.
class Tail {
 public:
  // Where the store stands when it is opened.
  void begin(TailPosition position);
  TailPosition position() const;  // of the last batch

  // The position that these edits will have. Errors: of refuse().
  Result<TailPosition> next(std::string_view edits) const;
  // kConflict: `batch` is not the one that follows here.
  Status check_follows(const TailBatch& batch) const;
  // It is on disk.
  void add(TailBatch batch);

  // What is written from now on is of that epoch.
  void begin_epoch(std::uint64_t epoch);
  // Nothing of one's own is written any more, with `why` as the reason, and only what follows is taken; nothing: no longer.
  void refuse(std::optional<Error> why);

  // From now on batches are kept: somebody follows.
  void keep(std::size_t bytes = kTailBytes);
  struct After {
    bool known = false;  // has this store been at that position, and is all that came after it kept?
    std::vector<std::shared_ptr<const TailBatch>> batches = {};
  };
  // What followed `position`, up to `bytes` of it and one batch at least.
  After after(const TailPosition& position, std::size_t bytes) const;

 private:
  mutable Mutex mutex_;
  TailPosition last_ GUARDED_BY(mutex_);
  TailPosition before_ GUARDED_BY(mutex_);  // the one before the first that is kept
  std::uint64_t epoch_ GUARDED_BY(mutex_) = 0;
  std::optional<Error> refusal_ GUARDED_BY(mutex_);
  std::deque<std::shared_ptr<const TailBatch>> kept_ GUARDED_BY(mutex_);
  std::size_t bytes_ GUARDED_BY(mutex_) = 0, most_ GUARDED_BY(mutex_) = 0;
};

}  // namespace counterpart::index
