// HTML that stands in narratives, as text.
#pragma once

#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// Without the tags that HTML knows (a paragraph, a line break, an entry of a list end a line) and with its entities as
// the characters that they are; everything else stays, as "5 < 6" does. Text without any comes back as it is.
std::string without_markup(std::string_view text);

}  // namespace counterpart::index
