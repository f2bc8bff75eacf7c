// A call that is made in the course of another one: by the same handler, with the same rights and refusals as if it had come by
// itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "server/handlers/route.h"
#include "server/layer.h"

namespace counterpart::server {

struct InnerCall {
  std::string_view method, pattern;  // of its route: "/v1/cases/{id}:{verb}"
  std::string id = {}, verb = {};
  std::multimap<std::string, std::string> query = {};
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};
};

// Its answer in the language of `call`, problem documents too. kInternal as a problem: no route has that pattern.
Response answer_of(const Call& call, const Caller& caller, InnerCall inner);
// The body of one that was answered 200; nullopt: another answer.
std::optional<boost::json::value> json_of(const Response& response);
// A field of the answer's head; empty: it has none.
std::string field_of(const Response& response, std::string_view name);

}  // namespace counterpart::server
