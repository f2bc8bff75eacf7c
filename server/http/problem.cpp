#include "server/http/problem.h"

#include <boost/locale/utf.hpp>
#include <utility>

namespace counterpart::server {
namespace {

namespace json = boost::json;
using Utf8 = boost::locale::utf::utf_traits<char>;

// Of these the sender can mend nothing, and their messages may hold paths.
bool is_ours(ErrorCode code) {
  return code == ErrorCode::kCorrupt || code == ErrorCode::kStorage || code == ErrorCode::kInternal;
}

}  // namespace

ProblemKind kind_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return {"invalid", "The input breaks a rule", 400};
    case ErrorCode::kNotFound: return {"not-found", "Not found", 404};
    case ErrorCode::kConflict: return {"conflict", "In conflict with what is stored", 409};
    case ErrorCode::kTooLarge: return {"too-large", "Over a limit", 413};
    case ErrorCode::kUnsupported: return {"unsupported", "Not a format that is read here", 415};
    case ErrorCode::kUnauthenticated: return {"unauthenticated", "Who asks is not known", 401};
    case ErrorCode::kForbidden: return {"forbidden", "Not allowed", 403};
    case ErrorCode::kTooMany: return {"too-many", "Over this token's budget", 429};
    case ErrorCode::kUnavailable: return {"unavailable", "Not available now", 503};
    case ErrorCode::kCorrupt: return {"corrupt", "Stored data is damaged", 500};
    case ErrorCode::kStorage: return {"storage", "The disk refused", 507};
    case ErrorCode::kInternal: return {"internal", "A fault of the server", 500};
  }
  return {"internal", "A fault of the server", 500};
}

Error without_internals(const Error& error) {
  if (!is_ours(error.code)) return error;
  return {error.code, {}, "the server could not do this; nothing was changed", "tell the administrator, with the request id"};
}

std::string whole_characters(std::string_view text) {
  std::string out;
  for (auto at = text.begin(); at != text.end();) {
    const auto from = at;
    const auto point = Utf8::decode(at, text.end());
    if (point != boost::locale::utf::illegal && point != boost::locale::utf::incomplete) out.append(from, at);
  }
  return out;
}

bool valid_utf8(std::string_view text) {
  for (auto at = text.begin(); at != text.end();) {
    const auto point = Utf8::decode(at, text.end());
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete) return false;
  }
  return true;
}

Response json_response(int status, const json::value& value) {
  Response response;
  response.status = status;
  response.body = json::serialize(value);
  return response;
}

int status_of(ErrorCode code) { return kind_of(code).status; }

Response problem(int status, std::string_view type, std::string_view title, Error error, std::string_view request_id,
                 const json::object& more) {
  json::object document{{"type", "/problems/" + std::string(type)}, {"title", title}, {"status", status}};
  if (!error.message.empty()) document["detail"] = whole_characters(error.message);
  if (!error.place.empty()) document["member"] = whole_characters(error.place);
  if (!error.remedy.empty()) document["remedy"] = whole_characters(error.remedy);
  if (!request_id.empty()) document["request"] = request_id;
  for (const auto& [name, value] : more) document.emplace(name, value);
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = json::serialize(document);
  return response;
}

Response problem(const Error& error, const Request& request) {
  const ProblemKind kind = kind_of(error.code);
  Response response = problem(kind.status, kind.type, kind.title, without_internals(error), request.id);
  if (kind.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (kind.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

Response unfinished(const Error& why, std::string_view done, const Request& request) {
  const ProblemKind kind = kind_of(why.code);
  const bool disk = why.code == ErrorCode::kStorage;
  return problem(kind.status, kind.type, kind.title,
                 {why.code,
                  {},
                  std::string(done) + (disk ? ": the disk refused" : ": a fault of the server"),
                  disk ? "free some disk space; it then goes on by itself, or repeat this call for the receipt"
                       : "tell the administrator, with the request id; a repeated call goes on"},
                 request.id, {{"pending", true}});
}

}  // namespace counterpart::server
