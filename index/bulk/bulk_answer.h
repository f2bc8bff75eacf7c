// A table of profiles given back as it was sent, with what became of each row beside it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "engine/base/result.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_reader.h"
#include "index/layer.h"

namespace counterpart::index {

struct RowAnswer {
  std::string verdict, mend;
  bool refused = false;
  std::string place = {};  // of its first fault, as an error has it
};

struct TableAnswer {
  std::string verdict_heading, mend_heading;  // BulkWords must know both, so that they are passed over in a table sent again
  std::map<std::uint64_t, RowAnswer> rows;    // by line
};

// Of CSV: the same separator, in UTF-8 with a byte order mark; a row that cannot be read is its first line, in one cell, and
// one over 1 MiB is empty. Of a workbook: workbook_answer.h. An answer that the table had from before makes room. kUnsupported:
// JSON Lines and XML are no tables.
Result<std::string> with_answer(BulkFormat format, const std::string& bytes, const SentTable& sent, const TableAnswer& answer,
                                const Taxonomy& taxonomy, const BulkOptions& options = {});

}  // namespace counterpart::index
