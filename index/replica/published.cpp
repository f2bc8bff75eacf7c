#include "index/replica/published.h"

#include <algorithm>
#include <set>

#include "index/backup/backup_files.h"
#include "index/base/files.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_plain(std::string_view text) {
  return !text.empty() && text.front() != '.' && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

// Calls `visit` with the folder of each published run, below runs/.
template <class Visit>
void for_each_run(const fs::path& data, Visit&& visit) {
  std::error_code error;
  for (fs::directory_iterator programme(data / "runs", error), end; !error && programme != end; programme.increment(error)) {
    std::error_code gone;
    for (fs::directory_iterator run(programme->path(), gone); !gone && run != end; run.increment(gone))
      if (is_number(run->path().filename().string())) visit(fs::relative(run->path(), data, gone));
  }
}

std::string run_of(std::string_view name) { return std::string(name.substr(0, name.rfind('/'))); }

}  // namespace

std::vector<PublishedFile> published_files(const fs::path& data) {
  std::vector<PublishedFile> files;
  const auto add = [&](const fs::path& name) {
    std::error_code gone;
    const std::uint64_t size = fs::file_size(data / name, gone);
    if (!gone) files.push_back({name.generic_string(), size});
  };
  add(fs::path(kSpaceFile));
  for_each_run(data, [&](const fs::path& run) {
    std::error_code gone;
    for (fs::directory_iterator file(data / run, gone), end; !gone && file != end; file.increment(gone))
      add(run / file->path().filename());
  });
  std::ranges::sort(files, {}, &PublishedFile::name);
  return files;
}

bool is_published_name(std::string_view name) {
  if (name == kSpaceFile) return true;
  constexpr std::string_view kRuns = "runs/";
  if (!name.starts_with(kRuns)) return false;
  name.remove_prefix(kRuns.size());
  const std::size_t programme = name.find('/'), run = name.rfind('/');
  if (programme == name.npos || run <= programme) return false;
  return is_plain(name.substr(0, programme)) && is_number(name.substr(programme + 1, run - programme - 1)) &&
         is_plain(name.substr(run + 1));
}

std::vector<PublishedFile> missing_files(const fs::path& data, const std::vector<PublishedFile>& listed) {
  std::vector<PublishedFile> missing;
  for (const PublishedFile& file : listed) {
    std::error_code error;
    if (file.name == kSpaceFile || !fs::exists(data / run_of(file.name), error)) missing.push_back(file);
  }
  return missing;
}

Status take_published(const fs::path& from, const fs::path& data, const std::vector<PublishedFile>& listed) {
  std::set<std::string> runs;
  for (const PublishedFile& file : listed)
    if (file.name != kSpaceFile) runs.insert(run_of(file.name));
  std::error_code error;
  for (const std::string& run : runs) {
    if (fs::exists(data / run, error) || !fs::exists(from / run, error)) continue;
    if (Status made = make_folders((data / run).parent_path()); !made) return made;
    if (Status synced = sync_tree(from / run); !synced) return synced;
    fs::rename(from / run, data / run, error);
    if (error) return disk_error(data / run, error.value());
    if (Status synced = sync_directory((data / run).parent_path()); !synced) return synced;
  }
  if (fs::exists(from / kSpaceFile, error)) {
    if (Status made = make_folders((data / kSpaceFile).parent_path()); !made) return made;
    fs::rename(from / kSpaceFile, data / kSpaceFile, error);
    if (error) return disk_error(data / kSpaceFile, error.value());
  }
  std::vector<fs::path> older;
  for_each_run(data, [&](const fs::path& run) {
    if (!runs.contains(run.generic_string())) older.push_back(data / run);
  });
  for (const fs::path& run : older)
    if (Status gone = remove_folder(run); !gone) return gone;
  return remove_folder(from);
}

}  // namespace counterpart::index
