// What the bulk targets have in common: a reader over the input, read to its end.
#pragma once

#include <sstream>

#include "engine/profile/profile_json.h"
#include "index/bulk/bulk_reader.h"
#include "index/import/import_row.h"
#include "tests/fuzz/target.h"
#include "tests/support/taxonomy.h"

namespace counterpart::index {

// Rows come in order, each with its JSON or why it is refused; every row can be judged, and every fault of it told.
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
    const CheckedRow checked = check_row(raw, real_taxonomy());
    must(checked.profile.has_value() == checked.faults.empty(), "a refusal without a fault, or a fault without a refusal");
    for (const auto* errors : {&checked.faults, &checked.remarks})
      for (const Error& error : *errors) must_be_told(error, false);
    if (checked.profile)
      must(parse_profile(to_json(*checked.profile, Visibility::kWithPrivate), real_taxonomy()).has_value(),
           "a row that is taken, and cannot be read again");
  }
}

}  // namespace counterpart::index
