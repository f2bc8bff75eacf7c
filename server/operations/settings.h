// Settings: what may stand in the configuration file and in the environment as well as behind a flag. A flag goes before the
// environment, the environment before the file, the file before the default. The environment is CLI11's; its configuration
// files are not used, for there a file goes before the environment, and a fault in it is told without its line.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <filesystem>
#include <string>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// Lets the options of `verb` that are settings be given by the environment. Before the command line is parsed.
void bind_environment(CLI::App& verb);

// What --budget takes: a number from 0 to 1e9, which neither nan nor an infinity is.
CLI::Validator budget_range();

// Gives the parsed `verb` what `file` says and neither a flag nor the environment has said. kNotFound: no such file,
// or none that can be read; kInvalid: not TOML, no such setting, a value of another kind or out of range; the place is
// "FILE:LINE", or the file alone where the parser does not say the line.
Status read_settings(const std::filesystem::path& file, CLI::App& verb);

// The settings that `verb` ended up with, as such a file; after read_settings.
std::string settings_text(const CLI::App& verb);

}  // namespace counterpart::server
