// What verbs of cases have in common: their parts and how a case is shown.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "engine/cycles/life_cycles.h"
#include "server/cli/verb.h"
#include "server/layer.h"

namespace counterpart::server {

namespace json = boost::json;

// `kind`: of cases; empty: any.
Verb list_part(const std::string& kind);
Verb show_part(const std::string& kind);
// `row`: of the table; nullptr: `move`, which any of them may be. Of any kind the verb is named on the command line.
Verb act_part(const std::string& kind, const std::string& verb, const ActRow* row);

void print_case(const json::value& one);

std::string with_desk(const std::string& desk);  // "?desk=awa"; of none: nothing
std::string query_of(const std::string& desk, bool preview);
// Of NAME=VALUE each. A number or another JSON value as such, anything else as a text. kInvalid.
Result<json::object> facts_of(const std::vector<std::string>& given);
// POST with a header, where it says something.
Result<std::string> call_with(Backend& backend, const std::string& target, const json::object& body, const char* header,
                              const std::string& value);

}  // namespace counterpart::server
