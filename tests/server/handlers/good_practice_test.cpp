// Good practice: of a concluded introduction everybody reads what both sides let out, and nothing before.
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kTold =
    R"({"facts":{"outcome":"A plant of 2 MW runs in Thies.","amount":2500000,"currency":"EUR","jobs":40}})";

// The path of the introduction of sn:solar to sa:fund, which has come to an end that is good.
std::string concluded(CaseSite& site) {
  const json::object accepted = site.done("omar", "/v1/interests/" + site.send() + ":accept");
  const std::string at = "/v1/introductions/" + text(accepted.at("others").as_array()[0]);
  site.done("omar", at + ":release");
  for (const char* state : {"released", "first_contact", "promoted", "negotiation"})
    site.done("awa", at + ":move", R"({"to":")" + std::string(state) + R"("})");
  site.done("awa", at + ":move",
            R"({"to":"concluded","facts":{"amount":2500000,"currency":"EUR","instrument":"equity","jobs":40,"sdg":"7.2"}})");
  return at;
}

json::object beside(CaseSite& site) { return site.get("omar", "/v1/explain?a=sa:fund&b=sn:solar"); }

}  // namespace

TEST_CASE("good practice: told beside a match when both sides let it out, and no longer when one takes it back", "[casework]") {
  CaseSite site;
  const json::object told = site.done("awa", concluded(site) + ":tell_others");
  CHECK(told.at("state") == "concluded");  // the introduction goes its own way
  const std::string at = "/v1/cases/" + text(told.at("others").as_array()[0]);
  CHECK(site.get("awa", at).at("state") == "asked");
  check_problem(site.as("awa", "POST", at + ":write", "{}"), 400, "facts.outcome");
  check_problem(site.as("awa", "POST", at + ":write", R"({"facts":{"outcome":"x","amount":1}})"), 400, "facts.currency");
  check_problem(site.as("awa", "POST", at + ":write", R"({"facts":{"outcome":"Write to awa@example.org"}})"), 400,
                "facts.outcome");
  site.done("awa", at + ":write", std::string(kTold));
  CHECK_FALSE(beside(site).contains("good_practice"));  // one side alone
  check_problem(site.as("awa", "POST", at + ":publish", "{}"), 403, "verb");
  site.done("omar", at + ":publish");
  for (const auto& [who, asks, about, partner] : {std::tuple("omar", "sa:fund", "sn:solar", "sa:fund"),
                                                  {"owner", "sn:solar", "sa:fund", "sn:solar"},
                                                  {"maier", "at:pumps", "sn:solar", "sa:fund"}}) {
    INFO(who);
    const json::object match = site.get(who, "/v1/explain?a=" + std::string(asks) + "&b=" + about);
    const json::object one = match.at("good_practice").as_array().at(0).as_object();
    CHECK(one.at("partner") == partner);
    CHECK(one.at("outcome") == "A plant of 2 MW runs in Thies.");
    CHECK(one.at("jobs") == 40);
  }
  // What was let out gives nothing else away: its two sides have no more than they had.
  CHECK(site.get("awa", at).at("released") == false);
  CHECK_FALSE(site.get("awa", at).contains("contacts"));
  site.done("omar", at + ":withdraw");
  CHECK_FALSE(beside(site).contains("good_practice"));
}

TEST_CASE("good practice: other words are let out anew", "[casework]") {
  CaseSite site;
  const json::object told = site.done("omar", concluded(site) + ":tell_others");
  const std::string at = "/v1/cases/" + text(told.at("others").as_array()[0]);
  site.done("awa", at + ":write", std::string(kTold));
  site.done("omar", at + ":return", R"({"note":"Name the town rightly."})");
  site.done("awa", at + ":write", R"({"facts":{"outcome":"A plant of 2 MW runs in Touba."}})");
  site.done("omar", at + ":publish");
  const json::object one = beside(site).at("good_practice").as_array().at(0).as_object();
  CHECK(one.at("outcome") == "A plant of 2 MW runs in Touba.");
  CHECK_FALSE(one.contains("jobs"));
}

TEST_CASE("good practice: there is none without an introduction, nor an introduction without an accepted interest",
          "[casework]") {
  CaseSite site;
  for (const std::string kind : {"good_practice", "introduction"})
    check_problem(site.as("awa", "POST", "/v1/cases",
                          R"({"kind":")" + kind + R"(","from":"sn:solar","to":"sa:fund","programme":"open"})"),
                  409, "kind");
}

}  // namespace counterpart::server
