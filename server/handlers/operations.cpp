#include "server/handlers/route.h"
#include "server/page/embedded.h"
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

Response page(const Call& call) {
  const std::string& path = call.request.path;
  const std::string name = path == "/" ? "index.html" : path == "/news" ? "news.html" : path.substr(1);
  Response response;
  response.content_type = name.ends_with(".js")    ? "text/javascript; charset=utf-8"
                          : name.ends_with(".css") ? "text/css; charset=utf-8"
                                                   : "text/html; charset=utf-8";
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  response.body = std::string(embedded_file(name));
  return response;
}

constexpr Parameter kNewsPage[] = {{"programme", kProgrammeSchema, "shown at first"},
                                   {"office", R"({"type":"string","maxLength":128})", "the same"}};
constexpr Answer kChecked[] = {{200, kJson, "VerifyReport", "what differs, if anything"}};
constexpr Answer kAlive[] = {{200, kJson, "Health", "yes"}};
constexpr Answer kMetrics[] = {{200, "text/plain", {}, "Prometheus text format"}};
constexpr Answer kDocument[] = {{200, kJson, {}, "this document"}};
constexpr Answer kPage[] = {{200, "text/html", {}, "the page"}};

constexpr Route page_part(std::string_view path, std::string_view summary, std::span<const Parameter> parameters = {}) {
  return {.method = "GET",
          .pattern = path,
          .handle = page,
          .right = Right::kOpen,
          .summary = summary,
          .parameters = parameters,
          .answers = kPage,
          .documented = false};
}

constexpr Route kRoutes[] = {
    {"POST", "/v1/verify", verify, Right::kOperate, "Compare every index with the store", {}, kChecked},
    {"GET", "/healthz", healthz, Right::kOpen, "Does the process answer?", {}, kAlive},
    {"GET", "/readyz", readyz, Right::kOpen, "Does it take requests?", {}, kAlive},
    {"GET", "/metrics", metrics, Right::kMeasure, "Figures for Prometheus", {}, kMetrics},
    {"GET", "/openapi.json", openapi_document, Right::kOpen, "This description", {}, kDocument},
    page_part("/", "The officers' page"),
    page_part("/app.js", "Its script"),
    page_part("/news", "What the last match run changed", kNewsPage),
    page_part("/news.js", "Its script"),
    page_part("/common.js", "What both pages' scripts share"),
    page_part("/words_news.js", "Words of what changed"),
    page_part("/words.js", "Its words in six languages"),
    page_part("/style.css", "Its style")};

}  // namespace

std::span<const Route> operation_routes() { return kRoutes; }

}  // namespace counterpart::server
