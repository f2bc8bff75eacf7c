// The vectors of one stored profile, made and stored. A profile that was replaced meanwhile is refused as a conflict: its newer
// change brings vectors, or has them made. kNotFound: it was erased. Safe from any thread.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

Status make_vectors(Store& store, const Embedder& embedder, const std::string& id);
// The fine ones beside those; nothing to do where there are none yet, or they are of this model.
Status make_fine_vectors(Store& store, const Embedder& fine, const std::string& id);

}  // namespace counterpart::index
