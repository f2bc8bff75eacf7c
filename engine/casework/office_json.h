// Offices and desks <-> JSON, along a table of members each.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "engine/casework/office.h"
#include "engine/profile/members.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

std::span<const Member> office_members();
std::span<const Member> desk_members();

// `json` comes from parse_strictly(). kInvalid: the place is the member ("absence.until"); unknown members are refused. What is
// named by id is not looked for: Directory::make() does.
Result<Office> read_office(const boost::json::value& json, const Taxonomy& taxonomy);
Result<Desk> read_desk(const boost::json::value& json, const Taxonomy& taxonomy);
Result<Absence> read_absence(const boost::json::value& json, const Taxonomy& taxonomy);  // {from, until, deputy}
// One line, members in the table's order, what is not stated left out; reading it gives an equal value.
std::string to_json(const Office& office);
std::string to_json(const Desk& desk);
// Of our own bytes: trusts codes and lengths. kCorrupt: they do not decode.
Result<Office> decode_office(std::string_view json);
Result<Desk> decode_desk(std::string_view json);

}  // namespace counterpart::engine
