// Rows of a bulk file, one by one: JSON Lines, CSV, workbooks, IATI 2.03 activity XML.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_words.h"
#include "index/layer.h"

namespace counterpart::index {

enum class BulkFormat : std::uint8_t { kJsonLines, kCsv, kWorkbook, kIatiXml };
constexpr bool is_table(BulkFormat format) { return format == BulkFormat::kCsv || format == BulkFormat::kWorkbook; }

// The place of a remark on the whole file, which is told even where the row that brings it is refused.
inline constexpr std::string_view kOfFile = "file";

// By extension (.jsonl .ndjson .csv .tsv .xlsx .xml), case-insensitive; kUnsupported with the list of what is read.
Result<BulkFormat> format_of(const std::filesystem::path& file);

struct BulkOptions {
  std::string encoding = {};        // where no byte order mark tells it; empty: as declared, UTF-8, or found out
  std::function<bool()> stop = {};  // asked from the reading thread; true: read no further
  // What else than the contract's names a table's columns and codes are called. nullptr: nothing. It outlives the reader.
  const BulkWords* words = nullptr;
  bool keep_cells = false;  // of tables: Raw has the cells too
};

// A table as it was sent, for whoever gives it back.
struct SentTable {
  std::uint64_t header_line = 0;
  std::vector<std::string> header;
  std::vector<std::string> members;  // by column: its name, as csv_column() knows it; empty: none
  std::vector<std::size_t> answers;  // columns that an answer added to it before, ascending
  std::size_t width = 0;             // columns in use, by any row so far
  std::string language;              // in which most of its headings are; empty: they are the contract's names
  char separator = ',';              // of CSV
  // The column of `place`, as an error has it ("sectors[1]"). nullopt: it has none of its own.
  std::optional<std::size_t> column_of(std::string_view place) const;
};

// Reads rows one by one in bounded memory, whatever the file's size (a workbook is held packed; workbook_parts.h has its
// limits). Lines count from 1; of a row over several lines the
// first is told. A place in an error is the member alone; whoever reports it puts file and line before it. Not thread-safe.
class BulkReader {
 public:
  virtual ~BulkReader() = default;
  // A row still to be checked (check_row() of import_row.h does that, on any thread), or nullopt at the end. An error
  // ends the file: not readable, not well-formed XML from here on, stopped (kUnavailable); rows given before stand.
  struct Raw {
    std::uint64_t line = 0;
    std::uint64_t bytes_read = 0;         // position in the file, for progress
    std::string json;                     // one profile as JSON, unless refused
    std::optional<Error> refused;         // as a whole
    std::vector<Error> faults = {};       // of single members, which go before what parse_profile says of these
    std::vector<Error> remarks = {};      // what its owner should know though it is taken
    std::vector<std::string> cells = {};  // where they are kept; of a row that is no row of cells its first line
  };
  virtual Result<std::optional<Raw>> next() = 0;
  // Of a table, once its header was read; else nullptr.
  virtual const SentTable* sent() const { return nullptr; }
};
Result<std::unique_ptr<BulkReader>> open_bulk(const std::filesystem::path& file, const Taxonomy& taxonomy,
                                              const BulkOptions& options = {});
// They borrow the stream and the taxonomy.
std::unique_ptr<BulkReader> read_bulk(BulkFormat format, std::istream& in, const Taxonomy& taxonomy,
                                      const BulkOptions& options = {});
std::unique_ptr<BulkReader> read_json_lines(std::istream& in, const BulkOptions& options = {});
std::unique_ptr<BulkReader> read_csv(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options = {});
// A .xlsx: the first sheet that is not hidden, a header of the names of members or what they are called, as in CSV.
std::unique_ptr<BulkReader> read_workbook(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options = {});
std::unique_ptr<BulkReader> read_iati(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options = {});

}  // namespace counterpart::index
