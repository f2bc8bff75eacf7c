// Opens a text model by name: the one place where an Embedder is chosen.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"

namespace counterpart::index {

// kBeside: what of a model takes a second to make ready is made by a thread beside, and the first text waits for it. Names,
// dimensions and checksums are known at once either way; weights that are whole but of no use end the first embed() with an
// exception.
enum class MakeReady : std::uint8_t { kNow, kBeside };

// `name`: "fast" or "e5". `models`: the directory with the converted, memory-mapped weights (<name>.model).
// kNotFound: the file is absent (the remedy names the set-up command). kCorrupt: its checksum differs.
Result<std::unique_ptr<Embedder>> open_embedder(const std::string& name, const std::filesystem::path& models,
                                                MakeReady ready = MakeReady::kNow);

}  // namespace counterpart::index
