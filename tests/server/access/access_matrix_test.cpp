// Every role against every endpoint and every private member: who is let in, and who sees what.
#include <algorithm>
#include <set>

#include "tests/server/access/guarded_site.h"

namespace counterpart::server {
namespace {

// One endpoint, by a request that says {id} where a profile stands, and what each role may: A asks for any profile, O for
// its own only, - for none. Columns: admin, officer, owner, focal_point, batch, reader. Written down apart from
// server/access/rights.cpp, so that a change there is a change here too.
struct Expected {
  std::string_view route, target, body, cells;
};
const std::string kLineBody = planted_profile("{id}", "{office}");
const Expected kMatrix[] = {
    {"POST /v1/profiles", "/v1/profiles", kLineBody, "AOO-A-"},
    {"GET /v1/profiles", "/v1/profiles?q=pumps", {}, "AAAAAA"},
    {"GET /v1/profiles/{id}", "/v1/profiles/{id}", {}, "AAAAAA"},
    {"PUT /v1/profiles/{id}", "/v1/profiles/{id}", kLineBody, "AOO-A-"},
    {"DELETE /v1/profiles/{id}", "/v1/profiles/{id}", {}, "AOO-A-"},
    {"GET /v1/drafts", "/v1/drafts", {}, "AAA-A-"},
    {"GET /v1/drafts/{id}", "/v1/drafts/{id}", {}, "------"},
    {"PUT /v1/drafts/{id}", "/v1/drafts/{id}", "{}", "------"},
    {"GET /v1/drafts/{id}/reach", "/v1/drafts/{id}/reach", {}, "------"},
    {"POST /v1/drafts/{id}:confirm-mail", "/v1/drafts/{id}:confirm-mail", {}, "------"},
    {"POST /v1/drafts/{id}:submit", "/v1/drafts/{id}:submit", {}, "------"},
    {"POST /v1/drafts/{id}:withdraw", "/v1/drafts/{id}:withdraw", {}, "------"},
    {"POST /v1/drafts/{id}:export", "/v1/drafts/{id}:export", {}, "------"},
    {"POST /v1/drafts/{id}:erase", "/v1/drafts/{id}:erase", {}, "------"},
    {"GET /v1/profiles/{id}/draft", "/v1/profiles/{id}/draft", {}, "AOO-A-"},
    {"GET /v1/profiles/{id}/versions", "/v1/profiles/{id}/versions", {}, "AOO-A-"},
    {"GET /v1/profiles/{id}/versions/{version}", "/v1/profiles/{id}/versions/1", {}, "AOO-A-"},
    {"POST /v1/profiles/{id}/versions/{version}:restore", "/v1/profiles/{id}/versions/1:restore", {}, "AOO-A-"},
    {"POST /v1/profiles/{id}:state-condition", "/v1/profiles/{id}:state-condition", R"({"member":"capacity","value":3})",
     "AOO-A-"},
    {"GET /v1/profiles/{id}/advice", "/v1/profiles/{id}/advice", {}, "AOO---"},
    {"GET /v1/profiles/{id}/reach", "/v1/profiles/{id}/reach", {}, "AOO---"},
    {"POST /v1/profiles:import", "/v1/profiles:import", kLineBody, "AO--A-"},
    {"GET /v1/profiles:template", "/v1/profiles:template", {}, "AAAAAA"},
    {"GET /v1/profiles:export", "/v1/profiles:export", {}, "AA--AA"},
    {"POST /v1/erasures", "/v1/erasures", R"({"profiles":["{id}"]})", "AOO---"},
    {"POST /v1/match", "/v1/match", R"({"profile":"{id}"})", "AAOAAA"},
    {"POST /v1/projects/{id}/assemble", "/v1/projects/{id}/assemble", "{}", "AA-AAA"},
    {"GET /v1/explain", "/v1/explain?a={id}&b=other", {}, "AAOAAA"},
    {"GET /v1/duplicates", "/v1/duplicates", {}, "AA-AAA"},
    {"POST /v1/panels", "/v1/panels", "{}", "AA-AAA"},
    {"POST /v1/panels:check", "/v1/panels:check", "{}", "AA-AAA"},
    {"POST /v1/panels:invite", "/v1/panels:invite?desk={desk}", "{}", "AO----"},
    {"GET /v1/projects/{id}/portfolio", "/v1/projects/{id}/portfolio", {}, "AOO---"},
    {"POST /v1/runs", "/v1/runs", R"({"programme":"itpo"})", "A---A-"},
    {"GET /v1/runs", "/v1/runs", {}, "AA-AAA"},
    {"POST /v1/runs:pause", "/v1/runs:pause", {}, "A---A-"},
    {"POST /v1/runs:resume", "/v1/runs:resume", {}, "A---A-"},
    {"POST /v1/runs:stop", "/v1/runs:stop", {}, "A---A-"},
    {"GET /v1/runs/{id}", "/v1/runs/itpo-1", {}, "AA-AAA"},
    {"GET /v1/runs/{id}/digest", "/v1/runs/itpo-1/digest", {}, "AA-AAA"},
    {"GET /v1/profiles/{id}/matches", "/v1/profiles/{id}/matches", {}, "AAOAAA"},
    {"POST /v1/standing-queries", "/v1/standing-queries", R"({"text":"pumps","office":"{office}"})", "AO----"},
    {"GET /v1/standing-queries", "/v1/standing-queries?office={office}", {}, "AO----"},
    {"GET /v1/standing-queries/{id}", "/v1/standing-queries/q1", {}, "AA----"},
    {"DELETE /v1/standing-queries/{id}", "/v1/standing-queries/q9", {}, "AA----"},
    {"GET /v1/alerts", "/v1/alerts", {}, "AA----"},
    {"POST /v1/interests", "/v1/interests?desk={desk}",
     R"({"from":"{id}","to":"{other}","programme":"open","answers":{"cooperation":"joint_venture"}})", "AO----"},
    {"GET /v1/interests", "/v1/interests?office={office}&profile={id}", {}, "AOO---"},
    {"GET /v1/interests/{id}", "/v1/interests/i-none", {}, "AAA---"},
    {"POST /v1/interests/{id}:{verb}", "/v1/interests/i-none:accept", "{}", "AAA---"},
    {"GET /v1/introductions", "/v1/introductions?office={office}&profile={id}", {}, "AOO---"},
    {"GET /v1/introductions/{id}", "/v1/introductions/i-none", {}, "AAA---"},
    {"POST /v1/introductions/{id}:{verb}", "/v1/introductions/i-none:release", "{}", "AAA---"},
    {"POST /v1/reviews", "/v1/reviews?desk={desk}", R"({"profile":"{id}"})", "AOO---"},
    {"GET /v1/reviews", "/v1/reviews?office={office}&profile={id}", {}, "AOO---"},
    {"GET /v1/reviews/{id}", "/v1/reviews/i-none", {}, "AAA---"},
    {"POST /v1/reviews/{id}:{verb}", "/v1/reviews/i-none:submit", "{}", "AAA---"},
    {"POST /v1/profiles/{id}:merge", "/v1/profiles/{id}:merge?desk={desk}", R"({"with":"{other}"})", "-O----"},
    {"POST /v1/profiles/{id}:unmerge", "/v1/profiles/{id}:unmerge?desk={desk}", {}, "-O----"},
    {"GET /v1/profiles/{id}/due-diligence", "/v1/profiles/{id}/due-diligence", {}, "AAAAAA"},
    {"POST /v1/profiles/{id}:check", "/v1/profiles/{id}:check?desk={desk}", R"({"as":"checked"})", "AO----"},
    {"POST /v1/cases", "/v1/cases?desk={desk}", R"({"kind":"profile","from":"{id}"})", "AOO---"},
    {"GET /v1/cases", "/v1/cases?office={office}&profile={id}", {}, "AOO---"},
    {"GET /v1/cases/{id}", "/v1/cases/i-none", {}, "AAA---"},
    {"POST /v1/cases/{id}:{verb}", "/v1/cases/i-none:accept", "{}", "AAA---"},
    {"POST /v1/cases:bulk", "/v1/cases:bulk?desk={desk}", R"({"verb":"claim","cases":["i-none"]})", "AO----"},
    {"POST /v1/bulk/{id}:undo", "/v1/bulk/b-none:undo?desk={desk}", {}, "AO----"},
    {"PUT /v1/desks/{id}/absence", "/v1/desks/{desk}/absence", "{}", "AO----"},
    {"DELETE /v1/desks/{id}/absence", "/v1/desks/{desk}/absence", {}, "AO----"},
    {"GET /v1/desk", "/v1/desk?office={office}", {}, "AO----"},
    {"POST /v1/desk:suitcase", "/v1/desk:suitcase?desk={desk}", {}, "AO----"},
    {"GET /v1/suitcases", "/v1/suitcases?office={office}", {}, "AO----"},
    {"DELETE /v1/suitcases/{id}", "/v1/suitcases/none", {}, "AA----"},
    {"POST /v1/suitcases/{id}:return", "/v1/suitcases/none:return", "{}", "AA----"},
    {"GET /v1/outbox", "/v1/outbox?office={office}", {}, "AO----"},
    {"POST /v1/outbox/{number}:retry", "/v1/outbox/999:retry", {}, "AA----"},
    {"GET /v1/reports/response-times", "/v1/reports/response-times", {}, "AA--AA"},
    {"GET /v1/reports/funnel", "/v1/reports/funnel", {}, "AA--AA"},
    {"GET /v1/reports/cases", "/v1/reports/cases", {}, "AA--A-"},
    {"GET /v1/outcomes", "/v1/outcomes", {}, "AA--A-"},
    {"GET /v1/offices", "/v1/offices", {}, "AA----"},
    {"PUT /v1/offices", "/v1/offices", kDirectory, "A-----"},
    {"GET /v1/offices/{id}", "/v1/offices/{office}", {}, "AA----"},
    {"PUT /v1/offices/{id}", "/v1/offices/{office}", "{}", "A-----"},
    {"DELETE /v1/offices/{id}", "/v1/offices/none", {}, "A-----"},
    {"GET /v1/network", "/v1/network", {}, "A---AA"},
    {"PUT /v1/network", "/v1/network", "{}", "A-----"},
    {"POST /v1/network/offices", "/v1/network/offices", R"({"card":"none"})", "A-----"},
    {"DELETE /v1/network/offices/{id}", "/v1/network/offices/none", {}, "A-----"},
    {"POST /v1/network/bundles", "/v1/network/bundles", R"({"to":"none"})", "A---A-"},
    {"POST /v1/network/bundles:receive", "/v1/network/bundles:receive", "none", "A---A-"},
    {"GET /v1/replica", "/v1/replica", {}, "A---AA"},
    {"GET /v1/replica/tail", "/v1/replica/tail?epoch=1&number=0&hash=none", {}, "A-----"},
    {"GET /v1/replica/checkpoint", "/v1/replica/checkpoint", {}, "A-----"},
    {"GET /v1/replica/files", "/v1/replica/files", {}, "A-----"},
    {"GET /v1/replica/file", "/v1/replica/file?name=none", {}, "A-----"},
    {"GET /v1/replica/run", "/v1/replica/run", {}, "A-----"},
    {"POST /v1/replica/run:join", "/v1/replica/run:join", "{}", "A-----"},
    {"POST /v1/replica/run:take", "/v1/replica/run:take", "{}", "A-----"},
    {"POST /v1/replica/run:give", "/v1/replica/run:give?number=1&worker=none&group=0", "none", "A-----"},
    {"POST /v1/replica:fence", "/v1/replica:fence", "{}", "A-----"},
    {"POST /v1/replica:promote", "/v1/replica:promote", "{}", "A-----"},
    {"GET /v1/desks", "/v1/desks", {}, "AA----"},
    {"GET /v1/desks/{id}", "/v1/desks/sato", {}, "AA----"},
    {"PUT /v1/desks/{id}", "/v1/desks/none", "{}", "A-----"},
    {"DELETE /v1/desks/{id}", "/v1/desks/none", {}, "A-----"},
    {"GET /v1/programmes", "/v1/programmes", {}, "AAAAAA"},
    {"GET /v1/programmes/{programme}/coverage", "/v1/programmes/global-alliance/coverage", {}, "AA-AAA"},
    {"GET /v1/countries/{country}/brief", "/v1/countries/KE/brief", {}, "AA-AAA"},
    {"PUT /v1/countries/{country}/brief/{section}", "/v1/countries/KE/brief/tax?desk={desk}", R"({"en":"none"})", "AO----"},
    {"DELETE /v1/countries/{country}/brief/{section}", "/v1/countries/KE/brief/tax?desk={desk}", {}, "AO----"},
    {"GET /v1/me", "/v1/me", {}, "AAAAAA"},
    {"POST /v1/tokens", "/v1/tokens", R"({"role":"reader"})", "A-----"},
    {"GET /v1/tokens", "/v1/tokens", {}, "A-----"},
    {"DELETE /v1/tokens/{id}", "/v1/tokens/none", {}, "A-----"},
    {"POST /v1/tokens:invite", "/v1/tokens:invite", R"({"role":"reader"})", "A-----"},
    {"POST /v1/tokens/{id}:link", "/v1/tokens/none:link", {}, "A-----"},
    {"GET /v1/session", "/v1/session", {}, "AAAAAA"},
    {"DELETE /v1/session", "/v1/session", {}, "AAAAAA"},
    {"GET /v1/sessions", "/v1/sessions", {}, "AAAAAA"},
    {"DELETE /v1/sessions/{id}", "/v1/sessions/none", {}, "AAAAAA"},
    {"GET /v1/audit", "/v1/audit", {}, "A-----"},
    {"POST /v1/audit:verify", "/v1/audit:verify", {}, "A-----"},
    {"POST /v1/backups", "/v1/backups", R"({"folder":"relative"})", "A---A-"},
    {"POST /v1/verify", "/v1/verify", {}, "A---A-"},
    {"GET /metrics", "/metrics", {}, "A---AA"},
};
constexpr std::string_view kOpenToAll[] = {
    "GET /healthz", "GET /readyz", "GET /openapi.json", "POST /v1/drafts", "POST /v1/drafts/{id}:confirm", "POST /v1/session"};

// Who sees the private members of a profile that GET /v1/profiles/{id} answers; nobody does anywhere else.
constexpr std::string_view kSeesPrivate = "AOO---";

std::string filled(std::string_view text, const std::string& id) {
  std::string out(text);
  const bool own = id == "own";
  const std::pair<std::string, std::string> parts[] = {{"{id}", id},
                                                       {"{other}", own ? "other" : "own"},
                                                       {"{office}", own ? "vienna" : "tokyo"},
                                                       {"{desk}", own ? "maier" : "sato"}};
  for (const auto& [mark, value] : parts)
    for (std::size_t at = out.find(mark); at != out.npos; at = out.find(mark)) out.replace(at, mark.size(), value);
  return out;
}

bool granted(char cell, const std::string& id) { return cell == 'A' || (cell == 'O' && id == "own"); }

// Refused as a whole, or by the verdict on its one row.
bool refused(const Expected& row, const Response& response) {
  if (row.route != "POST /v1/profiles:import" || response.status != 200) return response.status == 403;
  return response.body.find("\"status\":\"refused\"") != response.body.npos;
}

}  // namespace

TEST_CASE("access: the matrix names every endpoint", "[access]") {
  std::set<std::string, std::less<>> named(std::begin(kOpenToAll), std::end(kOpenToAll));
  for (const Expected& row : kMatrix) CHECK(named.insert(std::string(row.route)).second);
  for (const Route& route : routes()) {
    if (!route.documented) continue;
    INFO(route.method << " " << route.pattern);
    CHECK(named.erase(std::string(route.method) + " " + std::string(route.pattern)) == 1);
  }
  CHECK(named.empty());
}

TEST_CASE("access: each role is let in where the matrix says so, and sees private members only there", "[access]") {
  GuardedSite site;
  for (const Expected& row : kMatrix) {
    const std::string method(row.route.substr(0, row.route.find(' ')));
    const std::string media = row.route.ends_with(":import") ? "application/x-ndjson" : "application/json";
    for (std::size_t role = 0; role < kRoleNames.size(); ++role) {
      for (const std::string id : {"own", "other"}) {
        site.plant();
        const Response response = site.as(kRoleNames[role], method, filled(row.target, id), filled(row.body, id), media);
        INFO(kRoleNames[role] << " " << method << " " << filled(row.target, id) << " -> " << response.status << " "
                              << response.body.substr(0, 300));
        CHECK(refused(row, response) != granted(row.cells[role], id));
        CHECK(response.status != 401);
        const bool shown = row.route == "GET /v1/profiles/{id}" && granted(kSeesPrivate[role], id);
        for (const Planted& planted : kPlanted) {
          INFO(planted.member);
          CHECK((response.body.find(planted.value) != response.body.npos) == shown);
        }
      }
    }
  }
}

TEST_CASE("access: the secret of a draft opens its draft, what everybody may look at, and nothing else", "[access]") {
  GuardedSite site;
  OwnDrafts& drafts = site.service->data().drafts;
  drafts.allow(2);
  const OwnDrafts::Begun begun = drafts.begin("{}", "en", 0).value();
  const OwnDrafts::Begun other = drafts.begin("{}", "en", 0).value();
  for (const Expected& row : kMatrix) {
    const std::string method(row.route.substr(0, row.route.find(' ')));
    const std::string media = row.route.ends_with(":import") ? "application/x-ndjson" : "application/json";
    const bool looks = row.route == "GET /v1/programmes" || row.route == "GET /v1/profiles:template" ||
                       row.route == "GET /v1/me" || row.route.find("/v1/session") != row.route.npos;
    const bool own = row.cells == "------";
    for (const std::string& id : {begun.draft.id, other.draft.id}) {
      if (own && row.route.ends_with(":erase") && id == begun.draft.id) continue;  // the others come after it
      const Response response = site.ask(begun.secret, method, filled(row.target, id), filled(row.body, id), media);
      INFO(method << " " << filled(row.target, id) << " -> " << response.status << " " << response.body.substr(0, 300));
      CHECK((response.status == 403) == (!looks && !own));
      if (own) CHECK((response.status == 404) == (id == other.draft.id));
    }
  }
}

TEST_CASE("access: without a token every endpoint but the open ones answers 401", "[access]") {
  GuardedSite site;
  for (const Route& route : routes()) {
    const std::string name = std::string(route.method) + " " + std::string(route.pattern);
    const bool open = std::ranges::find(kOpenToAll, name) != std::end(kOpenToAll) || !route.documented;
    for (const std::string secret : {"", "cp_000000000000_none", "nonsense"}) {
      std::string target(route.pattern);
      for (std::size_t brace = target.find('{'); brace != target.npos; brace = target.find('{'))
        target.replace(brace, target.find('}') - brace + 1, "own");
      const Response response = site.ask(secret, std::string(route.method), target);
      INFO(name << " with `" << secret << "`");
      CHECK((response.status == 401) != open);
      if (!open) CHECK(header(response, "WWW-Authenticate") == "Bearer");
    }
  }
}

}  // namespace counterpart::server
