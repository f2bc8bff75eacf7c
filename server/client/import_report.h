// What an import tells at a terminal or as JSON, of rows and in the end; and the table that it gives back.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/import/importer.h"
#include "server/client/backend.h"
#include "server/client/told.h"
#include "server/layer.h"
#include "server/tables/given_back.h"

namespace counterpart::server {

// Not thread-safe.
class ImportReport {
 public:
  ImportReport(const CommandContext& context, Told told) : json_(context.json), told_(std::move(told)) {}

  // Of rows of the file that was begun last.
  void begin(std::string file) { file_ = std::move(file); }
  void refused(std::uint64_t line, std::span<const Error> faults);
  void remarked(std::uint64_t line, std::span<const Error> remarks);
  void taken(std::uint64_t line, std::string_view status) { verdicts.taken(line, status); }
  void failed(const Error& error);  // the file

  // The totals, on standard output; an exit status.
  int print(bool dry_run) const;

  ImportProgress sum;
  std::uint64_t files = 0, failed_files = 0;
  std::optional<std::uint64_t> duplicates;  // possible ones that the import brought
  GivenBack verdicts;
  std::optional<SentTable> table;  // of the last file, where it is one
  std::string given_back;          // the file that the verdicts are in; empty: none

 private:
  bool json_;
  Told told_;
  std::string file_;
  boost::json::array refusals_, remarks_;  // for --json, the first 1,000 of each
};

void add(const ImportProgress& from, ImportProgress& to);

}  // namespace counterpart::server
