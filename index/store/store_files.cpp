#include "index/store/store_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/crc.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "index/base/codec.h"
#include "index/base/files.h"
#include "index/base/kill_point.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kFormatLine = "counterpart store format ";
constexpr std::size_t kMarkBytes = 12;

tl::unexpected<Error> storage(const fs::path& file, std::string_view what) {
  return fail(ErrorCode::kStorage, file.string(), std::string(what) + ": " + std::strerror(errno),
              "check the disk's free space and the directory's permissions");
}

Result<std::uint64_t> check_format(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string line;
  if (!std::getline(in, line)) return storage(file, "cannot be read");
  std::uint64_t format = 0;
  const std::string_view digits = std::string_view(line).substr(std::min(kFormatLine.size(), line.size()));
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), format);
  if (!line.starts_with(kFormatLine) || error != std::errc{} || end != digits.data() + digits.size() || format < 1)
    return fail(ErrorCode::kCorrupt, file.string(), "is not a store's format file", "restore the last backup");
  if (format > kStoreFormat)
    return fail(ErrorCode::kUnsupported, file.string(),
                "the data has format " + std::to_string(format) + ", this program reads up to " + std::to_string(kStoreFormat),
                "use the newer program");
  return format;
}

std::string mark_bytes(std::uint64_t value) {
  std::string bytes = big_endian(value);
  boost::crc_32_type checksum;
  checksum.process_bytes(bytes.data(), bytes.size());
  return bytes + big_endian(checksum.checksum()).substr(4);
}

}  // namespace

Status raise_store_format(const fs::path& directory) {
  AtomicFile file(directory / "FORMAT");
  file.write(std::string(kFormatLine) + std::to_string(kStoreFormat) + "\n");
  return file.finish();
}

Result<std::uint64_t> prepare_store_directory(const fs::path& directory) {
  const fs::path file = directory / "FORMAT";
  std::error_code error;
  if (fs::exists(file, error)) return check_format(file);
  if (error && error != std::errc::not_a_directory) return disk_error(file, error.value());  // not to be taken for a new one
  if (fs::create_directories(directory, error)) fs::permissions(directory, fs::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::kStorage, directory.string(), "cannot be created: " + error.message(),
                "name a directory that can be written to");
  if (Status raised = raise_store_format(directory); !raised) return tl::unexpected(raised.error());
  return kStoreFormat;
}

Result<std::unique_ptr<HighWater>> HighWater::open(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return storage(file, "cannot be opened");
  std::unique_ptr<HighWater> mark(new HighWater(descriptor, 0));
  std::array<char, kMarkBytes> bytes{};
  const auto count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
  if (count < 0) return storage(file, "cannot be read");
  if (count == 0) return mark;
  const std::string_view read(bytes.data(), static_cast<std::size_t>(count));
  std::uint64_t value = 0;
  if (read.size() != kMarkBytes || !parse_big_endian(read.substr(0, 8), value) || mark_bytes(value) != read)
    return fail(ErrorCode::kCorrupt, file.string(), "fails its checksum", "restore the last backup");
  mark->value_ = value;
  return mark;
}

HighWater::~HighWater() {
  ::fdatasync(descriptor_);
  ::close(descriptor_);
}

void HighWater::raise(std::uint64_t value) {
  if (value <= value_) return;
  const std::string bytes = mark_bytes(value);
  // The write it speaks of is durable already: a mark that stays behind merely notices less.
  if (::pwrite(descriptor_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return;
  value_ = value;
  kill_point("high-water: written, not synced");
  const auto now = std::chrono::steady_clock::now();
  if (now - synced_ < std::chrono::seconds(1)) return;
  ::fdatasync(descriptor_);
  kill_point("high-water: synced");
  synced_ = now;
}

}  // namespace counterpart::index
