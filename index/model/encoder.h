// Opens a text model by name: the one place where an Embedder is chosen.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"

namespace counterpart::index {

// `name`: "fast" or "e5". `models`: the directory with the converted, memory-mapped weights (<name>.model).
// kNotFound: the file is absent (the remedy names the set-up command). kCorrupt: its checksum differs.
Result<std::unique_ptr<Embedder>> open_embedder(const std::string& name, const std::filesystem::path& models);

}  // namespace counterpart::index
