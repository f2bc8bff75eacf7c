// A follower at work: the owner's data comes once as a copy and then batch by batch, and what is in memory goes with it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "engine/base/result.h"
#include "engine/base/thread_safety.h"
#include "index/replica/replication.h"
#include "server/layer.h"
#include "server/replica/cleaning.h"
#include "server/replica/owner_link.h"
#include "server/service/service.h"

namespace counterpart::server {

// Threads of its own, as long as it lives: one takes batches to disk and into memory, and confirms them by asking for the next;
// one shows them once files and index have followed. Keeps references to its arguments.
class Follower {
 public:
  // `restart`: called once where a new copy is due, which the next start takes, or where this one has taken over.
  // `own_url`: by which others reach this server.
  Follower(Service& service, const OwnerLink& link, bool stands_by, std::string own_url, std::function<void()> restart);
  ~Follower();

 private:
  void follow();
  void show_what_is_ready();
  Result<bool> take_next();  // false: there was nothing new
  Status ask_for_new_copy();
  Status hand_over(bool accept_loss);
  Status drain(std::uint64_t number);
  void rest(std::chrono::milliseconds time) const;
  void start();
  void stop();

  Service& service_;
  const OwnerLink& link_;
  const bool stands_by_;
  const std::string own_url_;
  const std::function<void()> restart_;
  Cleaning cleaning_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> files_{true};  // which came before this one was started may not be here
  Mutex mutex_;
  std::uint64_t number_ GUARDED_BY(mutex_) = 0, sequence_ GUARDED_BY(mutex_) = 0;  // what is on disk and in memory
  std::thread following_, showing_;
};

// Tells the old owner that it is one no more, again and again until it has heard it.
class Fencing {
 public:
  Fencing(Replication& replication, const OwnerLink& old_owner, std::string own_url);
  ~Fencing();

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace counterpart::server
