#include "index/tail/tail.h"

#include <algorithm>
#include <utility>

namespace counterpart::index {

void Tail::begin(TailPosition position) {
  const MutexLock lock(mutex_);
  epoch_ = position.epoch;
  last_ = before_ = std::move(position);
}

TailPosition Tail::position() const {
  const MutexLock lock(mutex_);
  return last_;
}

Result<TailPosition> Tail::next(std::string_view edits) const {
  const MutexLock lock(mutex_);
  if (refusal_) return tl::unexpected(*refusal_);
  return position_after(last_, epoch_, edits);
}

Status Tail::check_follows(const TailBatch& batch) const {
  const MutexLock lock(mutex_);
  if (batch.position.epoch >= last_.epoch && position_after(last_, batch.position.epoch, batch.edits) == batch.position)
    return {};
  return fail(ErrorCode::kConflict, "tail", "a batch of the owner does not follow from what is here",
              "start this server again: it then takes a new copy");
}

void Tail::add(TailBatch batch) {
  const MutexLock lock(mutex_);
  last_ = batch.position;
  epoch_ = std::max(epoch_, last_.epoch);
  if (most_ == 0) {
    before_ = last_;
    return;
  }
  bytes_ += batch.edits.size();
  kept_.push_back(std::make_shared<const TailBatch>(std::move(batch)));
  while (bytes_ > most_ && kept_.size() > 1) {
    bytes_ -= kept_.front()->edits.size();
    before_ = kept_.front()->position;
    kept_.pop_front();
  }
}

void Tail::begin_epoch(std::uint64_t epoch) {
  const MutexLock lock(mutex_);
  epoch_ = epoch;
}

void Tail::refuse(std::optional<Error> why) {
  const MutexLock lock(mutex_);
  refusal_ = std::move(why);
}

void Tail::keep(std::size_t bytes) {
  const MutexLock lock(mutex_);
  most_ = bytes;
}

Tail::After Tail::after(const TailPosition& position, std::size_t bytes) const {
  const MutexLock lock(mutex_);
  if (position == last_) return {.known = true};
  auto next = kept_.begin();
  if (position != before_) {
    // Numbers have no gap, so that of a batch tells its place.
    const std::uint64_t first = kept_.empty() ? 0 : kept_.front()->position.number;
    if (kept_.empty() || position.number < first || position.number >= first + kept_.size()) return {};
    next += static_cast<std::ptrdiff_t>(position.number - first);
    if ((*next)->position != position) return {};
    ++next;
  }
  After found{.known = true};
  std::size_t size = 0;
  for (; next != kept_.end() && (found.batches.empty() || size + (*next)->edits.size() <= bytes); ++next) {
    size += (*next)->edits.size();
    found.batches.push_back(*next);
  }
  return found;
}

}  // namespace counterpart::index
