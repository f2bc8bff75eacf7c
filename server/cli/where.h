// --where of the verbs that take it.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// "FIELD=VALUE[,VALUE]" -> the `where` object of POST /v1/match; the server checks field and values.
Result<boost::json::object> where_of(const std::vector<std::string>& conditions);

}  // namespace counterpart::server
