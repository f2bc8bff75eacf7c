// The officers' page as build.mjs made it, compiled into the program: its files, and at which addresses its views are.
#pragma once

#include <span>
#include <string_view>

#include "server/layer.h"

namespace counterpart::server {

struct PageFile {
  std::string_view name;  // "assets/start-S3AVZ7EF.js", whose content never changes; "shell/search.html"
  std::string_view media;
  std::string_view etag;  // of the content, in its quotes
  std::string_view plain, gzip, brotli;
};

// A view's address as a route's pattern, and the file that is served there.
struct PageAddress {
  std::string_view pattern;
  std::string_view shell;
};

// In the generated page_files.cpp. Sorted by name.
std::span<const PageFile> page_files();
std::span<const PageAddress> page_addresses();

// Where no view is: it says so by itself.
inline constexpr std::string_view kShellOfNoView = "shell/none.html";

// nullptr: there is none of that name.
const PageFile* page_file(std::string_view name);

}  // namespace counterpart::server
