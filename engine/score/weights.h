// What signals weigh, as data: datasets/weights.toml, written by `counterpart evaluate --train`.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace counterpart::engine {

// By signal name, and "bias".
using NamedWeights = std::map<std::string, double, std::less<>>;

struct WeightsFile {
  std::map<std::string, NamedWeights, std::less<>> tables;  // "default" and one a programme that has its own
  // Those of `programme`: its own before the default ones; empty where the file names neither.
  NamedWeights of(std::string_view programme) const;
};

// kNotFound: no such file. kInvalid: "file:line", an unknown signal or a weight that is no number from -100 to 100.
Result<WeightsFile> load_weights(const std::filesystem::path& file);

// The text of a [default] table.
std::string weights_text(const NamedWeights& weights);

}  // namespace counterpart::engine
