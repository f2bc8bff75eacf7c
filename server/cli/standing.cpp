// standing and alerts: saved searches, and who began to fit them.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "server/cli/json.h"
#include "server/cli/terminal.h"
#include "server/cli/where.h"

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

}  // namespace

int run_standing_add(const CommandContext& context, const StandingArguments& arguments) {
  const Result<json::object> where = where_of(arguments.where);
  if (!where) {
    report(where.error());
    return kWrongUsage;
  }
  json::object body{{"programme", arguments.programme}};
  if (!arguments.text.empty()) body["text"] = arguments.text;
  if (!arguments.offering.empty()) body["offering"] = arguments.offering;
  if (!where->empty()) body["where"] = *where;
  if (arguments.minimum) body["minimum"] = *arguments.minimum;
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

int run_standing_list(const CommandContext& context, const std::string& office) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  json::array all;
  std::string after;
  for (bool more = true; more;) {
    std::string target = "/v1/standing-queries?limit=1000";
    if (!office.empty()) target += "&office=" + url_encode(office);
    if (!after.empty()) target += "&after=" + after;
    Result<json::value> page = call_json(*backend, "GET", target);
    if (!page) return report(page.error());
    for (json::value& query : page->at("queries").as_array()) all.push_back(std::move(query));
    more = page->at("more").as_bool();
    after = text_if(*page, "after");
  }
  if (context.json) {
    std::cout << json::serialize(json::object{{"queries", std::move(all)}}) << "\n";
    return kDone;
  }
  for (const json::value& query : all) print_query(query);
  if (all.empty()) std::printf("No standing queries.\n");
  return kDone;
}

int run_standing_remove(const CommandContext& context, const std::string& id) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> removed = backend->call("DELETE", "/v1/standing-queries/" + url_encode(id));
  if (!removed) return report(removed.error());
  if (context.json)
    std::cout << json::serialize(json::object{{"removed", id}}) << "\n";
  else
    std::printf("%s and its alerts are gone.\n", id.c_str());
  return kDone;
}

int run_alerts(const CommandContext& context, const AlertArguments& arguments) {
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

}  // namespace counterpart::server
