// When a corpus's space is made and of which vectors, and the file that keeps it between starts.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/segment/segment_merge.h"
#include "index/space/corpus_space.h"

namespace counterpart::index {

// How many fine vectors there are to make a space of: those of faces with a text of their own.
std::uint64_t vectors_for_space(std::span<const LiveSegment> segments);

// Of the live rows' own texts, and of the sectors that they state; of a sample of them that hangs on their ids alone where they
// are many. kUnavailable: too few.
Result<std::shared_ptr<const CorpusSpace>> make_space(std::span<const LiveSegment> segments, const std::string& fine_model);

// A space moves all scores a little, so one that does is made anew only when the corpus is another: `by_night` at a
// twentieth more or fewer vectors, otherwise at twice as many. No space is always outdated.
bool outdated(const CorpusSpace* space, std::span<const LiveSegment> segments, bool by_night);

// Null: there is none, or it is of another model or damaged; then one is made.
std::shared_ptr<const CorpusSpace> load_space(const std::filesystem::path& directory, const std::string& fine_model);
Status save_space(const std::filesystem::path& directory, const CorpusSpace& space);

}  // namespace counterpart::index
