#include "server/draw/panels.h"

#include "engine/base/patience.h"
#include "server/draw/certificate.h"
#include "server/draw/certificate_check.h"
#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

// Whose nomination for the programme is confirmed.
Status read_nominees(const Call& call, PanelCall& asked) {
  constexpr std::size_t kAtOnce = 1000;
  for (std::string after;;) {
    const Result<std::vector<Case>> some =
        call.data.cases.list({.kind = "nomination", .programme = asked.programme, .state = "confirmed"}, after, kAtOnce);
    if (!some) return tl::unexpected(some.error());
    for (const Case& one : *some) asked.nominees.insert(one.asking.profile);
    if (some->size() < kAtOnce) return {};
    after = some->back().id;
  }
}

Response convene_panel(const Call& call) {
  Result<PanelCall> asked = read_panel_call(call.request, call.data.taxonomy);
  if (!asked) return problem(asked.error(), call.request);
  if (asked->nominated)
    if (const Status read = read_nominees(call, *asked); !read) return problem(read.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<PanelAnswer> answer = call.service.convene(*asked);
  if (!answer) return problem(answer.error(), call.request);
  boost::json::object body = write_panel(*answer, call.speech);
  if (const Status told = tell_origins(call, body["seats"].as_array(), "alternates"); !told)
    return problem(told.error(), call.request);
  if (asked->certificate) body["certificate"] = write_certificate(*answer, call.data.now());
  return json_response(200, std::move(body));
}

Response check_draw(const Call& call) {
  const Result<boost::json::object> certificate = json_body(call.request);
  if (!certificate) return problem(certificate.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<DrawVerdict> verdict = check_certificate(*certificate);
  if (!verdict) return problem(verdict.error(), call.request);
  return json_response(200, write_draw_verdict(*verdict, call.speech));
}

constexpr Answer kPanel[] = {{200, kJson, "Panel", "the best that keeps the rules, or what had to give way"},
                             {404, {}, {}, "no such programme"}};

constexpr Answer kVerdict[] = {{200, kJson, "DrawVerdict", "what was looked at, and whether it holds"}};

constexpr Route kRoutes[] = {{"POST",
                              "/v1/panels:check",
                              check_draw,
                              Right::kSurvey,
                              "Draw the panel of a certificate again, and tell whether it is the same",
                              {},
                              kVerdict,
                              {kMaxCertificate, kJson, "DrawCertificate"}},
                             {"POST",
                              "/v1/panels",
                              convene_panel,
                              Right::kSurvey,
                              "A panel that keeps a programme's quotas, with alternates",
                              {},
                              kPanel,
                              {256 * 1024, kJson, "PanelRequest"}}};

}  // namespace

std::span<const Route> panel_routes() { return kRoutes; }

}  // namespace counterpart::server
