// The verdicts on the rows of a table, and the table given back with them: what became of each row, and all that is wrong with
// it, in words.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/bulk/bulk_reader.h"
#include "server/layer.h"
#include "server/words/refusals.h"
#include "server/words/words.h"

namespace counterpart::server {

// By whom and for whom verdicts are said.
struct Sayer {
  const Words& words;
  const Refusals& refusals;
  const Taxonomy& taxonomy;
};

// Not thread-safe.
class GivenBack {
 public:
  // Of each row one of the two. `status`: as an ImportVerdict has it.
  void taken(std::uint64_t line, std::string_view status);
  void refused(std::uint64_t line, std::span<const Error> faults);
  // Of one that is taken in, in any order.
  void remarked(std::uint64_t line, std::span<const Error> remarks);

  // The table with the verdicts. `language` of the verdicts; empty: that of the sheet's own headings. The two new headings are
  // in the sheet's language where it has one. Errors as index with_answer().
  Result<std::string> written(BulkFormat format, const std::string& bytes, const SentTable& sent, const Sayer& sayer,
                              std::string language, const BulkOptions& options) const;

 private:
  struct Row {
    std::string status;
    std::vector<Error> errors = {};
  };
  void add(std::uint64_t line, std::span<const Error> errors);

  std::map<std::uint64_t, Row> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace counterpart::server
