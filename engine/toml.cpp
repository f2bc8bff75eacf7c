#include "engine/toml.h"

#include <algorithm>

namespace counterpart {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The character that begins at `at`, whole where the text is UTF-8.
std::string_view character_at(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return text.substr(at, end - at);
}

// Where the first character beyond ASCII stands outside of quotation marks and comments; npos: nowhere. TOML allows none
// there, and toml++ 3.3 is undefined on some (its is_non_ascii_horizontal_whitespace, which cannot throw either).
std::size_t find_bare_non_ascii(std::string_view text) {
  std::string_view closer;  // of the string or comment that `at` is in
  for (std::size_t at = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (closer.empty()) {
      if (static_cast<unsigned char>(text[at]) >= 0x80) return at;
      if (text[at] == '#') closer = "\n";
      for (const std::string_view mark : {R"(""")", "'''", "\"", "'"})
        if (closer.empty() && rest.starts_with(mark)) closer = mark;
      if (closer.size() == 3) at += 2;
    } else if (closer.front() == '"' && text[at] == '\\') {
      ++at;
    } else if (rest.starts_with(closer)) {
      // A string of many lines may end with two marks of its own before the three.
      for (at += closer.size() - 1; closer.size() == 3 && at + 1 < text.size() && text[at + 1] == closer.front();) ++at;
      closer = {};
    } else if (text[at] == '\n' && closer.size() == 1) {
      closer = {};  // a string that nobody closed; toml++ says so
    }
  }
  return text.npos;
}

std::string line_of(const std::string& name, std::int64_t line) { return name + ":" + std::to_string(line); }

}  // namespace

Result<toml::table> parse_toml(std::string_view text, const std::string& name) {
  if (const std::size_t bare = find_bare_non_ascii(text); bare != text.npos)
    return fail(ErrorCode::kInvalid, line_of(name, 1 + std::ranges::count(text.substr(0, bare), '\n')),
                "not TOML: `" + std::string(character_at(text, bare)) + "` stands outside of quotation marks",
                "put names and values with such letters between straight quotation marks");
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return fail(ErrorCode::kInvalid, line_of(name, error.source().begin.line), "not TOML: " + std::string(error.description()),
                "mend this line first; the rest was not read");
  } catch (const TomlFault& fault) {
    return fail(ErrorCode::kInvalid, name, fault.what(), "the rest was not read");
  }
}

}  // namespace counterpart
