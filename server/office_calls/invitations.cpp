#include "engine/base/patience.h"
#include "server/draw/certificate.h"
#include "server/draw/certificate_check.h"
#include "server/draw/seats.h"
#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// One seat as it stands: whose turn it is, in which case and state; or why nobody was invited.
json::object write_seat(const CertifiedSeat& seat, const CaseNow& now) {
  json::object row{{"seat", seat.id},
                   {"id", now.of.asking.profile},
                   {"case", now.of.id},
                   {"state", std::visit([](const auto& item) { return item.state; }, now.standing)},
                   {"left", alternates_of(now.of).size()}};
  return row;
}

Status check_holds(const Call& call, const json::object& certificate) {
  const Patience patience(call.request.stop);
  const Result<DrawVerdict> verdict = check_certificate(certificate);
  if (!verdict) return tl::unexpected(verdict.error());
  if (verdict->holds()) return {};
  return fail(ErrorCode::kConflict, "certificate", "does not hold: drawn again it gives another panel, or it was changed",
              "`convene --check FILE` tells what is wrong");
}

// All seats that nobody was invited to, in one batch; a verdict each, in the order of the certificate.
Response invite(const Call& call) {
  const Result<Desk> desk = acting_desk(call);
  if (!desk) return problem(desk.error(), call.request);
  const Result<json::object> certificate = json_body(call.request);
  if (!certificate) return problem(certificate.error(), call.request);
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  const Result<CertifiedPanel> panel = read_seats(*certificate);
  if (!panel) return problem(panel.error(), call.request);
  if (const Status holds = check_holds(call, *certificate); !holds) return problem(holds.error(), call.request);

  const std::int64_t now = call.data.now();
  std::vector<std::optional<CaseNow>> before;
  std::vector<ActRequest> acts;
  for (const CertifiedSeat& seat : panel->seats) {
    Result<std::optional<CaseNow>> last = last_invitation(call.data.cases, panel->draw, seat, now);
    if (!last) return problem(last.error(), call.request);
    before.push_back(std::move(*last));
    if (before.back()) continue;
    acts.push_back(invitation_to(*panel, seat));
    acts.back().desk = desk->id;
    acts.back().who = call.caller.name;
  }
  const std::vector<Result<Acted>> done = *preview ? call.data.cases.preview(acts, now) : call.data.cases.act(acts, now);
  const RefusalsIn reader{call.data.refusals, language_of_refusals(call.request)};
  json::array rows;
  std::size_t invited = 0, at = 0;
  for (std::size_t i = 0; i < panel->seats.size(); ++i) {
    const CertifiedSeat& seat = panel->seats[i];
    if (before[i]) {
      rows.push_back(write_seat(seat, *before[i]));
    } else if (const Result<Acted>& one = done[at++]; one) {
      ++invited;
      rows.push_back(write_seat(seat, {one->after, one->standing, false}));
    } else {
      json::object row = write_refusal(one.error(), reader);
      row["seat"] = seat.id;
      rows.push_back(std::move(row));
    }
  }
  return json_response(200, {{"draw", panel->draw},
                             {"programme", panel->programme},
                             {"invited", invited},
                             {"preview", *preview},
                             {"seats", std::move(rows)}});
}

constexpr Parameter kInviting[] = {
    {"desk", R"({"type":"string","minLength":1})", "the desk that acts; an officer's token has its own"},
    {"preview", R"({"type":"string","enum":["true","false"],"default":"false"})",
     "true: nothing is stored; the answer tells how the seats stand and who would be invited"}};
constexpr Answer kInvited[] = {{200, kJson, "PanelSeats", "each seat: who is asked, and how that stands"},
                               {404, {}, {}, "no such desk"},
                               {409, {}, {}, "the draw does not hold"}};
constexpr Route kRoutes[] = {{"POST",
                              "/v1/panels:invite",
                              invite,
                              Right::kCasework,
                              "Invite those whom a certified draw seats; repeated, it tells how the seats stand",
                              kInviting,
                              kInvited,
                              {kMaxCertificate, kJson, "DrawCertificate"}}};

}  // namespace

std::span<const Route> invitation_routes() { return kRoutes; }

}  // namespace counterpart::server
