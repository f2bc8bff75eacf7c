// Hands bundles over by itself while a server runs: what is new goes at once, what is not confirmed goes again, and what comes
// is taken in. All that it knows between two rounds may be lost.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
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
  struct Patience {
    std::chrono::milliseconds fetch{300};     // for what comes, and between two looks at what is new
    std::chrono::milliseconds again{30'000};  // before what is not confirmed goes again
    std::chrono::milliseconds word{300'000};  // before an office is told where it stands though nothing is new
  };
  // `told`: what went wrong with one bundle; the next ones mend it.
  CourierRounds(const Receiving& receiving, Patience patience, std::function<void(const Error&)> told)
      : receiving_(receiving), patience_(patience), told_(std::move(told)) {}

  // Sends what is to be sent, takes in what has come. The error is the mailbox's: another one is to be opened, and then
  // everything that is not confirmed goes again.
  Status round(Mailbox& mailbox);
  void forget() { sent_.clear(); }  // what was sent by a mailbox that is gone

 private:
  struct Sent {
    Position head;           // what we had told up to
    Confirmation confirmed;  // what we had said that we have of theirs
    std::string end;         // where the next bundle goes on
    std::chrono::steady_clock::time_point at;
  };
  Status send_to(Mailbox& mailbox, const OtherOffice& office, const Position& head);
  void take(std::string_view bundle);

  const Receiving& receiving_;
  Patience patience_;
  std::function<void(const Error&)> told_;
  std::map<std::string, Sent> sent_;  // by office; absent: everything that is not confirmed is to go
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
