// erase and audit: profiles gone for good with a receipt, and the log of who did what.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct EraseArguments {
  std::vector<std::string> ids;
};

void add_options(CLI::App& app, EraseArguments& arguments) { app.add_option("ID", arguments.ids, "ids")->required(); }

int run_erase(const CommandContext& context, const EraseArguments& arguments) {
  const json::object body{{"profiles", json::array(arguments.ids.begin(), arguments.ids.end())}};
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> receipt = call_json(*backend, "POST", "/v1/erasures", json::serialize(body));
  if (!receipt) return report(receipt.error());
  const bool complete = receipt->at("complete").as_bool();
  if (context.json) {
    std::cout << json::serialize(*receipt) << "\n";
    return complete ? kDone : kRefused;
  }
  for (const json::value& id : receipt->at("profiles").as_array()) std::printf("erased %s\n", id.as_string().c_str());
  for (const json::value& place : receipt->at("places").as_array())
    std::printf("  %-12s %s: %s\n", text_if(place, "verdict").c_str(), text_if(place, "place").c_str(),
                text_if(place, "detail").c_str());
  if (const json::value* pending = receipt->as_object().if_contains("pending")) {
    std::printf("NOT YET from all files: %s; %s\n", text_if(*pending, "reason").c_str(), text_if(*pending, "remedy").c_str());
    return kRefused;
  }
  std::printf("%s files, %s bytes searched; nothing is left where nothing ought to be\n",
              grouped(receipt->at("files_searched").to_number<std::uint64_t>()).c_str(),
              grouped(receipt->at("bytes_searched").to_number<std::uint64_t>()).c_str());
  return kDone;
}

struct ListArguments {
  std::string subject;  // id of a profile or token; empty: of all
  std::uint64_t after = 0;
  std::size_t limit = kPage.standard.value();
};

void add_options(CLI::App& app, ListArguments& arguments) {
  app.add_option("--subject", arguments.subject, "only of this profile or token");
  app.add_option("--after", arguments.after, "only later than the entry of this number");
  app.add_option("--limit", arguments.limit, "how many")->check(within(kPage))->capture_default_str();
}

int run_list(const CommandContext& context, const ListArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  std::string target = "/v1/audit?after=" + std::to_string(arguments.after) + "&limit=" + std::to_string(arguments.limit);
  if (!arguments.subject.empty()) target += "&subject=" + url_encode(arguments.subject);
  const Result<json::value> page = call_json(*backend, "GET", target);
  if (!page) return report(page.error());
  if (context.json) {
    std::cout << json::serialize(*page) << "\n";
    return kDone;
  }
  for (const json::value& entry : page->at("entries").as_array()) {
    std::printf("%8s  %s  %-12s  %-13s  %s", grouped(entry.at("number").to_number<std::uint64_t>()).c_str(),
                text_if(entry, "at").c_str(), text_if(entry, "who").c_str(), text_if(entry, "what").c_str(),
                text_if(entry, "subject").c_str());
    if (const json::value* version = entry.as_object().if_contains("version"))
      std::printf("  version %s", grouped(version->to_number<std::uint64_t>()).c_str());
    std::printf("\n");
  }
  if (page->at("entries").as_array().empty()) std::printf("No entries.\n");
  return kDone;
}

struct VerifyArguments {
  std::string head;  // empty: none was noted
};

void add_options(CLI::App& app, VerifyArguments& arguments) {
  app.add_option("--head", arguments.head, "a head noted earlier, which must still be on the chain");
}

int run_verify(const CommandContext& context, const VerifyArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> verdict = call_json(
      *backend, "POST", "/v1/audit:verify" + (arguments.head.empty() ? std::string() : "?head=" + url_encode(arguments.head)));
  if (!verdict) return report(verdict.error());
  const bool intact = verdict->at("intact").as_bool();
  if (context.json) {
    std::cout << json::serialize(*verdict) << "\n";
    return intact ? kDone : kRefused;
  }
  std::printf("%s entries; ", grouped(verdict->at("entries").to_number<std::uint64_t>()).c_str());
  if (intact)
    std::printf(
        "each follows from those before it.\nhead %s\nNote the head elsewhere: `audit verify --head` then tells whether "
        "anything before it was changed.\n",
        text_if(*verdict, "head").c_str());
  else
    std::printf("BROKEN at entry %s: %s\n", grouped(verdict->at("broken_at").to_number<std::uint64_t>()).c_str(),
                text_if(*verdict, "what").c_str());
  return intact ? kDone : kRefused;
}

const RegisteredVerb erase(
    {.order = 70,
     .name = "erase",
     .help = "remove profiles and every trace of them, with a receipt; repeated, it goes on with one that could not end",
     .define = bind<EraseArguments>(add_options, run_erase)});
const RegisteredVerb audit(
    {.order = 180,
     .name = "audit",
     .help = "who did what when to which profile",
     .parts = {{.name = "list", .help = "the entries, oldest first", .define = bind<ListArguments>(add_options, run_list)},
               {.name = "verify",
                .help = "does each entry follow from those before it?",
                .define = bind<VerifyArguments>(add_options, run_verify)}}});

}  // namespace
}  // namespace counterpart::server
