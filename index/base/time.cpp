#include "index/base/time.h"

#include <algorithm>
#include <ctime>

namespace counterpart::index {
namespace {

constexpr const char* kIsoTime = "%Y-%m-%dT%H:%M:%SZ";

}  // namespace

std::uint64_t now_utc() { return static_cast<std::uint64_t>(std::time(nullptr)); }

std::int32_t today_utc() { return static_cast<std::int32_t>(now_utc() / static_cast<std::uint64_t>(kDay)); }

std::string iso_time(std::uint64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (gmtime_r(&time, &parts) == nullptr) return {};
  char text[32];
  return {text, std::strftime(text, sizeof text, kIsoTime, &parts)};
}

std::uint64_t seconds_of(const std::string& iso_time) {
  std::tm parts{};
  const char* const end = strptime(iso_time.c_str(), kIsoTime, &parts);
  if (!end || *end != '\0') return 0;
  return static_cast<std::uint64_t>(std::max<std::time_t>(timegm(&parts), 0));
}

}  // namespace counterpart::index
