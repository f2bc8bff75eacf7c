// duplicates and advice: the care of the collection.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "engine/base/nearest.h"
#include "engine/taxonomy/un_language.h"
#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, std::string_view key) { return std::string(value.at(key).as_string()); }

struct DuplicatesArguments {
  std::size_t limit = kDuplicatePairs.standard.value();
};

void add_options(CLI::App& app, DuplicatesArguments& arguments) {
  app.add_option("--limit", arguments.limit, "how many pairs")->check(within(kDuplicatePairs))->capture_default_str();
}

int run_duplicates(const CommandContext& context, const DuplicatesArguments& arguments) {
  const Result<json::value> answer = get_json(context, "/v1/duplicates?limit=" + std::to_string(arguments.limit));
  if (!answer) return report(answer.error());
  if (context.json) return kDone;
  for (const json::value& pair : answer->at("pairs").as_array()) {
    std::printf("%.2f  keep   %s  %s\n      erase  %s  %s\n", pair.at("score").to_number<double>(),
                text_of(pair, "keep").c_str(), text_of(pair, "keep_title").c_str(), text_of(pair, "erase").c_str(),
                text_of(pair, "erase_title").c_str());
    for (const json::value& reason : pair.at("reasons").as_array())
      std::printf("      - %s\n", std::string(reason.as_string()).c_str());
    std::printf("      if they are one: counterpart erase %s --data '%s'\n", text_of(pair, "erase").c_str(),
                context.service.data.string().c_str());
  }
  const auto total = answer->at("total").to_number<std::uint64_t>();
  const std::size_t shown = answer->at("pairs").as_array().size();
  std::printf("%s possible duplicates%s. Which to keep is a proposal: the more complete one.\n", grouped(total).c_str(),
              shown < total ? (", " + grouped(shown) + " shown; --limit N shows more").c_str() : "");
  return kDone;
}

struct AdviceArguments {
  std::string id, language;  // language empty: the profile's own
};

void add_options(CLI::App& app, AdviceArguments& arguments) {
  app.add_option("ID", arguments.id, "id of a stored profile")->required();
  app.add_option("--lang", arguments.language, joined_with_or(kUnLanguages) + " (default: the profile's own)");
}

int run_advice(const CommandContext& context, const AdviceArguments& arguments) {
  std::string target = "/v1/profiles/" + url_encode(arguments.id) + "/advice";
  if (!arguments.language.empty()) target += "?lang=" + url_encode(arguments.language);
  const Result<json::value> answer = get_json(context, target);
  if (!answer) return report(answer.error());
  if (context.json) return kDone;
  std::printf("%s is %.0f %% complete.\n", arguments.id.c_str(), answer->at("completeness").to_number<double>() * 100);
  for (const json::value& one : answer->at("advice").as_array())
    std::printf("  +%2.0f %%  %-24s  %s\n", one.at("help").to_number<double>() * 100, text_of(one, "member").c_str(),
                text_of(one, "add").c_str());
  if (const json::value* inferred = answer->as_object().if_contains("inferred_sectors")) {
    std::printf("Its texts speak of these sectors; state those that are true:\n");
    for (const json::value& one : inferred->as_array())
      std::printf("  %3.0f %%  %-3s  %s\n", one.at("probability").to_number<double>() * 100, text_of(one, "code").c_str(),
                  text_of(one, "title").c_str());
  }
  return kDone;
}

const RegisteredVerb duplicates({.order = 60,
                                 .name = "duplicates",
                                 .help = "profiles that may be one and the same, for a human to merge",
                                 .define = bind<DuplicatesArguments>(add_options, run_duplicates)});
const RegisteredVerb advice({.order = 80,
                             .name = "advice",
                             .help = "how complete a profile is, and what to add to it",
                             .define = bind<AdviceArguments>(add_options, run_advice)});

}  // namespace
}  // namespace counterpart::server
