#include "server/service/cases.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include "index/base/time.h"

namespace counterpart::server {

std::function<std::int64_t()> casework_clock() {
#ifdef COUNTERPART_KILL_POINTS
  if (const char* file = std::getenv("COUNTERPART_CLOCK"))
    return [path = std::string(file)] {
      std::int64_t seconds = 0;
      std::ifstream(path) >> seconds;
      return seconds;
    };
#endif
  return [] { return static_cast<std::int64_t>(now_utc()); };
}

Result<std::unique_ptr<CaseStore>> open_cases(Store& store, const std::filesystem::path& datasets) {
  Result<std::shared_ptr<const WorldCalendar>> world = WorldCalendar::load(datasets / "calendar");
  if (!world) return tl::unexpected(world.error());
  return CaseStore::open(store, clocks_of(std::move(*world)), {}, casework_clock()());
}

}  // namespace counterpart::server
