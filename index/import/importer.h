// Bulk import: JSON Lines, CSV, workbooks, IATI 2.03 activity XML -> store; each row accepted whole or refused whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_reader.h"
#include "index/layer.h"
#include "index/store/write.h"

namespace counterpart::index {

struct ImportProgress {
  std::uint64_t accepted = 0;  // created + replaced + unchanged + held
  std::uint64_t created = 0, replaced = 0, unchanged = 0;
  std::uint64_t held = 0;  // accepted, but held back until it is reviewed
  std::uint64_t refused = 0;
  std::uint64_t remarked = 0;   // accepted, with a remark
  std::uint64_t revealing = 0;  // accepted, with contact data in a public text (engine/profile/identity.h)
  std::uint64_t bytes_read = 0, bytes_total = 0;
};

class RowsMet;

struct ImportOptions {
  bool dry_run = false;
  // Of a dry run over several files: what those before would have stored, and then this one. nullptr: nothing.
  RowsMet* rehearsed = nullptr;
  bool replace_private = false;      // a row without contact or legal name removes those stored; else it keeps them
  std::string who = {};              // for the audit log
  unsigned threads = 0;              // 0: one a core
  std::string encoding = {};         // as in BulkOptions
  const BulkWords* words = nullptr;  // the same
  // Holds a row back instead of publishing it: false where the same is there already. Nothing: it is to be published. Empty:
  // all are. `dry`: is only asked whether it would.
  std::function<std::optional<Result<bool>>(const Write& write, bool dry)> hold_back = {};
  // Called for each refused row with all its faults, and for each taken in of which there is something to say, in file
  // order, from the importing thread.
  std::function<void(std::uint64_t line, std::span<const Error>)> on_refused = {};
  std::function<void(std::uint64_t line, std::span<const Error>)> on_remark = {};
  // Called for each row taken in: created, replaced, unchanged or held.
  std::function<void(std::uint64_t line, std::string_view status)> on_taken = {};
  // Of a table, once all its rows are read.
  std::function<void(const SentTable&)> on_table = {};
  std::function<void(const ImportProgress&)> on_progress = {};  // a few times a second at most
  std::function<bool()> cancelled = {};  // true: stop after the rows under way; asked from several threads
};

// Rows are checked and embedded in parallel and written in file order, in synced batches, so that what is durable is
// always a prefix of the file; of rows with one id the first that is right counts, and the others are refused; running it
// again over the same file leaves equal profiles `unchanged` without embedding them anew. An error is the file's (see
// BulkReader::next); `progress`, if given, tells how far it came.
class Store;
Result<ImportProgress> import_file(const std::filesystem::path& file, Store& store, const Taxonomy& taxonomy,
                                   const Embedder& embedder, const ImportOptions& options = {},
                                   ImportProgress* progress = nullptr);

}  // namespace counterpart::index
