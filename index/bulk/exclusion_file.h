// A file of names and identifiers that an office does not serve: CSV or tab-separated, with a header.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/survey/exclusions.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

inline constexpr std::size_t kMaxExclusionBytes = 16 << 20, kMaxExcluded = 200'000;

// Columns name, identifier (SCHEME:ID), country, source and date, in any order; name or identifier is there, and others are
// passed over. Separated by tabs where the header has one, else by semicolons where it has one, else by commas; quoted as CSV
// is. UTF-8. kInvalid, with "`place`:line": what cannot be read. No row is left out: a list that is half read protects nobody.
Result<std::vector<ExcludedName>> read_exclusions(std::string_view place, std::string_view text, const Taxonomy& taxonomy);

// Takes the list of `file` into the store, which has it from then on and compares every profile with it that is written; where
// it is another than before, all that are there, too. No path: the list that the store has, if any; an empty one ends it. To be
// called before indexes are opened. Keeps a reference to `taxonomy`. kNotFound: it cannot be read. kTooLarge; errors of
// read_exclusions().
Status take_exclusions(Store& store, const std::filesystem::path& file, const Taxonomy& taxonomy);

}  // namespace counterpart::index
