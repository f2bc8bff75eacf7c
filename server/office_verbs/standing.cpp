// standing and alerts: saved searches, and who began to fit them.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>
#include <optional>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::uint64_t count_of(const json::value& value, std::string_view key) { return value.at(key).to_number<std::uint64_t>(); }

void print_query(const json::value& query) {
  std::printf("%s", text_if(query, "id").c_str());
  if (const std::string text = text_if(query, "text"); !text.empty()) std::printf("  seeks \"%s\"", text.c_str());
  if (const std::string text = text_if(query, "offering"); !text.empty()) std::printf("  offers \"%s\"", text.c_str());
  for (const auto& [field, values] : query.at("where").as_object())
    std::printf("  %s %s", std::string(field).c_str(), json::serialize(values).c_str());
  std::printf("  under %s", text_if(query, "programme").c_str());
  if (!text_if(query, "text").empty() || !text_if(query, "offering").empty())
    std::printf(", text similarity from %.2f on", query.at("minimum").to_number<double>());
  if (const std::string office = text_if(query, "office"); !office.empty()) std::printf(", of %s", office.c_str());
  std::printf("\n");
}

struct AddArguments {
  std::string text, offering, programme = "open", office;
  std::vector<std::string> where;  // FIELD=VALUE[,VALUE]
  std::optional<double> minimum;   // nothing: as `band` has it
  std::string band = {};           // empty: as POST /v1/standing-queries has it
};

void add_options(CLI::App& app, AddArguments& arguments) {
  app.add_option("--text", arguments.text, "what is sought, in your own words");
  app.add_option("--offering", arguments.offering, "what is offered, in your own words");
  app.add_option("--programme", arguments.programme, "by whose rules")->capture_default_str();
  app.add_option("--where", arguments.where, "FIELD=VALUE[,VALUE], repeatable")->allow_extra_args(false);
  CLI::Option* minimum = app.add_option("--minimum", arguments.minimum, "text similarity from which on a profile fits")
                             ->check(CLI::Range(-1.0, 1.0));
  app.add_option("--band", arguments.band, "the band from which on a profile fits: strong, good or possible (default: good)")
      ->check(CLI::IsMember({"strong", "good", "possible"}))
      ->excludes(minimum);
  app.add_option("--office", arguments.office, "whose query it is");
}

int run_add(const CommandContext& context, const AddArguments& arguments) {
  const Result<json::object> where = where_of(arguments.where);
  if (!where) return report(where.error(), kWrongUsage);
  json::object body{{"programme", arguments.programme}};
  if (!arguments.text.empty()) body["text"] = arguments.text;
  if (!arguments.offering.empty()) body["offering"] = arguments.offering;
  if (!where->empty()) body["where"] = *where;
  if (arguments.minimum) body["minimum"] = *arguments.minimum;
  if (!arguments.band.empty()) body["band"] = arguments.band;
  if (!arguments.office.empty()) body["office"] = arguments.office;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> added = call_json(*backend, "POST", "/v1/standing-queries", json::serialize(body));
  if (!added) return report(added.error());
  if (context.json) {
    std::cout << json::serialize(*added) << "\n";
    return kDone;
  }
  print_query(*added);
  std::printf("%s profiles fit already; later ones: counterpart alerts --query %s\n", grouped(count_of(*added, "fits")).c_str(),
              text_if(*added, "id").c_str());
  return kDone;
}

struct ListArguments {
  std::string office;  // empty: of all
};

void add_options(CLI::App& app, ListArguments& arguments) { app.add_option("--office", arguments.office, "only its own"); }

int run_list(const CommandContext& context, const ListArguments& arguments) {
  const std::string office = arguments.office.empty() ? std::string() : "&office=" + url_encode(arguments.office);
  return print_all(context, "/v1/standing-queries?limit=1000" + office, "queries", print_query, "No standing queries.");
}

struct RemoveArguments {
  std::string id;
};

void add_options(CLI::App& app, RemoveArguments& arguments) {
  app.add_option("ID", arguments.id, "id of the query")->required();
}

int run_remove(const CommandContext& context, const RemoveArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> removed = backend->call("DELETE", "/v1/standing-queries/" + url_encode(arguments.id));
  if (!removed) return report(removed.error());
  if (context.json)
    std::cout << json::serialize(json::object{{"removed", arguments.id}}) << "\n";
  else
    std::printf("%s and its alerts are gone.\n", arguments.id.c_str());
  return kDone;
}

struct AlertsArguments {
  std::string query;  // empty: of all
  std::uint64_t after = 0;
  std::size_t limit = kPage.standard.value();
};

void add_options(CLI::App& app, AlertsArguments& arguments) {
  app.add_option("--query", arguments.query, "only of this standing query");
  app.add_option("--after", arguments.after, "only later than the alert of this number")->check(within<std::uint64_t>(kAfter));
  app.add_option("--limit", arguments.limit, "how many")->check(within(kPage))->capture_default_str();
}

int run_alerts(const CommandContext& context, const AlertsArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  std::string target = "/v1/alerts?after=" + std::to_string(arguments.after) + "&limit=" + std::to_string(arguments.limit);
  if (!arguments.query.empty()) target += "&query=" + url_encode(arguments.query);
  const Result<json::value> page = call_json(*backend, "GET", target);
  if (!page) return report(page.error());
  if (context.json) {
    std::cout << json::serialize(*page) << "\n";
    return kDone;
  }
  for (const json::value& alert : page->at("alerts").as_array()) {
    const std::string title = text_if(alert, "title"), country = text_if(alert, "country");
    const std::string who = title.empty() ? std::string("(withdrawn)") : country + "  " + title;
    std::printf("%6s  %s  %s  %s  [%s]", grouped(count_of(alert, "number")).c_str(), text_if(alert, "at").c_str(),
                text_if(alert, "query").c_str(), who.c_str(), text_if(alert, "profile").c_str());
    if (const json::value* score = alert.as_object().if_contains("score"))
      std::printf("  text similarity %.2f", score->to_number<double>());
    std::printf("\n");
  }
  if (page->at("alerts").as_array().empty()) std::printf("No new alerts.\n");
  const std::string query = arguments.query.empty() ? std::string() : " --query " + arguments.query;
  std::printf("%s: counterpart alerts%s --after %s\n", page->at("more").as_bool() ? "There are more" : "Later ones",
              query.c_str(), std::to_string(count_of(*page, "after")).c_str());
  return kDone;
}

const RegisteredVerb standing(
    {.order = 160,
     .name = "standing",
     .help = "searches kept, that new and changed profiles are tested against",
     .parts = {{.name = "add",
                .help = "keep a search: new and changed profiles are tested against it",
                .define = bind<AddArguments>(add_options, run_add)},
               {.name = "list", .help = "the queries kept", .define = bind<ListArguments>(add_options, run_list)},
               {.name = "remove",
                .help = "remove a query and its alerts",
                .define = bind<RemoveArguments>(add_options, run_remove)}}});
const RegisteredVerb alerts({.order = 170,
                             .name = "alerts",
                             .help = "profiles that began to fit a standing query, each told once",
                             .define = bind<AlertsArguments>(add_options, run_alerts)});

}  // namespace
}  // namespace counterpart::server
