// token: made, listed, put out of force.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string joined(const json::value& list) {
  std::string text;
  for (const json::value& entry : list.as_array()) text += (text.empty() ? "" : ",") + std::string(entry.as_string());
  return text;
}

void print_token(const json::value& token) {
  std::printf("%s  %-11s  until %s", text_if(token, "id").c_str(), text_if(token, "role").c_str(),
              text_if(token, "expires").c_str());
  if (const std::string office = text_if(token, "office"); !office.empty()) std::printf("  office %s", office.c_str());
  if (const std::string desk = text_if(token, "desk"); !desk.empty()) std::printf("  desk %s", desk.c_str());
  if (const std::string country = text_if(token, "country"); !country.empty()) std::printf("  country %s", country.c_str());
  if (const json::value* profiles = token.as_object().if_contains("profiles"))
    std::printf("  profiles %s", joined(*profiles).c_str());
  if (const json::value* where = token.as_object().if_contains("where"))
    for (const auto& [field, values] : where->as_object())
      std::printf("  only %s=%s", std::string(field).c_str(), joined(values).c_str());
  if (const std::string label = text_if(token, "label"); !label.empty()) std::printf("  (%s)", label.c_str());
  std::printf("\n");
}

struct CreateArguments {
  std::string role, office, desk, country, label;
  std::vector<std::string> profiles, where;  // FIELD=VALUE[,VALUE]
  std::uint32_t days = 0;                    // 0: as POST /v1/tokens has it
};

void add_options(CLI::App& app, CreateArguments& arguments) {
  app.add_option("--role", arguments.role, "admin, officer, owner, focal_point, batch or reader")->required();
  app.add_option("--office", arguments.office, "an officer's, as it stands in profiles");
  app.add_option("--desk", arguments.desk, "an officer's desk; without one the token reads its office's work and does not act");
  app.add_option("--profile", arguments.profiles, "an owner's, by id; repeatable")->allow_extra_args(false);
  app.add_option("--country", arguments.country, "a focal point's, as in KE");
  app.add_option("--where", arguments.where, "FIELD=VALUE[,VALUE] that each profile it reads or writes must meet; repeatable")
      ->allow_extra_args(false);
  app.add_option("--days", arguments.days, with_standard("how long it is in force", kTokenLife))->check(within(kTokenLife));
  app.add_option("--label", arguments.label, "whose it is, for the list");
}

int run_create(const CommandContext& context, const CreateArguments& arguments) {
  const Result<json::object> where = where_of(arguments.where);
  if (!where) return report(where.error(), kWrongUsage);
  json::object body{{"role", arguments.role}};
  if (!arguments.office.empty()) body["office"] = arguments.office;
  if (!arguments.desk.empty()) body["desk"] = arguments.desk;
  if (!arguments.country.empty()) body["country"] = arguments.country;
  if (!arguments.label.empty()) body["label"] = arguments.label;
  if (!arguments.profiles.empty()) body["profiles"] = json::array(arguments.profiles.begin(), arguments.profiles.end());
  if (!where->empty()) body["where"] = *where;
  if (arguments.days > 0) body["days"] = arguments.days;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> made = call_json(*backend, "POST", "/v1/tokens", json::serialize(body));
  if (!made) return report(made.error());
  // The token alone, so that a script can take it.
  std::cout << (context.json ? json::serialize(*made) : text_if(*made, "token")) << std::endl;
  if (!context.json)
    std::cerr << "counterpart: this is token " << text_if(*made, "id") << ", until " << text_if(*made, "expires")
              << "; it is shown only this once\n";
  return std::cout ? kDone : report({ErrorCode::kStorage, "standard output", "cannot be written", "revoke the token"});
}

int run_list(const CommandContext& context) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> tokens = call_json(*backend, "GET", "/v1/tokens");
  if (!tokens) return report(tokens.error());
  if (context.json) {
    std::cout << json::serialize(*tokens) << "\n";
    return kDone;
  }
  for (const json::value& token : tokens->at("tokens").as_array()) print_token(token);
  if (tokens->at("tokens").as_array().empty()) std::printf("No tokens.\n");
  return kDone;
}

struct RevokeArguments {
  std::string id;
};

void add_options(CLI::App& app, RevokeArguments& arguments) {
  app.add_option("ID", arguments.id, "id of the token")->required();
}

int run_revoke(const CommandContext& context, const RevokeArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> revoked = backend->call("DELETE", "/v1/tokens/" + url_encode(arguments.id));
  if (!revoked) return report(revoked.error());
  if (context.json)
    std::cout << json::serialize(json::object{{"revoked", arguments.id}}) << "\n";
  else
    std::printf("%s is refused from now on.\n", arguments.id.c_str());
  return kDone;
}

const RegisteredVerb token({.order = 190,
                            .name = "token",
                            .help = "who may ask the server, and for what",
                            .parts = {{.name = "create",
                                       .help = "make a token; it alone is printed on standard output, once",
                                       .define = bind<CreateArguments>(add_options, run_create),
                                       .makes_directory = true},
                                      {.name = "list", .help = "the tokens, without their secrets", .define = bind(run_list)},
                                      {.name = "revoke",
                                       .help = "put a token out of force",
                                       .define = bind<RevokeArguments>(add_options, run_revoke)}}});

}  // namespace
}  // namespace counterpart::server
