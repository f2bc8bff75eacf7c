// ZIP archives made in memory, and workbooks of parts that need not be right.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

using ZipEntry = std::pair<std::string, std::string>;  // name and content

namespace made {

inline void put(std::string& out, std::uint32_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xffU);
}

inline std::string deflated(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace made

// Of these entries, deflated.
inline std::string zipped(const std::vector<ZipEntry>& entries) {
  std::string out, table;
  for (const auto& [name, content] : entries) {
    const std::string packed = made::deflated(content);
    const auto crc =
        static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size())));
    const auto offset = static_cast<std::uint32_t>(out.size());
    const auto fields = [&](std::string& to) {
      made::put(to, 20, 2), made::put(to, 0, 2), made::put(to, 8, 2), made::put(to, 0, 4), made::put(to, crc, 4);
      made::put(to, static_cast<std::uint32_t>(packed.size()), 4), made::put(to, static_cast<std::uint32_t>(content.size()), 4);
      made::put(to, static_cast<std::uint32_t>(name.size()), 2), made::put(to, 0, 2);
    };
    out += "PK\x03\x04", fields(out), out += name + packed;
    table += "PK\x01\x02", made::put(table, 20, 2), fields(table);
    made::put(table, 0, 2), made::put(table, 0, 2), made::put(table, 0, 2), made::put(table, 0, 4), made::put(table, offset, 4);
    table += name;
  }
  const auto at = static_cast<std::uint32_t>(out.size()), count = static_cast<std::uint32_t>(entries.size());
  out += table + "PK\x05\x06";
  made::put(out, 0, 4), made::put(out, count, 2), made::put(out, count, 2);
  made::put(out, static_cast<std::uint32_t>(table.size()), 4), made::put(out, at, 4), made::put(out, 0, 2);
  return out;
}

// A workbook of these parts, with those that are missing as they are in one of one sheet.
inline std::string workbook_of(std::vector<ZipEntry> entries) {
  const auto add = [&](const std::string& name, const std::string& content) {
    for (const ZipEntry& entry : entries)
      if (entry.first == name) return;
    entries.emplace_back(name, content);
  };
  add("xl/workbook.xml",
      R"(<workbook xmlns:r="r"><sheets><sheet name="Profiles" sheetId="1" r:id="rId1"/></sheets></workbook>)");
  add("xl/_rels/workbook.xml.rels",
      R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)");
  add("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>");
  return zipped(entries);
}

}  // namespace counterpart::index
