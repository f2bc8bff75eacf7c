// report and outcomes: figures of the offices' work, the log that they are made of, and what came of interests as known pairs.
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct ReportArguments {
  std::string quarter, count, as = "text", out;
};

void add_options(CLI::App& app, ReportArguments& arguments) {
  app.add_option("--quarter", arguments.quarter, "as in 2026Q4; without it this one and the three before it");
  app.add_option("--as", arguments.as, "text, json, csv or xlsx")
      ->check(CLI::IsMember({"text", "json", "csv", "xlsx"}))
      ->capture_default_str();
  app.add_option("--out", arguments.out, "the file to write; without it standard output");
}

void add_funnel_options(CLI::App& app, ReportArguments& arguments) {
  add_options(app, arguments);
  app.add_option("--count", arguments.count, "sent: those sent in the quarter; reached: those that came to a stage in it")
      ->check(CLI::IsMember({"sent", "reached"}));
}

int write_out(const std::string& bytes, const std::string& file) {
  if (file.empty()) {
    std::cout << bytes << std::flush;
    return kDone;
  }
  std::ofstream out(file, std::ios::binary);
  out << bytes << std::flush;
  return out ? kDone : report({ErrorCode::kStorage, file, "cannot be written", "choose another file"});
}

std::string number_if(const json::value& row, std::string_view member) {
  const json::value* value = row.as_object().if_contains(member);
  if (!value || value->is_null()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value->to_number<double>());
  return text;
}

void print_log(const json::value& answer) {
  const json::value& log = answer.at("log");
  std::printf("Made of %s cases with %s acts, %s erased; head of the log %s,\nof the audit log %s (entry %s).\n",
              number_if(log, "cases").c_str(), number_if(log, "acts").c_str(), number_if(log, "erased").c_str(),
              text_if(log, "head").c_str(), text_if(log.at("audit"), "head").c_str(),
              number_if(log.at("audit"), "entries").c_str());
}

void print_times(const json::value& answer) {
  for (const json::value& row : answer.at("rows").as_array()) {
    std::printf("%-14s %-24s n %5s  in time %5s  median %7s h", text_if(row, "quarter").c_str(), text_if(row, "name").c_str(),
                number_if(row, "n").c_str(), number_if(row, "share_in_time").c_str(), number_if(row, "median_hours").c_str());
    std::printf("  (%s answered, %s ended, %s overdue, %s open)  %s\n", number_if(row, "answered").c_str(),
                number_if(row, "ended").c_str(), number_if(row, "overdue").c_str(), number_if(row, "waiting").c_str(),
                text_if(row, "note").c_str());
  }
  std::printf("%s\n", text_if(answer, "definition").c_str());
  print_log(answer);
}

void print_funnel(const json::value& answer) {
  for (const json::value& row : answer.at("rows").as_array()) {
    std::printf("%-14s %-28s %-9s", text_if(row, "quarter").c_str(), text_if(row, "title").c_str(),
                text_if(row, "side").c_str());
    for (const char* stage :
         {"sent", "answered", "accepted", "introduced", "promoted", "negotiation", "concluded", "operational"})
      std::printf("  %s %s", stage, number_if(row, stage).c_str());
    for (const json::value& one : row.at("conclusions").as_array())
      std::printf("  %s %s, %s jobs", number_if(one, "amount").c_str(), text_if(one, "currency").c_str(),
                  number_if(one, "jobs").c_str());
    std::printf("\n");
  }
  std::printf("%s\n", text_if(answer, "definition").c_str());
  print_log(answer);
}

int run_report(const CommandContext& context, const std::string& path, const ReportArguments& arguments,
               void (*print)(const json::value&)) {
  const bool as_table = arguments.as == "csv" || arguments.as == "xlsx";
  std::string target = "/v1/reports/" + path + (as_table ? "." + arguments.as : std::string());
  const char* mark = "?";
  for (const auto& [name, value] : {std::pair("quarter", &arguments.quarter), std::pair("count", &arguments.count)})
    if (!value->empty()) target += mark + std::string(name) + "=" + url_encode(*value), mark = "&";
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> answer = backend->call("GET", target);
  if (!answer) return report(answer.error());
  if (as_table) return write_out(*answer, arguments.out);
  if (arguments.as == "json" || context.json) return write_out(*answer + "\n", arguments.out);
  return print_answer(context, answer, print);
}

int run_times(const CommandContext& context, const ReportArguments& arguments) {
  return run_report(context, "response-times", arguments, print_times);
}
int run_funnel(const CommandContext& context, const ReportArguments& arguments) {
  return run_report(context, "funnel", arguments, print_funnel);
}

// ---- lines, as they come

struct LineArguments {
  std::string as = "jsonl", out;
};

void add_options(CLI::App& app, LineArguments& arguments) {
  app.add_option("--as", arguments.as, "jsonl: a line each")->check(CLI::IsMember({"jsonl"}))->capture_default_str();
  app.add_option("--out", arguments.out, "the file to write; without it standard output");
}

int run_lines(const CommandContext& context, const std::string& target, const LineArguments& arguments) {
  std::ofstream file;
  if (!arguments.out.empty()) file.open(arguments.out, std::ios::binary);
  std::ostream& out = arguments.out.empty() ? std::cout : file;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> answer =
      backend->call("GET", target, {}, "application/json", [&](std::string_view piece) { out << piece; });
  if (!answer) return report(answer.error());
  if (out.flush()) return kDone;
  return report({ErrorCode::kStorage, arguments.out, "cannot be written", "choose another file"});
}

int run_cases(const CommandContext& context, const LineArguments& arguments) {
  return run_lines(context, "/v1/reports/cases", arguments);
}
int run_outcomes(const CommandContext& context, const LineArguments& arguments) {
  return run_lines(context, "/v1/outcomes", arguments);
}

const RegisteredVerb reports({.order = 182,
                              .name = "report",
                              .help = "figures of the offices' work, and the log that they are made of",
                              .parts = {{.name = "response-times",
                                         .help = "how long offices take to answer interests",
                                         .define = bind<ReportArguments>(add_options, run_times)},
                                        {.name = "funnel",
                                         .help = "how far interests come, by programme, group of countries and who leads",
                                         .define = bind<ReportArguments>(add_funnel_options, run_funnel)},
                                        {.name = "cases",
                                         .help = "the log, a case a line, without what anybody wrote",
                                         .define = bind<LineArguments>(add_options, run_cases)}}});
const RegisteredVerb pairs({.order = 184,
                            .name = "outcomes",
                            .help = "who was accepted, declined or concluded with, as known pairs for `evaluate --train`",
                            .define = bind<LineArguments>(add_options, run_outcomes)});

}  // namespace
}  // namespace counterpart::server
