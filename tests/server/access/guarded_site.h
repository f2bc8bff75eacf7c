// A site that asks for tokens, with a token of each role and two profiles: one of the office vienna, one of tokyo.
#pragma once

#include <array>

#include "tests/server/site.h"

namespace counterpart::server {

// Every private member has a value that occurs nowhere else.
struct Planted {
  std::string_view member, value;
};
inline constexpr std::array<Planted, 6> kPlanted{{{"contact.person", "Planted Person"},
                                                  {"contact.email", "planted@mail.example"},
                                                  {"contact.phone", "+43 1 5550123"},
                                                  {"contact.website", "https://planted.example"},
                                                  {"contact.address", "Planted Lane 7"},
                                                  {"organisation.legal_name", "Planted Holding GmbH"}}};

inline std::string planted_profile(const std::string& id, const std::string& office) {
  return R"({"id":")" + id + R"(","kind":"project","title":"Pumps","country":"KE","seeks":"solar pumps","office":")" + office +
         R"(","organisation":{"legal_name":"Planted Holding GmbH"},"contact":{"person":"Planted Person",)" +
         R"("email":"planted@mail.example","phone":"+43 1 5550123","website":"https://planted.example",)" +
         R"("address":"Planted Lane 7"}})";
}

// Two offices: maier and huber sit in Vienna, sato and kato in Tokyo.
inline const std::string kDirectory =
    R"({"offices":[)"
    R"({"id":"vienna","name":"Vienna","languages":["en"],"working_time":{"country":"AT","time_zone":"Europe/Vienna"},)"
    R"("head":"huber","deputies":["maier"],"duty":true},)"
    R"({"id":"tokyo","name":"Tokyo","languages":["ja"],"working_time":{"country":"JP","time_zone":"Asia/Tokyo"},)"
    R"("head":"kato","deputies":["sato"]}],"desks":[)"
    R"({"id":"maier","name":"Maier","language":"en","office":"vienna"},{"id":"huber","name":"Huber","language":"en","office":"vienna"},)"
    R"({"id":"sato","name":"Sato","language":"ja","office":"tokyo"},{"id":"kato","name":"Kato","language":"ja","office":"tokyo"}]})";

struct GuardedSite {
  std::unique_ptr<Service> service = fake_service();
  Authenticator authenticator{&service->data().tokens, "key of this start", &service->data().drafts, &service->data().sessions};
  Api api{*service, authenticator, {.per_second = 0}};
  std::map<std::string, std::string, std::less<>> secrets;  // by role
  std::uint64_t own_life = 0;

  GuardedSite() {
    for (const std::string_view name : kRoleNames) {
      Token token{.id = {}, .label = std::string(name), .caller = {.role = *token_role_of(name)}};
      if (token.caller.role == TokenRole::kOfficer) token.caller.office = "vienna", token.caller.desk = "maier";
      if (token.caller.role == TokenRole::kOwner) token.caller.profiles = {"own"};
      if (token.caller.role == TokenRole::kFocalPoint) token.caller.country = "KE";
      secrets[std::string(name)] = service->data().tokens.create(token).value().secret;
    }
    REQUIRE(ask("key of this start", "PUT", "/v1/offices", kDirectory).status == 200);
    plant();
  }

  // As local: nobody else may write both.
  void plant() {
    for (const auto& [id, office] : {std::pair{"own", "vienna"}, std::pair{"other", "tokyo"}})
      REQUIRE(ask("key of this start", "PUT", std::string("/v1/profiles/") + id, planted_profile(id, office)).status < 300);
    // A token does not outlive its profile.
    if (const std::uint64_t life = service->data().store.life("own").value(); life != own_life) {
      own_life = life;
      Token token{.id = {}, .label = "owner", .caller = {.role = TokenRole::kOwner, .profiles = {"own"}}};
      secrets["owner"] = service->data().tokens.create(token).value().secret;
    }
  }

  Response ask(const std::string& secret, const std::string& method, const std::string& target, const std::string& body = {},
               const std::string& media = "application/json") {
    Headers headers{{"content-type", media}};
    if (!secret.empty()) headers["authorization"] = "Bearer " + secret;
    return ask_api(api, method, target, body, std::move(headers));
  }
  Response as(std::string_view role, const std::string& method, const std::string& target, const std::string& body = {},
              const std::string& media = "application/json") {
    return ask(secrets.find(role)->second, method, target, body, media);
  }
};

}  // namespace counterpart::server
