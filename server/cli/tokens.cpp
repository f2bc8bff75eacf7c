// token: made, given to persons by a link, listed, put out of force; session: who is signed in.
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
  std::uint32_t link_days = 0;               // of an invitation; the same
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

void add_link_days(CLI::App& app, std::uint32_t& days) {
  app.add_option("--link-days", days, with_standard("how long the link may be used", kLinkLife))->check(within(kLinkLife));
}

void add_invite_options(CLI::App& app, CreateArguments& arguments) {
  add_options(app, arguments);
  add_link_days(app, arguments.link_days);
}

Result<json::object> body_of(const CreateArguments& arguments) {
  const Result<json::object> where = where_of(arguments.where);
  if (!where) return tl::unexpected(where.error());
  json::object body{{"role", arguments.role}};
  if (!arguments.office.empty()) body["office"] = arguments.office;
  if (!arguments.desk.empty()) body["desk"] = arguments.desk;
  if (!arguments.country.empty()) body["country"] = arguments.country;
  if (!arguments.label.empty()) body["label"] = arguments.label;
  if (!arguments.profiles.empty()) body["profiles"] = json::array(arguments.profiles.begin(), arguments.profiles.end());
  if (!where->empty()) body["where"] = *where;
  if (arguments.days > 0) body["days"] = arguments.days;
  if (arguments.link_days > 0) body["link_days"] = arguments.link_days;
  return body;
}

int run_create(const CommandContext& context, const CreateArguments& arguments) {
  const Result<json::object> body = body_of(arguments);
  if (!body) return report(body.error(), kWrongUsage);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> made = call_json(*backend, "POST", "/v1/tokens", json::serialize(*body));
  if (!made) return report(made.error());
  // The token alone, so that a script can take it.
  std::cout << (context.json ? json::serialize(*made) : text_if(*made, "token")) << std::endl;
  if (!context.json)
    std::cerr << "counterpart: this is token " << text_if(*made, "id") << ", until " << text_if(*made, "expires")
              << "; it is shown only this once\n";
  return std::cout ? kDone : report({ErrorCode::kStorage, "standard output", "cannot be written", "revoke the token"});
}

// The link alone, so that a script can take it.
int show_link(const CommandContext& context, const Result<json::value>& made) {
  if (!made) return report(made.error());
  std::cout << (context.json ? json::serialize(*made) : text_if(*made, "link")) << std::endl;
  if (!context.json)
    std::cerr << "counterpart: a link to token " << text_if(*made, "id") << ", for one use until "
              << text_if(*made, "link_until") << "; it is shown only this once\n";
  return std::cout ? kDone : report({ErrorCode::kStorage, "standard output", "cannot be written", "revoke the token"});
}

int run_invite(const CommandContext& context, const CreateArguments& arguments) {
  const Result<json::object> body = body_of(arguments);
  if (!body) return report(body.error(), kWrongUsage);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return show_link(context, call_json(*backend, "POST", "/v1/tokens:invite", json::serialize(*body)));
}

struct LinkArguments {
  std::string id;
  std::uint32_t link_days = 0;  // 0: as the call has it
};

void add_options(CLI::App& app, LinkArguments& arguments) {
  app.add_option("ID", arguments.id, "id of the token")->required();
  add_link_days(app, arguments.link_days);
}

int run_link(const CommandContext& context, const LinkArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  std::string target = "/v1/tokens/" + url_encode(arguments.id) + ":link";
  if (arguments.link_days > 0) target += "?link_days=" + std::to_string(arguments.link_days);
  return show_link(context, call_json(*backend, "POST", target));
}

int run_sessions(const CommandContext& context) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> sessions = call_json(*backend, "GET", "/v1/sessions");
  if (!sessions) return report(sessions.error());
  if (context.json) {
    std::cout << json::serialize(*sessions) << "\n";
    return kDone;
  }
  for (const json::value& one : sessions->at("sessions").as_array())
    std::printf("%s  %-11s  token %s  used %s, until %s  %s\n", text_if(one, "id").c_str(), text_if(one, "role").c_str(),
                text_if(one, "token").c_str(), text_if(one, "used").c_str(), text_if(one, "until").c_str(),
                text_if(one, "label").c_str());
  if (sessions->at("sessions").as_array().empty()) std::printf("Nobody is signed in.\n");
  return kDone;
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

int refuse(const CommandContext& context, const std::string& path, const std::string& id, const char* done) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> refused = backend->call("DELETE", path + url_encode(id));
  if (!refused) return report(refused.error());
  if (context.json)
    std::cout << json::serialize(json::object{{done, id}}) << "\n";
  else
    std::printf("%s is refused from now on.\n", id.c_str());
  return kDone;
}

int run_revoke(const CommandContext& context, const RevokeArguments& arguments) {
  return refuse(context, "/v1/tokens/", arguments.id, "revoked");
}

struct EndArguments {
  std::string id;
};

void add_options(CLI::App& app, EndArguments& arguments) {
  app.add_option("ID", arguments.id, "id of the session")->required();
}

int run_end(const CommandContext& context, const EndArguments& arguments) {
  return refuse(context, "/v1/sessions/", arguments.id, "ended");
}

const RegisteredVerb token({.order = 190,
                            .name = "token",
                            .help = "who may ask the server, and for what",
                            .parts = {{.name = "create",
                                       .help = "make a token; it alone is printed on standard output, once",
                                       .define = bind<CreateArguments>(add_options, run_create),
                                       .makes_directory = true},
                                      {.name = "invite",
                                       .help = "make a token for a person, who gets it by a link that is used once; the link "
                                               "alone is printed on standard output",
                                       .define = bind<CreateArguments>(add_invite_options, run_invite),
                                       .makes_directory = true},
                                      {.name = "link",
                                       .help = "a new link to a token, for a person who has neither; printed as above",
                                       .define = bind<LinkArguments>(add_options, run_link)},
                                      {.name = "list", .help = "the tokens, without their secrets", .define = bind(run_list)},
                                      {.name = "revoke",
                                       .help = "put a token out of force",
                                       .define = bind<RevokeArguments>(add_options, run_revoke)}}});

const RegisteredVerb session(
    {.order = 191,
     .name = "session",
     .help = "who is signed in in a browser",
     .parts = {{.name = "list", .help = "the sessions in force", .define = bind(run_sessions)},
               {.name = "end", .help = "sign somebody out", .define = bind<EndArguments>(add_options, run_end)}}});

}  // namespace
}  // namespace counterpart::server
