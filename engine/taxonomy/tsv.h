// Tab-separated tables with a header and no quoting, as the files of datasets/ are.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace counterpart::engine {

std::vector<std::string_view> split(std::string_view text, char separator);

// One row's cells; they point into the text.
using Cells = std::vector<std::string_view>;

// Gives the cells of each line that is not empty, the header's first, with the line's number from 1. The first failure of
// `row` ends it. kCorrupt, with "`place`:line": a line has not as many cells as the header.
Status each_tsv_row(std::string_view place, std::string_view text,
                    const std::function<Status(std::size_t line, const Cells& cells)>& row);

}  // namespace counterpart::engine
