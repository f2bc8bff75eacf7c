// When a corpus's space is made and of which vectors, and the file that keeps it between starts.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/snapshot/snapshot.h"

namespace counterpart::index {

// What a face's own text counts for, in vectors of the fine model: how many there are to make a space of.
std::uint64_t vectors_for_space(const Snapshot& snapshot);

// Of the snapshot's own texts, or of a sample of them that hangs on their ids alone. kUnavailable: too few.
Result<std::shared_ptr<const CorpusSpace>> make_space(const Snapshot& snapshot);

// A space moves all scores a little, so one that does is made anew only when the corpus is another: `by_night` at a
// twentieth more or fewer vectors, otherwise at twice as many. No space, or one of another model, is always outdated.
bool outdated(const CorpusSpace* space, const Snapshot& snapshot, bool by_night);

// Null: there is none, or it is of another model or damaged; then one is made.
std::shared_ptr<const CorpusSpace> load_space(const std::filesystem::path& directory, const std::string& fine_model);
Status save_space(const std::filesystem::path& directory, const CorpusSpace& space);

}  // namespace counterpart::index
