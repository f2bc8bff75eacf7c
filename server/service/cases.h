// Opens the cases of a store, by the calendars of the world and the clock of casework.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "index/store/store.h"
#include "server/layer.h"

namespace counterpart::server {

// Seconds since 1970. Builds for tests take them from the file that COUNTERPART_CLOCK names, so that days pass without waiting.
std::function<std::int64_t()> casework_clock();

// `datasets` has calendar/. Keeps a reference to `store`. Errors: of WorldCalendar::load(), of CaseStore::open().
Result<std::unique_ptr<CaseStore>> open_cases(Store& store, const std::filesystem::path& datasets);

}  // namespace counterpart::server
