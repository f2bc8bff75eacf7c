// Files that are compiled into the program as they are: the schemas of the interface's description.
#pragma once

#include <string_view>

#include "server/layer.h"

namespace counterpart::server {

// By file name ("openapi_schemas.json"); empty when there is none of that name.
std::string_view embedded_file(std::string_view name);

}  // namespace counterpart::server
