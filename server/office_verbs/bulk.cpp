// bulk: one act on many cases at once, and back.
#include <cstdio>

#include "server/client/json.h"
#include "server/office_verbs/casework.h"

namespace counterpart::server {
namespace {

struct BulkArguments {
  std::vector<std::string> ids;
  std::string desk, to, note, key;
  bool preview = false;
};

void print_bulk(const json::value& answer) {
  for (const json::value& row : answer.at("rows").as_array()) {
    const std::string remedy = text_if(row, "remedy"),
                      owner = row.as_object().contains("owner") ? text_if(row.at("owner"), "desk") : "";
    std::printf("%s  %s", text_if(row, "case").c_str(), text_if(row, "status").c_str());
    if (!owner.empty()) std::printf("  with %s, due %s", owner.c_str(), text_if(row, "due").c_str());
    if (const std::string why = text_if(row, "detail"); !why.empty()) std::printf("  %s", why.c_str());
    std::printf("%s\n", remedy.empty() ? "" : ("; " + remedy).c_str());
  }
  const std::string id = text_if(answer, "id");
  std::printf("%s done, %s refused%s\n", grouped(answer.at("done").to_number<std::uint64_t>()).c_str(),
              grouped(answer.at("refused").to_number<std::uint64_t>()).c_str(),
              id.empty() ? "" : ("; counterpart bulk undo " + id + " puts owners back").c_str());
}

int run_bulk(const CommandContext& context, const std::string& verb, const BulkArguments& arguments) {
  json::object body{{"verb", verb}, {"cases", json::array(arguments.ids.begin(), arguments.ids.end())}};
  if (!arguments.note.empty()) body["note"] = arguments.note;
  if (!arguments.to.empty()) body["facts"] = json::object{{"desk", arguments.to}};
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = "/v1/cases:bulk" + query_of(arguments.desk, arguments.preview);
  return print_answer(context, call_with(*backend, target, body, "idempotency-key", arguments.key), print_bulk);
}

Verb bulk_part(const ActRow& row) {
  const bool names_desk = row.hands == Hands::kToNamed;
  return {.name = std::string(row.verb),
          .help = "with many cases at once",
          .define = [=, verb = std::string(row.verb)](CLI::App& app) -> Action {
            const auto arguments = std::make_shared<BulkArguments>();
            app.add_option("ID", arguments->ids, "ids of the cases")->required();
            app.add_option("--desk", arguments->desk, "who acts; a token's own desk where it has one");
            if (names_desk) app.add_option("--to", arguments->to, "the desk that is given them")->required();
            app.add_option("--note", arguments->note, "in a sentence");
            app.add_option("--key", arguments->key, "of this call: repeated with it, it is answered by what was done before");
            app.add_flag("--preview", arguments->preview, "tell what would follow, and do nothing");
            return [=](const CommandContext& context) { return run_bulk(context, verb, *arguments); };
          }};
}

struct UndoArguments {
  std::string id, desk;
};

void add_options(CLI::App& app, UndoArguments& arguments) {
  app.add_option("ID", arguments.id, "of the operation, as its answer told")->required();
  app.add_option("--desk", arguments.desk, "who acts; a token's own desk where it has one");
}

int run_undo(const CommandContext& context, const UndoArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = "/v1/bulk/" + url_encode(arguments.id) + ":undo" + with_desk(arguments.desk);
  return print_answer(context, backend->call("POST", target), print_bulk);
}

// One for each act that every kind of case has.
std::vector<Verb> bulk_parts() {
  std::vector<Verb> parts;
  for (const ActRow& row : life_cycles().acts)
    if (row.kind == "*") parts.push_back(bulk_part(row));
  parts.push_back({.name = "undo",
                   .help = "put owners back where nothing has happened since",
                   .define = bind<UndoArguments>(add_options, run_undo)});
  return parts;
}

const RegisteredVerb bulk({.order = 180, .name = "bulk", .help = "one act on many cases, and back", .parts = bulk_parts()});

}  // namespace
}  // namespace counterpart::server
