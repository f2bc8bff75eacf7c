#include "server/post/spool.h"

#include <string>
#include <system_error>

#include "index/base/files.h"
#include "index/caseload/outbox.h"

namespace counterpart::server {
namespace fs = std::filesystem;

// What was written before this process began; what it wrote itself it knows.
Status Spool::look() {
  if (looked_) return {};
  for (const char* part : {"new", "cur"}) {
    const Result<std::vector<SpooledFile>> files = spooled_files(directory_, part);
    if (!files) return tl::unexpected(files.error());
    for (const SpooledFile& one : *files) there_.insert(one.letters.begin(), one.letters.end());
  }
  looked_ = true;
  return {};
}

bool Spool::has_left(std::uint64_t letter) {
  (void)look();  // carry() tells where it fails
  return there_.contains(letter);
}

Carried Spool::carry(const Outgoing& mail) {
  const auto failed = [](const std::string& words) { return Carried{Delivery::Outcome::kFailed, "outbox: " + words}; };
  if (const Status looked = look(); !looked) return failed(looked.error().message);
  std::error_code error;
  for (const char* part : {"tmp", "new", "cur"}) {
    fs::create_directories(directory_ / part, error);
    if (error) return {Delivery::Outcome::kFailed, "outbox/" + std::string(part) + ": " + error.message()};
  }
  const std::string name = spool_name(mail.letters);
  AtomicFile file(directory_ / "tmp" / name);
  file.write(mail.message);
  if (const Status finished = file.finish(); !finished) return failed(finished.error().message);
  fs::rename(directory_ / "tmp" / name, directory_ / "new" / name, error);
  if (error) return failed(error.message());
  if (const Status synced = sync_directory(directory_ / "new"); !synced) {
    looked_ = false;  // it is there already, and may be moved before the next try
    return failed(synced.error().message);
  }
  there_.insert(mail.letters.begin(), mail.letters.end());
  return {};
}

}  // namespace counterpart::server
