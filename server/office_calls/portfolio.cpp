#include "engine/allocation/commitments.h"
#include "index/base/time.h"
#include "server/handlers/desks.h"
#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::object write_partner(const Call& call, const Commitment& one, const std::string& currency) {
  json::object row{{"id", one.counterpart},
                   {"case", one.case_id},
                   {"state", one.state},
                   {"committed", name_of(one.committed)},
                   {"since", iso_date(one.since)}};
  if (const Result<StoredProfile> stored = call.data.store.get(one.counterpart)) {
    row["title"] = stored->profile.title;
    row["country"] = stored->profile.country;
  }
  if (one.amount) {
    row["amount"] = *one.amount;
    row["currency"] = one.currency;
  }
  if (one.own) row["own"] = *one.own;
  if (one.own) row["own_currency"] = currency;
  if (one.instrument) row["instrument"] = name_of(*one.instrument);
  return row;
}

json::object write_commitments(const Call& call, const Commitments& all) {
  json::array partners, instruments, calendar;
  for (const Commitment& one : all.partners) partners.push_back(write_partner(call, one, all.currency));
  for (const InstrumentMoney& one : all.instruments) {
    json::object row{{"committed", one.committed}, {"partners", one.partners}, {"sought", one.sought}};
    if (one.instrument) row["instrument"] = name_of(*one.instrument);
    instruments.push_back(std::move(row));
  }
  for (const ProjectDay& one : all.calendar) {
    json::object row{{"day", iso_date(one.day)}, {"what", one.what}};
    if (!one.case_id.empty()) row["case"] = one.case_id;
    calendar.push_back(std::move(row));
  }
  json::object out{{"project", call.id},
                   {"currency", all.currency},
                   {"committed", all.committed},
                   {"unconverted", all.unconverted},
                   {"partners", std::move(partners)},
                   {"instruments", std::move(instruments)},
                   {"calendar", std::move(calendar)}};
  if (all.budget > 0) {
    out["budget"] = all.budget;
    out["open"] = all.open;
  }
  return out;
}

// All cases of the project: its office and its owner see the whole of it, or it would add up to less than there is.
Result<std::vector<CaseNow>> cases_of(const Call& call) {
  std::vector<CaseNow> all;
  std::string after;
  while (true) {
    const Result<std::vector<Case>> page = call.data.cases.list({.profile = call.id}, after, kPage.most);
    if (!page) return tl::unexpected(page.error());
    for (const Case& one : *page) {
      Result<CaseNow> now = call.data.cases.get(one.id, call.data.now());
      if (now) all.push_back(std::move(*now));
    }
    if (page->size() < kPage.most) return all;
    after = page->back().id;
  }
}

Response project_portfolio(const Call& call) {
  const Result<StoredProfile> project = look_up(call, call.id);
  if (!project) return problem(project.error(), call.request);
  if (const Status may = reachable(call, Right::kCasework, call.id, "id"); !may) return problem(may.error(), call.request);
  if (project->profile.kind != Kind::kProject)
    return problem(Error{ErrorCode::kInvalid, "id", "`" + call.id + "` is a " + std::string(name_of(project->profile.kind)),
                         "a portfolio is kept of a project"},
                   call.request);
  const Result<std::vector<CaseNow>> cases = cases_of(call);
  if (!cases) return problem(cases.error(), call.request);
  std::vector<CaseStanding> standing;
  for (const CaseNow& now : *cases) {
    CaseStanding one{.of = &now.of, .state = std::visit([](const auto& item) { return item.state; }, now.standing), .due = {}};
    if (const OpenItem* open = std::get_if<OpenItem>(&now.standing)) {
      one.open = true;
      one.due = static_cast<Day>(open->task.due.at / kSecondsOfDay);
    }
    standing.push_back(one);
  }
  json::object body = write_commitments(
      call, commitments_of(project->profile, standing, static_cast<Day>(call.data.now() / kSecondsOfDay), call.data.taxonomy));
  if (const Status told = tell_origins(call, body["partners"].as_array()); !told) return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

constexpr Answer kKept[] = {{200, kJson, "ProjectPortfolio", "who is in it, with what money, and what is open"},
                            {404, {}, {}, "no such project"}};
constexpr Route kRoutes[] = {{"GET",
                              "/v1/projects/{id}/portfolio",
                              project_portfolio,
                              Right::kCasework,
                              "What a project's introductions have brought of its budget, and the days to come",
                              {},
                              kKept}};

}  // namespace

std::span<const Route> portfolio_routes() { return kRoutes; }

}  // namespace counterpart::server
