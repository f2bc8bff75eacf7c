// portfolio: what a project has of its budget, from whom, and the days to come.
#include <boost/json.hpp>
#include <cstdio>

#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string money(const json::value& row, std::string_view member) {
  const json::value* amount = row.as_object().if_contains(member);
  return amount ? grouped(static_cast<std::uint64_t>(amount->to_number<double>())) : std::string("-");
}

void print_portfolio(const json::value& answer) {
  const std::string currency = text_if(answer, "currency");
  std::printf("%s: %s %s committed", text_if(answer, "project").c_str(), money(answer, "committed").c_str(), currency.c_str());
  if (answer.as_object().contains("budget"))
    std::printf(" of %s, %s open", money(answer, "budget").c_str(), money(answer, "open").c_str());
  std::printf("\n");
  for (const json::value& row : answer.at("instruments").as_array()) {
    const std::string instrument = text_if(row, "instrument");
    std::printf("  %-22s %15s %s%s\n", instrument.empty() ? "no instrument stated" : instrument.c_str(),
                money(row, "committed").c_str(), currency.c_str(), row.at("sought").as_bool() ? "" : "  (not sought)");
  }
  for (const json::value& row : answer.at("partners").as_array()) {
    std::printf("  %-10s %s  %s  [%s]  %s %s\n", text_if(row, "committed").c_str(), text_if(row, "country").c_str(),
                text_if(row, "title").c_str(), text_if(row, "case").c_str(), money(row, "amount").c_str(),
                text_if(row, "currency").c_str());
    print_origin(row, 13);
  }
  for (const json::value& row : answer.at("calendar").as_array())
    std::printf("  %s  %-12s %s\n", text_if(row, "day").c_str(), text_if(row, "what").c_str(), text_if(row, "case").c_str());
  if (const auto left = answer.at("unconverted").to_number<std::uint64_t>(); left > 0)
    std::printf("%s commitments in a currency without a rate are not in the sum.\n", grouped(left).c_str());
}

struct PortfolioArguments {
  std::string project;
};

void add_options(CLI::App& app, PortfolioArguments& arguments) {
  app.add_option("PROJECT", arguments.project, "id of a stored project")->required();
}

int run_portfolio(const CommandContext& context, const PortfolioArguments& arguments) {
  const Result<json::value> answer = get_json(context, "/v1/projects/" + url_encode(arguments.project) + "/portfolio");
  if (!answer) return report(answer.error());
  if (!context.json) print_portfolio(*answer);
  return kDone;
}

const RegisteredVerb portfolio({.order = 65,
                                .name = "portfolio",
                                .help = "what a project has of its budget, from whom, and what is open",
                                .define = bind(add_options, run_portfolio)});

}  // namespace
}  // namespace counterpart::server
