// THE table of endpoints: dispatch, body limits, unknown query parameters, metrics and /openapi.json all read it.
#pragma once

#include <atomic>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

#include "server/http.h"
#include "server/metrics.h"
#include "server/service.h"

namespace counterpart {

class Api;

// One request on its way to a handler.
struct Call {
  const Api& api;
  Service& service;
  const Request& request;
  std::string id;  // what stands for the {…} of the path
};

struct Parameter {
  enum class In : std::uint8_t { kQuery, kHeader };
  std::string_view name;
  std::string_view schema;  // JSON
  std::string_view help;
  bool required = false;
  In in = In::kQuery;
};

// One documented answer. `schema` names a component; empty: no body or not JSON.
struct Answer {
  int status;
  std::string_view media;
  std::string_view schema;
  std::string_view help;
};

struct Route {
  std::string_view method;
  std::string_view pattern;  // "/v1/profiles/{id}"; at most one {id}, {programme} or {country}
  Response (*handle)(const Call&);
  std::string_view summary;
  std::span<const Parameter> parameters;
  std::span<const Answer> answers;
  std::size_t body_limit = 0;            // bytes; 0: takes none
  std::string_view body_media = {};      // "application/json"
  std::string_view body_schema = {};     // component
  bool filters = false;                  // takes every field of engine/field.h as a query parameter
  bool documented = true;                // false: the officers' page and its parts
};

std::span<const Route> routes();

// Requests -> answers, over one opened Service. Safe from any thread. Keeps a reference to the service.
class Api {
 public:
  explicit Api(Service& service);

  // Finds the route, checks what all routes have in common, calls its handler; counts it, and logs it if it has an id (a
  // listener's requests have one, those of the command line have none). What HttpServer::start takes as Handler.
  Response answer(const Request& request);
  // The bytes that a body may have, told before it is read. What HttpServer::start takes.
  static std::size_t body_limit(std::string_view method, std::string_view path);

  // Names the listener whose figures /metrics and /readyz give; nullptr: none. It must outlive its last request.
  void watch(const HttpServer* server) { server_ = server; }
  HttpFigures listener() const;
  const Metrics& metrics() const { return metrics_; }
  const std::string& openapi() const;

 private:
  Service& service_;
  Metrics metrics_;
  mutable std::once_flag described_;
  mutable std::string openapi_;
  std::atomic<const HttpServer*> server_{nullptr};
};

}  // namespace counterpart
