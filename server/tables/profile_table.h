// Profiles as rows of a table that `import` takes again: their public members.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/profile/profile.h"
#include "server/layer.h"
#include "server/wire/xlsx_writer.h"
#include "server/words/words.h"

namespace counterpart::server {

// Immutable; safe from any thread.
class ProfileTable {
 public:
  // `references`: as many as any of the profiles has; each has columns of its own.
  explicit ProfileTable(std::size_t references);

  // Names of members, as `import` reads them; in words of `language` where it is not empty.
  std::vector<std::string> header(const Words& words, std::string_view language) const;
  // Entries of a list are parted by semicolons.
  Cells row(const Profile& profile) const;

 private:
  struct Column {
    std::string name;              // "organisation.size", "references[0].title"
    std::vector<std::string> way;  // of members; of an entry of the first behind `entry`
    std::size_t entry = SIZE_MAX;
  };
  std::vector<Column> columns_;
};

}  // namespace counterpart::server
