// What is kept of one IATI activity while it is read, and the project profile it becomes. Versions 2.01 to 2.03, and what
// 1.01 to 1.05 write otherwise: texts directly in title and description, words for codes.
//
// The id is "iati:" and the iati-identifier. One that has other characters than an id may have, or is too long, is written
// with hyphens in their place, cut, and told apart by a digest of the whole; the original is kept among the identifiers.
//
// An activity is open until its end: activity-date 4 (actual end) or else 3 (planned end) becomes valid_until. One that
// is closed, cancelled or suspended (activity-status 4, 5, 6) without an actual end is taken in as valid until 1970-01-01,
// so that it is matched no more, and an earlier, open version of it neither.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/taxonomy/taxonomy.h"
#include "index/import/bulk_reader.h"
#include "index/layer.h"

namespace counterpart::index {

struct IatiShare {
  std::string vocabulary, code;
  double percentage = 0;  // 0: not stated
};

struct IatiAmount {
  std::string kind;  // budget or transaction type
  std::string currency;
  std::string value;
};

// Contact data (contact-info) is never read.
struct IatiActivity {
  std::uint64_t line = 0;
  std::string default_currency;
  std::string identifier, title, general, objectives;  // the first narrative of each; xml:lang is often wrong: unused
  std::string old_title, old_general, old_objectives;  // directly in the element, as before 2.01
  std::string status;
  std::string actual_end, planned_end;  // ISO dates
  std::string implementer_type;         // organisation type of the participating-org with role 4
  std::vector<IatiShare> countries, transaction_countries;
  std::vector<IatiShare> sectors, transaction_sectors;
  std::vector<IatiShare> tags;
  std::vector<IatiAmount> budgets, planned, commitments;
  bool region = false;  // a recipient-region is stated
};

// One profile as JSON, still to be checked, or why it cannot become one, with what is to be said of it.
BulkReader::Raw iati_row(const IatiActivity& activity, const Taxonomy& taxonomy);

}  // namespace counterpart::index
