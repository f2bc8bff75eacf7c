// Rows of a bulk file, read by one thread and made ready by several, handed out in file order in bounded memory.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "engine/base/thread_safety.h"
#include "index/bulk/bulk_reader.h"
#include "index/import/import_row.h"
#include "index/layer.h"

namespace counterpart::index {

// next() and ready() from one thread.
class ImportPipeline {
 public:
  using Prepare = std::function<ReadyRow(BulkReader::Raw)>;  // called from several threads
  struct Chunk {
    std::vector<BulkReader::Raw> raw;
    std::vector<ReadyRow> rows;
    std::uint64_t bytes_read = 0;
    bool ready = false;
    Status made = {};  // an error: `rows` are not all there
  };

  // Keeps a reference to `reader`.
  ImportPipeline(BulkReader& reader, unsigned threads, Prepare prepare);
  ~ImportPipeline();  // drops what was not handed out
  ImportPipeline(const ImportPipeline&) = delete;
  ImportPipeline& operator=(const ImportPipeline&) = delete;

  // The next rows; nothing at the end. The error is the file's or what preparing threw, after all rows before
  // it.
  Result<std::unique_ptr<Chunk>> next();
  // Can next() answer at once?
  bool ready() const;

 private:
  void read();
  void work();
  void stop();
  bool push(std::shared_ptr<Chunk> chunk);

  BulkReader& reader_;
  Prepare prepare_;
  std::size_t capacity_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  std::deque<std::shared_ptr<Chunk>> in_order_ GUARDED_BY(mutex_), to_do_ GUARDED_BY(mutex_);
  std::optional<Error> error_ GUARDED_BY(mutex_);
  bool read_all_ GUARDED_BY(mutex_) = false;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace counterpart::index
