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

bool is_blank_row(const std::vector<std::string>& cells);
// How many of the cells are names of columns.
std::size_t columns_among(const std::vector<std::string>& cells);

// Not thread-safe; keeps a reference to the taxonomy.
class BulkTable {
 public:
  explicit BulkTable(const Taxonomy& taxonomy) : taxonomy_(taxonomy) {}

  // The first row. kInvalid: a cell names no member, or two name the same one; `place` says where the row is ("line 1").
  Status read_header(const std::vector<std::string>& cells, const std::string& place);
  bool has_header() const { return !columns_.empty(); }
  std::size_t width() const { return columns_.size(); }
  // Column of the kind of profile; SIZE_MAX: there is none.
  std::size_t kind_at() const { return kind_at_; }
  const CsvColumn* column(std::size_t at) const { return at < columns_.size() ? columns_[at] : nullptr; }

  // The cells as a profile's JSON with their faults; as many as there are columns at most, those that are missing are blank.
  // `advice`: what to do about cells that are not in UTF-8.
  void read_row(const std::vector<std::string>& cells, const std::string& advice, BulkReader::Raw& raw) const;

 private:
  // Is `name` an entry of a list that has a column of its own, or such a list?
  bool stands_in(const std::string& name) const;

  const Taxonomy& taxonomy_;
  std::vector<const CsvColumn*> columns_;  // nullptr: without a name
  std::size_t kind_at_ = SIZE_MAX;
};

}  // namespace counterpart::index
