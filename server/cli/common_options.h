// The options that every verb has.
#pragma once

#include <CLI/App.hpp>
#include <string>

#include "server/client/backend.h"
#include "server/layer.h"

namespace counterpart::server {

// Each verb has its own, so that none can write into another's.
struct CommonOptions {
  std::string config, data = "data", datasets, models, key_file, limits, exclusions, language, table;
  std::string model = ServiceOptions{}.model, fine = "e5";
  bool json = false;
};

void add_common_options(CLI::App& verb, CommonOptions& options);

// What is left out is found beside this program.
CommandContext context_of(const CommonOptions& options);

}  // namespace counterpart::server
