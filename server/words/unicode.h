// UTF-8 to ICU's strings and back.
#pragma once

#include <unicode/unistr.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "server/layer.h"

namespace counterpart::server {

inline icu::UnicodeString wide(std::string_view text) {
  return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())});
}

inline std::string narrow(const icu::UnicodeString& text) {
  std::string out;
  return text.toUTF8String(out);
}

}  // namespace counterpart::server
