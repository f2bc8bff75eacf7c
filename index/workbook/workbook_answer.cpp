#include "index/workbook/workbook_answer.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "index/workbook/workbook.h"
#include "index/workbook/workbook_parts.h"
#include "index/workbook/workbook_tables.h"
#include "index/workbook/workbook_xml.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kDeclaration = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)";
constexpr std::string_view kStyles = "xl/styles.xml";
constexpr std::size_t kMaxOfACell = 32'767;  // characters
constexpr std::size_t kMaxRanges = 400;      // of one rule
constexpr std::size_t kMaxColoured = 40'000;
// Always true; by it the colours of an answer are known again.
constexpr std::string_view kMark = R"(N("counterpart")=0)";
constexpr std::string_view kMarksAsWritten[] = {kMark, "N(&quot;counterpart&quot;)=0"};  // by this or that program
// What stands before the colours that depend on conditions, in the order of a sheet's parts (ECMA-376 part 1, 18.3.1.99).
constexpr std::string_view kBeforeColours[] = {"sheetPr",
                                               "dimension",
                                               "sheetViews",
                                               "sheetFormatPr",
                                               "cols",
                                               "sheetData",
                                               "sheetCalcPr",
                                               "sheetProtection",
                                               "protectedRanges",
                                               "scenarios",
                                               "autoFilter",
                                               "sortState",
                                               "dataConsolidate",
                                               "customSheetViews",
                                               "mergeCells",
                                               "phoneticPr",
                                               "conditionalFormatting"};
// And before the formats of such colours, among the parts of a workbook's styles (18.8.39).
constexpr std::string_view kBeforeFormats[] = {"numFmts",      "fonts",   "fills",      "borders",
                                               "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"};

std::string column_name(std::size_t column) {
  std::string name;
  for (std::size_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
    name.insert(name.begin(), static_cast<char>('A' + (rest - 1) % 26));
  return name;
}
std::string cell_name(std::uint64_t row, std::size_t column) { return column_name(column) + std::to_string(row); }

// Without what XML cannot hold, and no longer than a cell can be.
std::string escaped(std::string_view text) {
  std::string out;
  std::size_t characters = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80 && ++characters > kMaxOfACell / 2) break;  // one may count as two there
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (byte >= 0x20 || c == '\n' || c == '\t')
      out += c;
  }
  return out;
}

// A part copied while it is read, piece by piece.
class CopiedPart : public WorkbookParts::Part {
 public:
  CopiedPart(std::string name, std::unique_ptr<WorkbookParts::Part> part)
      : xml_(std::move(name), std::move(part),
             {.start = [this](std::string_view element, const XmlAttributes& attributes) { begin(element, attributes); },
              .end = [this](std::string_view element) { finish(element); },
              .rest =
                  [this](std::string_view raw) {
                    if (skipped_ == 0) out_ += raw;
                  }}) {}

  Result<std::string_view> next() override {
    if (ended_) return std::string_view();
    if (!std::exchange(begun_, true)) out_ = kDeclaration;
    while (out_.size() < (1U << 16U)) {
      const Result<bool> more = xml_.read_on();
      if (!more) return tl::unexpected(more.error());
      ended_ = !*more;
      if (ended_) break;
    }
    piece_.swap(out_);
    out_.clear();
    return std::string_view(piece_);
  }

 protected:
  virtual void start(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view element) = 0;  // the tag is kept behind it

  void skip() { skipped_ = depth_; }  // the element that starts
  // Its tag; gives back where it begins in the copy.
  std::size_t keep() {
    const std::size_t at = out_.size();
    xml_.keep();
    if (depth_ > 1) return at;
    if (const std::size_t colon = out_.find_first_of(": />", at); colon != out_.npos && out_[colon] == ':')
      prefix_ = out_.substr(at + 1, colon - at);
    return at;
  }
  std::size_t depth() const { return depth_; }  // of the element under way, from 1
  std::string& out() { return out_; }
  void keep_whole(bool whole) { whole_ = whole; }  // what is added to out() from here on stays there
  // With the prefix of the outermost element, as what is added has it too.
  std::string tag(std::string_view name) const { return prefix_ + std::string(name); }

 private:
  void begin(std::string_view element, const XmlAttributes& attributes) {
    ++depth_;
    if (skipped_ == 0) start(element, attributes);
  }
  void finish(std::string_view element) {
    if (skipped_ == 0) {
      end(element);
      xml_.keep();
    }
    if (skipped_ == depth_) skipped_ = 0;
    --depth_;
    if (skipped_ == 0 && !whole_ && out_.size() >= (1U << 16U)) xml_.pause();
  }

  std::string out_, piece_, prefix_;
  std::size_t depth_ = 0, skipped_ = 0;
  bool begun_ = false, ended_ = false, whole_ = false;
  XmlPart xml_;
};

class CopiedSheet : public CopiedPart {
 public:
  CopiedSheet(std::string name, std::unique_ptr<WorkbookParts::Part> part, const SheetAnswer& answer,
              std::optional<std::size_t> format)
      : CopiedPart(std::move(name), std::move(part)), answer_(answer), format_(format) {}

 private:
  void start(std::string_view element, const XmlAttributes& attributes) override {
    if (depth() == 2 && element == "dimension") return skip();  // it may be left out, and is no longer true
    if (depth() == 2 && std::ranges::find(kBeforeColours, element) == std::end(kBeforeColours)) add_colours();
    if (depth() == 3 && element == "row") return start_row(attributes);
    if (depth() == 4 && element == "c" && in_row_) {
      column_ = column_of(attributes.get("r")).value_or(column_ + 1);
      add_cells(column_);
      if (std::ranges::binary_search(answer_.columns, column_)) return skip();
    }
    const std::size_t at = keep();
    if (depth() != 2 || element != "conditionalFormatting") return;
    colours_at_ = at;
    keep_whole(true);
  }

  void start_row(const XmlAttributes& attributes) {
    const std::string_view number = attributes.get("r");
    std::uint64_t row = row_ + 1;
    std::from_chars(number.data(), number.data() + number.size(), row);
    row_ = row;
    column_ = SIZE_MAX;
    const auto found = answer_.rows.find(row_);
    next_ = 0;
    texts_ = found == answer_.rows.end() ? nullptr : &found->second;
    in_row_ = true;
    const std::size_t at = keep();
    if (out().ends_with("/>")) texts_ = nullptr;  // it has no cell, and no room for one
    // Between which columns the cells are, which is a hint alone.
    if (const std::size_t spans = out().find(" spans=\"", at); texts_ && spans != out().npos)
      out().erase(spans, out().find('"', spans + 8) + 1 - spans);
  }

  // Those that stand before `column`, or there.
  void add_cells(std::size_t column) {
    for (; texts_ && next_ < answer_.columns.size() && answer_.columns[next_] <= column; ++next_) {
      const std::string& text = (*texts_)[next_];
      if (text.empty()) continue;
      out() += "<" + tag("c") + " r=\"" + cell_name(row_, answer_.columns[next_]) + "\" t=\"inlineStr\"><" + tag("is") + "><" +
               tag("t") + " xml:space=\"preserve\">" + escaped(text) + "</" + tag("t") + "></" + tag("is") + "></" + tag("c") +
               ">";
    }
  }

  void end(std::string_view element) override {
    if (depth() == 3 && in_row_) {
      add_cells(SIZE_MAX);
      in_row_ = false;
    }
    if (depth() == 1) add_colours();
    if (depth() != 2 || element != "conditionalFormatting") return;
    keep_whole(false);
    const auto is_there = [&](std::string_view mark) { return out().find(mark, colours_at_) != std::string::npos; };
    if (std::ranges::none_of(kMarksAsWritten, is_there)) return;
    out().resize(colours_at_);
    skip();  // its end
  }

  static std::optional<std::size_t> column_of(std::string_view reference) {
    std::size_t column = 0;
    for (const char c : reference) {
      if (c < 'A' || c > 'Z' || column > kMaxSheetColumns) break;
      column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
    }
    return column == 0 ? std::nullopt : std::optional(column - 1);
  }

  void add_rule(const std::string& ranges, std::size_t format, std::size_t priority) {
    if (ranges.empty()) return;
    out() += "<" + tag("conditionalFormatting") + " sqref=\"" + ranges + "\"><" + tag("cfRule") +
             " type=\"expression\" dxfId=\"" + std::to_string(format) + "\" priority=\"" + std::to_string(priority) + "\"><" +
             tag("formula") + ">" + std::string(kMark) + "</" + tag("formula") + "></" + tag("cfRule") + "></" +
             tag("conditionalFormatting") + ">";
  }

  // A rule for a number of ranges; `range` tells each.
  template <class Ranges, class Name>
  void add_rules(const Ranges& ranges, std::size_t format, std::size_t priority, const Name& name) {
    std::string together;
    for (std::size_t i = 0; i < std::min(ranges.size(), kMaxColoured); ++i) {
      together += (together.empty() ? "" : " ") + name(ranges[i]);
      if (i % kMaxRanges == kMaxRanges - 1) add_rule(std::exchange(together, {}), format, priority);
    }
    add_rule(together, format, priority);
  }

  void add_colours() {
    if (std::exchange(coloured_, true) || !format_) return;
    add_rules(answer_.at_fault, *format_ + 1, 1, [](const auto& cell) { return cell_name(cell.first, cell.second); });
    add_rules(answer_.marked, *format_, 2,
              [&](std::uint64_t row) { return cell_name(row, 0) + ":" + cell_name(row, answer_.columns.back()); });
  }

  const SheetAnswer& answer_;
  std::optional<std::size_t> format_;
  std::uint64_t row_ = 0;
  std::size_t column_ = SIZE_MAX, next_ = 0, colours_at_ = 0;
  const std::vector<std::string>* texts_ = nullptr;
  bool in_row_ = false, coloured_ = false;
};

// Adds the two formats of the colours behind those that are there.
class CopiedStyles : public CopiedPart {
 public:
  using CopiedPart::CopiedPart;

 private:
  void start(std::string_view element, const XmlAttributes&) override {
    if (depth() == 2 && std::ranges::find(kBeforeFormats, element) == std::end(kBeforeFormats)) add_all();
    const std::size_t at = keep();
    if (depth() != 2 || element != "dxfs") return;
    out().resize(at);  // its count is no longer true, and it may have been without an end
    out() += "<" + tag("dxfs") + ">";
  }
  void end(std::string_view element) override {
    if (depth() == 1) add_all();
    if (depth() != 2 || element != "dxfs") return;
    add_formats();
    out() += "</" + tag("dxfs") + ">";
    added_ = true;
    skip();
  }
  void add_all() {
    if (std::exchange(added_, true)) return;
    out() += "<" + tag("dxfs") + ">";
    add_formats();
    out() += "</" + tag("dxfs") + ">";
  }
  void add_formats() {
    for (const std::string_view colour : {"FFFDECEA", "FFF5A9A2"})
      out() += "<" + tag("dxf") + "><" + tag("fill") + "><" + tag("patternFill") + " patternType=\"solid\"><" + tag("fgColor") +
               " rgb=\"" + std::string(colour) + "\"/><" + tag("bgColor") + " rgb=\"" + std::string(colour) + "\"/></" +
               tag("patternFill") + "></" + tag("fill") + "></" + tag("dxf") + ">";
  }

  bool added_ = false;
};

// How many formats of such colours there are. nullopt: the workbook has no styles.
Result<std::optional<std::size_t>> formats_in(WorkbookParts& parts) {
  const std::string name(kStyles);
  if (!parts.contains(name)) return std::nullopt;
  std::size_t count = 0;
  if (Status read = read_part(parts, name,
                              {.start = [&](std::string_view element, const XmlAttributes&) { count += element == "dxf"; },
                               .end = [](std::string_view) {}});
      !read)
    return tl::unexpected(read.error());
  return std::optional(count);
}

}  // namespace

Result<std::string> with_answer(std::string bytes, const SheetAnswer& answer) {
  Result<std::unique_ptr<WorkbookParts>> parts = WorkbookParts::open(std::move(bytes));
  if (!parts) return tl::unexpected(parts.error());
  const Result<std::string> sheet = sheet_part(**parts);
  if (!sheet) return tl::unexpected(sheet.error());
  const Result<std::optional<std::size_t>> formats = formats_in(**parts);
  if (!formats) return tl::unexpected(formats.error());
  const auto copied = [&](const std::string& name, auto make) {
    return [&parts, name, make]() -> Result<std::unique_ptr<WorkbookParts::Part>> {
      Result<std::unique_ptr<WorkbookParts::Part>> part = (*parts)->part(name);
      if (!part) return part;
      return make(std::move(*part));
    };
  };
  std::map<std::string, WorkbookParts::Maker> replaced;
  replaced[*sheet] =
      copied(*sheet, [&](auto part) { return std::make_unique<CopiedSheet>(*sheet, std::move(part), answer, *formats); });
  if (*formats)
    replaced[std::string(kStyles)] = copied(
        std::string(kStyles), [](auto part) { return std::make_unique<CopiedStyles>(std::string(kStyles), std::move(part)); });
  return (*parts)->with(replaced);
}

}  // namespace counterpart::index
