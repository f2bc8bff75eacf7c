// Bulk import: JSON Lines, CSV, IATI 2.03 activity XML -> store; each row accepted whole or refused whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"

namespace counterpart::index {

enum class BulkFormat : std::uint8_t { kJsonLines, kCsv, kIatiXml };

// By extension (.jsonl .ndjson .csv .tsv .xml), case-insensitive; kUnsupported with the list of what is read.
Result<BulkFormat> format_of(const std::filesystem::path& file);

struct BulkOptions {
  std::string encoding = {};        // where no byte order mark tells it; empty: as declared, UTF-8, or found out
  std::function<bool()> stop = {};  // asked from the reading thread; true: read no further
};

// Reads rows one by one in bounded memory, whatever the file's size. Lines count from 1; of a row over several lines the
// first is told. A place in an error is the member alone; whoever reports it puts file and line before it. Not thread-safe.
class BulkReader {
 public:
  virtual ~BulkReader() = default;
  // A row still to be checked (check_row() of import_row.h does that, on any thread), or nullopt at the end. An error
  // ends the file: not readable, not well-formed XML from here on, stopped (kUnavailable); rows given before stand.
  struct Raw {
    std::uint64_t line = 0;
    std::uint64_t bytes_read = 0;     // position in the file, for progress
    std::string json;                 // one profile as JSON, unless refused
    std::optional<Error> refused;     // as a whole
    std::vector<Error> faults = {};   // of single members, which go before what parse_profile says of these
    std::vector<Error> remarks = {};  // what its owner should know though it is taken
  };
  virtual Result<std::optional<Raw>> next() = 0;
};
Result<std::unique_ptr<BulkReader>> open_bulk(const std::filesystem::path& file, const Taxonomy& taxonomy,
                                              const BulkOptions& options = {});
// They borrow the stream and the taxonomy.
std::unique_ptr<BulkReader> read_bulk(BulkFormat format, std::istream& in, const Taxonomy& taxonomy,
                                      const BulkOptions& options = {});
std::unique_ptr<BulkReader> read_json_lines(std::istream& in, const BulkOptions& options = {});
std::unique_ptr<BulkReader> read_csv(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options = {});
std::unique_ptr<BulkReader> read_iati(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options = {});

struct ImportProgress {
  std::uint64_t accepted = 0;  // created + replaced + unchanged
  std::uint64_t created = 0, replaced = 0, unchanged = 0;
  std::uint64_t refused = 0;
  std::uint64_t remarked = 0;   // accepted, with a remark
  std::uint64_t revealing = 0;  // accepted, with contact data in a public text (engine/profile/identity.h)
  std::uint64_t bytes_read = 0, bytes_total = 0;
};

class SeenRows;

struct ImportOptions {
  bool dry_run = false;
  // Of a dry run over several files: what those before would have stored, and then this one. nullptr: nothing.
  SeenRows* rehearsed = nullptr;
  bool replace_private = false;  // a row without contact or legal name removes those stored; else it keeps them
  std::string who = {};          // for the audit log
  unsigned threads = 0;          // 0: one a core
  std::string encoding = {};     // as in BulkOptions
  // Called for each refused row with all its faults, and for each taken in of which there is something to say, in file
  // order, from the importing thread.
  std::function<void(std::uint64_t line, std::span<const Error>)> on_refused = {};
  std::function<void(std::uint64_t line, std::span<const Error>)> on_remark = {};
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
