// Offices and desks as they are stored: one consistent directory at a time, and the clock that its calendars make.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/office.h"
#include "engine/casework/office_clock.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// The clock of a directory's offices: OfficeCalendars::make() with the world's calendars. Errors: of that.
using MakeClock = std::function<Result<std::shared_ptr<const OfficeClock>>(const Directory& directory)>;

// OfficeCalendars over `world`.
MakeClock clocks_of(std::shared_ptr<const WorldCalendar> world);

// Immutable; safe from several threads.
struct Offices {
  Directory directory;
  std::shared_ptr<const OfficeClock> clock;
  std::uint64_t version = 0;  // the number of the last change; 0: there never was one
  // By id: the number of the change that wrote it. Never the same again for another content.
  std::map<std::string, std::uint64_t, std::less<>> office_versions, desk_versions;
};

// What is put, or removed where nothing is given. `expect`: kConflict unless the row is at this version (0: must not be there).
struct OfficeEdit {
  std::string id;
  std::optional<Office> office;
  std::optional<std::uint64_t> expect = {};
};
struct DeskEdit {
  std::string id;
  std::optional<Desk> desk;
  std::optional<std::uint64_t> expect = {};
};
// One step from a consistent directory to the next: an office comes with its head, a desk goes with what names it.
struct DirectoryChange {
  std::vector<OfficeEdit> offices;
  std::vector<DeskEdit> desks;
};

// What is stored. kCorrupt: it does not decode or is not consistent. Errors: of `make_clock`.
Result<Offices> load_offices(const Database& database, const MakeClock& make_clock);

// The one on duty, as it is stored; nothing: there is no office. kCorrupt.
Result<std::optional<Office>> read_duty_office(const Database& database);

// `now` after `change`, whose rows take the next version; adds to `edits` what stores it.
// kNotFound: what is to be removed is not there. kConflict: `expect`. kInvalid: of Directory::make(), of `make_clock`.
Result<Offices> changed_offices(const Offices& now, const DirectoryChange& change, const MakeClock& make_clock,
                                std::vector<Database::Edit>& edits);

}  // namespace counterpart::index
