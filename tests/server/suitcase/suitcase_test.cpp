// What a desk takes along and what comes back: by whose rights, once, unchanged, and conflicts told by member.

#include <algorithm>

#include "server/suitcase/answers.h"
#include "server/suitcase/applying.h"
#include "server/suitcase/sealing.h"
#include "tests/server/handlers/case_site.h"
#include "tests/server/unzipped.h"

namespace counterpart::server {
namespace {

std::string between(const std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  REQUIRE(from != text.npos);
  return text.substr(from + begin.size(), text.find(end, from) - from - begin.size());
}

// One that was packed, opened as its page opens it.
struct Opened {
  std::string id, html, passphrase, plain;
  json::object inside;
  SuitcaseKeys keys;
};

struct SuitcaseSite : CaseSite {
  std::string interest_id = send();

  SuitcaseSite() {
    // A profile of another office, whose private members are told apart from those of Dakar.
    const std::string foreign =
        R"({"kind":"company","title":"Foreign Mills","country":"AT","offers":"mills","office":"vienna",)"
        R"("contact":{"person":"Foreign Person","email":"foreign@planted.example"}})";
    REQUIRE(ask("key of this start", "PUT", "/v1/profiles/b", foreign).status == 201);
  }

  Opened pack(std::string_view who, const std::string& query = {}) {
    const Response packed = as(who, "POST", "/v1/desk:suitcase" + query);
    INFO(packed.body.substr(0, 500));
    REQUIRE(packed.status == 201);
    const json::object answer = body_of(packed);
    Opened out{text(answer.at("id")), text(answer.at("html")), text(answer.at("passphrase")), {}, {}, {}};
    const std::string head = between(out.html, R"(id="header">)", "</script>");
    const std::string sealed = base64_decoded(between(out.html, R"(id="sealed">)", "</script>")).value();
    const std::string salt = base64_decoded(text(json::parse(head).at("salt"))).value();
    const auto plain = unseal_gcm(sealed, head, stretched(out.passphrase, salt));
    REQUIRE(plain);
    CHECK(!unseal_gcm(sealed, head, stretched("another one", salt)));
    out.plain = unzipped(*plain);
    out.inside = json::parse(out.plain).as_object();
    out.keys = {base64_decoded(text(out.inside.at("keys").at("seals"))).value(),
                base64_decoded(text(out.inside.at("keys").at("signs"))).value()};
    return out;
  }
  Response hand_in(std::string_view who, const Opened& suitcase, json::object bundle) {
    return as(who, "POST", "/v1/suitcases/" + suitcase.id + ":return", json::serialize(bundle));
  }
  json::array verdicts(std::string_view who, const Opened& suitcase, const json::object& bundle) {
    const Response answer = hand_in(who, suitcase, bundle);
    INFO(answer.body);
    REQUIRE(answer.status == 200);
    return body_of(answer).at("verdicts").as_array();
  }
  json::object act(const Opened& suitcase, const std::string& verb, const std::string& name = "op-act") {
    const json::value& one = suitcase.inside.at("cases").at(interest_id);
    return {{"operation", name},
            {"does", "act"},
            {"subject", interest_id},
            {"verb", verb},
            {"if_match", "\"" + json::serialize(one.at("version")) + "\""},
            {"written_at", "2026-11-28T09:00:00Z"},
            {"body", json::object{{"note", "written by lamp light"}}}};
  }
  static json::object change(const Opened& suitcase, const std::string& title, const std::string& name = "op-profile") {
    const json::object& taken = suitcase.inside.at("profiles").at("sn:solar").as_object();
    json::object body = taken.at("profile").as_object();
    body["title"] = title;
    return {{"operation", name},
            {"does", "profile"},
            {"subject", "sn:solar"},
            {"if_match", taken.at("etag")},
            {"written_at", "2026-11-28T09:05:00Z"},
            {"body", body},
            {"seen", taken.at("profile")}};
  }
  static json::object bundle(const Opened& suitcase, json::array operations) {
    return seal_answers(suitcase.id, {{"operations", std::move(operations)}}, suitcase.keys);
  }
};

std::string verdict_of(const json::value& one) { return text(one.at("verdict")); }

}  // namespace

TEST_CASE("suitcase: the file tells nothing without its passphrase, and with it what its office may see", "[suitcase]") {
  SuitcaseSite site;
  const Opened one = site.pack("awa");
  for (const std::string_view word :
       {"Planted", "Title of", "planted.example", "5550123", "ten years of solar pumps", "Foreign"})
    CHECK(one.html.find(word) == one.html.npos);
  CHECK(one.html.find(one.passphrase) == one.html.npos);
  CHECK(one.html.find("default-src 'none'; script-src 'sha256-") != one.html.npos);
  CHECK(one.html.find("src=\"") == one.html.npos);
  CHECK(one.html.find("href=\"http") == one.html.npos);
  // Its own profile with private members, the counterparts of it without.
  CHECK(one.inside.at("profiles").at("sn:solar").at("own") == true);
  CHECK(one.inside.at("profiles").at("sn:solar").at("profile").at("contact").at("person") == "Planted Person");
  for (const char* other : {"sa:fund", "b"}) {
    const json::object& taken = one.inside.at("profiles").at(other).as_object();
    CHECK(taken.at("own") == false);
    CHECK(!taken.at("profile").as_object().contains("contact"));
  }
  CHECK(one.plain.find("Foreign Person") == one.plain.npos);
  CHECK(one.plain.find("foreign@planted.example") == one.plain.npos);
  CHECK(one.inside.at("cases").as_object().contains(site.interest_id));
  CHECK(one.inside.at("desk") == "awa");
  CHECK(one.inside.at("matches").at("sn:solar").at("matches").as_array().size() == 1);
  CHECK(one.inside.at("briefs").as_object().contains("KE"));
  CHECK(one.inside.at("left_out").as_array().empty());
}

TEST_CASE("suitcase: no case of others is in it, whoever packs it", "[suitcase]") {
  SuitcaseSite site;
  const std::string others = text(site.done("huber", "/v1/interests",
                                            R"({"from":"at:pumps","to":"sa:fund","programme":"open",)"
                                            R"("answers":{"cooperation":"licence","about_us":"nothing for Dakar"}})",
                                            201)
                                      .at("id"));
  for (const auto& [who, query] : {std::pair{"awa", ""}, {"admin", "?desk=awa"}, {"admin", "?office=dakar"}}) {
    const Opened one = site.pack(who, query);
    CHECK(one.inside.at("office") == "dakar");
    CHECK(!one.inside.at("cases").as_object().contains(others));
    CHECK(one.plain.find("nothing for Dakar") == one.plain.npos);
    CHECK(one.plain.find("Foreign Person") == one.plain.npos);
  }
  check_problem(site.as("awa", "POST", "/v1/desk:suitcase?office=riyadh"), 403, "office");
  check_problem(site.as("awa", "POST", "/v1/desk:suitcase?desk=omar"), 403, "desk");
  check_problem(site.as("owner", "POST", "/v1/desk:suitcase"), 403, "desk");
  check_problem(site.as("admin", "POST", "/v1/desk:suitcase"), 400, "desk");
  check_problem(site.as("admin", "POST", "/v1/desk:suitcase?desk=nobody"), 404, "desk");
  check_problem(site.as("admin", "POST", "/v1/desk:suitcase?desk=awa&days=61"), 400, "days");
}

TEST_CASE("suitcase: each operation is done once, by the call that it stands for", "[suitcase]") {
  SuitcaseSite site;
  const Opened one = site.pack("omar");
  const json::object accept = site.act(one, "accept");
  const json::object bundle = SuitcaseSite::bundle(one, {accept});
  json::array first = site.verdicts("omar", one, bundle);
  REQUIRE(first.size() == 1);
  INFO(json::serialize(first));
  CHECK(verdict_of(first[0]) == "done");
  const json::object now = site.get("omar", "/v1/interests/" + site.interest_id);
  CHECK(now.at("state") == "accepted");
  CHECK(now.at("timeline").as_array().back().at("note") == "written by lamp light");
  const std::size_t acts = now.at("timeline").as_array().size();
  CHECK(verdict_of(site.verdicts("omar", one, bundle)[0]) == "already_done");
  CHECK(site.get("omar", "/v1/interests/" + site.interest_id).at("timeline").as_array().size() == acts);
  const json::array listed = site.get("omar", "/v1/suitcases").at("suitcases").as_array();
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].at("done") == 1);
  CHECK(listed[0].as_object().contains("returned"));
  CHECK(site.get("awa", "/v1/suitcases").at("suitcases").as_array().empty());
}

TEST_CASE("suitcase: what two have changed is told by member, and what is chosen is sent again", "[suitcase]") {
  SuitcaseSite site;
  const Opened one = site.pack("awa");
  json::object theirs = site.get("awa", "/v1/profiles/sn:solar");
  theirs["title"] = "Title by a colleague";
  theirs["seeks"] = "pumps and wells";
  REQUIRE(site.as("sow", "PUT", "/v1/profiles/sn:solar", json::serialize(theirs)).status == 200);
  const json::object bundle = SuitcaseSite::bundle(one, {SuitcaseSite::change(one, "Title of the field")});
  const json::array told = site.verdicts("awa", one, bundle);
  INFO(json::serialize(told));
  REQUIRE(verdict_of(told[0]) == "conflict");
  CHECK(told[0].at("theirs").at("title") == "Title by a colleague");
  CHECK(told[0].at("base").at("contact").at("person") == "Planted Person");
  const json::array& members = told[0].at("members").as_array();
  REQUIRE(members.size() == 2);
  CHECK(members[0] ==
        json::value{
            {"member", "seeks"}, {"changed_by", "them"}, {"base", "pumps"}, {"yours", "pumps"}, {"theirs", "pumps and wells"}});
  CHECK(members[1].at("member") == "title");
  CHECK(members[1].at("changed_by") == "both");
  // Nothing was changed; handed in again, it is told again.
  CHECK(verdict_of(site.verdicts("awa", one, bundle)[0]) == "conflict");
  json::object chosen = bundle, body = theirs;
  body["title"] = "Title of the field";
  chosen["choices"] = json::object{
      {"op-profile", json::object{{"if_match", "\"" + json::serialize(told[0].at("now_version")) + "\""}, {"body", body}}}};
  CHECK(verdict_of(site.verdicts("awa", one, chosen)[0]) == "done");
  const json::object now = site.get("awa", "/v1/profiles/sn:solar");
  CHECK(now.at("title") == "Title of the field");
  CHECK(now.at("seeks") == "pumps and wells");
  CHECK(verdict_of(site.verdicts("awa", one, bundle)[0]) == "already_done");
}

TEST_CASE("suitcase: a case that went on meanwhile is told, and can be given up", "[suitcase]") {
  SuitcaseSite site;
  const Opened one = site.pack("omar");
  site.done("salem", "/v1/interests/" + site.interest_id + ":decline", R"({"reason":"too_early"})");
  json::object bundle = SuitcaseSite::bundle(one, {site.act(one, "accept")});
  const json::array told = site.verdicts("omar", one, bundle);
  INFO(json::serialize(told));
  REQUIRE(verdict_of(told[0]) == "conflict");
  CHECK(told[0].at("theirs").at("state") == "declined");
  CHECK(told[0].at("between").as_array().size() == 1);
  CHECK(told[0].at("members").at(0).at("theirs") == "declined");
  bundle["choices"] = json::object{{"op-act", json::object{{"give_up", true}}}};
  CHECK(verdict_of(site.verdicts("omar", one, bundle)[0]) == "given_up");
  bundle.erase("choices");
  CHECK(verdict_of(site.verdicts("omar", one, bundle)[0]) == "given_up");
}

TEST_CASE("suitcase: answers that were changed, are foreign, late, revoked or another's are refused", "[suitcase]") {
  SuitcaseSite site;
  const Opened one = site.pack("omar"), other = site.pack("omar");
  const json::object bundle = SuitcaseSite::bundle(one, {site.act(one, "accept")});
  json::object changed = bundle;
  std::string sealed = text(changed["sealed"]);
  sealed[40] = sealed[40] == 'A' ? 'B' : 'A';
  changed["sealed"] = sealed;
  check_problem(site.hand_in("omar", one, changed), 400, "signature");
  check_problem(site.hand_in("omar", other, bundle), 400, "suitcase");
  json::object foreign = bundle;
  foreign["suitcase"] = other.id;
  check_problem(site.hand_in("omar", other, foreign), 400, "signature");
  check_problem(site.hand_in("omar", one, {{"format", "something"}}), 400, "body");
  // Signed by the right key, but no operations.
  check_problem(site.hand_in("omar", one, seal_answers(one.id, {{"operations", 7}}, one.keys)), 400, "body");
  json::object unconditional = site.act(one, "accept");
  unconditional["if_match"] = "";
  check_problem(site.hand_in("omar", one, SuitcaseSite::bundle(one, {unconditional})), 400, "body");
  check_problem(site.hand_in("omar", one, SuitcaseSite::bundle(one, {site.act(one, "accept"), site.act(one, "accept")})), 400,
                "body");
  // A colleague of the office sees that it is there; another office does not.
  check_problem(site.hand_in("salem", one, bundle), 403, "id");
  check_problem(site.hand_in("awa", one, bundle), 404, "id");
  check_problem(site.as("awa", "DELETE", "/v1/suitcases/" + one.id), 404, "id");
  CHECK(site.get("omar", "/v1/interests/" + site.interest_id).at("state") != "accepted");
  CHECK(site.as("salem", "DELETE", "/v1/suitcases/" + one.id).status == 204);
  check_problem(site.hand_in("omar", one, bundle), 403, "id");
  const json::object late = SuitcaseSite::bundle(other, {site.act(other, "accept")});
  CaseSite::at("2026-12-23", 10);  // 14 days, and 13 of grace
  CHECK(verdict_of(site.verdicts("omar", other, late)[0]) != "refused");
  CaseSite::at("2026-12-24", 11);
  check_problem(site.hand_in("omar", other, late), 403, "id");
}

TEST_CASE("suitcase: what is written has the rights that its packer has when it comes back", "[suitcase]") {
  SuitcaseSite site;
  const Opened one = site.pack("omar"), two = site.pack("salem");
  json::object wider = site.act(one, "accept", "op-foreign");
  wider["does"] = "profile";
  wider["subject"] = "sn:solar";
  wider["body"] = json::parse(private_profile("sn:solar", "dakar"));
  wider["if_match"] = "\"1\"";
  const json::array refused = site.verdicts("omar", one, SuitcaseSite::bundle(one, {wider}));
  CHECK(verdict_of(refused[0]) == "refused");
  CHECK(refused[0].at("problem").at("status") == 403);
  // An administrator hands in what another packed: by that one's rights, while its token is in force.
  json::object from_salem = SuitcaseSite::bundle(two, {site.act(two, "accept")});
  std::string salems;
  const json::object listed = site.get("admin", "/v1/suitcases");
  for (const json::value& row : listed.at("suitcases").as_array())
    if (text(row.at("id")) == two.id) salems = text(row.at("packed_by"));
  REQUIRE(site.service->data().tokens.revoke(salems, "admin"));
  check_problem(site.hand_in("admin", two, from_salem), 403, "id");
  CHECK(verdict_of(site.verdicts("admin", one, SuitcaseSite::bundle(one, {site.act(one, "accept")}))[0]) == "done");
  CHECK(site.get("omar", "/v1/interests/" + site.interest_id).at("timeline").as_array().back().at("desk") == "omar");
}

TEST_CASE("suitcase: an administrator turns no key by way of one", "[suitcase]") {
  SuitcaseSite site;
  const json::object accepted = site.done("omar", "/v1/interests/" + site.interest_id + ":accept");
  const std::string introduction = text(accepted.at("others").at(0));
  const Opened one = site.pack("admin", "?desk=omar");
  CHECK(one.plain.find("Foreign Person") == one.plain.npos);
  const json::value& taken = one.inside.at("cases").at(introduction);
  const json::object release{{"operation", "op-key"},
                             {"does", "act"},
                             {"subject", introduction},
                             {"verb", "release"},
                             {"if_match", "\"" + json::serialize(taken.at("version")) + "\""},
                             {"written_at", "2026-11-28T09:00:00Z"},
                             {"body", json::object()}};
  const json::array told = site.verdicts("admin", one, SuitcaseSite::bundle(one, {release}));
  INFO(json::serialize(told));
  CHECK(verdict_of(told[0]) == "refused");
  CHECK(told[0].at("problem").at("status") == 403);
  CHECK(site.get("awa", "/v1/introductions/" + introduction).at("state") == "agreed");
}

TEST_CASE("suitcase: what members are apart", "[suitcase]") {
  const json::value base = json::parse(R"({"id":"a","title":"T","contact":{"email":"e","phone":"p"},"capacity":3})");
  const json::value yours = json::parse(R"({"id":"a","title":"T","contact":{"email":"mine","phone":"p"}})");
  const json::value theirs =
      json::parse(R"({"id":"a","title":"U","contact":{"email":"other","phone":"p"},"capacity":3,"due_diligence":{}})");
  const json::array rows = members_apart(base, yours, theirs);
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == json::value{{"member", "capacity"}, {"changed_by", "you"}, {"base", 3}, {"theirs", 3}});
  CHECK(rows[1].at("member") == "contact.email");
  CHECK(rows[1].at("changed_by") == "both");
  CHECK(rows[2].at("changed_by") == "them");
  CHECK(members_apart(base, theirs, theirs).empty());
  CHECK(members_apart(nullptr, yours, theirs)[0].at("changed_by") == "both");
}

}  // namespace counterpart::server
