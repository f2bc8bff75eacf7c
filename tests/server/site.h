// The interface over a service that is a map, a request in one line, and checks of what comes back.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "server/api/api.h"
#include "tests/server/fake_service.h"
#include "tests/support/catch.h"

namespace counterpart::server {

namespace json = boost::json;

using Headers = std::map<std::string, std::string>;

// The whole answer, a streamed one too.
inline Response ask_api(Api& api, const std::string& method, const std::string& target, const std::string& body,
                        Headers headers) {
  Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.id = "test-1";
  request.headers = std::move(headers);
  request.headers.emplace("content-type", "application/json");
  REQUIRE(split_target(request));
  Response response = api.answer(request);
  for (bool more = static_cast<bool>(response.stream); more;) more = response.stream(response.body);
  return response;
}

struct Site {
  std::unique_ptr<Service> service = fake_service();
  Api api{*service};

  Response ask(const std::string& method, const std::string& target, const std::string& body = {}, Headers headers = {}) {
    return ask_api(api, method, target, body, std::move(headers));
  }
};

inline std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

inline json::object body_of(const Response& response) { return json::parse(response.body).as_object(); }

// Checks that it is a problem document about `member`.
inline void check_problem(const Response& response, int status, std::string_view member) {
  INFO(response.body);
  CHECK(response.status == status);
  REQUIRE(response.content_type == "application/problem+json");
  const json::object problem = body_of(response);
  CHECK(problem.at("type").as_string().starts_with("/problems/"));
  CHECK(problem.at("status") == status);
  CHECK(problem.at("request") == "test-1");
  if (!member.empty()) CHECK(problem.at("member").as_string() == json::string_view(member.data(), member.size()));
}

}  // namespace counterpart::server
