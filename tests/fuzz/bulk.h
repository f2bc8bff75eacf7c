// What the bulk targets have in common: a reader over the input, read to its end.
#pragma once

#include <sstream>

#include "engine/profile/profile_json.h"
#include "index/bulk/bulk_answer.h"
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

// A table that was read to its end can be given back with an answer to each row.
inline void give_back(BulkFormat format, const std::string& bytes) {
  std::istringstream in(bytes);
  const auto reader = read_bulk(format, in, real_taxonomy());
  TableAnswer answer{.verdict_heading = "verdict", .mend_heading = "what to mend", .rows = {}};
  for (;;) {
    const Result<std::optional<BulkReader::Raw>> row = reader->next();
    if (!row) return;
    if (!*row) break;
    answer.rows[(*row)->line] = {"refused", "<&>", true, "title"};
  }
  if (!reader->sent()) return;
  const Result<std::string> given = with_answer(format, bytes, *reader->sent(), answer, real_taxonomy());
  must(given.has_value(), "a table that was read, and cannot be given back");
}

}  // namespace counterpart::index
