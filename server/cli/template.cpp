// template: the workbook that an office fills in and `import` takes.
#include "server/tables/template.h"

#include <CLI/App.hpp>
#include <cstdio>

#include "index/base/files.h"
#include "server/cli/verb.h"
#include "server/client/told.h"
#include "server/tables/headings.h"

namespace counterpart::server {
namespace {

struct TemplateArguments {
  std::string out;
};

void add_options(CLI::App& app, TemplateArguments& arguments) {
  app.add_option("--out", arguments.out, "the file that is written, as in profiles.xlsx")->required();
}

int run_template(const CommandContext& context, const TemplateArguments& arguments) {
  const Result<LoadedWords> loaded = LoadedWords::load(context.service.datasets);
  if (!loaded) return report(loaded.error());
  const std::string language = context.language.empty() ? "en" : context.language;
  const Result<std::string> bytes =
      profile_template(*loaded->words, *loaded->taxonomy, bulk_words(*loaded->words, *loaded->taxonomy), language);
  if (!bytes) return report(bytes.error());
  AtomicFile out(arguments.out);
  out.write(*bytes);
  if (const Status written = out.finish(); !written) return report(written.error());
  if (!context.json)
    std::printf("%s: one row a profile, then `counterpart import %s`\n", arguments.out.c_str(), arguments.out.c_str());
  return kDone;
}

const RegisteredVerb made({.order = 15,
                           .name = "template",
                           .help = "write the workbook that is filled in for import, in the language of --lang",
                           .define = bind(add_options, run_template),
                           .writes_for_everybody = true});

}  // namespace
}  // namespace counterpart::server
