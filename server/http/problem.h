// Answers in JSON, and problem documents (RFC 9457): ErrorCode -> status and type, and texts that are always UTF-8.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

// How an error is told over HTTP.
struct ProblemKind {
  std::string_view type;
  std::string_view title;
  int status;
};
ProblemKind kind_of(ErrorCode code);
int status_of(ErrorCode code);
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

Response json_response(int status, const boost::json::value& value);

bool valid_utf8(std::string_view text);
// Without the bytes that are no UTF-8: messages quote what was sent, cut to so many bytes, perhaps within a character.
std::string whole_characters(std::string_view text);

}  // namespace counterpart::server
