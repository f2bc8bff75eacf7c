#include "server/cli/common_options.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <filesystem>
#include <iterator>
#include <vector>

#include "engine/base/nearest.h"
#include "engine/taxonomy/un_language.h"
#include "server/operations/process.h"

namespace counterpart::server {

void add_common_options(CLI::App& verb, CommonOptions& options) {
  verb.add_option("--config", options.config, "configuration file (TOML)")->envname("COUNTERPART_CONFIG");
  verb.add_option("--data", options.data, "data directory; import, serve and token create make it where it is not there yet")
      ->capture_default_str();
  verb.add_option("--datasets", options.datasets, "code lists and programmes (default: those of this program)");
  verb.add_option("--models", options.models, "converted text models (default: those of this program)");
  verb.add_option("--key-file", options.key_file, "master key of private members (default: MASTER-KEY in the data directory)");
  verb.add_option("--limits", options.limits, "days of the limits of casework (TOML), where they are not the table's");
  verb.add_option("--exclusions", options.exclusions,
                  "list of names and identifiers that are never matched (CSV); kept with the data until another is given");
  verb.add_option("--model", options.model, "text model")->capture_default_str();
  verb.add_option("--fine", options.fine, "second text model, slower and better, or none")->capture_default_str();
  verb.add_option("--lang", options.language, "of the answers: " + joined_with_or(kUnLanguages) + " (default: en)")
      ->check(CLI::IsMember(std::vector<std::string>(std::begin(kUnLanguages), std::end(kUnLanguages))));
  verb.add_flag("--json", options.json, "machine-readable output");
  verb.add_option("--table", options.table,
                  "of a verb that lists something: a file that is written with the same list, .csv or .xlsx");
}

CommandContext context_of(const CommonOptions& options) {
  namespace fs = std::filesystem;
  const fs::path root = root_of_program();
  const fs::path models = root / (fs::exists(root / "models") ? "models" : "build/models");
  CommandContext context;
  context.config = options.config;
  context.json = options.json;
  context.language = options.language;
  context.service.data = options.data;
  context.service.key_file = options.key_file;
  context.service.limits = options.limits;
  context.service.exclusions = options.exclusions;
  context.service.datasets = options.datasets.empty() ? root / "datasets" : fs::path(options.datasets);
  context.service.models = options.models.empty() ? models : fs::path(options.models);
  context.service.model = options.model;
  context.service.fine = options.fine == "none" ? std::string() : options.fine;
  return context;
}

}  // namespace counterpart::server
