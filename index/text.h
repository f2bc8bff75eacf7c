// Text as the encoders want it.
#pragma once

#include <string>
#include <string_view>

namespace counterpart {

// NFC, without Arabic tatweel and harakat: the same words, however they were typed. `text` is valid UTF-8.
std::string normalise(std::string_view text);

}  // namespace counterpart
