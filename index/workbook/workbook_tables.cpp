#include "index/workbook/workbook_tables.h"

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "index/workbook/workbook.h"
#include "index/workbook/workbook_xml.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMaxTexts = 4'000'000, kMaxFormats = 70'000, kMaxSheets = 1'000;

std::optional<unsigned> number_of(std::string_view text) {
  unsigned number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Error wrong(std::string place, std::string message) {
  return {ErrorCode::kInvalid, std::move(place), std::move(message),
          "open it in a spreadsheet program and save it again as .xlsx"};
}

// The part that a relation names, from the folder of whoever relates.
std::string part_of(std::string_view folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  return std::string(folder) + std::string(target);
}

// Of a part's relations: what is where, by id.
Result<std::map<std::string, std::string, std::less<>>> relations_of(WorkbookParts& parts, const std::string& folder,
                                                                     const std::string& file) {
  std::map<std::string, std::string, std::less<>> found;
  const Status read = read_part(parts, folder + "_rels/" + file + ".rels",
                                {.start =
                                     [&](std::string_view element, const XmlAttributes& attributes) {
                                       if (element == "Relationship" && found.size() < kMaxSheets * 2)
                                         found.emplace(attributes.get("Id"), part_of(folder, attributes.get("Target")));
                                     },
                                 .end = [](std::string_view) {}});
  if (!read) return tl::unexpected(read.error());
  return found;
}

Status find_sheet(WorkbookParts& parts, WorkbookTables& tables) {
  static const std::string kFolder = "xl/", kFile = "workbook.xml";
  std::string id;
  const Status read =
      read_part(parts, kFolder + kFile,
                {.start =
                     [&](std::string_view element, const XmlAttributes& attributes) {
                       if (element == "workbookPr") {
                         const std::string_view since = attributes.get("date1904");
                         tables.days_since_1904 = since == "1" || since == "true";
                       }
                       if (element != "sheet" || !id.empty() || attributes.get("state").find("idden") != std::string_view::npos)
                         return;
                       tables.sheet_name = attributes.get("name");
                       id = attributes.get("id");
                     },
                 .end = [](std::string_view) {}});
  if (!read) return read;
  const auto relations = relations_of(parts, kFolder, kFile);
  if (!relations) return tl::unexpected(relations.error());
  const auto found = relations->find(id);
  if (id.empty() || found == relations->end()) return tl::unexpected(wrong(kFolder + kFile, "names no sheet that is shown"));
  tables.sheet_part = found->second;
  return {};
}

Status read_texts(WorkbookParts& parts, WorkbookTables& tables) {
  static const std::string kPart = "xl/sharedStrings.xml";
  if (!parts.contains(kPart)) return {};
  std::string text;
  bool reading = false;
  std::size_t phonetic = 0, bytes = 0;  // how something is read aloud is no text of its own
  XmlPart* reader = nullptr;
  const auto start = [&](std::string_view element, const XmlAttributes&) {
    if (element == "si") text.clear();
    if (element == "rPh") ++phonetic;
    reading = element == "t" && phonetic == 0;
  };
  const auto end = [&](std::string_view element) {
    reading = false;
    if (element == "rPh" && phonetic > 0) --phonetic;
    if (element != "si") return;
    if ((bytes += text.size() + sizeof(std::string)) > kMaxSharedText || tables.texts.size() >= kMaxTexts)
      return reader->refuse({ErrorCode::kTooLarge, kPart, "holds more than 64 MiB of text", "split the workbook"});
    tables.texts.push_back(without_escapes(text));
  };
  const auto add = [&](std::string_view piece) {
    if (reading && text.size() <= kMaxSharedText) text += piece;
  };
  auto part = parts.part(kPart);
  if (!part) return tl::unexpected(part.error());
  XmlPart texts(kPart, std::move(*part), {start, end, add});
  reader = &texts;
  const Result<bool> read = texts.read_on();
  return read ? Status() : tl::unexpected(read.error());
}

// Of the formats that have no text of their own, the dates and times (ECMA-376 part 1, 18.8.30).
bool is_known_date(unsigned format) {
  return (format >= 14 && format <= 22) || (format >= 27 && format <= 36) || (format >= 45 && format <= 47) ||
         (format >= 50 && format <= 58);
}

// A letter of a date outside of what is in quotation marks, brackets (colours, languages) or behind a backslash.
bool shows_date(std::string_view format) {
  bool quoted = false, bracketed = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\\' || c == '_' || c == '*')
      ++i;
    else if (c == '[')
      bracketed = true;
    else if (c == ']')
      bracketed = false;
    else if (c == ';')
      return false;  // what follows is of negative numbers
    else if (!bracketed && std::string_view("yYdDhH").find(c) != std::string_view::npos)
      return true;
  }
  return false;
}

Status read_formats(WorkbookParts& parts, WorkbookTables& tables) {
  static const std::string kPart = "xl/styles.xml";
  if (!parts.contains(kPart)) return {};
  std::set<unsigned> dates;
  bool of_cells = false;
  const auto start = [&](std::string_view element, const XmlAttributes& attributes) {
    if (element == "numFmt" && dates.size() < kMaxFormats && shows_date(attributes.get("formatCode")))
      if (const auto number = number_of(attributes.get("numFmtId"))) dates.insert(*number);
    if (element == "cellXfs") of_cells = true;
    if (element != "xf" || !of_cells || tables.dates.size() >= kMaxFormats) return;
    const auto number = number_of(attributes.get("numFmtId"));
    tables.dates.push_back(number && (is_known_date(*number) || dates.contains(*number)));
  };
  return read_part(parts, kPart, {.start = start, .end = [&](std::string_view element) {
                                    if (element == "cellXfs") of_cells = false;
                                  }});
}

}  // namespace

std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::uint32_t code = 0;
    const std::string_view escape = text.substr(at, 7);
    if (escape.size() == 7 && escape.starts_with("_x") && escape[6] == '_' &&
        std::from_chars(escape.data() + 2, escape.data() + 6, code, 16).ptr == escape.data() + 6) {
      if (boost::locale::utf::is_valid_codepoint(code))
        boost::locale::utf::utf_traits<char>::encode(code, std::back_inserter(out));
      at += escape.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

Result<std::string> sheet_part(WorkbookParts& parts) {
  WorkbookTables tables;
  if (Status found = find_sheet(parts, tables); !found) return tl::unexpected(found.error());
  return tables.sheet_part;
}

Result<WorkbookTables> read_tables(WorkbookParts& parts) {
  if (parts.contains_under("xl/externalLinks/"))
    return fail(ErrorCode::kInvalid, "xl/externalLinks", "the workbook is linked with other files, which are not read",
                "break the links in the spreadsheet program, so that their values stay, and save it");
  WorkbookTables tables;
  if (Status found = find_sheet(parts, tables); !found) return tl::unexpected(found.error());
  if (Status read = read_texts(parts, tables); !read) return tl::unexpected(read.error());
  if (Status read = read_formats(parts, tables); !read) return tl::unexpected(read.error());
  return tables;
}

}  // namespace counterpart::index
