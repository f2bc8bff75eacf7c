// THE table of endpoints: dispatch, access, body limits, unknown query parameters, metrics and /openapi.json all read it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/access/rights.h"
#include "server/handlers/call.h"
#include "server/layer.h"

namespace counterpart::server {

struct Parameter {
  enum class In : std::uint8_t { kQuery, kHeader };
  std::string_view name;
  std::string_view schema;  // JSON
  std::string_view help;
  bool required = false;
  In in = In::kQuery;
};

// One documented answer. `schema` names a component; empty: no body or not JSON.
struct Answer {
  int status;
  std::string_view media;
  std::string_view schema;
  std::string_view help;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/profiles/{id}"; at most one {id}, {programme} or {country}
  Response (*handle)(const Call&);
  Right right;  // what its caller must have
  std::string_view summary;
  std::span<const Parameter> parameters;
  std::span<const Answer> answers;
  std::size_t body_limit = 0;         // bytes; 0: takes none
  std::string_view body_media = {};   // "application/json"
  std::string_view body_schema = {};  // component
  bool filters = false;               // takes every field of engine/corpus/field.h as a query parameter
  bool documented = true;             // false: the officers' page and its parts
};

// The schema of parameters that are ids.
inline constexpr std::string_view kIdSchema = R"({"$ref":"#/components/schemas/Id"})";

std::span<const Route> routes();

}  // namespace counterpart::server
