// The data directory as a place: whether it is one, whether it is closed to others, whether it is still the one that was
// opened.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// Before it is opened. Unless it `makes` one, kNotFound: there is no such directory; kInvalid: it is no data directory; and
// nothing is made. Else, and where it is one: takes from the group and from others every right to what is ours in it, and to
// the directory itself unless it holds other things, too. Returns what was open to them, in words (empty: nothing). kStorage:
// it is open to others, and somebody else's.
Result<std::string> enter_data_directory(const std::filesystem::path& directory, bool makes);

// Knows a directory again by itself and two files that stay as long as it is open. Safe from any thread.
class DirectoryWatch {
 public:
  DirectoryWatch() = default;  // of nothing: always there
  // `marks`: paths below `directory`, there now.
  static Result<DirectoryWatch> of(const std::filesystem::path& directory, const std::vector<std::string>& marks);
  // kStorage: its path leads nowhere, or to another one.
  Status check() const;

 private:
  using Identity = std::pair<dev_t, ino_t>;
  std::vector<std::pair<std::filesystem::path, Identity>> known_;
};

}  // namespace counterpart::index
