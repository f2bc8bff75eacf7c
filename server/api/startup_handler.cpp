#include "server/api/startup_handler.h"

#include <spdlog/spdlog.h>

#include "engine/base/barrier.h"
#include "server/api/api.h"
#include "server/api/page_answer.h"
#include "server/wire/wire.h"

namespace counterpart::server {

bool StartupHandler::welcomes(const Request& head) const {
  Api* const api = api_;
  return api && api->welcomes(head);
}

void StartupHandler::put_into_language(Response& response, const Request& request) const {
  if (const Api* const api = api_) api->put_into_language(response, request);
}

Response StartupHandler::answer(const Request& request) const {
  if (Api* const api = api_) {
    Result<Response> answered = guarded("request", [&]() -> Result<Response> { return api->answer(request); });
    if (answered) return std::move(*answered);
    spdlog::error("id={} {}", request.id, describe(answered.error()));
    answered.error().place.clear();
    return problem(answered.error(), request);
  }
  if (std::optional<Response> page = page_while_starting(request)) return std::move(*page);
  Response response =
      request.path == "/healthz"
          ? json_response(200, boost::json::object{{"status", "alive"}})
          : problem({ErrorCode::kUnavailable, {}, "the server is loading its data", "ask again in a second"}, request);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace counterpart::server
