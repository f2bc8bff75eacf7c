#include "server/post/calendar_entry.h"

#include <ctime>
#include <string_view>

#include "server/post/mail.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kMostInLine = 75;  // bytes without the line's end (RFC 5545, 3.1)

std::string utc_time(std::int64_t at) {
  const std::time_t seconds = at;
  std::tm time{};
  ::gmtime_r(&seconds, &time);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &time);
  return text;
}

// RFC 5545, 3.3.11.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) {
      if (c == '\\' || c == ';' || c == ',') out += '\\';
      out += c;
    }
  }
  return out;
}

void add(std::string& out, std::string_view name, std::string_view value) {
  std::string whole(name);
  (whole += ':') += value;
  std::string_view line = whole;
  for (std::size_t most = kMostInLine; !line.empty(); most = kMostInLine - 1) {
    const std::string_view piece = whole_characters(line, most);
    if (most != kMostInLine) out += ' ';
    (out += piece) += "\r\n";
    line.remove_prefix(piece.size());
  }
}

}  // namespace

std::string calendar_of(const std::vector<CalendarEntry>& entries, std::int64_t written) {
  std::string out;
  add(out, "BEGIN", "VCALENDAR");
  add(out, "VERSION", "2.0");
  add(out, "PRODID", "-//Counterpart//Letters//EN");
  add(out, "METHOD", "PUBLISH");
  for (const CalendarEntry& entry : entries) {
    add(out, "BEGIN", "VEVENT");
    add(out, "UID", escaped(entry.uid));
    add(out, "SEQUENCE", std::to_string(entry.sequence));
    add(out, "DTSTAMP", utc_time(written));
    add(out, "DTSTART", utc_time(entry.due));  // without an end: a moment
    add(out, "SUMMARY", escaped(entry.summary));
    if (!entry.description.empty()) add(out, "DESCRIPTION", escaped(entry.description));
    add(out, "TRANSP", "TRANSPARENT");
    add(out, "END", "VEVENT");
  }
  add(out, "END", "VCALENDAR");
  return out;
}

}  // namespace counterpart::server
