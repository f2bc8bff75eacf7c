#include "index/bulk/bulk_answer.h"

#include <algorithm>
#include <boost/iostreams/device/array.hpp>
#include <boost/iostreams/stream.hpp>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "index/workbook/workbook_answer.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// Cells are as they were sent, also those that begin as a formula does: whoever sent them gets them back.
void add_cell(std::string& line, std::string_view text, char separator) {
  const bool quoted = text.find_first_of("\"\r\n") != text.npos || text.find(separator) != text.npos || text.starts_with(' ') ||
                      text.ends_with(' ');
  if (!quoted) {
    line += text;
    return;
  }
  line += '"';
  for (const char c : text) {
    if (c == '"') line += '"';
    line += c;
  }
  line += '"';
}

void add_row(std::string& out, const SentTable& sent, const std::vector<std::string>& cells, const std::string& verdict,
             const std::string& mend) {
  for (std::size_t i = 0; i < std::max(cells.size(), sent.header.size()); ++i) {
    if (std::ranges::binary_search(sent.answers, i)) continue;
    if (i < cells.size()) add_cell(out, cells[i], sent.separator);
    out += sent.separator;
  }
  add_cell(out, verdict, sent.separator);
  out += sent.separator;
  add_cell(out, mend, sent.separator);
  out += "\r\n";
}

Result<std::string> csv_with_answer(const std::string& bytes, const SentTable& sent, const TableAnswer& answer,
                                    const Taxonomy& taxonomy, BulkOptions options) {
  boost::iostreams::stream<boost::iostreams::array_source> in(bytes.data(), bytes.size());
  options.keep_cells = true;
  const std::unique_ptr<BulkReader> reader = read_csv(in, taxonomy, options);
  std::string out(kByteOrderMark);
  add_row(out, sent, sent.header, answer.verdict_heading, answer.mend_heading);
  for (;;) {
    const Result<std::optional<BulkReader::Raw>> row = reader->next();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    const auto found = answer.rows.find((*row)->line);
    const RowAnswer none;
    const RowAnswer& said = found == answer.rows.end() ? none : found->second;
    add_row(out, sent, (*row)->cells, said.verdict, said.mend);
  }
}

SheetAnswer sheet_answer(const SentTable& sent, const TableAnswer& answer) {
  SheetAnswer sheet{.columns = sent.answers, .rows = {}, .marked = {}, .at_fault = {}};
  sheet.columns.resize(std::min<std::size_t>(2, sheet.columns.size()));
  for (std::size_t next = sent.width; sheet.columns.size() < 2; ++next) sheet.columns.push_back(next);
  sheet.rows[sent.header_line] = {answer.verdict_heading, answer.mend_heading};
  for (const auto& [line, said] : answer.rows) {
    sheet.rows[line] = {said.verdict, said.mend};
    if (!said.refused) continue;
    sheet.marked.push_back(line);
    if (const auto column = sent.column_of(said.place)) sheet.at_fault.emplace_back(line, *column);
  }
  return sheet;
}

}  // namespace

Result<std::string> with_answer(BulkFormat format, const std::string& bytes, const SentTable& sent, const TableAnswer& answer,
                                const Taxonomy& taxonomy, const BulkOptions& options) {
  switch (format) {
    case BulkFormat::kCsv: return csv_with_answer(bytes, sent, answer, taxonomy, options);
    case BulkFormat::kWorkbook: return with_answer(bytes, sheet_answer(sent, answer));
    case BulkFormat::kJsonLines:
    case BulkFormat::kIatiXml: break;
  }
  return fail(ErrorCode::kUnsupported, {}, "only tables are given back with verdicts", "send .csv, .tsv or .xlsx");
}

}  // namespace counterpart::index
