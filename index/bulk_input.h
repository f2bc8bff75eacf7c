// Chunked reading of a stream for the bulk readers: bounded memory, position, a byte order mark left out.
#pragma once

#include <array>
#include <cstdint>
#include <istream>
#include <string_view>

#include "engine/result.h"

namespace counterpart {

// Borrows the stream. Not thread-safe.
class BulkInput {
 public:
  explicit BulkInput(std::istream& in) : in_(in) {}
  // The next bytes, empty at the end; valid until the next call. kStorage: the file cannot be read on.
  Result<std::string_view> next();
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  std::istream& in_;
  std::uint64_t bytes_read_ = 0;
  std::array<char, 1 << 16> buffer_{};
};

}  // namespace counterpart
