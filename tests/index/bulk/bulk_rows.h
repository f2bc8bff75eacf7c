// Bulk files as texts, read to their end.
#pragma once

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "engine/profile/profile_check.h"
#include "engine/profile/profile_json.h"
#include "index/bulk/bulk_reader.h"
#include "index/import/import_row.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::index {

struct Rows {
  std::vector<BulkReader::Raw> rows;
  std::optional<Error> error;
};

inline Rows all(BulkReader& reader) {
  Rows found;
  for (;;) {
    auto next = reader.next();
    if (!next) {
      found.error = next.error();
      return found;
    }
    if (!*next) return found;
    found.rows.push_back(std::move(**next));
  }
}

inline Rows lines(const std::string& text) {
  std::istringstream in(text);
  return all(*read_json_lines(in));
}

inline Rows csv(const std::string& text) {
  std::istringstream in(text);
  return all(*read_csv(in, real_taxonomy()));
}

// ASCII and Latin-1 letters of `text` in UTF-16, with or without its mark.
inline std::string utf16(const std::string& text, bool mark) {
  std::string bytes = mark ? "\xFF\xFE" : "";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const unsigned unit = c < 0x80 ? c : (c & 0x1fU) << 6U | (static_cast<unsigned char>(text[++i]) & 0x3fU);
    bytes += static_cast<char>(unit & 0xffU);
    bytes += static_cast<char>(unit >> 8U);
  }
  return bytes;
}

inline Profile parsed(const BulkReader::Raw& raw) {
  const auto checked = check_row(raw, real_taxonomy());
  INFO(raw.json << (checked.profile ? std::string() : describe(checked.profile.error())));
  REQUIRE(checked.profile);
  return *checked.profile;
}

}  // namespace counterpart::index
