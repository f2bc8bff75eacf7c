// A guarded site with three offices, a profile of each, and a token for desks of each of them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/casework/office_json.h"
#include "tests/engine/casework/network.h"
#include "tests/server/site.h"

namespace counterpart::server {

// Every private member of the profiles has one of these in it, and nothing else has.
inline constexpr std::string_view kPlantedWords[] = {"Planted", "planted.example", "5550123"};

inline std::string private_profile(const std::string& id, const std::string& office) {
  return R"({"id":")" + id + R"(","kind":"project","title":"Title of )" + id +
         R"(","country":"KE","seeks":"pumps","office":")" + office +
         R"(","organisation":{"legal_name":"Planted Holding"},"contact":{"person":"Planted Person",)" +
         R"("email":"someone@planted.example","phone":"+43 1 5550123","address":"Planted Lane 7"}})";
}

struct CaseSite {
  std::unique_ptr<Service> service = fake_service();
  Authenticator authenticator{&service->data().tokens, "key of this start", &service->data().drafts};
  Api api{*service, authenticator, {.per_second = 0}};
  std::map<std::string, std::string, std::less<>> secrets;  // by desk, or by role

  CaseSite() {
    at("2026-11-26", 10);
    REQUIRE(ask("key of this start", "PUT", "/v1/offices", directory()).status == 200);
    for (const auto& [id, office] : {std::pair("sn:solar", "dakar"), {"sa:fund", "riyadh"}, {"at:pumps", "vienna"}})
      REQUIRE(ask("key of this start", "PUT", "/v1/profiles/" + std::string(id), private_profile(id, office)).status == 201);
    for (const auto& [desk, office] : {std::pair("awa", "dakar"),
                                       {"sow", "dakar"},
                                       {"omar", "riyadh"},
                                       {"salem", "riyadh"},
                                       {"noura", "riyadh"},
                                       {"huber", "vienna"},
                                       {"maier", "vienna"}})
      add(desk, {.role = TokenRole::kOfficer, .office = office, .desk = desk});
    add("no desk", {.role = TokenRole::kOfficer, .office = "dakar"});
    add("admin", {.role = TokenRole::kAdmin});
    add("owner", {.role = TokenRole::kOwner, .profiles = {"sn:solar"}});
  }

  static std::string directory() {
    std::string offices, desks;
    for (const Office& office : three_offices()) offices += (offices.empty() ? "" : ",") + to_json(office);
    for (const Desk& desk : their_desks()) desks += (desks.empty() ? "" : ",") + to_json(desk);
    return "{\"offices\":[" + offices + "],\"desks\":[" + desks + "]}";
  }
  static void at(const char* day, int hour, int minute = 0) { casework_now() = utc(day, hour, minute); }
  void tick() { REQUIRE(service->data().cases.tick(casework_now())); }

  void add(const std::string& name, Caller caller) {
    secrets[name] = service->data().tokens.create({.id = {}, .label = name, .caller = std::move(caller)}).value().secret;
  }

  Response ask(const std::string& secret, const std::string& method, const std::string& target, const std::string& body = {},
               Headers headers = {}) {
    headers["authorization"] = "Bearer " + secret;
    return ask_api(api, method, target, body, std::move(headers));
  }
  Response as(std::string_view who, const std::string& method, const std::string& target, const std::string& body = {},
              Headers headers = {}) {
    return ask(secrets.find(who)->second, method, target, body, std::move(headers));
  }
  json::object get(std::string_view who, const std::string& target) {
    const Response response = as(who, "GET", target);
    INFO(target << " -> " << response.body);
    REQUIRE(response.status == 200);
    return body_of(response);
  }
  json::object done(std::string_view who, const std::string& target, const std::string& body = "{}", int status = 200) {
    const Response response = as(who, "POST", target, body);
    INFO(target << " -> " << response.status << " " << response.body);
    REQUIRE(response.status == status);
    return body_of(response);
  }
  // The id of an interest of sn:solar in sa:fund.
  std::string send() { return std::string(done("awa", "/v1/interests", interest(), 201).at("id").as_string()); }
  static std::string interest() {
    return R"({"from":"sn:solar","to":"sa:fund","programme":"open",)"
           R"("answers":{"cooperation":"joint_venture","missing":"the term","about_us":"ten years of solar pumps"},"found":"run"})";
  }
};

inline std::string text(const json::value& value) { return std::string(value.as_string()); }

}  // namespace counterpart::server
