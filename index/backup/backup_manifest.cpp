#include "index/backup/backup_manifest.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "index/base/files.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

constexpr std::size_t kDigits = 64;
constexpr std::size_t kMaxPath = 255, kMaxFiles = 1'000'000;
constexpr std::uint64_t kMaxBytes = std::uint64_t{1} << 50U;  // of all files: a petabyte

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::kCorrupt, "manifest of the backup", std::move(what), "take another backup of the folder");
}

bool is_hash(std::string_view text) {
  return text.size() == kDigits &&
         std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Parts of plain letters only, none of them "." or "..", so that it names something below the directory.
bool is_inside(std::string_view path) {
  if (path.empty() || path.size() > kMaxPath) return false;
  while (true) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    const bool plain = std::ranges::all_of(part, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
    });
    if (part.empty() || part == "." || part == ".." || !plain) return false;
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
  }
}

std::string text_at(const json::object& object, std::string_view key) { return std::string(object.at(key).as_string()); }
std::uint64_t number_at(const json::object& object, std::string_view key) { return object.at(key).to_number<std::uint64_t>(); }

Status read_files(const json::array& list, BackupManifest& manifest) {
  if (list.size() > kMaxFiles) return damaged("it names " + std::to_string(list.size()) + " files");
  std::set<std::string> paths;
  std::uint64_t bytes = 0;
  for (const json::value& value : list) {
    const json::object& object = value.as_object();
    BackupFile file{text_at(object, "path"), number_at(object, "size"), text_at(object, "sha256")};
    if (!is_inside(file.path)) return damaged("it names a file outside of the data directory");
    if (!is_hash(file.sha256)) return damaged("the hash of " + file.path + " is none");
    if (file.size > kMaxBytes || (bytes += file.size) > kMaxBytes) return damaged(file.path + " has no size of a file");
    if (!paths.insert(file.path).second) return damaged("it names " + file.path + " twice");
    manifest.files.push_back(std::move(file));
  }
  // A file where another needs a folder could be put in no directory.
  for (const std::string& path : paths)
    for (std::size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1))
      if (paths.contains(path.substr(0, at))) return damaged("it names " + path.substr(0, at) + " as a file and as a folder");
  return {};
}

Result<BackupManifest> read(const json::object& object) {
  if (const std::uint64_t format = number_at(object, "format"); format != kBackupFormat)
    return fail(ErrorCode::kUnsupported, "manifest of the backup",
                "the backup has format " + std::to_string(format) + ", this program reads " + std::to_string(kBackupFormat),
                "use the newer program");
  BackupManifest manifest;
  manifest.name = text_at(object, "name");
  manifest.store_format = number_at(object, "store_format");
  manifest.sequence = number_at(object, "sequence");
  manifest.profiles = number_at(object, "profiles");
  manifest.taken_at = text_at(object, "taken_at");
  manifest.heads = text_at(object, "heads");
  manifest.with_key = object.at("with_key").as_bool();
  const bool numbered = !manifest.name.empty() && manifest.name.size() <= 18 &&
                        std::ranges::all_of(manifest.name, [](char c) { return c >= '0' && c <= '9'; });
  if (!numbered) return damaged("its name is no number");
  if (!is_hash(manifest.heads)) return damaged("the hash of its profiles is none");
  if (Status files = read_files(object.at("files").as_array(), manifest); !files) return tl::unexpected(files.error());
  return manifest;
}

}  // namespace

std::uint64_t bytes_of(const BackupManifest& manifest) {
  std::uint64_t bytes = 0;
  for (const BackupFile& file : manifest.files) bytes += file.size;
  return bytes;
}

std::string to_text(const BackupManifest& manifest) {
  json::array files;
  for (const BackupFile& file : manifest.files)
    files.push_back(json::object{{"path", file.path}, {"size", file.size}, {"sha256", file.sha256}});
  return seal_text(json::serialize(json::object{{"format", kBackupFormat},
                                                {"name", manifest.name},
                                                {"store_format", manifest.store_format},
                                                {"sequence", manifest.sequence},
                                                {"profiles", manifest.profiles},
                                                {"taken_at", manifest.taken_at},
                                                {"heads", manifest.heads},
                                                {"with_key", manifest.with_key},
                                                {"files", std::move(files)}}) +
                   "\n");
}

Result<BackupManifest> parse_backup_manifest(std::string_view text) {
  const std::optional<std::string_view> body = unseal_text(text);
  if (!body) return damaged("it is cut short or was changed: its own hash differs");
  try {
    boost::system::error_code failed;
    const json::value value = json::parse(json::string_view(body->data(), body->size()), failed);
    if (failed) return damaged("it is no JSON");
    return read(value.as_object());
  } catch (const std::exception&) {  // what Boost.JSON throws where a member is absent or of another kind
    return damaged("a member is missing or of another kind");
  }
}

}  // namespace counterpart::index
