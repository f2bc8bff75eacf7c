// Letters as files in a Maildir (tmp, new, cur) that a mail program takes from: what carries them where nothing is configured.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <utility>

#include "server/layer.h"
#include "server/post/transport.h"

namespace counterpart::server {

// Each letter is in one file, however often its writing is begun: the file's name has the numbers of its letters, also where
// the mail program has moved it to cur. A file that the mail program has taken away between a crash and the next start is
// written again, with the same Message-ID.
class Spool final : public Transport {
 public:
  // The directories are made by the first letter.
  explicit Spool(std::filesystem::path directory) : directory_(std::move(directory)) {}

  bool has_left(std::uint64_t letter) override;
  // kFailed: the disk does not take it, or does not say what is there already.
  Carried carry(const Outgoing& mail) override;

 private:
  Status look();

  std::filesystem::path directory_;
  bool looked_ = false;
  std::set<std::uint64_t> there_;  // letters
};

}  // namespace counterpart::server
