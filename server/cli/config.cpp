// config: what `serve` would take from the flags of this call, the environment and the configuration file.
#include <iostream>

#include "server/cli/common_options.h"
#include "server/cli/serve.h"
#include "server/cli/verb.h"
#include "server/operations/settings.h"
#include "server/service/cases.h"

namespace counterpart::server {
namespace {

// The verb `serve`, as if it were called with the common options of `config`.
struct Rehearsal {
  CLI::App app{"", "serve"};
  CommonOptions common;
  ServeArguments arguments;
};

// kInvalid and kNotFound: as read_settings() says. Throws CLI::ParseError where a flag or the environment is wrong.
Status rehearse(const CLI::App& config, const std::string& file, Rehearsal& serve) {
  add_common_options(serve.app, serve.common);
  add_serve_options(serve.app, serve.arguments);
  bind_environment(serve.app);
  for (const CLI::Option* option : config.get_options())
    for (const std::string& word : option->results()) serve.app.get_option(option->get_name())->add_result(word);
  serve.app.parse(std::vector<std::string>());  // what has no result yet takes the environment's
  return file.empty() ? Status() : read_settings(file, serve.app);
}

int run_show(const CommandContext&, const Rehearsal& serve) {
  std::cout << settings_text(serve.app);
  return kDone;
}

int run_check(const CommandContext& context, const Rehearsal& serve) {
  if (context.config.empty()) {
    std::cerr << "counterpart config check: give --config FILE\n";
    return kWrongUsage;
  }
  if (const Status checked = check_serve(serve.arguments); !checked) return report(checked.error());
  if (const Result<Limits> limits = read_limits(serve.common.limits); !limits) return report(limits.error());
  std::cout << context.config << " is in order\n";
  return kDone;
}

// Of a part of `config`: rehearses, then does `run`.
std::function<Action(CLI::App&)> rehearsed(int (*run)(const CommandContext&, const Rehearsal&)) {
  return [=](CLI::App& part) -> Action {
    return [run, &config = *part.get_parent()](const CommandContext& context) {
      Rehearsal serve;
      if (const Status read = rehearse(config, context.config, serve); !read) return report(read.error(), kWrongUsage);
      return run(context, serve);
    };
  };
}

const RegisteredVerb config(
    {.order = 260,
     .name = "config",
     .help = "check the configuration file, or show what is in force",
     .parts = {{.name = "check", .help = "check the file and what it says of the server", .define = rehearsed(run_check)},
               {.name = "show", .help = "every setting of the server, as it is in force", .define = rehearsed(run_show)}}});

}  // namespace
}  // namespace counterpart::server
