#include "engine/base/file.h"

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

namespace counterpart::engine {

tl::unexpected<Error> disk_error(const std::filesystem::path& file, int number) {
  return fail(ErrorCode::kStorage, file.filename().string(), std::generic_category().message(number),
              "free space or mend the disk");
}

Result<std::string> read_file(const std::filesystem::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in && errno != ENOENT && errno != ENOTDIR && errno != 0)
    return disk_error(file, errno);  // no word on whether it is there
  if (!in) return fail(ErrorCode::kNotFound, file.filename().string(), "the file is absent");
  std::string bytes;
  for (std::array<char, 1U << 16U> block; in;) {
    in.read(block.data(), block.size());
    bytes.append(block.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return disk_error(file, EIO);
  return bytes;
}

}  // namespace counterpart::engine
