#include "server/http/problem.h"

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <iterator>
#include <optional>
#include <utility>

#include "server/words/language.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;
using Utf8 = boost::locale::utf::utf_traits<char>;

constexpr bool kOurs = true;
constexpr std::string_view kProblemMedia = "application/problem+json";
constexpr std::string_view kTypes = "/problems/";

// clang-format off
constexpr ProblemKind kKinds[] = {
    {ErrorCode::kInvalid,         "invalid",         "The input breaks a rule",         400, 422},
    {ErrorCode::kNotFound,        "not-found",       "Not found",                       404},
    {ErrorCode::kConflict,        "conflict",        "In conflict with what is stored", 409, 412},
    {ErrorCode::kTooLarge,        "too-large",       "Over a limit",                    413},
    {ErrorCode::kUnsupported,     "unsupported",     "Not a format that is read here",  415},
    {ErrorCode::kUnauthenticated, "unauthenticated", "Who asks is not known",           401},
    {ErrorCode::kForbidden,       "forbidden",       "Not allowed",                     403},
    {ErrorCode::kTooMany,         "too-many",        "Over this token's budget",        429},
    {ErrorCode::kUnavailable,     "unavailable",     "Not available now",               503},
    {ErrorCode::kCorrupt,         "corrupt",         "Stored data is damaged",          500, 0, kOurs},
    {ErrorCode::kStorage,         "storage",         "The disk refused",                507, 0, kOurs},
    {ErrorCode::kInternal,        "internal",        "A fault of the server",           500, 0, kOurs},
};
// clang-format on

// A code's row is found by its number, and the last code has the last one.
static_assert(std::size(kKinds) == static_cast<std::size_t>(ErrorCode::kInternal) + 1);
static_assert(std::ranges::all_of(kKinds, [at = std::size_t{0}](const ProblemKind& kind) mutable {
  return static_cast<std::size_t>(kind.code) == at++;
}));

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : std::string{};
}

// By its type; one that no code has, as those of HTTP itself, by its status.
ErrorCode code_of(int status, std::string_view type) {
  for (const ProblemKind& kind : kKinds)
    if (type == problem_type(kind.type)) return kind.code;
  // From the end: kInternal, the last, is any fault of a server. (clang 14 does not know std::views of libstdc++.)
  for (auto kind = std::rbegin(kKinds); kind != std::rend(kKinds); ++kind)
    if (status == kind->status || status == kind->other_status) return kind->code;
  return ErrorCode::kInternal;
}

}  // namespace

std::string problem_type(std::string_view name) { return std::string(kTypes) + std::string(name); }

std::span<const ProblemKind> problem_kinds() { return kKinds; }

const ProblemKind& kind_of(ErrorCode code) { return kKinds[static_cast<std::size_t>(code)]; }

Error error_of_problem(int status, std::string_view body) {
  Error error{ErrorCode::kInternal, {}, "the server answered " + std::to_string(status), {}};
  boost::system::error_code failed;
  const json::value value = json::parse(body, failed);
  const json::object problem = !failed && value.is_object() ? value.as_object() : json::object();
  error.code = code_of(status, text_of(problem, "type"));
  if (std::string detail = text_of(problem, "detail"); !detail.empty()) error.message = std::move(detail);
  error.place = text_of(problem, "member");
  error.remedy = text_of(problem, "remedy");
  return error;
}

Error without_internals(const Error& error) {
  if (!kind_of(error.code).ours) return error;
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

Response problem(int status, std::string_view type, std::string_view title, Error error, std::string_view request_id,
                 const json::object& more) {
  json::object document{{"type", problem_type(type)}, {"title", title}, {"status", status}};
  if (!error.message.empty()) document["detail"] = whole_characters(error.message);
  if (!error.place.empty()) document["member"] = whole_characters(error.place);
  if (!error.remedy.empty()) document["remedy"] = whole_characters(error.remedy);
  if (!request_id.empty()) document["request"] = request_id;
  for (const auto& [name, value] : more) document.emplace(name, value);
  Response response;
  response.status = status;
  response.content_type = kProblemMedia;
  response.body = json::serialize(document);
  return response;
}

Response problem(const Error& error, const Request& request) {
  const ProblemKind& kind = kind_of(error.code);
  Response response = problem(kind.status, kind.type, kind.title, without_internals(error), request.id);
  if (kind.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (kind.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string language_of_refusals(const Request& request) {
  const auto lang = request.query.find("lang");
  const auto header = request.headers.find("accept-language");
  const std::string accepted = header == request.headers.end() ? std::string() : header->second;
  if (lang != request.query.end())
    if (auto asked = language_asked(lang->second, accepted)) return std::move(*asked);
  return language_asked(std::nullopt, accepted).value_or("en");
}

void put_into_language(Response& response, const Request& request, const Refusals& refusals) {
  constexpr std::string_view kField = "Content-Language";
  if (response.content_type != kProblemMedia) return;
  if (std::ranges::any_of(response.headers, [&](const auto& field) { return field.first == kField; })) return;
  const std::string language = language_of_refusals(request);
  response.headers.emplace_back(kField, language);
  if (language == "en") return;
  json::object document = json::parse(response.body).as_object();
  const std::string type = text_of(document, "type");
  if (const auto title = refusals.title(std::string_view(type).substr(std::min(kTypes.size(), type.size())), language))
    document["title"] = *title;
  Error error{{}, {}, text_of(document, "detail"), text_of(document, "remedy")};
  if (!refusals.say(error, language)) {
    document["detail_language"] = "en";
  } else {
    if (!error.message.empty()) document["detail"] = error.message;
    if (!error.remedy.empty()) document["remedy"] = error.remedy;
  }
  response.body = json::serialize(document);
}

Response unfinished(const Error& why, std::string_view done, const Request& request) {
  const ProblemKind& kind = kind_of(why.code);
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
