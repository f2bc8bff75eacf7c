// Versions of what is stored as entity tags (RFC 9110, 8.8.3), the conditions of requests that name them and what is told where
// one is not met; and keys by which repeated requests are known (draft-ietf-httpapi-idempotency-key-header).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/caseload/acts.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

std::string etag_of(std::uint64_t version);

// A field of the request; empty where it has none.
std::string header(const Request& request, const std::string& name);

// Does a list of entity tags ("3", W/"4", or *) name this version? Strongly: a weak tag never does.
bool names_version(std::string_view tags, std::uint64_t version, bool weakly);

// The answer where If-Match or If-None-Match is no list of entity tags.
std::optional<Response> malformed_tags(const Request& request);

// The version that a list of one strong tag names; nullopt: it names none, or several.
std::optional<std::uint64_t> version_named(std::string_view tags);

// What two who changed the same are told: what this one asked for, what is there now, and what it had before it.
struct Conflict {
  boost::json::value yours = nullptr, theirs = nullptr;
  std::optional<boost::json::value> base = {};
  std::string_view no_base = {};  // why `base` is not there
  boost::json::object more = {};  // members beside these
};
boost::json::object write_conflict(const Conflict& conflict);
// What was sent as JSON; null where it is none.
boost::json::value sent(const Request& request);
// 412: the condition of the field `member` is not met.
Response overtaken(const Request& request, std::string_view member, const Conflict& conflict);

// The Idempotency-Key of a request; empty: it has none. kInvalid.
Result<std::string> idempotency_key(const Request& request);
// The same with all that was asked, as `caller`'s own: another's equal key is another.
Result<std::optional<RepeatKey>> repeat_key_of(const Request& request, const std::string& caller);

inline constexpr std::string_view kKeySchema = R"({"type":"string","minLength":1,"maxLength":255,"pattern":"^[!-~]+$"})";

// The schema of If-Match and If-None-Match.
inline constexpr std::string_view kTags = R"({"type":"string","pattern":"^(\\*|(W/)?\"[!#-~]*\"( *, *(W/)?\"[!#-~]*\")*)$"})";

}  // namespace counterpart::server
