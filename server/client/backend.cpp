#include "server/client/backend.h"

#include <boost/url.hpp>
#include <iostream>

#include "server/api/api.h"
#include "server/http/problem.h"

namespace counterpart::server {
namespace {

// A call in this process, as a session would have read it from a socket.
Result<Request> local_request(const std::string& method, const std::string& target, const std::string& body,
                              const std::string& content_type, const CallHeaders& headers) {
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return fail(ErrorCode::kInternal, target, "not a request target");
  Request request;
  request.method = method;
  request.target = target;
  request.path = boost::urls::pct_string_view(url->encoded_path()).decode();
  for (const auto parameter : url->params()) request.query.emplace(parameter.key, parameter.value);
  for (const auto& [name, value] : headers) request.headers[name] = value;
  request.headers["content-type"] = content_type;
  request.body = body;
  request.id = "local";
  return request;
}

}  // namespace

Result<Backend> Backend::open(const CommandContext& context) {
  Backend backend;
  backend.language_ = context.language;
  backend.calls_ = context.calls;
  OpenReport opened;
  Result<std::unique_ptr<Service>> service = open_service(context.service, &opened);
  if (service) {
    if (opened.rebuilt) std::cerr << "counterpart: " << opened.what << "\n";
    backend.service_ = std::move(*service);
    return backend;
  }
  if (service.error().code != ErrorCode::kUnavailable) return tl::unexpected(service.error());
  Result<std::unique_ptr<Remote>> remote = Remote::find(context.service.data);
  if (!remote) return tl::unexpected(remote.error());
  std::cerr << "counterpart: asking the server at " << (*remote)->address() << ":" << (*remote)->port() << ", which holds "
            << context.service.data.string() << "\n";
  if (!context.service.exclusions.empty())
    std::cerr << "counterpart: its own list of exclusions counts; " << context.service.exclusions.string()
              << " is read where the directory is opened: give it to `counterpart serve`\n";
  backend.remote_ = std::move(*remote);
  return backend;
}

Result<std::string> Backend::call(const std::string& method, const std::string& asked, const std::string& body,
                                  const std::string& content_type, const std::function<void(std::string_view)>& sink,
                                  const CallHeaders& headers) {
  if (calls_) calls_->push_back({method, asked});
  std::string target = asked;
  if (!language_.empty()) target += (asked.find('?') == asked.npos ? "?lang=" : "&lang=") + language_;
  if (remote_) return remote_->call(method, target, body, content_type, sink, headers);
  const Result<Request> request = local_request(method, target, body, content_type, headers);
  if (!request) return tl::unexpected(request.error());
  Api api(*service_, Caller::local());
  Response response = api.answer(*request);
  if (response.status / 100 != 2) return tl::unexpected(error_of_problem(response.status, response.body));
  if (!response.stream) return std::move(response.body);
  std::string all;
  for (bool more = true; more;) {
    std::string piece;
    more = response.stream(piece);
    sink ? sink(piece) : static_cast<void>(all += piece);
  }
  return all;
}

}  // namespace counterpart::server
