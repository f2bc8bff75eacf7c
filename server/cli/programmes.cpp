// programmes: what there is, and whether a file is right, for the one who writes it.
#include <boost/json.hpp>
#include <iostream>

#include "engine/base/nearest.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/un_language.h"
#include "server/cli/verb.h"
#include "server/client/told.h"
#include "server/words/speech.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string pairs_in_words(const Programme& programme) {
  std::string text;
  for (const auto& [left, right] : programme.pairs)
    text += (text.empty() ? "" : ", ") + programme.sides[left].name + " with " + programme.sides[right].name;
  return text;
}

// "ok: pfan (Private Financing Advisory Network), 3 sides, 2 pairs: project with adviser, ...; 1 gate: ready"
std::string verdict_of(const Programme& programme) {
  const auto counted = [](std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
  };
  std::string text = "ok: " + programme.slug + " (" + programme.name + "), ";
  if (programme.sides.empty()) return text + "no sides: everybody with everybody";
  text += counted(programme.sides.size(), "side") + ", " + counted(programme.pairs.size(), "pair") + ": " +
          pairs_in_words(programme);
  for (const Gate& gate : programme.gates) text += "; gate " + gate.name + " on " + programme.sides[gate.side].name;
  if (programme.panel)
    text +=
        "; panel of " + std::to_string(programme.panel->seats) + " seats under " + counted(programme.quotas.size(), "quota");
  return text;
}

int print_check(const ProgrammeCheck& check, bool as_json) {
  if (as_json) {
    json::array programmes, errors;
    for (const Programme& programme : check.programmes)
      programmes.push_back({{"slug", programme.slug},
                            {"name", programme.name},
                            {"sides", programme.sides.size()},
                            {"pairs", programme.pairs.size()},
                            {"place", programme.place}});
    for (const Error& error : check.errors)
      errors.push_back({{"place", error.place}, {"message", error.message}, {"remedy", error.remedy}});
    std::cout << json::serialize(json::object{{"programmes", std::move(programmes)}, {"errors", std::move(errors)}}) << "\n";
  } else {
    for (const Programme& programme : check.programmes) std::cout << verdict_of(programme) << "\n";
    for (const Error& error : check.errors) std::cerr << describe(error) << "\n";
  }
  return check.errors.empty() ? kDone : kRefused;
}

struct CheckArguments {
  std::string file;
};

void add_options(CLI::App& app, CheckArguments& arguments) {
  app.add_option("FILE", arguments.file, "its TOML file")->required();
}

int run_check(const CommandContext& context, const CheckArguments& arguments) {
  const Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(context.service.datasets / "taxonomy");
  if (!taxonomy) return report(taxonomy.error());
  const Result<Told> told = Told::in(context.language, context.service.datasets);
  if (!told) return report(told.error());
  ProgrammeCheck check = check_programme_file(arguments.file, **taxonomy);
  check.errors = told->say(check.errors);
  return print_check(check, context.json);
}

int run_list(const CommandContext& context) {
  const Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(context.service.datasets / "taxonomy");
  if (!taxonomy) return report(taxonomy.error());
  const Result<Programmes> programmes = load_programmes(context.service.datasets / "programmes", **taxonomy);
  if (!programmes) return report(programmes.error());
  const Result<std::unique_ptr<const Words>> words = Words::load(context.service.datasets / "words", **taxonomy);
  if (!words) return report(words.error());
  const Speech speech{**words, context.language.empty() ? "en" : context.language};
  json::array list;
  for (const auto& [slug, programme] : *programmes) {
    const std::string name = speech.authored(programme.name), description = speech.authored(programme.description);
    if (context.json)
      list.push_back({{"slug", slug}, {"name", name}, {"description", description}, {"output", name_of(programme.output)}});
    else
      std::cout << slug << "  " << name << ": " << description << "\n";
  }
  if (context.json) std::cout << json::serialize(list) << "\n";
  return kDone;
}

const RegisteredVerb programmes(
    {.order = 250,
     .name = "programmes",
     .help = "list the programmes, or check a programme file",
     .define = bind(run_list),
     .parts = {{.name = "check", .help = "check a programme file", .define = bind(add_options, run_check)},
               {.name = "list", .help = "list them"}}});

}  // namespace
}  // namespace counterpart::server
