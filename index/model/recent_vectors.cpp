#include "index/model/recent_vectors.h"

#include "index/base/files.h"

namespace counterpart::index {

std::vector<float> RecentVectors::embed(std::string_view text, std::string_view language) const {
  std::string key = sha256(std::string(language) + '\n' + std::string(text));
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = places_.find(key); known != places_.end()) {
      entries_.splice(entries_.begin(), entries_, known->second);
      return known->second->second;
    }
  }
  std::vector<float> vector = inner_.embed(text, language);
  const std::lock_guard lock(mutex_);
  if (places_.contains(key)) return vector;  // another thread was asked the same meanwhile
  entries_.emplace_front(std::move(key), vector);
  places_.emplace(entries_.front().first, entries_.begin());
  if (entries_.size() > most_) {
    places_.erase(entries_.back().first);
    entries_.pop_back();
  }
  return vector;
}

}  // namespace counterpart::index
