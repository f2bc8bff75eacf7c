#include "index/snapshot/vector_work.h"

#include <algorithm>
#include <utility>

namespace counterpart::index {

void VectorWork::replace(Queue& queue, Ids ids) const {
  queue.ids = std::move(ids);
  std::erase_if(queue.tried, [&](const auto& one) {
    const auto& [id, tried] = one;
    return !queue.ids.contains(id) || (tried.sequence != 0 && tried.sequence <= published_);
  });
}

void VectorWork::lacking(std::uint64_t sequence, Ids first, Ids fine) {
  published_ = sequence;
  replace(first_, std::move(first));
  replace(fine_, std::move(fine));
}

// From the one after the last on, round to that one again.
bool VectorWork::take(Queue& queue, Time now, std::string& id) {
  auto at = queue.ids.upper_bound(queue.last);
  for (std::size_t seen = 0; seen < queue.ids.size(); ++seen, ++at) {
    if (at == queue.ids.end()) at = queue.ids.begin();
    if (const auto tried = queue.tried.find(*at); tried != queue.tried.end()) {
      if (tried->second.sequence > published_) continue;
      if (tried->second.not_before > now) {
        due_ = std::min(due_, tried->second.not_before);
        continue;
      }
    }
    id = queue.last = *at;
    return true;
  }
  return false;
}

std::optional<VectorWork::Item> VectorWork::next(Time now) {
  due_ = Time::max();
  if (disk_not_before_ > now) {
    due_ = disk_not_before_;
    return std::nullopt;
  }
  Item item;
  if (take(first_, now, item.id)) return item;
  item.fine = true;
  if (fine_too_ && take(fine_, now, item.id)) return item;
  return std::nullopt;
}

void VectorWork::made(const Item& item, std::uint64_t sequence, Time now) {
  disk_.succeeded();
  // A snapshot that knows them already lacks them all the same: a fault, and not one to be repeated without a pause.
  if (sequence <= published_) return failed(item, ErrorCode::kInternal, now);
  queue_of(item).tried[item.id] = {.sequence = sequence};
}

void VectorWork::failed(const Item& item, ErrorCode why, Time now) {
  Queue& queue = queue_of(item);
  if (why == ErrorCode::kConflict) {
    queue.tried.erase(item.id);
    return;
  }
  if (why == ErrorCode::kStorage) disk_not_before_ = now + disk_.failed();
  Tried& tried = queue.tried[item.id];
  tried.sequence = 0;
  tried.not_before = why == ErrorCode::kStorage ? disk_not_before_ : now + tried.back_off.failed();
}

}  // namespace counterpart::index
