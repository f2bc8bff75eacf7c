// office: the directory of offices and desks, and who is away.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "engine/base/file.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

void print_desk(const json::value& desk, const std::string& head) {
  std::printf("    %s  %s (%s)", text_if(desk, "id").c_str(), text_if(desk, "name").c_str(), text_if(desk, "language").c_str());
  if (text_if(desk, "id") == head) std::printf("  head");
  if (const json::value* absence = desk.as_object().if_contains("absence"))
    std::printf("  away %s to %s, %s sits in", text_if(*absence, "from").c_str(), text_if(*absence, "until").c_str(),
                text_if(*absence, "deputy").c_str());
  if (const std::string ends = text_if(desk, "ends"); !ends.empty())
    std::printf("  ends %s, then %s", ends.c_str(), text_if(desk, "heir").c_str());
  std::printf("\n");
}

void print_office(const json::value& office, const json::array& desks) {
  const json::value& time = office.at("working_time");
  std::printf("%s  %s, %s, %s%s\n", text_if(office, "id").c_str(), text_if(office, "name").c_str(),
              text_if(time, "country").c_str(), text_if(time, "time_zone").c_str(),
              office.as_object().contains("duty") ? ", on duty for all" : "");
  for (const json::value& desk : desks)
    if (text_if(desk, "office") == text_if(office, "id")) print_desk(desk, text_if(office, "head"));
}

void print_directory(const json::value& directory) {
  const json::array& desks = directory.at("desks").as_array();
  for (const json::value& office : directory.at("offices").as_array()) print_office(office, desks);
  if (directory.at("offices").as_array().empty()) std::printf("No offices: counterpart office import FILE\n");
}

int run_list(const CommandContext& context) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("GET", "/v1/offices"), print_directory);
}

struct ShowArguments {
  std::string id;
};

void add_options(CLI::App& app, ShowArguments& arguments) {
  app.add_option("ID", arguments.id, "id of the office")->required();
}

int run_show(const CommandContext& context, const ShowArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("GET", "/v1/offices/" + url_encode(arguments.id)),
                      [](const json::value& answer) { print_office(answer.at("office"), answer.at("desks").as_array()); });
}

struct ImportArguments {
  std::string file;
};

void add_options(CLI::App& app, ImportArguments& arguments) {
  app.add_option("FILE", arguments.file, "JSON: {\"offices\": [...], \"desks\": [...]}, all that there are from now on")
      ->required();
}

int run_import(const CommandContext& context, const ImportArguments& arguments) {
  const Result<std::string> text = read_file(arguments.file);
  if (!text) return report(text.error());
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("PUT", "/v1/offices", *text), print_directory);
}

struct AbsenceArguments {
  std::string desk, from, until, deputy, if_match;
  bool preview = false;
};

void add_options(CLI::App& app, AbsenceArguments& arguments) {
  app.add_option("DESK", arguments.desk, "id of the desk")->required();
  CLI::Option* from = app.add_option("--from", arguments.from, "the first day, as in 2026-12-01; without it, it is back");
  CLI::Option* until = app.add_option("--until", arguments.until, "the last day")->needs(from);
  CLI::Option* deputy = app.add_option("--deputy", arguments.deputy, "the desk that sits in")->needs(from);
  from->needs(until);
  from->needs(deputy);
  app.add_option("--if-match", arguments.if_match, "`version` of the desk that was seen; refused where it has another now");
  app.add_flag("--preview", arguments.preview, "tell who would have its work, and change nothing");
}

void print_absence_of(const json::value& answer) {
  print_desk(answer.at("desk"), {});
  std::printf("    %s tasks\n", grouped(answer.at("tasks").to_number<std::uint64_t>()).c_str());
  for (const json::value& part : answer.at("work").as_array())
    std::printf("    %s to %s: with %s\n", text_if(part, "from").c_str(), text_if(part, "until").c_str(),
                text_if(part.at("owner"), "desk").c_str());
}

int run_absence(const CommandContext& context, const AbsenceArguments& arguments) {
  const std::string target =
      "/v1/desks/" + url_encode(arguments.desk) + "/absence" + (arguments.preview ? "?preview=true" : "");
  const CallHeaders headers =
      arguments.if_match.empty() ? CallHeaders() : CallHeaders{{"if-match", '"' + arguments.if_match + '"'}};
  const json::object absence{{"from", arguments.from}, {"until", arguments.until}, {"deputy", arguments.deputy}};
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const bool back = arguments.from.empty();
  return print_answer(context,
                      backend->call(back ? "DELETE" : "PUT", target, back ? std::string() : json::serialize(absence),
                                    "application/json", {}, headers),
                      print_absence_of);
}

const RegisteredVerb office(
    {.order = 179,
     .name = "office",
     .help = "offices and their desks, and who is away",
     .parts = {{.name = "list", .help = "all offices with their desks", .define = bind(run_list)},
               {.name = "show", .help = "one office with its desks", .define = bind<ShowArguments>(add_options, run_show)},
               {.name = "import",
                .help = "replace the whole directory by that of a file",
                .define = bind<ImportArguments>(add_options, run_import),
                .makes_directory = true},
               {.name = "absence",
                .help = "who sits in for a desk, and from when to when",
                .define = bind<AbsenceArguments>(add_options, run_absence)}}});

}  // namespace
}  // namespace counterpart::server
