#include "server/post/spool.h"

#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "index/base/files.h"

namespace counterpart::server {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kEnding = ".counterpart.eml";

// "7.counterpart.eml", "7+9.counterpart.eml": up to the first that is no number. In cur flags follow: ":2,S".
std::string file_name(const std::vector<std::uint64_t>& letters) {
  std::string name;
  for (const std::uint64_t letter : letters) {
    if (!name.empty()) name += '+';
    name += std::to_string(letter);
  }
  return name + std::string(kEnding);
}

void read_name(const std::string& name, std::set<std::uint64_t>& letters) {
  const std::size_t end = name.find(kEnding);
  if (end == std::string::npos) return;
  const char* at = name.data();
  const char* const last = at + end;
  while (at < last) {
    std::uint64_t letter = 0;
    const auto [next, error] = std::from_chars(at, last, letter);
    if (error != std::errc()) return;
    letters.insert(letter);
    at = next + 1;
  }
}

}  // namespace

// What was written before this process began; what it wrote itself it knows.
void Spool::look() {
  if (std::exchange(looked_, true)) return;
  for (const char* part : {"new", "cur"}) {
    std::error_code none;
    for (fs::directory_iterator file(directory_ / part, none), end; !none && file != end; file.increment(none))
      read_name(file->path().filename().string(), there_);
  }
}

bool Spool::has_left(std::uint64_t letter) {
  look();
  return there_.contains(letter);
}

Carried Spool::carry(const Outgoing& mail) {
  look();
  std::error_code error;
  for (const char* part : {"tmp", "new", "cur"}) {
    fs::create_directories(directory_ / part, error);
    if (error) return {Delivery::Outcome::kFailed, "outbox/" + std::string(part) + ": " + error.message()};
  }
  const std::string name = file_name(mail.letters);
  const auto failed = [](const std::string& words) { return Carried{Delivery::Outcome::kFailed, "outbox: " + words}; };
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
