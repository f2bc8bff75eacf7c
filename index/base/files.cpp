#include "index/base/files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "engine/base/hex.h"
#include "index/base/kill_point.h"

namespace counterpart::index {

namespace fs = std::filesystem;

Sha256::Sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), EVP_sha256(), nullptr); }
Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
void Sha256::add(std::string_view bytes) { EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size()); }
std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.data(), &length);
  return index::hex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

constexpr std::string_view kSeal = "sha256 ";
constexpr std::size_t kSealDigits = 64;

std::string seal_text(std::string text) {
  const std::string hash = sha256(text);
  return text.append(kSeal).append(hash).append("\n");
}

std::optional<std::string_view> unseal_text(std::string_view sealed) {
  const std::size_t seal = kSeal.size() + kSealDigits + 1;
  if (sealed.size() <= seal || !sealed.ends_with('\n')) return std::nullopt;
  const std::string_view text = sealed.substr(0, sealed.size() - seal), last = sealed.substr(text.size());
  if (!last.starts_with(kSeal) || last.substr(kSeal.size(), kSealDigits) != sha256(text)) return std::nullopt;
  return text;
}

Status sync_directory(const fs::path& directory) {
  const fs::path named = directory.empty() ? fs::path(".") : directory;  // of a file that is named without one
  const int descriptor = ::open(named.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return disk_error(named, errno);
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failed != 0) return disk_error(directory, failed);
  return {};
}

AtomicFile::AtomicFile(fs::path file) : file_(std::move(file)), temporary_(file_.string() + ".tmp") {
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor_ < 0) error_ = errno;
  kill_point("file: begun");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!done_) ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  size_ += bytes.size();
  while (error_ == 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      error_ = errno;
    else
      bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

Status AtomicFile::finish() {
  kill_point("file: written, not synced");
  if (error_ == 0 && ::fsync(descriptor_) != 0) error_ = errno;
  kill_point("file: synced, not renamed");
  if (error_ == 0 && ::rename(temporary_.c_str(), file_.c_str()) != 0) error_ = errno;
  if (error_ != 0) return disk_error(file_, error_);
  done_ = true;
  kill_point("file: renamed, folder not synced");
  return sync_directory(file_.parent_path());
}

Result<std::shared_ptr<const FileMapping>> FileMapping::open(const fs::path& file, std::uint64_t expected, bool eager) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fail(ErrorCode::kCorrupt, file.filename().string(), "the file is absent");
  struct stat about {};
  void* start = MAP_FAILED;
  const bool whole = ::fstat(descriptor, &about) == 0 && static_cast<std::uint64_t>(about.st_size) == expected;
  if (whole && expected > 0)
    start = ::mmap(nullptr, expected, PROT_READ, MAP_PRIVATE | (eager ? MAP_POPULATE : 0), descriptor, 0);
  ::close(descriptor);
  if (!whole) return fail(ErrorCode::kCorrupt, file.filename().string(), "the file is short or long");
  if (start == MAP_FAILED) return disk_error(file, ENOMEM);
  return std::make_shared<const FileMapping>(start, expected);
}

FileMapping::~FileMapping() { ::munmap(start_, size_); }

std::uint64_t disk_free(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(path, error);
  return error ? 0 : space.available;
}

}  // namespace counterpart::index
