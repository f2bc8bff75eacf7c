// Which language a text is in.
#pragma once

#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// BCP 47 primary code ("en", "zh", ...), "und" when it cannot be told. `text` is valid UTF-8; `hint` is believed only
// where the text itself does not tell, for files often carry the wrong tag.
std::string detect_language(std::string_view text, std::string_view hint = {});

// The UN language written in the script of most of the text's letters, where there is just one: "ar", "zh", "ru" (for
// Bulgarian too); empty for Latin and other scripts.
std::string language_of_script(std::string_view text);

}  // namespace counterpart::index
