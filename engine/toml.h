// toml++, made safe for files that people write: its parser asserts what a wrong file can break (`[=]`), which ends the
// program, or with NDEBUG is undefined. Here an assertion that fails is an exception. Everybody includes this file and
// none the library's own, so that there is one parser in the program.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/result.h"

namespace counterpart {

struct TomlFault : std::runtime_error {
  TomlFault() : std::runtime_error("this is not TOML: look for a key, a quotation mark or a bracket out of place") {}
};
[[noreturn]] inline void throw_toml_fault() { throw TomlFault(); }

}  // namespace counterpart

// With NDEBUG the library would take its assertions for true instead of asking.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expression) (static_cast<bool>(expression) ? void() : counterpart::throw_toml_fault())
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace counterpart {

// The table that a file called `name` holds; its nodes' source is of that name. kInvalid at "NAME:LINE" (or "NAME",
// where the library does not say): not TOML 1.0. Never throws; any thread.
Result<toml::table> parse_toml(std::string_view text, const std::string& name);

}  // namespace counterpart
