// A whole data directory on its way to another machine: its store fixed at one position, with what is published beside it. What
// comes after is the tail (index/tail). The master key is not in it: it never goes over a wire.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// One thread. Removes what it has put together when it goes.
class CheckpointSource {
 public:
  // Files are second names where the disk can, so it takes little time and room. kConflict: a backup or another copy is at
  // work.
  static Result<std::unique_ptr<CheckpointSource>> make(Store& store);
  ~CheckpointSource();
  // Appends a piece; false: it was the last one. Errors end the copy: it lacks its end then, by which that is seen.
  Result<bool> next(std::string& piece);

 private:
  struct Impl;
  explicit CheckpointSource(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// One thread. What came stands in `folder`, which is emptied first, and is worth nothing before finish().
class CheckpointSink {
 public:
  static Result<std::unique_ptr<CheckpointSink>> make(const std::filesystem::path& folder);
  ~CheckpointSink();
  void add(std::string_view piece);  // errors are kept for finish()
  // kCorrupt: it is cut short, or differs from what was sent.
  Status finish();

 private:
  struct Impl;
  explicit CheckpointSink(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Was it finished? A program that ended in the middle of take_checkpoint() has left one.
bool is_whole_checkpoint(const std::filesystem::path& folder);
// Puts a finished copy in the place of what is in `data`, which nobody has open; whatever else lies there stays. Cut off, it is
// gone on with by the next call.
Status take_checkpoint(const std::filesystem::path& folder, const std::filesystem::path& data);

}  // namespace counterpart::index
