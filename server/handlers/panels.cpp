#include "server/wire/panels.h"

#include "engine/base/patience.h"
#include "server/handlers/handlers.h"
#include "server/wire/wire.h"

namespace counterpart::server {

Response convene_panel(const Call& call) {
  const Result<PanelCall> asked = read_panel_call(call.request.body, call.data.taxonomy);
  if (!asked) return problem(asked.error(), call.request);
  const Patience patience(call.request.stop);
  const Result<PanelAnswer> answer = call.service.convene(*asked);
  if (!answer) return problem(answer.error(), call.request);
  return json_response(200, write_panel(*answer));
}

}  // namespace counterpart::server
