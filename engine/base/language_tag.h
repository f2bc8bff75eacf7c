// The tags of languages: one way to write each.
#pragma once

#include <string>
#include <string_view>

namespace counterpart::engine {

// The tag as BCP 47 prefers it: FR, fre and fra are fr, zh-hant is zh-Hant, cmn is zh. What is no tag stays as it is.
std::string canonical_language(std::string_view tag);
// The language alone: "zh" of zh-Hant-TW, "no" of nb. Empty: none is named ("", "und").
std::string primary_language(std::string_view tag);
// Is it one of the codes that languages have? ICU takes any two or three letters for a language.
bool is_language(const std::string& code);

inline constexpr std::string_view kUnknownLanguage = "und";

}  // namespace counterpart::engine
