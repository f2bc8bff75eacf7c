// A table of profiles, whatever file it stands in: which column is which member, and a row's cells as a profile.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_csv_cells.h"
#include "index/bulk/bulk_reader.h"
#include "index/layer.h"

namespace counterpart::index {

// Not thread-safe; keeps references to the taxonomy and to the words of the options.
class BulkTable {
 public:
  BulkTable(const Taxonomy& taxonomy, const BulkOptions& options);

  // How many of the cells head a column of a profile.
  std::size_t columns_among(const std::vector<std::string>& cells) const;
  // The first row. kInvalid: a cell names no member, or may mean several, or two name the same one; `place` says what a line is
  // called ("line", "row").
  Status read_header(const std::vector<std::string>& cells, const std::string& place, std::uint64_t line);
  // Nothing stands in them, but for what an answer added.
  bool is_blank(const std::vector<std::string>& cells) const;
  void parted_by(char separator) { sent_.separator = separator, guarded_ = true; }
  bool has_header() const { return !columns_.empty(); }
  std::size_t width() const { return columns_.size(); }
  // Column of the kind of profile; SIZE_MAX: there is none.
  std::size_t kind_at() const { return kind_at_; }
  const CsvColumn* column(std::size_t at) const { return at < columns_.size() ? columns_[at] : nullptr; }

  // The cells as a profile's JSON with their faults; as many as there are columns at most, those that are missing are blank.
  // `advice`: what to do about cells that are not in UTF-8.
  void read_row(std::vector<std::string> cells, const std::string& advice, BulkReader::Raw& raw);
  // The same of a row that cannot be read, where cells are kept.
  void keep_row(std::vector<std::string> cells, BulkReader::Raw& raw);
  // What a reader gives behind the last row. kInvalid: there was a header, and no row.
  Result<std::optional<BulkReader::Raw>> end() const;
  const SentTable& sent() const { return sent_; }

 private:
  struct Heading {
    const CsvColumn* column = nullptr;
    bool is_answer = false;
    std::vector<std::string> several = {};  // columns of which each may be meant
    std::string language = {};
  };
  Heading heading_of(std::string_view name) const;
  // Is `name` an entry of a list that has a column of its own, or such a list?
  bool stands_in(const std::string& name) const;

  CellCodes codes_;
  bool keep_cells_;
  bool guarded_ = false;  // of CSV, in which texts that look like formulas stand behind an apostrophe
  SentTable sent_;
  bool any_row_ = false;
  std::vector<const CsvColumn*> columns_;  // nullptr: without a name, or passed over
  std::size_t kind_at_ = SIZE_MAX;
};

}  // namespace counterpart::index
