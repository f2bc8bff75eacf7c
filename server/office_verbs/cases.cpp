// case: cases of any kind of THE table of life cycles, those of programmes among them. A kind of the table is none here.
#include "server/client/json.h"
#include "server/office_verbs/casework.h"

namespace counterpart::server {
namespace {

struct OpenArguments {
  std::string kind, from, to, programme, verb, desk, reason, note, key;
  std::vector<std::string> facts;  // NAME=VALUE
  bool preview = false;
};

std::string kinds_help() {
  std::string help;
  for (const KindRow& row : life_cycles().kinds) help += (help.empty() ? "one of " : ", ") + std::string(row.kind);
  return help;
}

void add_options(CLI::App& app, OpenArguments& arguments) {
  app.add_option("KIND", arguments.kind, kinds_help())->required();
  app.add_option("FROM", arguments.from, "id of the profile that it is about, or that asks")->required();
  app.add_option("--to", arguments.to, "id of the other profile, where the case is between two");
  app.add_option("--programme", arguments.programme,
                 "under which it runs; some kinds run under programmes alone that name them");
  app.add_option("--verb", arguments.verb, "what opens it, where there is more than one way");
  app.add_option("--desk", arguments.desk, "who acts; a token's own desk where it has one");
  app.add_option("--fact", arguments.facts, "NAME=VALUE, where the act asks for some; repeatable")->allow_extra_args(false);
  app.add_option("--reason", arguments.reason, "a code, where the act asks for one");
  app.add_option("--note", arguments.note, "in a sentence");
  app.add_option("--key", arguments.key, "of this call: repeated with it, it finds what it has opened before");
  app.add_flag("--preview", arguments.preview, "tell the due time and who would be written to, and open nothing");
}

int run_open(const CommandContext& context, const OpenArguments& arguments) {
  Result<json::object> facts = facts_of(arguments.facts);
  if (!facts) return report(facts.error(), kWrongUsage);
  json::object body{{"kind", arguments.kind}, {"from", arguments.from}};
  const std::pair<std::string_view, const std::string*> stated[] = {{"to", &arguments.to},
                                                                    {"programme", &arguments.programme},
                                                                    {"verb", &arguments.verb},
                                                                    {"reason", &arguments.reason},
                                                                    {"note", &arguments.note}};
  for (const auto& [name, value] : stated)
    if (!value->empty()) body[name] = *value;
  if (!facts->empty()) body["facts"] = std::move(*facts);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = "/v1/cases" + query_of(arguments.desk, arguments.preview);
  return print_answer(context, call_with(*backend, target, body, "idempotency-key", arguments.key), print_case);
}

const RegisteredVerb cases({.order = 179,
                            .name = "case",
                            .help = "cases of any kind, those that programmes run among them",
                            .parts = {{.name = "open",
                                       .help = "under a programme that runs its kind",
                                       .define = bind<OpenArguments>(add_options, run_open)},
                                      list_part({}),
                                      show_part({}),
                                      act_part({}, "act", nullptr)}});

}  // namespace
}  // namespace counterpart::server
