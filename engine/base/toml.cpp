#include "engine/base/toml.h"

#include <stdexcept>

namespace counterpart::engine {
namespace {

struct TomlFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace

void throw_toml_fault() { throw TomlFault("this is not TOML: look for a key, a quotation mark or a bracket out of place"); }

Result<toml::table> parse_toml(std::string_view text, const std::string& name) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalid, name + ":" + std::to_string(error.source().begin.line),
                "not TOML: " + std::string(error.description()), "mend this line first; the rest was not read");
  } catch (const TomlFault& fault) {
    return fail(ErrorCode::kInvalid, name, fault.what(), "the rest was not read");
  }
}

}  // namespace counterpart::engine
