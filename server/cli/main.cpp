// The table of verbs -> the command line; then the verb that was named does its work.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <tuple>

#include "index/vector/instructions.h"
#include "server/cli/common_options.h"
#include "server/cli/verb.h"
#include "server/client/table_file.h"
#include "server/operations/settings.h"

namespace counterpart::server {
namespace {

// What the command line asks for.
struct Invocation {
  const Verb* verb = nullptr;  // or the part of it that was named
  CLI::App* app = nullptr;     // of the verb itself, to which its settings belong
  CommonOptions* options = nullptr;
  Action action;
};

Action define(const Verb& verb, CLI::App& app) { return verb.define ? verb.define(app) : Action(); }

// A verb's callback runs when its own arguments are read, and only then: of the verbs that are not called none reads the
// environment or writes an argument. A part's comes before its verb's and has the word.
void add_verb(const Verb& verb, CLI::App& program, CommonOptions& options, Invocation& call) {
  CLI::App& app = *program.add_subcommand(verb.name, verb.help);
  add_common_options(app, options);
  app.parse_complete_callback([&, action = define(verb, app)] {
    if (!call.verb) call.verb = &verb;
    if (!call.action) call.action = action;
    call.app = &app;
    call.options = &options;
  });
  for (const Verb& part : verb.parts) {
    CLI::App& its = *app.add_subcommand(part.name, part.help)->fallthrough();
    its.parse_complete_callback([&, action = define(part, its)] {
      call.verb = &part;
      call.action = action;
    });
  }
  if (!verb.define) app.require_subcommand(1);
  bind_environment(app);
}

int answer(const Invocation& call) {
  if (!call.options->config.empty())
    if (const Status read = read_settings(call.options->config, *call.app); !read) return report(read.error(), kWrongUsage);
  if (!call.verb->writes_for_everybody) ::umask(S_IRWXG | S_IRWXO);  // libraries write as well
  CommandContext context = context_of(*call.options);
  context.service.makes = call.verb->makes_directory;
  return call.options->table.empty() ? call.action(context) : write_table(context, call.options->table, call.action);
}

int run(int argc, char** argv) {
  CLI::App program{"Counterpart pairs companies and projects that need each other across the development gap."};
  program.require_subcommand(1);
  program.set_version_flag("--version", "counterpart " COUNTERPART_VERSION);
  if (const Status known = check_instructions(); !known) return report(known.error(), kWrongUsage);
  std::vector<Verb> verbs = registered_verbs();
  std::ranges::sort(verbs, {}, [](const Verb& verb) { return std::tie(verb.order, verb.name); });
  Invocation call;
  std::vector<CommonOptions> options(verbs.size());
  for (std::size_t i = 0; i < verbs.size(); ++i) add_verb(verbs[i], program, options[i], call);
  try {
    program.parse(argc, argv);
    return answer(call);
  } catch (const CLI::ParseError& error) {  // `config` parses what `serve` would, so the answer throws it as well
    return program.exit(error) == 0 ? kDone : kWrongUsage;
  }
}

}  // namespace
}  // namespace counterpart::server

int main(int argc, char** argv) {
  // Standard output is for answers; verbs other than `serve` log nothing but what goes wrong.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("counterpart"));
  spdlog::set_level(spdlog::level::warn);
  try {
    return counterpart::server::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "counterpart: internal fault: " << error.what() << "\n";
    return counterpart::server::kRefused;
  }
}
