#include "index/import/import_pipeline.h"

#include <system_error>
#include <utility>

#include "engine/base/barrier.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kChunkRows = 64;
constexpr std::size_t kChunkBytes = 1 << 20;

}  // namespace

ImportPipeline::ImportPipeline(BulkReader& reader, unsigned threads, Prepare prepare)
    : reader_(reader), prepare_(std::move(prepare)), capacity_(2 * threads + 2) {
  threads_.reserve(threads + 1);
  threads_.emplace_back([this] { read(); });
  try {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    if (threads_.size() > 1) return;  // fewer workers than wished for
    stop();
    throw;
  }
}

ImportPipeline::~ImportPipeline() { stop(); }

void ImportPipeline::stop() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void ImportPipeline::read() {
  std::optional<Error> error;
  try {
    auto chunk = std::make_shared<Chunk>();
    std::size_t bytes = 0;
    for (;;) {
      auto raw = reader_.next();
      if (!raw) error = raw.error();
      const bool end = !raw || !*raw;
      if (!end) {
        bytes += (*raw)->json.size();
        chunk->bytes_read = (*raw)->bytes_read;
        chunk->raw.push_back(std::move(**raw));
      }
      if (end || chunk->raw.size() >= kChunkRows || bytes >= kChunkBytes) {
        if (!push(std::exchange(chunk, std::make_shared<Chunk>()))) return;
        bytes = 0;
      }
      if (end) break;
    }
  } catch (...) {
    error = caught({});
  }
  const MutexLock lock(mutex_);
  error_ = std::move(error);
  read_all_ = true;
  changed_.notify_all();
}

bool ImportPipeline::push(std::shared_ptr<Chunk> chunk) {
  MutexLock lock(mutex_);
  changed_.wait(lock, [&]() REQUIRES(mutex_) { return stopping_ || in_order_.size() < capacity_; });
  if (stopping_) return false;
  if (chunk->raw.empty()) return true;
  in_order_.push_back(chunk);
  to_do_.push_back(std::move(chunk));
  changed_.notify_all();
  return true;
}

void ImportPipeline::work() {
  MutexLock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&]() REQUIRES(mutex_) { return stopping_ || read_all_ || !to_do_.empty(); });
    if (stopping_ || to_do_.empty()) return;
    const auto chunk = std::move(to_do_.front());
    to_do_.pop_front();
    lock.unlock();
    chunk->made = guarded({}, [&]() -> Status {
      for (auto& raw : chunk->raw) chunk->rows.push_back(prepare_(std::move(raw)));
      return {};
    });
    lock.lock();
    chunk->ready = true;
    changed_.notify_all();
  }
}

Result<std::unique_ptr<ImportPipeline::Chunk>> ImportPipeline::next() {
  MutexLock lock(mutex_);
  changed_.wait(lock, [&]() REQUIRES(mutex_) { return in_order_.empty() ? read_all_ : in_order_.front()->ready; });
  if (in_order_.empty()) {
    if (error_) return tl::unexpected(*error_);
    return nullptr;
  }
  if (!in_order_.front()->made) return tl::unexpected(in_order_.front()->made.error());
  auto chunk = std::make_unique<Chunk>(std::move(*in_order_.front()));
  in_order_.pop_front();
  changed_.notify_all();
  return chunk;
}

bool ImportPipeline::ready() const {
  const MutexLock lock(mutex_);
  return !in_order_.empty() && in_order_.front()->ready;
}

}  // namespace counterpart::index
