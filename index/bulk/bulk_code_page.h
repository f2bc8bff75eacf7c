// What a file without a byte order mark is written in.
#pragma once

#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

bool is_utf8(std::string_view bytes);

// An encoding that ICU knows, told from the beginning of a file. Empty: it is UTF-8, or it cannot be told for certain.
// Of the code pages of Windows, Macintosh, DOS and East Asia that one is taken under which all words that are not ASCII are
// of fewer languages, by the letters that these write with, than under any other that gives another text.
std::string guess_encoding(std::string_view sample);

}  // namespace counterpart::index
