// assemble: the set of partners that together cover a project's needs and budget.
#include <boost/json.hpp>
#include <cstdio>

#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, std::string_view key) { return std::string(value.at(key).as_string()); }

// "60,000,000 EUR (69,600,000 USD)"; `usd`: the member with the same in US dollars.
std::string money(const json::value& holder, std::string_view amount, std::string_view usd) {
  const auto whole = [](const json::value& value) {
    return grouped(static_cast<std::uint64_t>(value.to_number<double>() + 0.5));
  };
  const std::string currency = text_of(holder, "currency");
  const json::value* dollars = holder.as_object().if_contains(usd);
  return whole(holder.at(amount)) + " " + currency + (dollars && currency != "USD" ? " (" + whole(*dollars) + " USD)" : "");
}

void print_partner(const json::value& partner, int number) {
  std::printf("%3d. %.3f  %s  %s  [%s]\n", number, partner.at("score").to_number<double>(), text_of(partner, "country").c_str(),
              text_of(partner, "title").c_str(), text_of(partner, "id").c_str());
  print_origin(partner, 7);
  for (const json::value& need : partner.at("covers").as_array())
    std::printf("       - %s: %s\n", text_of(need, "kind").c_str(), text_of(need, "what").c_str());
  const double amount = partner.at("amount").to_number<double>();
  const json::value* instrument = partner.as_object().if_contains("instrument");
  if (amount > 0)
    std::printf("       - %s%s\n", money(partner, "amount", "usd").c_str(),
                instrument ? (" as " + std::string(instrument->as_string())).c_str() : "");
  if (const std::string unlike = text_if(partner, "unlike_currency"); !unlike.empty())
    std::printf("       - states its money in %s: without a rate it is not added\n", unlike.c_str());
}

// Who stands for money but does not say how much: whom to ask when money is missing.
std::string silent_givers(const json::value& answer) {
  std::string names;
  for (const json::value& partner : answer.at("partners").as_array()) {
    bool gives = false;
    for (const json::value& role : partner.at("roles").as_array())
      gives = gives || role.as_string() == "financier" || role.as_string() == "investor";
    if (gives && !partner.at("states_amount").as_bool()) names += (names.empty() ? "" : ", ") + text_of(partner, "id");
  }
  return names;
}

void print_budget(const json::value& answer) {
  const json::value* budget = answer.as_object().if_contains("budget");
  if (!budget) {
    std::printf("No budget is stated.\n");
    return;
  }
  const double missing = budget->at("missing").to_number<double>();
  std::printf("Budget %s: %s covered, %s missing.\n", money(*budget, "amount", "usd").c_str(),
              money(*budget, "covered", "covered_usd").c_str(), money(*budget, "missing", "missing_usd").c_str());
  if (const std::string silent = silent_givers(answer); missing > 0 && !silent.empty())
    std::printf("These give money and do not state how much: %s.\n", silent.c_str());
}

void print_set(const json::value& answer, const std::string& project, const std::string& programme) {
  std::printf("%s  [%s]\n", text_of(answer, "title").c_str(), project.c_str());
  int number = 0;
  for (const json::value& partner : answer.at("partners").as_array()) print_partner(partner, ++number);
  const auto considered = answer.at("considered").to_number<std::uint64_t>();
  if (considered == 0) {
    std::printf("Nobody may be paired with it under %s.\n", programme.c_str());
    print_absence(answer);
  }
  for (const json::value& need : answer.at("uncovered").as_array())
    std::printf("UNCOVERED  %s: %s\n", text_of(need, "kind").c_str(), text_of(need, "what").c_str());
  print_budget(answer);
  std::printf("%d of %s considered; %s.\n", number, grouped(considered).c_str(),
              answer.at("proven").as_bool() ? "no smaller or better set covers as much"
                                            : "a better set may exist, none was found in time");
  print_note(answer);
}

struct AssembleArguments {
  std::string project, programme = "pcp";
};

void add_options(CLI::App& app, AssembleArguments& arguments) {
  app.add_option("PROJECT", arguments.project, "id of a stored project")->required();
  app.add_option("--programme", arguments.programme, "by whose rules")->capture_default_str();
}

int run_assemble(const CommandContext& context, const AssembleArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context,
                      backend->call("POST", "/v1/projects/" + url_encode(arguments.project) + "/assemble",
                                    json::serialize(json::object{{"programme", arguments.programme}})),
                      [&](const json::value& answer) { print_set(answer, arguments.project, arguments.programme); });
}

const RegisteredVerb assemble({.order = 90,
                               .name = "assemble",
                               .help = "a set of partners that together cover a project's needs and budget",
                               .define = bind(add_options, run_assemble)});

}  // namespace
}  // namespace counterpart::server
