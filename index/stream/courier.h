// Hands bundles over by itself while a server runs: what is new goes at once, what is not confirmed goes again, and what comes
// is taken in. All that it knows between two rounds may be lost.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/layer.h"
#include "index/network/receiving.h"
#include "index/network/sending.h"
#include "index/stream/mailbox.h"

namespace counterpart::index {

// The rounds of a courier, one after the other. One thread.
class CourierRounds {
 public:
  struct Pace {
    std::chrono::milliseconds fetch{300};     // for what comes, and between two looks at what is new
    std::chrono::milliseconds again{30'000};  // before what is not confirmed goes again
    // Of an office that is not heard of it doubles up to this: what goes to it piles up.
    std::chrono::milliseconds longest{3'600'000};
    std::chrono::milliseconds word{300'000};   // before an office is told where it stands though nothing is new
    std::chrono::milliseconds beside{10'000};  // before what waits for something here is looked at again
    // To one office, before the others have theirs and what comes is looked at.
    int bundles = 16;
    std::chrono::milliseconds sending{2'000};
    // A bundle takes half a minute over a link of 30 kbit/s, which is as long as a mailbox should wait for a word.
    SendingLimits limits{.operations = 500, .bytes = 128 << 10};
  };
  // `told`: what went wrong with one bundle; the next ones mend it.
  CourierRounds(const Receiving& receiving, Pace pace, std::function<void(const Error&)> told)
      : receiving_(receiving), pace_(pace), told_(std::move(told)) {}

  // Sends what is to be sent, a few bundles to each office, and takes in what has come. The error is the mailbox's: another one
  // is to be opened, and then everything that is not confirmed goes again; a series that was under way goes on.
  Status round(Mailbox& mailbox);
  void forget();  // what was sent by a mailbox that is gone

 private:
  using Clock = std::chrono::steady_clock;
  struct Sent {
    Position head;           // what the series tells up to
    Confirmation confirmed;  // what we had said that we have of theirs
    bool whole = false;      // the series has everything that was not confirmed
    std::string next;        // where it goes on; empty: it is done
    std::string end;         // where what comes after it begins
    Clock::time_point at;
  };
  // How an office takes what it is told.
  struct Listening {
    std::uint64_t heard_at = 0;  // when it was heard of last
    int told = 0;                // so often it was told everything since then
    Clock::time_point since;     // when that was done with last
    Position has;                // what it confirms
    Clock::time_point moved;     // when that changed
  };
  std::chrono::milliseconds pause(const Listening& office) const;
  // Where a series begins that is due; nothing: none is.
  std::optional<std::string> due(const OtherOffice& office, const Position& head, const Confirmation& confirmed);
  Status send_to(Mailbox& mailbox, const OtherOffice& office, const Position& head);
  bool take(std::string_view bundle);
  Status look_beside();

  const Receiving& receiving_;
  Pace pace_;
  std::function<void(const Error&)> told_;
  std::map<std::string, Sent> sent_;  // by office; absent: everything that is not confirmed is to go
  std::map<std::string, Listening> listening_;
  std::optional<Clock::time_point> beside_at_;
};

// One thread, from the making to the end. Keeps a reference to `receiving`'s parts.
class Courier {
 public:
  using Open = std::function<Result<std::unique_ptr<Mailbox>>()>;
  // `told` is called by the courier's thread: what is wrong, once until it changes; an empty message: it goes again.
  Courier(Receiving receiving, Open open, std::function<void(const std::string&)> told);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

 private:
  void work();
  Status try_once(CourierRounds& rounds);
  bool stopping() const;
  bool pause(std::chrono::milliseconds longest);  // false: it is to stop

  Receiving receiving_;
  Open open_;
  std::function<void(const std::string&)> told_;
  std::string last_told_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  bool stop_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace counterpart::index
