// An import by the server that holds the directory: rows go there in parts, and each part's verdicts come back when they are
// durable.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_reader.h"
#include "server/client/backend.h"
#include "server/client/import_report.h"
#include "server/layer.h"

namespace counterpart::server {

struct RemoteImport {
  Backend& backend;
  std::string file;    // for messages
  std::string target;  // of the call, with its query
  const Taxonomy& taxonomy;
  // Of the verdicts; empty: that of all answers, or of the table's own headings where it is to be given back.
  std::string language;
  bool given_back = false;
};

// All rows of `reader`, into `report`. kUnavailable: the server went away; running it again resumes.
Status import_remotely(const RemoteImport& import, BulkReader& reader, std::uint64_t bytes_total, ImportReport& report);

}  // namespace counterpart::server
