#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/service/service_assemble.h"
#include "server/wire/absence.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

Result<AssembleCall> read_call(const Call& call) {
  const Result<json::object>& body = json_body(call.request);
  if (!body) return tl::unexpected(body.error());
  AssembleCall asked{.project = call.id};
  for (const auto& [name, value] : *body) {
    const std::string_view member(name.data(), name.size());
    if (member != "programme")
      return fail(ErrorCode::kInvalid, std::string(member.substr(0, 80)), "no such member", "the member is programme");
    if (!value.is_string() || value.as_string().empty())
      return fail(ErrorCode::kInvalid, "programme", "not a programme's name", "see GET /v1/programmes");
    asked.programme = value.as_string();
  }
  return asked;
}

json::object write_need(const AssembleNeed& need, const Speech& speech) {
  json::array codes;
  for (const std::string& code : need.codes) codes.emplace_back(code);
  json::object out{{"what", speech.word(need.what)}, {"kind", name_of(need.kind)}, {"codes", std::move(codes)}};
  if (!need.of.empty()) {
    json::array kinds;
    for (const Kind kind : need.of) kinds.emplace_back(name_of(kind));
    out["of"] = std::move(kinds);
  }
  return out;
}

// An amount of the budget's currency, also in US dollars where that has a rate.
void add_amount(json::object& out, std::string_view usd, double amount, const AssembleProblem& problem,
                const Taxonomy& taxonomy) {
  if (const auto in_usd = taxonomy.in_usd(amount, problem.currency)) out[usd] = *in_usd;
}

json::object write_partner(const AssembleProblem& problem, const PortfolioPartner& partner, const Taxonomy& taxonomy,
                           const Speech& speech) {
  const AssembleCandidate& candidate = problem.candidates[partner.candidate];
  json::array covers, roles;
  for (const std::size_t need : partner.covers) covers.push_back(write_need(problem.needs[need], speech));
  for (std::size_t role = 0; role < Vocabulary<Role>::kNames.size(); ++role)
    if (candidate.roles >> role & 1U) roles.emplace_back(Vocabulary<Role>::kNames[role]);
  json::object out{{"id", candidate.id},       {"title", candidate.title},     {"country", candidate.country},
                   {"score", candidate.score}, {"roles", std::move(roles)},    {"covers", std::move(covers)},
                   {"amount", partner.amount}, {"currency", problem.currency}, {"states_amount", partner.states_amount}};
  add_amount(out, "usd", partner.amount, problem, taxonomy);
  if (!candidate.currency.empty()) out["unlike_currency"] = candidate.currency;
  if (partner.instrument) out["instrument"] = name_of(*partner.instrument);
  return out;
}

json::object write_answer(const AssembleAnswer& answer, const Taxonomy& taxonomy, const Speech& speech) {
  const AssembleProblem& problem = answer.problem;
  json::array partners, needs, uncovered;
  for (const PortfolioPartner& partner : answer.portfolio.partners)
    partners.push_back(write_partner(problem, partner, taxonomy, speech));
  for (const AssembleNeed& need : problem.needs) needs.push_back(write_need(need, speech));
  for (const std::size_t need : answer.portfolio.uncovered) uncovered.push_back(write_need(problem.needs[need], speech));
  json::object out{{"project", answer.project},
                   {"title", answer.title},
                   {"programme", answer.programme},
                   {"partners", std::move(partners)},
                   {"needs", std::move(needs)},
                   {"uncovered", std::move(uncovered)},
                   {"considered", problem.candidates.size()},
                   {"proven", answer.portfolio.proven},
                   {"sequence", answer.sequence}};
  if (problem.budget > 0) {
    const Portfolio& portfolio = answer.portfolio;
    json::object budget{{"amount", problem.budget},
                        {"covered", portfolio.covered},
                        {"missing", portfolio.missing},
                        {"currency", problem.currency}};
    add_amount(budget, "usd", problem.budget, problem, taxonomy);
    add_amount(budget, "covered_usd", portfolio.covered, problem, taxonomy);
    add_amount(budget, "missing_usd", portfolio.missing, problem, taxonomy);
    out["budget"] = std::move(budget);
  }
  if (problem.candidates.empty()) add_absence(out, answer.nobody, speech);
  add_awaiting(out, answer.awaiting_fine, speech);
  return out;
}

Response assemble_project(const Call& call) {
  const Result<AssembleCall> asked = read_call(call);
  if (!asked) return problem(asked.error(), call.request);
  const Result<AssembleAnswer> answer = assemble_partners(call.service, *asked);
  if (!answer) return problem(answer.error(), call.request);
  json::object body = write_answer(*answer, call.data.taxonomy, call.speech);
  if (const Status told = tell_origins(call, body["partners"].as_array()); !told) return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

constexpr Answer kAssembled[] = {{200, kJson, "Portfolio", "the smallest set, and what nobody covers"},
                                 {404, {}, {}, "no such project or programme"}};

constexpr Route kRoutes[] = {{"POST",
                              "/v1/projects/{id}/assemble",
                              assemble_project,
                              Right::kSurvey,
                              "Partners who together cover a project's needs and budget",
                              {},
                              kAssembled,
                              {64 * 1024, kJson, "PortfolioRequest"}}};

}  // namespace

std::span<const Route> assemble_routes() { return kRoutes; }

}  // namespace counterpart::server
