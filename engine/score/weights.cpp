#include "engine/score/weights.h"

#include <algorithm>
#include <cstdio>

#include "engine/base/file.h"
#include "engine/base/toml.h"
#include "engine/score/score.h"

namespace counterpart::engine {

NamedWeights WeightsFile::of(std::string_view programme) const {
  NamedWeights found;
  if (const auto own = tables.find(programme); own != tables.end()) found = own->second;
  if (const auto common = tables.find("default"); common != tables.end())
    found.insert(common->second.begin(), common->second.end());
  return found;
}

Result<WeightsFile> load_weights(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return fail(ErrorCode::kNotFound, file.string(), "cannot be read", "it comes with the datasets");
  const std::string name = file.filename().string();
  const auto wrong = [&](const toml::node& node, const std::string& message, const std::string& remedy) {
    return fail(ErrorCode::kInvalid, name + ":" + std::to_string(node.source().begin.line), message, remedy);
  };
  const Result<toml::table> root = parse_toml(*text, name);
  if (!root) return tl::unexpected(root.error());
  WeightsFile weights;
  for (const auto& [slug, table] : *root) {
    if (!table.is_table()) return wrong(table, "`" + std::string(slug.str()) + "` must be a table", "as in [default]");
    NamedWeights& named = weights.tables[std::string(slug.str())];
    for (const auto& [signal, node] : *table.as_table()) {
      const std::string_view key = signal.str();
      if (key != "bias" && !find_signal(key))
        return wrong(node, "`" + std::string(key) + "` is no signal", "signals stand in engine/score/signals.cpp");
      const std::optional<double> value = node.value<double>();
      if (!value || !(*value >= -100 && *value <= 100))
        return wrong(node, "the weight of `" + std::string(key) + "` is wrong", "give a number from -100 to 100");
      named.emplace(key, *value);
    }
  }
  return weights;
}

std::string weights_text(const NamedWeights& weights) {
  std::string text = "[default]\n";
  for (const auto& [name, weight] : weights) {
    char line[96];
    std::snprintf(line, sizeof line, "%s = %.4f\n", name.c_str(), weight);
    text += line;
  }
  return text;
}

}  // namespace counterpart::engine
