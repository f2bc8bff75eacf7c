// In which of the six languages an answer is written.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// `lang` if it is there; else the best of Accept-Language (RFC 9110, 12.5.4: by quality, then by order, zh-TW is zh) among the
// six; else `otherwise`. A header that is no list of languages asks for none. kInvalid at "lang": none of the six.
Result<std::string> language_asked(const std::optional<std::string>& lang, const std::string& accept_language,
                                   std::string_view otherwise = "en");

}  // namespace counterpart::server
