// Vectors kept in a folder, so that a second measurement of the same pairs need not embed their texts again.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/corpus/corpus.h"
#include "server/layer.h"

namespace counterpart::server {

// `inner` with a file of its own in `directory`, named after its model() and made where it is not there yet. Its vectors are
// the same bytes with and without the file. Safe from any thread; several processes may share the folder.
// kStorage: the file cannot be opened. A vector that cannot be written is embedded again the next time.
Result<std::unique_ptr<Embedder>> with_cache(std::unique_ptr<Embedder> inner, const std::filesystem::path& directory);

}  // namespace counterpart::server
