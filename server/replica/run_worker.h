// A copy's part in its owner's match runs: it takes groups of rows, makes of them what the owner would, and gives that back.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "engine/base/result.h"
#include "index/run/group_work.h"
#include "index/run/shared_groups.h"
#include "index/snapshot/snapshot.h"
#include "server/layer.h"
#include "server/replica/owner_link.h"
#include "server/service/service.h"

namespace counterpart::server {

// A thread of its own, as long as it lives, and those of a run that it works for. It keeps references to its arguments. Why
// the owner asks nobody for help is of no concern here: whatever does not work out is the owner's to do.
class RunWorker {
 public:
  RunWorker(Service& service, const OwnerLink& link);
  ~RunWorker();

 private:
  struct Asked {
    std::uint64_t number = 0;  // of the run, at its owner
    SharedRun run;
  };
  void watch();
  Result<Asked> ask() const;                                         // kNotFound: for nothing
  std::shared_ptr<const Snapshot> held(const SharedRun& run) const;  // null: this copy is not there, or beyond
  Status work(const Asked& asked, std::shared_ptr<const Snapshot> snapshot);
  Status do_groups(const Asked& asked, const GroupWork& work, const std::string& rows_key);
  void rest(std::chrono::milliseconds time) const;

  Service& service_;
  const OwnerLink& link_;
  const std::string id_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace counterpart::server
