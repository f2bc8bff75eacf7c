#include "index/replica/replication.h"
#include "server/handlers/route.h"
#include "server/operations/network_metrics.h"
#include "server/operations/replica_metrics.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

Response healthz(const Call&) { return json_response(200, boost::json::object{{"status", "alive"}}); }

Response readyz(const Call& call) {
  // Before everything is loaded the StartupHandler says so.
  if (Status there = call.data.store.in_place(); !there)
    return problem({ErrorCode::kUnavailable, {}, there.error().message, there.error().remedy}, call.request);
  if (!call.server.listener().stopping) return json_response(200, boost::json::object{{"status", "ready"}});
  return problem({ErrorCode::kUnavailable, {}, "the server is stopping", "ask the one that takes its place"}, call.request);
}

Response metrics(const Call& call) {
  Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = call.metrics.text(call.service.figures(), call.server.listener(), process_figures());
  const Result<std::optional<NetworkFigures>> network = network_figures(call.data.store.database());
  if (!network) return problem(network.error(), call.request);
  if (*network) response.body += network_metrics(**network);
  response.body += replica_metrics(call.data.replication.state());
  return response;
}

Response openapi_document(const Call& call) {
  Response response;
  response.body = call.server.openapi();
  return response;
}

Response verify(const Call& call) {
  const Result<VerifyReport> report = call.service.verify();
  if (!report) return problem(report.error(), call.request);
  return json_response(
      200, boost::json::object{{"stored", report->stored},
                               {"indexed", report->indexed},
                               {"awaiting", report->awaiting},
                               {"difference_count", report->difference_count},
                               {"differences", boost::json::array(report->differences.begin(), report->differences.end())}});
}

constexpr Answer kChecked[] = {{200, kJson, "VerifyReport", "what differs, if anything"}};
constexpr Answer kAlive[] = {{200, kJson, "Health", "yes"}};
constexpr Answer kMetrics[] = {{200, "text/plain", {}, "Prometheus text format"}};
constexpr Answer kDocument[] = {{200, kJson, {}, "this document"}};

constexpr Route kRoutes[] = {
    {"POST", "/v1/verify", verify, Right::kOperate, "Compare every index with the store", {}, kChecked},
    {"GET", "/healthz", healthz, Right::kOpen, "Does the process answer?", {}, kAlive},
    {"GET", "/readyz", readyz, Right::kOpen, "Does it take requests?", {}, kAlive},
    {"GET", "/metrics", metrics, Right::kMeasure, "Figures for Prometheus", {}, kMetrics},
    {"GET", "/openapi.json", openapi_document, Right::kOpen, "This description", {}, kDocument}};

}  // namespace

std::span<const Route> operation_routes() { return kRoutes; }

}  // namespace counterpart::server
