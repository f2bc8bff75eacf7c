// What a listener takes on when more comes than it can do: whose connection gives way, who may wait for a worker, and
// how much memory bodies may hold.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string_view>

#include "engine/base/thread_safety.h"
#include "server/layer.h"

namespace counterpart::server {

class HttpSession;

// What a connection waits for from its client, in the order in which connections give way to new ones. kTurnedAway: it
// is over the limit and only told so, whatever it waits for; it gives way to those who are to be told the same.
enum class ClientWait : std::uint8_t { kRequest, kHeader, kBody, kAnswerTaken, kTurnedAway };

// Connections that wait for their clients. Safe from any thread. The caller keeps a session alive while it is listed.
class WaitingClients {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kPatience{5};  // with a client that is sending a body or taking an answer

  struct Listing;
  struct Entry {
    HttpSession* session;
    Clock::time_point since;
    Listing* listing;
  };
  // Where a session stands in the lists; each has one.
  struct Listing {
    std::optional<ClientWait> list = {};
    std::list<Entry>::iterator at = {};
  };

  // The session waits from now on, also if it waited before: call it again whenever its client has done its part.
  void waits(HttpSession* session, Listing& listing, ClientWait what);
  void busy(Listing& listing);
  // Calls `end` with the session that has waited longest of those that give way first, which is listed no more: whoever
  // is made to end makes room for one, however long it takes to go. False: all are at work, or have been waited for no
  // longer than is fair.
  template <class End>
  bool give_way(End end) {
    return end_one(ClientWait::kRequest, ClientWait::kAnswerTaken, end);
  }
  // The same of those that are over the limit.
  template <class End>
  bool turned_away_gives_way(End end) {
    return end_one(ClientWait::kTurnedAway, ClientWait::kTurnedAway, end);
  }

 private:
  template <class End>
  bool end_one(ClientWait first, ClientWait last, End end) {
    const MutexLock lock(mutex_);
    HttpSession* session = take_longest(first, last);
    if (session) end(*session);
    return session != nullptr;
  }
  HttpSession* take_longest(ClientWait first, ClientWait last) REQUIRES(mutex_);

  Mutex mutex_;
  std::array<std::list<Entry>, 5> lists_ GUARDED_BY(mutex_);
};

// The queue for workers, kept so short that what was let in is not much slower than on an idle machine: the work that
// waits before a request takes no longer than `kShortWait`, or one and a half times the request itself (a write counts as a
// quick one). How long one takes is known by those of its kind before it. Quick ones are never in the way and wait as long as
// there is room. Long ones have a queue and workers of their own: however many come, a small question waits behind small ones
// alone. Safe from any thread.
class WorkQueue {
 public:
  static constexpr std::int64_t kShortWait = 5'000;  // microseconds, as all times here
  static constexpr std::int64_t kQuick = 1'000;
  static constexpr std::int64_t kLong = 50'000;       // of a core: belongs to the long ones
  static constexpr std::int64_t kLongWork = 250'000;  // a longer one tells nothing of the next

  enum class Lane : std::uint8_t { kSmall, kLong };
  struct Ticket {
    std::size_t kind = 0;
    std::int64_t cost = 0;
    Lane lane = Lane::kSmall;
  };

  // `workers`: of each lane.
  WorkQueue(std::size_t most, unsigned workers) : most_(most), workers_(workers) {}
  // nullopt: the request must be turned away; else began() and worked() follow. A kind: the first two parts of `path` (files of
  // one folder are of one kind), and
  // the magnitude of `expected`, the milliseconds of a core that it is said to take; what its kind took counts for more.
  std::optional<Ticket> enter(std::string_view method, std::string_view path, double expected = 0);
  void began(const Ticket& ticket);
  // `core`: what it took of its worker's core, however many others wanted that; by this the next one is long or not.
  // Nothing: that cannot be told.
  void worked(const Ticket& ticket, std::chrono::steady_clock::duration time,
              std::optional<std::chrono::nanoseconds> core = {});
  std::size_t waiting() const { return lanes_[0].waiting + lanes_[1].waiting; }

 private:
  const std::size_t most_;
  const unsigned workers_;
  struct Waiting {
    std::atomic<std::size_t> waiting{0};
    std::atomic<std::int64_t> work{0};  // of those that wait
  };
  std::array<Waiting, 2> lanes_{};
  struct Kind {
    std::atomic<std::int64_t> mean{0};   // the last ones counting most
    std::atomic<std::int64_t> core{-1};  // the same; -1: not known
  };
  std::array<Kind, 4'096> kinds_{};  // by hash: so many that hardly two share one
};

// Bytes of bodies in memory, of all connections together. Safe from any thread.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t most) : most_(most) {}
  // False: not so much is left, and nothing was taken.
  bool take(std::size_t bytes);
  void give(std::size_t bytes) { taken_ -= bytes; }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

}  // namespace counterpart::server
