// Answers in JSON, and problem documents (RFC 9457): ErrorCode -> status and type and back, and texts that are always UTF-8.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/words/refusals.h"

namespace counterpart::server {

// THE table of error codes: how each is answered over HTTP, and how the command line knows it again.
struct ProblemKind {
  ErrorCode code;
  std::string_view type;  // the end of problem_type()
  std::string_view title;
  int status;
  int other_status = 0;  // that a problem of HTTP itself has when it means the same, as 412 a conflict
  bool ours = false;     // the sender can mend nothing, and the message may hold paths
};
std::span<const ProblemKind> problem_kinds();  // in the order of ErrorCode
const ProblemKind& kind_of(ErrorCode code);

// "/problems/invalid" of "invalid".
std::string problem_type(std::string_view name);

// The error that problem document `body` was made from, as far as it says. Of any other answer: what `status` says.
Error error_of_problem(int status, std::string_view body);

// Faults of ours and of the disk are named, never described: their messages may carry paths.
Error without_internals(const Error& error);

// A problem document (RFC 9457) of a domain error. Faults of ours and of the disk are named, never described: their
// messages may carry paths.
Response problem(const Error& error, const Request& request);
// Of what was done in part and goes on: `done` says which part in words, `why` what keeps the rest.
Response unfinished(const Error& why, std::string_view done, const Request& request);
// One that HTTP itself is at fault for: `type` becomes "/problems/<type>"; `more`: members beside those that all have.
Response problem(int status, std::string_view type, std::string_view title, Error error, std::string_view request_id,
                 const boost::json::object& more = {});

// Puts a problem document into the language that its request asks for: by `lang`, else by Accept-Language. Where message or
// remedy cannot be said in it both stay English, and the member `detail_language` tells so. Any other answer, and one that has
// its Content-Language already, stays as it is.
void put_into_language(Response& response, const Request& request, const Refusals& refusals);
// The language of that; one that is not there asks for none.
std::string language_of_refusals(const Request& request);

Response json_response(int status, const boost::json::value& value);

bool valid_utf8(std::string_view text);
// Without the bytes that are no UTF-8: messages quote what was sent, cut to so many bytes, perhaps within a character.
std::string whole_characters(std::string_view text);

}  // namespace counterpart::server
