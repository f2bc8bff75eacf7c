// A due time as an entry for a calendar (iCalendar, RFC 5545).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "server/layer.h"

namespace counterpart::server {

struct CalendarEntry {
  std::string uid;  // the same for the same task: what comes later takes its place
  unsigned sequence = 0;
  std::int64_t due = 0;  // seconds since 1970
  std::string summary, description;
};

// Lines end with CRLF and have at most 75 bytes; times are in UTC. `written`: when.
std::string calendar_of(const std::vector<CalendarEntry>& entries, std::int64_t written);

}  // namespace counterpart::server
