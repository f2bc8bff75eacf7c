// The members of a profile, of offices and of what acts state in the OpenAPI document, as their tables tell them.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <string>

#include "engine/taxonomy/taxonomy.h"
#include "server/layer.h"

namespace counterpart::server {

// What openapi_schemas.json calls "@Organisation" (the properties of an organisation) and "@Organisation.required" (the names
// of those that it must have), and so for Profile, Facts, Office and Desk and each
// of their objects that has a name. There are names of other lists in
// it.
std::map<std::string, boost::json::value, std::less<>> member_schemas(const Taxonomy& taxonomy);

}  // namespace counterpart::server
