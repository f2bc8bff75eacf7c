// The manifest of a backup, as it is and under a hash that fits: what is read names files below the directory alone, and is
// written and read again as the same.
#include "index/backup/backup_manifest.h"

#include <algorithm>
#include <filesystem>

#include "index/base/files.h"
#include "tests/fuzz/target.h"

namespace {

using namespace counterpart::index;

void check(const std::string& text) {
  const Result<BackupManifest> manifest = parse_backup_manifest(text);
  if (!manifest) {
    must_be_told(manifest.error());
    return;
  }
  must(!manifest->name.empty() && manifest->name.find('/') == std::string::npos, "a name that is a path", manifest->name);
  for (const BackupFile& file : manifest->files) {
    const std::filesystem::path path(file.path);
    must(path.is_relative() && std::ranges::find(path, "..") == path.end(), "a file outside of the directory", file.path);
  }
  const std::string written = to_text(*manifest);
  const Result<BackupManifest> again = parse_backup_manifest(written);
  must(again.has_value(), "a manifest that we wrote and do not read", written);
  must(to_text(*again) == written, "a manifest that changes when written again", written);
  must(bytes_of(*again) == bytes_of(*manifest), "sizes that change when written again", written);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(text_of_input(data, size));
  check(text);
  // Nobody guesses a SHA-256: without this nothing behind it would be reached.
  check(text + "sha256 " + sha256(text) + "\n");
  return 0;
}
