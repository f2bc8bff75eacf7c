// Profiles in a workbook: a header of member names, as in CSV, and a row a profile.
#include <array>
#include <string>
#include <utility>

#include "engine/profile/profile_json.h"
#include "index/bulk/bulk_reader.h"
#include "index/bulk/bulk_table.h"
#include "index/workbook/workbook.h"
#include "index/workbook/workbook_parts.h"

namespace counterpart::index {
namespace {

// All bytes, as the table of a ZIP archive stands at its end.
Result<std::string> read_all(std::istream& in, const std::function<bool()>& stop) {
  std::string bytes;
  for (std::array<char, 1 << 16> piece{}; in.good() && bytes.size() <= kMaxPackedWorkbook;) {
    if (stop && stop()) return fail(ErrorCode::kUnavailable, {}, "was stopped", "give the file again");
    in.read(piece.data(), piece.size());
    bytes.append(piece.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return fail(ErrorCode::kStorage, {}, "the file cannot be read on", "check the disk it is on");
  return bytes;
}

class WorkbookReader : public BulkReader {
 public:
  WorkbookReader(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options)
      : in_(in), stop_(options.stop), table_(taxonomy, options) {}

  const SentTable* sent() const override { return table_.has_header() ? &table_.sent() : nullptr; }

  Result<std::optional<Raw>> next() override {
    if (!workbook_)
      if (Status opened = open(); !opened) return tl::unexpected(opened.error());
    for (;;) {
      if (stop_ && stop_()) return fail(ErrorCode::kUnavailable, {}, "was stopped", "give the file again");
      Result<std::optional<SheetRow>> row = workbook_->next();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return table_.end();
      if (table_.is_blank((*row)->cells) && (*row)->faults.empty() && !(*row)->too_long) continue;
      if (table_.has_header()) return convert(**row);
      if (Status read = table_.read_header((*row)->cells, "row", (*row)->number); !read) return tl::unexpected(read.error());
    }
  }

 private:
  Status open() {
    Result<std::string> bytes = read_all(in_, stop_);
    if (!bytes) return tl::unexpected(bytes.error());
    size_ = bytes->size();
    Result<std::unique_ptr<Workbook>> workbook = Workbook::open(std::move(*bytes));
    if (!workbook) return tl::unexpected(workbook.error());
    workbook_ = std::move(*workbook);
    return {};
  }

  Raw convert(SheetRow& row) {
    Raw raw;
    raw.line = row.number;
    raw.bytes_read = size_;
    if (row.too_long) {
      raw.refused = Error{ErrorCode::kTooLarge, "row", "is longer than 1 MiB", "shorten its texts"};
      table_.keep_row({}, raw);
      return raw;
    }
    for (const SheetFault& fault : row.faults) {
      const CsvColumn* column = table_.column(fault.column);
      raw.faults.push_back({ErrorCode::kInvalid, column ? column->name : "row", fault.message, fault.remedy});
    }
    table_.read_row(std::move(row.cells), "write it again in the spreadsheet program", raw);
    return raw;
  }

  std::istream& in_;
  std::function<bool()> stop_;
  BulkTable table_;
  std::unique_ptr<Workbook> workbook_;
  std::uint64_t size_ = 0;
};

}  // namespace

std::unique_ptr<BulkReader> read_workbook(std::istream& in, const Taxonomy& taxonomy, const BulkOptions& options) {
  return std::make_unique<WorkbookReader>(in, taxonomy, options);
}

}  // namespace counterpart::index
