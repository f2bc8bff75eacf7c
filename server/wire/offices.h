// JSON <-> offices and desks.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/office.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/caseload/office_book.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

// The bodies of PUT; kInvalid names the member ("desks[1].absence.until").
struct OfficeBody {
  Office office;
  std::vector<Desk> desks;
};
Result<OfficeBody> read_office_body(const Request& request, const Taxonomy& taxonomy);  // {office, desks}
struct DirectoryBody {
  std::vector<Office> offices;
  std::vector<Desk> desks;
};
Result<DirectoryBody> read_directory_body(const Request& request, const Taxonomy& taxonomy);  // {offices, desks}
Result<Desk> read_desk_body(const Request& request, const Taxonomy& taxonomy);
Result<Absence> read_absence_body(const Request& request, const Taxonomy& taxonomy);

// With the version of each, `version` in the object.
boost::json::object write_office(const Office& office, const Offices& offices);
boost::json::object write_desk(const Desk& desk, const Offices& offices);
boost::json::object write_office_with_desks(const Office& office, const Offices& offices);  // {office, desks}
boost::json::object write_directory(const Offices& offices);                                // {version, offices, desks}

}  // namespace counterpart::server
