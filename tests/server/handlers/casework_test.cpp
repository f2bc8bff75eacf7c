// What officers live through, over HTTP: each desk with its own token, on a clock that the test moves.
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

bool tells_private(std::string_view body) {
  return std::ranges::any_of(kPlantedWords, [&](std::string_view word) { return body.find(word) != body.npos; });
}

std::string owner_of(const json::object& one) { return text(one.at("owner").at("desk")); }

std::string day_of(const json::object& one) { return text(one.at("due")).substr(0, 10); }

std::vector<std::string> ids(const json::object& answer, std::string_view list) {
  std::vector<std::string> found;
  for (const json::value& row : answer.at(list).as_array()) found.push_back(text(row.at("id")));
  return found;
}

// The introduction that omar's acceptance opens.
std::string agreed(CaseSite& site) {
  const std::string interest = site.send();
  const json::object accepted = site.done("omar", "/v1/interests/" + interest + ":accept");
  REQUIRE(accepted.at("others").as_array().size() == 1);
  return text(accepted.at("others").as_array()[0]);
}

// Every answer of the new calls that somebody of no side, or of a side too early, can get.
std::string all_answers(CaseSite& site, std::string_view who, const std::string& interest, const std::string& introduction) {
  std::string all;
  for (const std::string& target :
       {std::string("/v1/desk"), std::string("/v1/interests"), "/v1/interests/" + interest, std::string("/v1/introductions"),
        "/v1/introductions/" + introduction, std::string("/v1/outbox"), std::string("/v1/offices"), std::string("/v1/desks"),
        std::string("/v1/reviews")})
    all += site.as(who, "GET", target).body;
  for (const char* verb : {"note", "call", "drop", "reopen", "promote"})
    all += site.as(who, "POST", "/v1/introductions/" + introduction + ":" + verb + "?preview=true", R"({"note":"n"})").body;
  return all;
}

}  // namespace

TEST_CASE("casework: an officer asks, is answered, both keys are turned, first contact, concluded", "[casework]") {
  CaseSite site;
  const json::object preview = site.done("awa", "/v1/interests?preview=true", CaseSite::interest());
  CHECK(preview.at("preview").as_bool());
  CHECK(day_of(preview) == "2026-12-07");
  REQUIRE(preview.at("letters").as_array().size() == 1);
  CHECK(preview.at("letters").as_array()[0].at("reader").at("name") == "Desk noura");
  CHECK(site.get("awa", "/v1/interests").at("cases").as_array().empty());  // nothing was sent

  const Response sent = site.as("awa", "POST", "/v1/interests", CaseSite::interest());
  REQUIRE(sent.status == 201);
  const std::string id = text(body_of(sent).at("id")), at = "/v1/interests/" + id;
  CHECK(header(sent, "Location") == at);
  CHECK(header(sent, "ETag") == "\"1\"");
  const json::object answers = body_of(sent).at("answers").as_object();
  CHECK(answers.at("missing") == "the term");
  CHECK(body_of(sent).at("found") == "run");

  CHECK(ids(site.get("omar", "/v1/desk"), "inbox") == std::vector{id});
  CHECK(ids(site.get("noura", "/v1/desk"), "mine") == std::vector{id});
  CHECK(ids(site.get("awa", "/v1/desk"), "waiting") == std::vector{id});
  CHECK(ids(site.get("maier", "/v1/desk"), "inbox").empty());
  CHECK(owner_of(site.done("omar", at + ":claim")) == "omar");
  CHECK(ids(site.get("omar", "/v1/desk"), "mine") == std::vector{id});
  CHECK(site.done("omar", at + ":ask_back", R"({"note":"Which term?"})").at("state") == "asked_back");
  CHECK(site.done("awa", at + ":reply", R"({"note":"Ten years"})").at("state") == "received");

  CaseSite::at("2026-11-30", 9);
  const json::object accepted = site.done("omar", at + ":accept");
  CHECK(accepted.at("state") == "accepted");
  CHECK_FALSE(accepted.at("open").as_bool());
  const std::string introduction = "/v1/introductions/" + text(accepted.at("others").as_array()[0]);
  CHECK(site.get("awa", introduction).at("second").at("owner").at("desk") == "omar");
  site.done("omar", introduction + ":release");
  check_problem(site.as("salem", "POST", introduction + ":release", "{}"), 403, "office");  // the same office's second key
  CHECK_FALSE(site.get("awa", introduction).contains("contacts"));
  CHECK(site.done("awa", introduction + ":move", R"({"to":"released"})").at("released").as_bool());
  for (const char* who : {"awa", "omar"}) {
    const json::object released = site.get(who, introduction);
    REQUIRE(released.at("contacts").as_array().size() == 2);
    CHECK(released.at("contacts").as_array()[0].at("contact").at("email") == "someone@planted.example");
  }
  for (const std::string& state : {std::string("first_contact"), std::string("promoted"), std::string("negotiation")})
    CHECK(site.done("awa", introduction + ":move", R"({"to":")" + state + R"("})").at("state").as_string() == state.c_str());
  check_problem(site.as("awa", "POST", introduction + ":move", R"({"to":"concluded"})"), 400, "facts.amount");
  const json::object concluded = site.done("awa", introduction + ":move",
                                           R"({"to":"concluded","facts":{"amount":2500000,"currency":"EUR",)"
                                           R"("instrument":"equity","jobs":40,"sdg":"7.2"}})");
  CHECK(concluded.at("state") == "concluded");
  CHECK(concluded.at("timeline").as_array().back().at("facts").at("jobs") == 40);
}

TEST_CASE("casework: an enquiry that nobody answers moves to deputy, head and duty office, and lapses last", "[casework]") {
  CaseSite site;
  const std::string id = site.send(), at = "/v1/interests/" + id;
  site.done("omar", at + ":claim");
  const auto holds = [&](const char* day, int hour) {
    CaseSite::at(day, hour);
    site.tick();
    const json::object now = site.get("awa", at);
    return text(now.at("step")) + " " + owner_of(now) + " until " + day_of(now);
  };
  CHECK(holds("2026-12-07", 13) == "owner omar until 2026-12-07");
  CHECK(holds("2026-12-07", 14) == "deputy salem until 2026-12-10");
  CHECK(ids(site.get("salem", "/v1/desk"), "mine") == std::vector{id});
  CHECK(ids(site.get("omar", "/v1/desk"), "mine").empty());
  CHECK(holds("2026-12-10", 14) == "head noura until 2026-12-15");  // Friday and Saturday are free in Riyadh
  const std::string why = text(site.get("noura", at).at("why_due").at("text"));
  CHECK(why ==
        "due Tuesday 15 December: 2 working days from Sunday 13 December, the first working day after Thursday 10 December, "
        "Friday 11 December is free in Saudi Arabia; it is with the head of the office, for nobody had acted by Thursday 10 "
        "December");
  CHECK(holds("2026-12-15", 14) == "duty huber until 2026-12-22");  // in Vienna they are not
  CHECK(ids(site.get("huber", "/v1/desk"), "mine") == std::vector{id});
  // The duty office sees the case that came to it, and hands it back.
  CHECK(site.get("maier", at).at("id").as_string() == json::string_view(id));
  CaseSite::at("2026-12-24", 9);
  site.tick();
  const json::object lapsed = site.get("awa", at);
  CHECK(lapsed.at("state") == "lapsed");
  CHECK(site.done("omar", at + ":reopen", R"({"note":"I was ill"})").at("state") == "received");
  const json::object letters = site.get("awa", "/v1/outbox");
  std::vector<std::string> told;
  for (const json::value& letter : letters.at("letters").as_array()) told.push_back(text(letter.at("letter")));
  CHECK(std::ranges::count(told, "moved_here") == 3);
  CHECK(std::ranges::count(told, "interest_lapsed") == 2);
}

TEST_CASE("casework: a due time explains itself", "[casework]") {
  CaseSite site;
  const json::object why = site.done("awa", "/v1/interests?preview=true", CaseSite::interest()).at("why_due").as_object();
  CHECK(text(why.at("text"))
            .starts_with(
                "due Monday 7 December: 5 working days from Thursday 26 November, Friday 27 November is free in Saudi Arabia"));
  CHECK(why.at("working_days") == 5);
  CHECK(why.at("limit") == "answer");
  // A holiday of one side is named: the founding day of Saudi Arabia.
  CaseSite::at("2027-02-18", 10);
  const json::object later = site.done("awa", "/v1/interests?preview=true", CaseSite::interest()).at("why_due").as_object();
  CHECK(text(later.at("text")).find("22 February is a holiday in Saudi Arabia") != std::string::npos);
}

TEST_CASE("casework: two officers never overwrite each other", "[casework]") {
  CaseSite site;
  const std::string at = "/v1/interests/" + site.send();
  CHECK(header(site.as("omar", "POST", at + ":claim", "{}", {{"if-match", "\"1\""}}), "ETag") == "\"2\"");
  const Response late = site.as("salem", "POST", at + ":claim", "{}", {{"if-match", "\"1\""}});
  check_problem(late, 412, "If-Match");
  CHECK(body_of(late).at("theirs").at("owner").at("desk") == "omar");
  const Response declined = site.as("omar", "POST", at + ":decline", R"({"reason":"too_small"})", {{"if-match", "\"2\""}});
  CHECK(declined.status == 200);
  const Response again = site.as("omar", "POST", at + ":accept", "{}");
  check_problem(again, 409, "verb");
  CHECK(body_of(again).at("theirs").at("state") == "declined");
  check_problem(site.as("omar", "POST", at + ":claim", "{}", {{"if-match", "none"}}), 400, "If-Match");
}

TEST_CASE("casework: the same interest sent again is the one that is there", "[casework]") {
  CaseSite site;
  const std::string id = site.send();
  CHECK(text(site.done("awa", "/v1/interests", CaseSite::interest(), 200).at("id")) == id);
  const Response other = site.as("sow", "POST", "/v1/interests", CaseSite::interest());
  CHECK(other.status == 409);
  CHECK(text(body_of(other).at("theirs").at("id")) == id);
}

TEST_CASE("casework: a refusal says what would be right", "[casework]") {
  CaseSite site;
  const std::string at = "/v1/interests/" + site.send();
  check_problem(site.as("no desk", "POST", at + ":withdraw", "{}"), 403, "desk");
  CHECK(site.get("no desk", "/v1/desk").at("office") == "dakar");
  check_problem(site.as("awa", "POST", at + ":withdraw?desk=sow", "{}"), 403, "desk");
  check_problem(site.as("admin", "POST", at + ":withdraw", "{}"), 400, "desk");
  check_problem(site.as("omar", "POST", at + ":decline", "{}"), 400, "reason");
  check_problem(site.as("omar", "POST", at + ":dance", "{}"), 400, "verb");
  check_problem(site.as("maier", "POST", at + ":decline", R"({"reason":"too_small"})"), 404, "id");
  check_problem(site.as("omar", "POST", at + ":move", R"({"to":"nowhere"})"), 409, "to");
  check_problem(
      site.as("awa", "POST", "/v1/interests", R"({"from":"sn:solar","to":"none","answers":{"cooperation":"equity"}})"), 404,
      "to");
  check_problem(
      site.as("awa", "POST", "/v1/interests", R"({"from":"sn:solar","to":"sa:fund","answers":{"cooperation":"love"}})"), 400,
      "answers.cooperation");
  check_problem(site.as("maier", "POST", "/v1/interests", CaseSite::interest()), 403, "from");
  check_problem(site.as("owner", "POST", "/v1/interests", CaseSite::interest()), 403, "verb");
  check_problem(site.as("owner", "POST", at + ":accept", "{}"), 403, "verb");
  CHECK(site.done("owner", at + ":withdraw").at("state") == "withdrawn");
  check_problem(site.as("admin", "POST", "/v1/tokens", R"({"role":"officer","office":"dakar","desk":"omar"})"), 400, "desk");
  check_problem(site.as("admin", "POST", "/v1/tokens", R"({"role":"reader","desk":"omar"})"), 400, "desk");
}

TEST_CASE("casework: an owner sees how its profile's cases stand, and nothing that offices say among themselves",
          "[casework]") {
  CaseSite site;
  const std::string at = "/v1/interests/" + site.send();
  site.done("awa", at + ":note", R"({"note":"between us"})");
  const Response seen = site.as("owner", "GET", at);
  REQUIRE(seen.status == 200);
  CHECK(seen.body.find("between us") == std::string::npos);
  CHECK(site.get("awa", at).at("timeline").as_array().size() == 2);
  CHECK(body_of(seen).at("timeline").as_array().size() == 1);
  CHECK(site.get("owner", "/v1/interests?profile=sn:solar").at("cases").as_array().size() == 1);
  check_problem(site.as("owner", "GET", "/v1/interests?profile=sa:fund"), 403, "profile");
  const std::string review = text(site.done("owner", "/v1/reviews", R"({"profile":"sn:solar"})", 201).at("id"));
  CHECK(site.done("owner", "/v1/reviews/" + review + ":submit").at("state") == "review");
}

TEST_CASE("casework: contacts are in no answer before both keys are turned, and in no third office's after", "[casework]") {
  CaseSite site;
  const std::string introduction = agreed(site);
  const std::string interest = text(site.get("awa", "/v1/introductions/" + introduction).at("origin"));
  const auto silent = [&](std::initializer_list<std::string_view> readers) {
    for (const std::string_view who : readers) {
      INFO(who);
      CHECK_FALSE(tells_private(all_answers(site, who, interest, introduction)));
    }
    CHECK_FALSE(tells_private(site.as("admin", "GET", "/metrics").body));
  };
  silent({"awa", "omar", "maier", "owner", "no desk", "admin"});
  site.done("omar", "/v1/introductions/" + introduction + ":release");
  silent({"awa", "omar", "maier", "owner", "no desk", "admin"});
  site.done("awa", "/v1/introductions/" + introduction + ":release");
  silent({"maier", "huber", "owner", "admin"});
  CHECK(site.get("awa", "/v1/introductions/" + introduction).contains("contacts"));
  CHECK(site.get("no desk", "/v1/introductions/" + introduction).contains("contacts"));  // of the office, though it cannot act
  CHECK_FALSE(site.get("admin", "/v1/introductions/" + introduction + "?desk=maier").contains("contacts"));
}

}  // namespace counterpart::server
