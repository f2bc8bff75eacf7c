#include "server/page/page.h"

#include <algorithm>

namespace counterpart::server {

const PageFile* page_file(std::string_view name) {
  const std::span<const PageFile> files = page_files();
  const auto at = std::ranges::lower_bound(files, name, {}, &PageFile::name);
  return at != files.end() && at->name == name ? &*at : nullptr;
}

}  // namespace counterpart::server
