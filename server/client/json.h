// What the verbs send and get as JSON.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "server/client/backend.h"
#include "server/layer.h"

namespace counterpart::server {

// kInternal: it is no JSON.
Result<boost::json::value> parse_answer(const std::string& answer);

// Also as Backend::call().
Result<boost::json::value> call_json(Backend& backend, const std::string& method, const std::string& target,
                                     const std::string& body = {});

// GET by a backend of its own. Prints the answer as it came where --json asks for that.
Result<boost::json::value> get_json(const CommandContext& context, const std::string& target);

// All pages of a list, `target` with a query. Prints {member: [...]} where --json asks for that, else shows one after the
// other, or says `none`; an exit status.
int print_all(const CommandContext& context, const std::string& target, std::string_view member,
              const std::function<void(const boost::json::value&)>& show, const char* none);

// Prints the answer as it came where --json asks for that, else shows it; an exit status.
int print_answer(const CommandContext& context, const Result<std::string>& answer,
                 const std::function<void(const boost::json::value&)>& show);

// Of an empty answer: by which conditions how many fell, what would open each, and who comes nearest. Prints nothing where
// the answer does not tell.
void print_absence(const boost::json::value& answer);

// The line of a profile that another office's server sent: its office, and as of when. Prints nothing of an own one.
void print_origin(const boost::json::value& profile, int indent, std::string_view member = "received_from");

// The line that an answer has where profiles still lack their fine vectors.
void print_note(const boost::json::value& answer);

// --where of the verbs that take it: "FIELD=VALUE[,VALUE]" -> the `where` object of POST /v1/match; the server checks field
// and values. kInvalid.
Result<boost::json::object> where_of(const std::vector<std::string>& conditions);

// Of an object's member; empty where it is absent or no text.
std::string text_if(const boost::json::value& value, std::string_view key);

}  // namespace counterpart::server
