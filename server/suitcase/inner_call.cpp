#include "server/suitcase/inner_call.h"

#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "server/http/problem.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

std::string url_encoded(std::string_view text) { return boost::urls::encode(text, boost::urls::unreserved_chars); }

const Route* find_row(std::string_view method, std::string_view pattern) {
  for (const auto rows_of_file : kRouteFiles)
    for (const Route& row : rows_of_file())
      if (row.method == method && row.pattern == pattern) return &row;
  return nullptr;
}

// What stands for the first {…}, and for {verb} at the end.
std::string path_of(const InnerCall& inner) {
  std::string path(inner.pattern);
  for (const std::string& value : {inner.id, inner.verb}) {
    const std::size_t from = path.find('{');
    if (from != path.npos) path.replace(from, path.find('}') + 1 - from, value);
  }
  return path;
}

std::optional<Error> wrong(const Route& row, const Caller& caller, const std::string& id, std::size_t bytes) {
  if (row.pattern.find('{') != row.pattern.npos && !is_id(id))
    return Error{ErrorCode::kInvalid, "id", "not an id", "1 to 128 of A-Z a-z 0-9 : . _ -"};
  if (caller.reach(row.right) == Reach::kNone) return out_of_reach(caller, row.right);
  if (!grant_of(row.right).filtered && !caller.filter.empty())
    return Error{ErrorCode::kForbidden,
                 {},
                 "this call looks at all profiles, and this token has a filter",
                 "ask the administrator for a token without one"};
  if (bytes > row.body.limit) return Error{ErrorCode::kTooLarge, "body", "longer than this call takes", "write less"};
  return std::nullopt;
}

}  // namespace

Response answer_of(const Call& call, const Caller& caller, InnerCall inner) {
  const Route* row = find_row(inner.method, inner.pattern);
  Request request{.method = std::string(inner.method),
                  .target = {},
                  .path = path_of(inner),
                  .query = std::move(inner.query),
                  .headers = std::move(inner.headers),
                  .body = std::move(inner.body),
                  .id = call.request.id,
                  .client = call.request.client,
                  .stop = call.request.stop};
  request.headers["accept-language"] = call.speech.language;
  request.target = request.path;
  for (const auto& [name, value] : request.query)
    request.target.append(request.target.size() == request.path.size() ? "?" : "&").append(name + "=" + url_encoded(value));
  Response response;
  if (!row)
    response = problem({ErrorCode::kInternal, {}, "no route " + std::string(inner.pattern), {}}, request);
  else if (const std::optional<Error> error = wrong(*row, caller, inner.id, request.body.size()))
    response = problem(*error, request);
  else
    response = row->handle({call.service,
                            call.data,
                            call.metrics,
                            call.server,
                            request,
                            caller,
                            std::move(inner.id),
                            std::move(inner.verb),
                            {},
                            call.speech,
                            row->pattern});
  put_into_language(response, request, call.data.refusals);
  return response;
}

std::optional<boost::json::value> json_of(const Response& response) {
  if (response.status != 200 || response.stream) return std::nullopt;
  boost::system::error_code failed;
  boost::json::value value = boost::json::parse(response.body, failed);
  return failed ? std::nullopt : std::optional(std::move(value));
}

std::string field_of(const Response& response, std::string_view name) {
  for (const auto& [field, value] : response.headers)
    if (field == name) return value;
  return {};
}

}  // namespace counterpart::server
