// desk and outbox: what needs somebody today, and the letters about it.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct DeskArguments {
  std::string desk, office;
};

void add_options(CLI::App& app, DeskArguments& arguments) {
  CLI::Option* desk = app.add_option("--desk", arguments.desk, "whose desk");
  app.add_option("--office", arguments.office, "all desks of an office")->excludes(desk);
}

void print_rows(const json::value& answer, const std::string& list, const char* title) {
  const json::array& rows = answer.at(list).as_array();
  if (rows.empty()) return;
  std::printf("%s\n", title);
  for (const json::value& row : rows) {
    std::printf("  %s  %s  %s\n", text_if(row, "id").c_str(), text_if(row, "state").c_str(), text_if(row, "subject").c_str());
    std::string next;
    for (const json::value& verb : row.at("next").as_array()) next += " " + std::string(verb.as_string());
    if (const json::value* why = row.as_object().if_contains("why_due"))
      std::printf("      %s; %s may:%s\n", text_if(*why, "text").c_str(), text_if(row.at("owner"), "desk").c_str(),
                  next.c_str());
  }
}

void print_letter(const json::value& letter) {
  const std::string reader =
      text_if(letter, "desk").empty() ? "the owner of " + text_if(letter, "profile") : text_if(letter, "desk");
  std::printf("%6s  %s  %-7s  %s about %s to %s", grouped(letter.at("number").to_number<std::uint64_t>()).c_str(),
              text_if(letter, "at").c_str(), text_if(letter, "state").c_str(), text_if(letter, "letter").c_str(),
              text_if(letter, "case").c_str(), reader.c_str());
  if (const std::string words = text_if(letter, "words"); !words.empty()) std::printf("  (%s)", words.c_str());
  std::printf("\n");
}

void print_desk(const json::value& answer) {
  print_rows(answer, "mine", "To do:");
  print_rows(answer, "inbox", "Nobody's yet:");
  print_rows(answer, "waiting", "Waiting for others:");
  print_rows(answer, "proposals", "Proposed by the last runs:");
  print_rows(answer, "changes", "New since the runs before:");
  print_rows(answer, "expiring", "Profiles that end soon:");
  if (!answer.at("outbox").as_array().empty()) std::printf("Letters that did not leave:\n");
  for (const json::value& letter : answer.at("outbox").as_array()) print_letter(letter);
  for (const std::string_view list : {"mine", "inbox", "waiting", "proposals", "changes", "expiring", "outbox"})
    if (!answer.at(list).as_array().empty()) return;
  std::printf("Nothing needs it today.\n");
}

int run_desk(const CommandContext& context, const DeskArguments& arguments) {
  std::string target = "/v1/desk";
  if (!arguments.desk.empty()) target += "?desk=" + url_encode(arguments.desk);
  if (!arguments.office.empty()) target += "?office=" + url_encode(arguments.office);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("GET", target), print_desk);
}

struct OutboxArguments {
  std::string office, state, about;
  std::size_t limit = kPage.standard.value();
  std::uint64_t after = 0;
};

void add_options(CLI::App& app, OutboxArguments& arguments) {
  app.add_option("--office", arguments.office, "that they concern");
  app.add_option("--state", arguments.state, "queued, sent or refused")->check(CLI::IsMember({"queued", "sent", "refused"}));
  app.add_option("--case", arguments.about, "only about this case");
  app.add_option("--after", arguments.after, "only later than the letter of this number")->check(within<std::uint64_t>(kAfter));
  app.add_option("--limit", arguments.limit, "how many")->check(within(kPage))->capture_default_str();
}

int run_outbox(const CommandContext& context, const OutboxArguments& arguments) {
  std::string target = "/v1/outbox?after=" + std::to_string(arguments.after) + "&limit=" + std::to_string(arguments.limit);
  if (!arguments.office.empty()) target += "&office=" + url_encode(arguments.office);
  if (!arguments.state.empty()) target += "&state=" + arguments.state;
  if (!arguments.about.empty()) target += "&case=" + url_encode(arguments.about);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("GET", target), [](const json::value& answer) {
    for (const json::value& letter : answer.at("letters").as_array()) print_letter(letter);
    if (answer.at("letters").as_array().empty()) std::printf("No letters.\n");
    if (answer.at("more").as_bool())
      std::printf("There are more: counterpart outbox list --after %s\n",
                  std::to_string(answer.at("after").to_number<std::uint64_t>()).c_str());
  });
}

struct RetryArguments {
  std::uint64_t number = 0;
};

void add_options(CLI::App& app, RetryArguments& arguments) {
  app.add_option("NUMBER", arguments.number, "of the letter")->required();
}

int run_retry(const CommandContext& context, const RetryArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("POST", "/v1/outbox/" + std::to_string(arguments.number) + ":retry"),
                      print_letter);
}

const RegisteredVerb desk({.order = 172,
                           .name = "desk",
                           .help = "what needs a desk or an office today",
                           .define = bind<DeskArguments>(add_options, run_desk)});
const RegisteredVerb outbox(
    {.order = 182,
     .name = "outbox",
     .help = "letters about cases, and what became of them",
     .parts = {{.name = "list", .help = "the letters, oldest first", .define = bind<OutboxArguments>(add_options, run_outbox)},
               {.name = "retry",
                .help = "queue a letter that was refused again",
                .define = bind<RetryArguments>(add_options, run_retry)}}});

}  // namespace
}  // namespace counterpart::server
