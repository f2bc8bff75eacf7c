// From a request to its answer: finds the route, lets the caller in, checks what all routes have in common, counts, logs.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/authenticator.h"
#include "server/access/budget.h"
#include "server/access/caller.h"
#include "server/api/routes.h"
#include "server/api/tables.h"
#include "server/http/http_server.h"
#include "server/layer.h"
#include "server/operations/metrics.h"
#include "server/service/service.h"

namespace counterpart::server {

struct Located;

inline constexpr double kBegunADay = 20;                             // drafts, from one address
inline constexpr double kSignInsAMinute = 60, kSignInsAtOnce = 200;  // the same: an office may have one address

// Requests -> answers, over one opened Service. Safe from any thread. Keeps a reference to the service.
class Api : public ServerInfo {
 public:
  // Everybody is let in as `caller`: for the command line, and for a server that asks for no token.
  explicit Api(Service& service, Caller caller = Caller::open());
  // Each request is let in by `authenticator`, and keeps to its budget.
  Api(Service& service, const Authenticator& authenticator, BudgetOptions budget);

  // Finds the route, lets the caller in, checks what all routes have in common, calls its handler; counts it, and logs it if it
  // has an id (a listener's requests have one, those of the command line have none). What HttpServer::start takes as Handler.
  Response answer(const Request& request);
  // The bytes that a body may have, told before it is read. What HttpServer::start takes.
  static std::size_t body_limit(std::string_view method, std::string_view path);
  // In units of a budget, by its route and its text; 0: no route takes it. What HttpOptions takes.
  static double cost_of(const Request& request);
  // May whoever sent this head make the call at all? Nothing is taken of its budget. What HttpOptions takes.
  bool welcomes(const Request& head) const;
  // Of problems that do not come from answer(), which has its own in their language already. What HttpOptions takes.
  void put_into_language(Response& response, const Request& request) const;

  // Names the listener whose figures /metrics and /readyz give; nullptr: none. It must outlive its last request.
  void watch(const HttpServer* server) { server_ = server; }
  HttpFigures listener() const override;
  Metrics& metrics() { return metrics_; }
  const std::string& openapi() const override;
  const BulkWords& table_words() const override;
  const Tables& tables() const;

 private:
  // `request`: as the route takes it; `sent`: as it came, which says who asks.
  Response dispatch(const Located& found, const Request& request, const Request& sent);
  // The list of a JSON answer as a table, where that was asked for.
  Response in_form(const Located& found, Response response, const Request& request) const;
  // What keeps this caller from this route, if anything.
  std::optional<Response> refuse(const Route& route, const Result<Caller>& caller, const Request& request);
  // Of a call that needs no token: what its address has left.
  std::optional<Response> of_address(Right right, const Request& request);
  // The same but for the budget.
  std::optional<Error> barred(const Route& route, const Result<Caller>& caller) const;

  Service& service_;
  std::function<Result<Caller>(const Request&)> admit_;
  bool open_;  // no token is asked for: the addresses that it is called by are then its only guard
  Budgets budgets_;
  Budgets begun_{{.per_second = kBegunADay / 86'400.0, .burst = kBegunADay}};         // by address: drafts without an account
  Budgets signed_in_{{.per_second = kSignInsAMinute / 60, .burst = kSignInsAtOnce}};  // the same: sessions
  Metrics metrics_;
  mutable std::once_flag described_;
  mutable std::string openapi_;
  mutable std::once_flag tabled_;
  mutable std::optional<Tables> tables_;
  mutable std::once_flag worded_;
  mutable std::optional<BulkWords> table_words_;
  std::atomic<const HttpServer*> server_{nullptr};
};

}  // namespace counterpart::server
