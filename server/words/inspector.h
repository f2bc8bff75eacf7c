// What one text of the catalogue asks for, and whether its plurals are those of its language.
#pragma once

#include <unicode/locid.h>
#include <unicode/messagepattern.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "server/layer.h"

namespace counterpart::server {

enum class Use : std::uint8_t { kText, kNumber, kChoice };
using Uses = std::map<std::string, Use>;  // by the argument's name

std::string in_words(Use use);

class Inspector {
 public:
  explicit Inspector(const icu::Locale& locale);

  // Adds to `uses` what the text asks for. An answer is what is wrong.
  std::optional<std::string> inspect(const std::string& text, Uses& uses) const;

 private:
  std::optional<std::string> inspect_argument(const icu::MessagePattern& pattern, std::int32_t start,
                                              UMessagePatternArgType type, Uses& uses) const;
  std::optional<std::string> inspect_plural(const icu::MessagePattern& pattern, std::int32_t start,
                                            const std::string& name) const;

  std::set<std::string> categories_;
};

}  // namespace counterpart::server
