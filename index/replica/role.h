// What a data directory is to others: the owner's, or a copy that follows one. Said in the file ROLE beside the store and not
// in the store, for what stands there is the same in the owner's and in all that follow it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

struct ReplicaRole {
  enum class Kind : std::uint8_t {
    kOwner,     // as every directory is without a file
    kFollower,  // takes what the owner at `url` writes, and nothing else
    kPromoted,  // followed `url` and took over from it
    kFenced     // was the owner, until `url` took over
  };
  Kind kind = Kind::kOwner;
  std::string url = {};     // of the other server, where it is known
  std::string id = {};      // by which a follower is known to its owner
  std::uint64_t epoch = 0;  // of who took over
  bool copy_due = false;    // a follower's store is not to be opened before a new copy of the owner's is in its place
  // Of a fenced one: entries of its audit log that the new owner never had. Of a follower, 1: its owner lacks some.
  std::uint64_t left_behind = 0;
};

// An owner's where there is no such file. kCorrupt.
Result<ReplicaRole> read_role(const std::filesystem::path& data);
// On disk when it returns.
Status write_role(const std::filesystem::path& data, const ReplicaRole& role);

}  // namespace counterpart::index
