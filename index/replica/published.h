// Files beside the store that answers are made of: published match runs and the corpus's space. A follower has its owner's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

struct PublishedFile {
  std::string name;  // below the data directory: "runs/itpo/000012/manifest", "index/space"
  std::uint64_t size = 0;
};
inline constexpr std::string_view kSpaceFile = "index/space";

// By name. A run at work is none.
std::vector<PublishedFile> published_files(const std::filesystem::path& data);
// Could it be the name of one?
bool is_published_name(std::string_view name);

// What of `listed` is not in `data`; the space always is taken for another one.
std::vector<PublishedFile> missing_files(const std::filesystem::path& data, const std::vector<PublishedFile>& listed);
// Puts files that lie under their names below `from` where they belong, each run in one step, and removes runs that `listed`
// has no more.
Status take_published(const std::filesystem::path& from, const std::filesystem::path& data,
                      const std::vector<PublishedFile>& listed);

}  // namespace counterpart::index
