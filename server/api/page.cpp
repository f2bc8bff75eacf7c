// The officers' page: its views' addresses, each the same shell that finds out what to show, and its scripts and words.
#include "server/page/page.h"

#include <algorithm>
#include <vector>

#include "server/api/page_answer.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/http/compression.h"
#include "server/http/problem.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

Response asset(const Call& call) {
  const PageFile* const file = page_file("assets/" + call.id);
  if (!file) return problem({ErrorCode::kNotFound, "path", "no such file of the page", "load the page anew"}, call.request);
  return page_answer(*file, call.request);
}

Response view(const Call& call) {
  const auto at = std::ranges::find(page_addresses(), call.pattern, &PageAddress::pattern);
  return page_answer(*page_file(at->shell), call.request);
}

constexpr Answer kAsset[] = {{200, "text/javascript", {}, "the file"}};
constexpr Answer kShell[] = {{200, "text/html", {}, "the page"}};

constexpr Route page_route(std::string_view pattern, Response (*handle)(const Call&), std::span<const Answer> answers) {
  return {.method = "GET",
          .pattern = pattern,
          .handle = handle,
          .right = Right::kOpen,
          .summary = "The officers' page",
          .parameters = {},
          .answers = answers,
          .documented = false};
}

}  // namespace

Response page_answer(const PageFile& file, const Request& request) {
  const bool lasting = file.name.starts_with("assets/");
  Response response;
  response.content_type = file.media;
  // Weak, for the codings are other bytes of the same.
  const std::string tag = "W/" + std::string(file.etag);
  response.headers = {{"ETag", tag},
                      {"Vary", "Accept-Encoding"},
                      {"Cache-Control", lasting ? "public, max-age=31536000, immutable" : "no-cache"}};
  // They govern a document: on each of thirty scripts they would weigh as much as most of these.
  if (!lasting) {
    response.headers.emplace_back("Content-Security-Policy", std::string(kPolicy));
    response.headers.emplace_back("Referrer-Policy", "same-origin");
  }
  if (header(request, "if-none-match").find(file.etag) != std::string::npos) {
    response.status = 304;
    return response;
  }
  const std::string accepted = header(request, "accept-encoding");
  const bool brotli = takes_coding(accepted, "br");
  if (brotli || takes_coding(accepted, "gzip")) response.headers.emplace_back("Content-Encoding", brotli ? "br" : "gzip");
  response.body = brotli ? file.brotli : response.headers.back().first == "Content-Encoding" ? file.gzip : file.plain;
  return response;
}

namespace {

bool of_browser(const Request& request) {
  return (request.method == "GET" || request.method == "HEAD") &&
         header(request, "accept").find("text/html") != std::string::npos && !request.path.starts_with("/v1/");
}

}  // namespace

std::optional<Response> page_of_no_view(const Request& request) {
  if (!of_browser(request)) return std::nullopt;
  Response response = page_answer(*page_file(kShellOfNoView), request);
  if (response.status == 200) response.status = 404;
  return response;
}

std::optional<Response> page_while_starting(const Request& request) {
  if (const PageFile* file = request.path.starts_with("/assets/") ? page_file(request.path.substr(1)) : nullptr)
    return page_answer(*file, request);
  if (!of_browser(request)) return std::nullopt;
  return page_answer(*page_file(kShellOfNoView), request);
}

std::span<const Route> page_routes() {
  static const std::vector<Route> kRoutes = [] {
    std::vector<Route> rows{page_route("/assets/{id}", asset, kAsset)};
    for (const PageAddress& address : page_addresses()) rows.push_back(page_route(address.pattern, view, kShell));
    return rows;
  }();
  return kRoutes;
}

}  // namespace counterpart::server
