// What is kept true with every group of writes: it adds to the group's own batch, so both are on disk or neither is.
#pragma once

#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

class WriteGroup;

class CommitHook {
 public:
  virtual ~CommitHook() = default;
  // Called by one thread at a time. An error refuses the whole group; a batch that fails later leaves no trace of it.
  virtual Status before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) = 0;
  // Called by the same thread once the batch was tried, or refused by a hook or by what is written beside.
  virtual void after_commit(bool written) { (void)written; }
};

}  // namespace counterpart::index
