// A profile from its draft to its end, over HTTP: held back, reviewed, published, kept in versions, renewed, withdrawn.
#include "server/service/cases.h"
#include "tests/server/handlers/case_site.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kGood = R"("scores":{"advantages":4,"clarity":3,"cooperation":3,"rules":4})";

std::string profile_of(const std::string& title, const std::string& seeks, const std::string& more = {}) {
  return R"({"kind":"project","title":")" + title + R"(","country":"SN","office":"dakar","seeks":")" + seeks + "\"" + more +
         "}";
}

// `organisation`: of the desk sow.
void let_review(CaseSite& site, const std::string& office, const std::string& organisation = {}) {
  std::string offices, desks;
  for (Office one : three_offices()) {
    one.reviews = one.id == office;
    offices += (offices.empty() ? "" : ",") + to_json(one);
  }
  for (Desk one : their_desks()) {
    if (one.id == "sow") one.organisation = organisation;
    desks += (desks.empty() ? "" : ",") + to_json(one);
  }
  const Response put = site.as("admin", "PUT", "/v1/offices", "{\"offices\":[" + offices + "],\"desks\":[" + desks + "]}");
  INFO(put.body);
  REQUIRE(put.status == 200);
}

std::string publishing(const std::string& until = "2027-11-26") {
  return "{\"facts\":{" + std::string(kGood) + R"(,"valid_until":")" + until + "\"}}";
}

json::object put(CaseSite& site, std::string_view who, const std::string& id, const std::string& body, int status) {
  const Response response = site.as(who, "PUT", "/v1/profiles/" + id, body);
  INFO(response.status << " " << response.body);
  REQUIRE(response.status == status);
  return body_of(response);
}

// The case under which `id` is held, after the owner or a desk has sent it in.
std::string held(CaseSite& site, std::string_view who, const std::string& id, const std::string& body) {
  return "/v1/reviews/" + text(put(site, who, id, body, 202).at("case"));
}

bool is_found(CaseSite& site, const std::string& id) {
  const json::object found = site.get("admin", "/v1/profiles?limit=100");
  for (const json::value& hit : found.at("profiles").as_array())
    if (hit.at("id").as_string() == json::string_view(id)) return true;
  return false;
}

std::string seeks_of(CaseSite& site, const std::string& id) {
  return text(site.get("admin", "/v1/profiles/" + id).at("seeks"));
}

}  // namespace

TEST_CASE("review: a new profile of an office that reviews is nowhere until it is published", "[review]") {
  CaseSite site;
  let_review(site, "dakar");
  const std::uint64_t before = site.service->data().store.size();
  const std::string review = held(site, "awa", "sn:ice", profile_of("Ice plant", "compressors"));
  CHECK(site.get("awa", review).at("state") == "review");
  CHECK(site.as("admin", "GET", "/v1/profiles/sn:ice").status == 404);
  CHECK_FALSE(is_found(site, "sn:ice"));
  CHECK(site.service->data().store.size() == before);
  CHECK(site.as("admin", "GET", "/v1/profiles:export").body.find("compressors") == std::string::npos);
  CHECK(text(site.get("sow", "/v1/profiles/sn:ice/draft").at("profile").at("seeks")) == "compressors");
  CHECK(site.get("sow", "/v1/drafts").at("drafts").as_array().size() == 1);
  CHECK(site.get("omar", "/v1/drafts").at("drafts").as_array().empty());
  CHECK(site.as("omar", "GET", "/v1/profiles/sn:ice/draft").status == 403);
  // The same once more is the same.
  CHECK(put(site, "awa", "sn:ice", profile_of("Ice plant", "compressors"), 202).at("status") == "unchanged");
  check_problem(site.as("omar", "PUT", "/v1/profiles/sn:ice", profile_of("Another", "ours")), 403, "office");

  const json::object published = site.done("sow", review + ":publish", publishing());
  CHECK(published.at("state") == "published");
  CHECK(is_found(site, "sn:ice"));
  const json::object now = site.get("admin", "/v1/profiles/sn:ice");
  CHECK(now.at("valid_until") == "2027-11-26");
  CHECK(site.service->data().store.embedding("sn:ice").value());
  CHECK(site.as("sow", "GET", "/v1/profiles/sn:ice/draft").status == 404);
}

TEST_CASE("review: sent back with comments at members, resubmitted, while the old version stays as it is", "[review]") {
  CaseSite site;
  let_review(site, "dakar");
  const std::string review = held(site, "owner", "sn:solar", profile_of("Solar", "better pumps"));
  CHECK(seeks_of(site, "sn:solar") == "pumps");
  check_problem(site.as("sow", "POST", review + ":send_back", R"({"facts":{"comments":[{"member":"seek","text":"which?"}]}})"),
                400, "facts.comments[0].member");
  const json::object back = site.done(
      "sow", review + ":send_back",
      R"({"facts":{"comments":[{"member":"seeks","text":"which pumps?"},{"member":"organisation.size","text":"say it"}]}})");
  CHECK(back.at("state") == "revision");
  CHECK(seeks_of(site, "sn:solar") == "pumps");
  CHECK(held(site, "owner", "sn:solar", profile_of("Solar", "better pumps of 5 kW")) == review);
  CHECK(site.get("owner", review).at("state") == "review");
  check_problem(
      site.as("sow", "POST", review + ":publish",
              R"({"facts":{"scores":{"advantages":0,"clarity":5,"cooperation":5,"rules":5},"valid_until":"2027-11-26"}})"),
      400, "facts.scores");
  check_problem(
      site.as("sow", "POST", review + ":publish",
              R"({"facts":{"scores":{"advantages":2,"clarity":2,"cooperation":2,"rules":3},"valid_until":"2027-11-26"}})"),
      400, "facts.scores");
  // The text that was read is the text that is published: who has not seen the last amendment is told.
  const std::string read = header(site.as("sow", "GET", review), "ETag");
  put(site, "owner", "sn:solar", profile_of("Solar", "better pumps of 6 kW"), 202);
  CHECK(site.as("sow", "POST", review + ":publish", publishing(), {{"if-match", read}}).status == 412);
  CHECK(site.done("sow", review + ":publish", publishing()).at("state") == "published");
  CHECK(seeks_of(site, "sn:solar") == "better pumps of 6 kW");
}

TEST_CASE("review: who wrote a profile does not review it, by whatever the organisation is known", "[review]") {
  for (const char* organisation : {"LEI 529900T8BM49AURSDO55", "529900t8bm49aursdo55", "Planted Holding Ltd", "Ice Company"}) {
    INFO(organisation);
    CaseSite site;
    let_review(site, "dakar", organisation);
    const std::string body =
        R"({"kind":"company","title":"Ice Company","country":"SN","office":"dakar","offers":"ice","organisation":)"
        R"({"legal_name":"Planted Holding","identifiers":[{"scheme":"LEI","id":"529900T8BM49AURSDO55"}]}})";
    const std::string review = held(site, "awa", "sn:ice", body);
    check_problem(site.as("sow", "POST", review + ":publish", publishing()), 403, "desk");
    CHECK(site.done("awa", review + ":publish", publishing()).at("state") == "published");
  }
}

TEST_CASE("review: versions are kept with who, when and case; they differ word by word, and an old one comes back",
          "[review]") {
  CaseSite site;
  put(site, "owner", "sn:solar", profile_of("Solar", "pumps of 5 kW", R"(,"sectors":["C27","C28"])"), 200);
  put(site, "awa", "sn:solar", profile_of("Solar", "pumps of 6 kW", R"(,"sectors":["C28"])"), 200);
  const json::object versions = site.get("owner", "/v1/profiles/sn:solar/versions");
  REQUIRE(versions.at("versions").as_array().size() == 3);
  CHECK(versions.at("versions").as_array()[2].at("version") == 3);
  CHECK(versions.at("versions").as_array()[1].at("who") != versions.at("versions").as_array()[2].at("who"));
  const json::object differs = site.get("awa", "/v1/profiles/sn:solar/versions/3?against=2");
  const json::value expected = json::parse(
      R"([{"member":"seeks","of":"words","parts":[{"change":"kept","text":"pumps of "},{"change":"removed","text":"5"},)"
      R"({"change":"added","text":"6"},{"change":"kept","text":" kW"}]},{"member":"sectors","of":"entries",)"
      R"("parts":[{"change":"removed","text":"C27"},{"change":"kept","text":"C28"}]}])");
  CHECK(differs.at("differences") == expected);
  check_problem(site.as("awa", "GET", "/v1/profiles/sn:solar/versions/9"), 404, "version");
  check_problem(site.as("awa", "GET", "/v1/profiles/sn:solar/versions/x"), 400, "version");
  CHECK(site.as("omar", "GET", "/v1/profiles/sn:solar/versions").status == 403);
  // Nothing private is in any of them.
  for (const char* number : {"1", "2", "3"})
    CHECK(site.as("awa", "GET", "/v1/profiles/sn:solar/versions/" + std::string(number)).body.find("lanted") ==
          std::string::npos);

  const json::object restored = site.done("awa", "/v1/profiles/sn:solar/versions/2:restore", "");
  CHECK(restored.at("version") == 4);
  CHECK(seeks_of(site, "sn:solar") == "pumps of 5 kW");
  // Through the review, where there is one.
  let_review(site, "dakar");
  CHECK(site.done("awa", "/v1/profiles/sn:solar/versions/3:restore", "", 202).at("status") == "held");
  CHECK(seeks_of(site, "sn:solar") == "pumps of 5 kW");
}

TEST_CASE("review: what is renewed, ended or changed is so in the case and in the profile alike", "[review]") {
  CaseSite site;
  let_review(site, "dakar");
  const std::string review = held(site, "awa", "sn:ice", profile_of("Ice plant", "compressors"));
  site.done("sow", review + ":publish", publishing("2026-12-31"));
  CaseSite::at("2026-12-02", 20);
  site.tick();
  CHECK(site.get("awa", review).at("state") == "expiring");
  CHECK(site.done("awa", review + ":renew", R"({"facts":{"valid_until":"2027-06-30"}})").at("state") == "published");
  CHECK(site.get("admin", "/v1/profiles/sn:ice").at("valid_until") == "2027-06-30");
  // The second answer: a change, which is a proposal of its own.
  const std::string change = held(site, "awa", "sn:ice", profile_of("Ice plant", "two compressors"));
  CHECK(change != review);
  CHECK(site.get("awa", review).at("state") == "published");
  CHECK(site.done("sow", change + ":publish", publishing("2027-12-31")).at("state") == "published");
  CHECK(site.get("awa", review).at("state") == "superseded");
  CHECK(seeks_of(site, "sn:ice") == "two compressors");
  CHECK(site.get("awa", "/v1/profiles/sn:ice/versions").at("versions").as_array().back().at("case").as_string() ==
        json::string_view(change.substr(12)));
  // The third: it is matched no more.
  CHECK(site.done("awa", change + ":withdraw", "{}").at("state") == "withdrawn");
  CHECK(site.get("admin", "/v1/profiles/sn:ice").at("valid_until") == "2026-12-01");
}

TEST_CASE("review: an end that is written into a profile moves the clock of its case", "[review]") {
  CaseSite site;
  const std::string review =
      "/v1/reviews/" +
      text(site.done("awa", "/v1/reviews", R"({"profile":"sn:solar","verb":"admit","facts":{"valid_until":"2027-01-31"}})", 201)
               .at("id"));
  CHECK(site.get("admin", "/v1/profiles/sn:solar").at("valid_until") == "2027-01-31");
  put(site, "awa", "sn:solar", profile_of("Solar", "pumps", R"(,"valid_until":"2028-01-31")"), 200);
  CaseSite::at("2027-01-10", 12);
  site.tick();
  CHECK(site.get("awa", review).at("state") == "published");
  put(site, "awa", "sn:solar", profile_of("Solar", "pumps"), 200);
  CHECK(site.get("awa", review).at("state") == "superseded");
}

TEST_CASE("review: where an office reviews, a profile that comes near its end gets a case and a notice", "[review]") {
  CaseSite site;
  put(site, "awa", "sn:solar", profile_of("Solar", "pumps", R"(,"valid_until":"2026-12-24")"), 200);
  const auto followed = [&] { return follow_ends(site.service->data(), casework_now()).value(); };
  CHECK(followed() == 0);
  let_review(site, "dakar");
  CHECK(followed() == 1);
  CHECK(followed() == 0);
  site.tick();
  const json::value listed = site.get("awa", "/v1/reviews?profile=sn:solar&open=true").at("cases").as_array().at(0);
  CHECK(listed.at("state") == "expiring");
  const auto notices = [&] {
    std::size_t count = 0;
    const json::object outbox = site.get("awa", "/v1/outbox");
    for (const json::value& letter : outbox.at("letters").as_array()) count += letter.at("letter") == "profile_expiring";
    return count;
  };
  CHECK(notices() == 1);
  CaseSite::at("2026-12-18", 20);
  site.tick();
  CHECK(notices() == 2);
  CaseSite::at("2026-12-25", 10);
  site.tick();
  CHECK(site.get("awa", "/v1/reviews/" + text(listed.at("id"))).at("state") == "expired");
}

TEST_CASE("review: an import holds back what it is told to, and what offices review", "[review]") {
  CaseSite site;
  const std::string line = R"({"id":"at:ice","kind":"project","title":"Ice","country":"AT","seeks":"snow","office":"vienna"})";
  const Response held_back =
      site.as("admin", "POST", "/v1/profiles:import?as=review", line, {{"content-type", "application/x-ndjson"}});
  CHECK(body_of(held_back).at("status") == "held");
  CHECK(site.as("admin", "GET", "/v1/profiles/at:ice").status == 404);
  const Response taken =
      site.as("admin", "POST", "/v1/profiles:import",
              R"({"id":"at:snow","kind":"project","title":"Snow","country":"AT","seeks":"ice","office":"vienna"})",
              {{"content-type", "application/x-ndjson"}});
  CHECK(body_of(taken).at("status") == "created");
}

TEST_CASE("review: nothing of drafts and versions is left when a profile is erased", "[review]") {
  CaseSite site;
  put(site, "owner", "sn:solar", profile_of("Solar", "a text that is unmistakably old"), 200);
  put(site, "owner", "sn:solar", profile_of("Solar", "a text that is in force"), 200);
  let_review(site, "dakar");
  held(site, "owner", "sn:solar", profile_of("Solar", "a text that is proposed and unmistakable"));
  held(site, "awa", "sn:ice", private_profile("sn:ice", "dakar"));
  const json::object receipt = site.done("admin", "/v1/erasures", R"({"profiles":["sn:solar","sn:ice"]})");
  CHECK(receipt.at("complete").as_bool());
  const Database& database = site.service->data().store.database();
  Database::Cursor entries(database, Family::kVersions);
  for (entries.first(); entries.valid(); entries.next()) {
    INFO(entries.key());
    CHECK(entries.key().find("sn:solar") == std::string_view::npos);
    CHECK(entries.key().find("sn:ice") == std::string_view::npos);
  }
  for (const Family family : {Family::kContacts, Family::kKeys}) CHECK_FALSE(database.get(family, "draft sn:ice").value());
  CHECK(site.get("awa", "/v1/drafts").at("drafts").as_array().empty());
  CHECK(site.as("awa", "DELETE", "/v1/profiles/sn:ice").status == 404);
}

}  // namespace counterpart::server
