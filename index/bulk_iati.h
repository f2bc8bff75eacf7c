// What is kept of one IATI 2.03 activity while it is read, and the project profile it becomes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/taxonomy.h"
#include "index/importer.h"

namespace counterpart {

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
  std::string status;
  std::string implementer_type;  // organisation type of the participating-org with role 4
  std::vector<IatiShare> countries, transaction_countries;
  std::vector<IatiShare> sectors, transaction_sectors;
  std::vector<IatiShare> tags;
  std::vector<IatiAmount> budgets, planned, commitments;
  bool region = false;  // a recipient-region is stated
};

// One profile as JSON, still to be checked by parse_profile; or why it cannot become one.
Result<std::string> iati_profile(const IatiActivity& activity, const Taxonomy& taxonomy);

}  // namespace counterpart
