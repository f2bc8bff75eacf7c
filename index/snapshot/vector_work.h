// Whose vectors are to be made next: whoever lacks them in the newest snapshot, and nobody else.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "engine/base/back_off.h"
#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// The list is told anew with each snapshot. What is remembered beside it is only what that snapshot cannot know: what was made
// since, and what failed and when it is due again. Not thread-safe.
class VectorWork {
 public:
  using Ids = std::set<std::string, std::less<>>;
  using Time = std::chrono::steady_clock::time_point;
  struct Item {
    std::string id;
    bool fine = false;  // it has vectors, but none of the fine model
  };

  // `fine_too`: next() hands out those who lack fine vectors, after all who have none.
  explicit VectorWork(bool fine_too) : fine_too_(fine_too) {}

  // Who lacks vectors, and who fine ones, in the snapshot of `sequence`.
  void lacking(std::uint64_t sequence, Ids first, Ids fine);
  const Ids& lack_fine() const { return fine_.ids; }

  // One to be tried now, in turn; nothing: there is none before due().
  std::optional<Item> next(Time now);
  Time due() const { return due_; }  // as of the last next(); Time::max(): not before something else happens

  // What came of it. `sequence`: of the store once its vectors were there, or it was seen that it needs none.
  void made(const Item& item, std::uint64_t sequence, Time now);
  // kConflict: it was replaced meanwhile, and its turn comes again at once. kStorage: all wait, for the disk refuses all.
  void failed(const Item& item, ErrorCode why, Time now);

 private:
  struct Tried {
    std::uint64_t sequence = 0;  // made, to be seen in a snapshot of this sequence; 0: failed
    Time not_before{};
    BackOff back_off{kFirst, kLast};
  };
  struct Queue {
    Ids ids;
    std::string last = {};  // handed out
    std::map<std::string, Tried, std::less<>> tried = {};
  };
  static constexpr BackOff::Duration kFirst{100}, kLast{300'000}, kLastOfDisk{10'000};

  void replace(Queue& queue, Ids ids) const;
  bool take(Queue& queue, Time now, std::string& id);
  Queue& queue_of(const Item& item) { return item.fine ? fine_ : first_; }

  bool fine_too_;
  std::uint64_t published_ = 0;
  Queue first_, fine_;
  BackOff disk_{kFirst, kLastOfDisk};
  Time disk_not_before_{}, due_ = Time::max();
};

}  // namespace counterpart::index
