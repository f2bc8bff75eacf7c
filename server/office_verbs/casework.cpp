// interest, introduction, review: cases of every kind of THE table of life cycles, shown and acted on. A verb of the table is a
// part here without a line of its own.
#include "server/office_verbs/casework.h"

#include <algorithm>
#include <cstdio>
#include <iostream>

#include "engine/cycles/life_cycles.h"
#include "server/client/json.h"
#include "server/wire/cases.h"

namespace counterpart::server {
namespace {

std::string collection(std::string_view kind) { return "/v1/" + std::string(path_of(kind)); }

void print_task(const json::value& task) {
  const json::value& owner = task.at("owner");
  const std::string name = text_if(owner, "name");
  std::printf("  %s: %s\n", (name.empty() ? text_if(owner, "desk") : name + " [" + text_if(owner, "desk") + "]").c_str(),
              text_if(task.at("why_due"), "text").c_str());
  std::string next;
  for (const json::value& verb : task.at("next").as_array()) next += " " + std::string(verb.as_string());
  std::printf("  next:%s\n", next.c_str());
}

void print_listed(const json::value& one) {
  std::printf("%s  %s  %s\n", text_if(one, "id").c_str(), text_if(one, "state").c_str(), text_if(one, "subject").c_str());
  if (one.at("open").as_bool()) print_task(one);
  if (const json::value* second = one.as_object().if_contains("second")) print_task(*second);
}

// What was stated with an act, as --fact takes it.
void print_facts(const json::value& act) {
  const json::value* facts = act.as_object().if_contains("facts");
  if (!facts) return;
  for (const auto& [name, value] : facts->as_object())
    std::printf("  %s=%s", std::string(name).c_str(),
                value.is_string() ? std::string(value.as_string()).c_str() : json::serialize(value).c_str());
}

}  // namespace

void print_case(const json::value& one) {
  print_listed(one);
  if (const json::value* contacts = one.as_object().if_contains("contacts"))
    for (const json::value& side : contacts->as_array()) {
      std::printf("  contact of %s:", text_if(side, "profile").c_str());
      for (const auto& [name, value] : side.at("contact").as_object())
        std::printf("  %s %s", std::string(name).c_str(), std::string(value.as_string()).c_str());
      std::printf("\n");
    }
  for (const json::value& act : one.at("timeline").as_array()) {
    std::printf("  %s  %s", text_if(act, "at").c_str(), text_if(act, "verb").c_str());
    for (const std::string_view member : {"desk", "reason", "note"})
      if (const std::string text = text_if(act, member); !text.empty())
        std::printf("  %s%s", member == "desk" ? "by " : "", text.c_str());
    print_facts(act);
    std::printf("\n");
  }
  if (const json::value* letters = one.as_object().if_contains("letters"))
    for (const json::value& letter : letters->as_array())
      std::printf("  %s: %s to %s\n", one.at("preview").as_bool() ? "would be written" : "written",
                  text_if(letter, "letter").c_str(),
                  (text_if(letter.at("reader"), "name").empty() ? text_if(letter.at("reader"), "desk")
                                                                : text_if(letter.at("reader"), "name"))
                      .c_str());
}

// ---- list and show

namespace {

struct ListArguments {
  std::string office, profile, kind, state, programme;
  bool open = false, closed = false;
};

int run_list(const CommandContext& context, const std::string& kind, const ListArguments& arguments) {
  std::string target = collection(kind) + "?limit=1000";
  const std::pair<std::string_view, const std::string*> asked[] = {{"office", &arguments.office},
                                                                   {"profile", &arguments.profile},
                                                                   {"kind", &arguments.kind},
                                                                   {"state", &arguments.state},
                                                                   {"programme", &arguments.programme}};
  for (const auto& [name, value] : asked)
    if (!value->empty()) target += "&" + std::string(name) + "=" + url_encode(*value);
  if (arguments.open || arguments.closed) target += arguments.open ? "&open=true" : "&open=false";
  return print_all(context, target, "cases", print_listed, "None.");
}

}  // namespace

Verb list_part(const std::string& kind) {
  return {.name = "list", .help = "those that there are", .define = [kind](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<ListArguments>();
            app.add_option("--office", arguments->office, "of either side");
            app.add_option("--profile", arguments->profile, "of either side");
            if (kind.empty()) {
              app.add_option("--kind", arguments->kind, "of case");
              app.add_option("--state", arguments->state, "as they stand");
              app.add_option("--programme", arguments->programme, "under which they run");
            }
            CLI::Option* open = app.add_flag("--open", arguments->open, "only open ones");
            app.add_flag("--closed", arguments->closed, "only closed ones")->excludes(open);
            return [=](const CommandContext& context) { return run_list(context, kind, *arguments); };
          }};
}

std::string with_desk(const std::string& desk) { return desk.empty() ? std::string() : "?desk=" + url_encode(desk); }

Verb show_part(const std::string& kind) {
  return {.name = "show", .help = "one, with all that was done", .define = [kind](CLI::App& app) -> Action {
            const auto id = std::make_shared<std::string>(), desk = std::make_shared<std::string>();
            app.add_option("ID", *id, "id of the case")->required();
            app.add_option("--desk", *desk, "who reads it: contacts are for the desks of both sides' offices");
            return [=](const CommandContext& context) {
              Result<Backend> backend = Backend::open(context);
              if (!backend) return report(backend.error());
              return print_answer(context, backend->call("GET", collection(kind) + "/" + url_encode(*id) + with_desk(*desk)),
                                  print_case);
            };
          }};
}

// ---- acts

namespace {

struct ActArguments {
  std::string id, verb, desk, to, reason, note, if_match;
  std::vector<std::string> facts;  // NAME=VALUE
  bool preview = false;
};

// A number or another JSON value as such, anything else as a text.
json::value fact_value(const std::string& text) {
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  return failed ? json::value(text) : value;
}

}  // namespace

Result<json::object> facts_of(const std::vector<std::string>& given) {
  json::object facts;
  for (const std::string& fact : given) {
    const std::size_t equals = fact.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(ErrorCode::kInvalid, "--fact", "`" + fact + "` is no fact", "write NAME=VALUE, as in amount=250000");
    facts[fact.substr(0, equals)] = fact_value(fact.substr(equals + 1));
  }
  return facts;
}

std::string query_of(const std::string& desk, bool preview) {
  std::string query = with_desk(desk);
  if (preview) query += (query.empty() ? "?" : "&") + std::string("preview=true");
  return query;
}

// POST with a header, where it says something.
Result<std::string> call_with(Backend& backend, const std::string& target, const json::object& body, const char* header,
                              const std::string& value) {
  const CallHeaders headers = value.empty() ? CallHeaders() : CallHeaders{{header, value}};
  return backend.call("POST", target, json::serialize(body), "application/json", {}, headers);
}

namespace {

std::string in_quotes(const std::string& version) { return version.empty() ? version : '"' + version + '"'; }

int run_act(const CommandContext& context, const std::string& kind, const ActArguments& arguments) {
  Result<json::object> facts = facts_of(arguments.facts);
  if (!facts) return report(facts.error(), kWrongUsage);
  json::object body;
  if (!arguments.to.empty()) body["to"] = arguments.to;
  if (!arguments.reason.empty()) body["reason"] = arguments.reason;
  if (!arguments.note.empty()) body["note"] = arguments.note;
  if (!facts->empty()) body["facts"] = std::move(*facts);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = collection(kind) + "/" + url_encode(arguments.id) + ":" + url_encode(arguments.verb) +
                             query_of(arguments.desk, arguments.preview);
  return print_answer(context, call_with(*backend, target, body, "if-match", in_quotes(arguments.if_match)), print_case);
}

std::string reasons_help(const ActRow& row) {
  std::string help;
  for (const std::string_view reason : life_cycles().reasons_of(row.says))
    help += (help.empty() ? "" : ", ") + std::string(reason);
  return help.empty() ? std::string("a code, where the act asks for one") : "one of " + help;
}

}  // namespace

Verb act_part(const std::string& kind, const std::string& verb, const ActRow* row) {
  std::string help = row && !row->to.empty() ? "leads to `" + std::string(row->to) + "`" : "an act on the case";
  if (!row) help = kind.empty() ? "do something that is possible in its state" : "the act that leads to a state";
  return {.name = verb, .help = std::move(help), .define = [=](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<ActArguments>();
            arguments->verb = verb;
            app.add_option("ID", arguments->id, "id of the case")->required();
            if (kind.empty())
              app.add_option("VERB", arguments->verb, "what is done, as `next` of the case names it")->required();
            app.add_option("--desk", arguments->desk, "who acts; a token's own desk where it has one");
            if (!row && !kind.empty()) app.add_option("--to", arguments->to, "the state to move to")->required();
            app.add_option("--reason", arguments->reason, row ? reasons_help(*row) : "a code, where the act asks for one");
            app.add_option("--note", arguments->note, "in a sentence");
            app.add_option("--fact", arguments->facts, "NAME=VALUE, where the act asks for some; repeatable")
                ->allow_extra_args(false);
            app.add_option("--if-match", arguments->if_match,
                           "`version` of the case that was seen; refused where it has another now")
                ->check(CLI::Number);
            app.add_flag("--preview", arguments->preview, "tell what would follow, and do nothing");
            return [=](const CommandContext& context) { return run_act(context, kind, *arguments); };
          }};
}

namespace {

// One a verb that somebody may do and that opens nothing.
void add_act_parts(const std::string& kind, std::vector<Verb>& parts) {
  for (const ActRow& row : life_cycles().acts) {
    if ((row.kind != kind && row.kind != "*") || row.from.empty() || row.who == kClock) continue;
    const std::string verb(row.verb);
    if (std::ranges::find(parts, verb, &Verb::name) == parts.end()) parts.push_back(act_part(kind, verb, &row));
  }
}

// ---- opening

struct SendArguments {
  std::string from, to, programme = "open", desk, cooperation, missing, about_us, found, note, key;
  bool preview = false;
};

void add_options(CLI::App& app, SendArguments& arguments) {
  app.add_option("FROM", arguments.from, "id of the profile that asks")->required();
  app.add_option("TO", arguments.to, "id of the profile that is asked")->required();
  app.add_option("--programme", arguments.programme, "under which programme")->capture_default_str();
  app.add_option("--desk", arguments.desk, "who acts; a token's own desk where it has one");
  app.add_option("--cooperation", arguments.cooperation, "what cooperation is wanted")->required();
  app.add_option("--missing", arguments.missing, "what the other profile does not tell");
  app.add_option("--about-us", arguments.about_us, "what it should know of the one that asks");
  app.add_option("--found", arguments.found, "list, run, alert or by_hand");
  app.add_option("--note", arguments.note, "in a sentence");
  app.add_option("--key", arguments.key, "of this call: repeated with it, it finds what it has opened before");
  app.add_flag("--preview", arguments.preview, "tell the due time and who would be written to, and send nothing");
}

int run_send(const CommandContext& context, const SendArguments& arguments) {
  json::object answers{{"cooperation", arguments.cooperation}};
  if (!arguments.missing.empty()) answers["missing"] = arguments.missing;
  if (!arguments.about_us.empty()) answers["about_us"] = arguments.about_us;
  json::object body{
      {"from", arguments.from}, {"to", arguments.to}, {"programme", arguments.programme}, {"answers", std::move(answers)}};
  if (!arguments.found.empty()) body["found"] = arguments.found;
  if (!arguments.note.empty()) body["note"] = arguments.note;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = collection("interest") + query_of(arguments.desk, arguments.preview);
  return print_answer(context, call_with(*backend, target, body, "idempotency-key", arguments.key), print_case);
}

struct BeginArguments {
  std::string profile, desk, valid_until;
};

void add_options(CLI::App& app, BeginArguments& arguments) {
  app.add_option("PROFILE", arguments.profile, "id of a stored profile")->required();
  app.add_option("--desk", arguments.desk, "who acts; a token's own desk where it has one");
  app.add_option("--valid-until", arguments.valid_until, "it is published until this day already; without it, it is a draft");
}

int run_begin(const CommandContext& context, const BeginArguments& arguments) {
  json::object body{{"profile", arguments.profile}};
  if (!arguments.valid_until.empty()) {
    body["verb"] = "admit";
    body["facts"] = json::object{{"valid_until", arguments.valid_until}};
  }
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context,
                      backend->call("POST", collection("profile") + query_of(arguments.desk, false), json::serialize(body)),
                      print_case);
}

// ---- the verbs

std::vector<Verb> parts_of(const std::string& kind, std::vector<Verb> parts) {
  parts.push_back(list_part(kind));
  parts.push_back(show_part(kind));
  add_act_parts(kind, parts);
  return parts;
}

const RegisteredVerb interest({.order = 174,
                               .name = "interest",
                               .help = "expressions of interest: sent, answered, handed on",
                               .parts = parts_of("interest", {{.name = "send",
                                                               .help = "ask the office of another profile",
                                                               .define = bind<SendArguments>(add_options, run_send)}})});
const RegisteredVerb introduction({.order = 176,
                                   .name = "introduction",
                                   .help = "introductions: two keys, first contact, and how they went on",
                                   .parts = parts_of("introduction", {act_part("introduction", "move", nullptr)})});
const RegisteredVerb review({.order = 178,
                             .name = "review",
                             .help = "profiles as cases: drafts, reviews, and until when they are published",
                             .parts = parts_of("profile", {{.name = "begin",
                                                            .help = "follow a stored profile as a case",
                                                            .define = bind<BeginArguments>(add_options, run_begin)}})});
}  // namespace
}  // namespace counterpart::server
