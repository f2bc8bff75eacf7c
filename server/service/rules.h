// The rules that matches are made by, as they were read: programmes with their weights, and what their files hash to.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "engine/base/result.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"
#include "server/layer.h"

namespace counterpart::server {

struct RuleFiles {
  Programmes programmes;                      // weights of weights.toml included
  std::map<std::string, std::string> hashes;  // file below the datasets directory -> SHA-256
};

// programmes/*.toml and weights.toml of a datasets directory. Errors as load_programmes and load_weights.
Result<RuleFiles> load_rules(const std::filesystem::path& datasets, const Taxonomy& taxonomy);

// kNotFound names those that there are. The pointer is into `programmes`.
Result<const Programme*> find_programme(const Programmes& programmes, const std::string& slug);
// The same; empty: the first, by slug, whose output is a panel.
Result<const Programme*> panel_programme(const Programmes& programmes, const std::string& slug);

}  // namespace counterpart::server
