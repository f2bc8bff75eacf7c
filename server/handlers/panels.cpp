#include "server/wire/panels.h"

#include "engine/base/patience.h"
#include "server/handlers/route.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

Response convene_panel(const Call& call) {
  const Result<PanelCall> asked = read_panel_call(call.request, call.data.taxonomy);
  if (!asked) return problem(asked.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<PanelAnswer> answer = call.service.convene(*asked);
  if (!answer) return problem(answer.error(), call.request);
  return json_response(200, write_panel(*answer, call.speech));
}

constexpr Answer kPanel[] = {{200, kJson, "Panel", "the best that keeps the rules, or what had to give way"},
                             {404, {}, {}, "no such programme"}};

constexpr Route kRoutes[] = {{"POST",
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
