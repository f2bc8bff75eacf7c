#include "server/service/rules.h"

#include <algorithm>

#include "engine/score/weights.h"
#include "index/base/files.h"

namespace counterpart::server {

namespace fs = std::filesystem;

Result<RuleFiles> load_rules(const fs::path& datasets, const Taxonomy& taxonomy) {
  RuleFiles rules;
  Result<Programmes> programmes = load_programmes(datasets / "programmes", taxonomy);
  if (!programmes) return tl::unexpected(programmes.error());
  rules.programmes = std::move(*programmes);
  const Result<WeightsFile> weights = load_weights(datasets / "weights.toml");
  if (!weights) return tl::unexpected(weights.error());
  for (auto& [slug, programme] : rules.programmes) programme.weights.merge(weights->of(slug));  // its own go first
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(datasets / "programmes", failed))
    if (entry.path().extension() == ".toml")
      if (const Result<std::string> text = read_file(entry.path()))
        rules.hashes["programmes/" + entry.path().filename().string()] = sha256(*text);
  if (const Result<std::string> text = read_file(datasets / "weights.toml")) rules.hashes["weights.toml"] = sha256(*text);
  return rules;
}

Result<const Programme*> find_programme(const Programmes& programmes, const std::string& slug) {
  const auto found = programmes.find(slug);
  if (found != programmes.end()) return &found->second;
  std::string known;
  for (const auto& [name, unused] : programmes) known += (known.empty() ? "" : ", ") + name;
  return fail(ErrorCode::kNotFound, "programme", "`" + slug.substr(0, 80) + "` is no programme", "there are " + known);
}

Result<const Programme*> panel_programme(const Programmes& programmes, const std::string& slug) {
  if (!slug.empty()) return find_programme(programmes, slug);
  const auto first = std::ranges::find(programmes, ProgrammeOutput::kPanel, [](const auto& one) { return one.second.output; });
  return find_programme(programmes, first == programmes.end() ? std::string{} : first->first);
}

}  // namespace counterpart::server
