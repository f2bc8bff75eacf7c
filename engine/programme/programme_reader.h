// The text of a programme file -> the programmes that it declares, each checked; and every error in it.
//
// A file's keys stand in layers, each over the one before: its base's, its own, and, where the file declares several
// programmes, those under [programmes.SLUG]. A key of a later layer takes the earlier one's place; sides, gates,
// weights, everyone, [panel], [exposure] and [diversity] merge key by key. A name is never inherited.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// The text of `slug`.toml beside the file that is read, for a `base`.
using SiblingText = std::function<Result<std::string>(const std::string& slug)>;

// `slug`: the file's name without .toml. A programme with an error is not among the programmes.
ProgrammeCheck read_programmes(std::string_view text, const std::string& slug, const Taxonomy& taxonomy,
                               const SiblingText& sibling);

}  // namespace counterpart::engine
