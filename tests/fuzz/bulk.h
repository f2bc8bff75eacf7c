// What CSV and IATI have in common as targets: a reader over the input, read to its end.
#pragma once

#include <sstream>

#include "engine/profile_json.h"
#include "index/importer.h"
#include "tests/fuzz/target.h"
#include "tests/support/taxonomy.h"

namespace counterpart {

// Rows come in order, each with its JSON or why it is refused; every JSON is such that parse_profile can judge it.
inline void read_all(BulkReader& reader, std::size_t size) {
  std::uint64_t line = 0, rows = 0;
  while (true) {
    const Result<std::optional<BulkReader::Raw>> row = reader.next();
    if (!row) return must_be_told(row.error(), false);
    if (!*row) return;
    const BulkReader::Raw& raw = **row;
    must(raw.line >= line, "rows that go backward");
    must(raw.bytes_read <= size, "more read than there is");
    must(++rows <= size, "more rows than bytes");
    line = raw.line;
    if (raw.refused) {
      must_be_told(*raw.refused, false);
    } else if (const Result<Profile> profile = parse_profile(raw.json, real_taxonomy()); !profile) {
      must_be_told(profile.error(), false);
    }
  }
}

}  // namespace counterpart
