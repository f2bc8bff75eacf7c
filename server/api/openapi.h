// The interface's description (OpenAPI 3.1), made from the tables that the server itself runs by: routes, fields,
// vocabularies, code lists. The shapes of bodies are server/api/openapi_schemas.json.
#pragma once

#include <string>

#include "engine/taxonomy/taxonomy.h"
#include "server/layer.h"

namespace counterpart::server {

std::string openapi_of(const Taxonomy& taxonomy);

}  // namespace counterpart::server
