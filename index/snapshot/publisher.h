// Keeps the newest snapshot of a store published: at start from the snapshot file or by rebuild, then change by change.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/base/verify_report.h"
#include "index/layer.h"
#include "index/snapshot/snapshot.h"
#include "index/store/store.h"

namespace counterpart::index {

// What a start found and did, for the log and the officer: "snapshot at 5120, caught up 37 changes", "snapshot damaged
// (checksum of the vectors): rebuilt from the store".
struct OpenReport {
  std::string what;
  bool rebuilt = false;
  std::uint64_t caught_up = 0;
};

// Who makes the fine vectors: a thread beside, from the start on (whoever serves), or refine() alone: a command that only
// asks writes nothing. kElsewhere: another process makes them and the corpus's space, and this one follows (Store::follow()).
enum class Refining : std::uint8_t { kBeside, kWhenAsked, kElsewhere };

// One thread of its own publishes; current() is safe from any thread and costs a shared_ptr copy.
class Publisher {
 public:
  // Ready when it returns: the published snapshot holds every acknowledged change. Keeps references to all arguments.
  // `fine`: a second, slower text model whose vectors follow; null: none.
  static Result<std::unique_ptr<Publisher>> open(Store& store, const Taxonomy& taxonomy, const Embedder& embedder,
                                                 OpenReport* report = nullptr, const Embedder* fine = nullptr,
                                                 Refining refining = Refining::kBeside);
  ~Publisher();  // stops the thread; does not write the file

  // Told each failure of the work in the background, from its threads. That work goes on all the same: it is tried again, after
  // a while that grows.
  void on_trouble(std::function<void(const Error&)> callback);

  std::shared_ptr<const Snapshot> current() const;
  // Blocks until the published snapshot holds `sequence` or `patience` is over (false).
  bool wait_for(std::uint64_t sequence, std::chrono::milliseconds patience) const;
  // Writes the snapshot file: temporary name, fsync, rename, fsync of the directory, manifest with checksums last.
  Status save();
  // Stored profiles whose vectors are of another model and wait for re-embedding; matched again once they have one.
  std::uint64_t awaiting_embedding() const;
  // Profiles that are matched already, but still without their fine vectors.
  std::uint64_t awaiting_fine() const;
  // Makes those of all who lack them at the call, on all cores; what is done stays done. `on_progress` is told from one
  // thread at a time how many of how many were tried, and ends it by false, as a refusing disk does. Returns how many have
  // them.
  std::uint64_t refine(const std::function<bool(std::uint64_t done, std::uint64_t all)>& on_progress);
  // What the night's run reads: the corpus's space is made anew first, if the corpus is another than it was made of. Blocks
  // until that is done, a minute at most.
  std::shared_ptr<const Snapshot> for_the_night();
  // Takes the corpus's space anew from its file, in a moment.
  void read_space();
  // Compares every index (vectors, bitmaps, traits, titles) with the store, row by row, at one sequence.
  Result<VerifyReport> verify() const;

 private:
  struct Impl;
  explicit Publisher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
