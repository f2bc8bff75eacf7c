// rematch, digest and runs: the nightly run, started here or by the server that holds the directory, and what it changed.
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <thread>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"
#include "server/wire/csv_writer.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPoll{200};

std::uint64_t number_of(const json::value& value, std::string_view key) {
  const json::value* found = value.as_object().if_contains(key);
  return found ? found->to_number<std::uint64_t>() : 0;
}

struct RematchArguments {
  std::string programme = "open";
  bool full = false;
  std::uint64_t candidates = 0, listed = 0, keep = 0, memory_mib = 0;  // 0: as POST /v1/runs has it
  std::uint64_t threads = 0, workers = 0;
  int nice = -1;
};

void add_options(CLI::App& app, RematchArguments& arguments) {
  app.add_option("--programme", arguments.programme, "by whose rules")->capture_default_str();
  app.add_flag("--full", arguments.full, "take nothing over from the run before; the result is the same");
  app.add_option("--threads", arguments.threads, "how many (default: one a core; a server keeps one core free)")
      ->check(from_one(kRunThreads));
  app.add_option("--workers", arguments.workers, "so many servers that follow this one may help; the result is the same")
      ->check(within(kRunWorkers));
  app.add_option("--nice", arguments.nice, with_standard("0-19, 19: only when nobody else wants to work", kRunNice))
      ->check(within(kRunNice));
  app.add_option("--memory", arguments.memory_mib, "MiB that the process may come to, beside the mapped index (default: any)")
      ->check(from_one(kRunMemory));
  app.add_option("--candidates", arguments.candidates,
                 with_standard("of each profile's best by text, scored by all signals", kRunCandidates))
      ->check(within(kRunCandidates));
  app.add_option("--listed", arguments.listed, with_standard("matches of each profile", kRunListed))->check(within(kRunListed));
  app.add_option("--keep", arguments.keep, with_standard("published runs that are kept", kRunsKept))->check(within(kRunsKept));
}

std::string body_of(const RematchArguments& arguments) {
  json::object body{{"programme", arguments.programme}, {"full", arguments.full}};
  const std::pair<const char*, std::uint64_t> numbers[] = {
      {"candidates", arguments.candidates}, {"listed", arguments.listed},         {"keep", arguments.keep},
      {"threads", arguments.threads},       {"memory_mib", arguments.memory_mib}, {"workers", arguments.workers}};
  for (const auto& [name, value] : numbers)
    if (value > 0) body[name] = value;
  if (arguments.nice >= 0) body["nice"] = arguments.nice;
  return json::serialize(body);
}

void print_shared(const json::value& shared) {
  std::fprintf(stderr, "%s copies helped: %s groups of rows are theirs, %s were done again\n",
               grouped(number_of(shared, "workers")).c_str(), grouped(number_of(shared, "groups")).c_str(),
               grouped(number_of(shared, "again")).c_str());
  for (const json::value& id : shared.at("dropped").as_array())
    std::fprintf(stderr, "what copy %s gave was wrong, and is not in the result: look at its memory and program\n",
                 std::string(id.as_string()).c_str());
}

// Follows run `number` to its end; what it published.
Result<std::string> follow(Backend& backend, std::uint64_t number, const std::string& programme) {
  ProgressBar bar("matching " + programme);
  while (true) {
    const Result<json::value> answer = call_json(backend, "GET", "/v1/runs?programme=" + url_encode(programme));
    if (!answer) return tl::unexpected(answer.error());
    const json::value& status = answer->at("status");
    if (number_of(status, "number") != number)
      return fail(ErrorCode::kUnavailable, "runs", "the server has begun another run since",
                  "counterpart runs list tells what is published");
    const std::string state = text_if(status, "state");
    if (state == "failed") {
      const json::value& error = status.at("error");
      return fail(ErrorCode::kUnavailable, text_if(error, "place"), text_if(error, "message"), text_if(error, "remedy"));
    }
    if (state == "idle") {
      if (const json::value* shared = status.as_object().if_contains("shared")) print_shared(*shared);
      return text_if(status, "published");
    }
    bar.update(number_of(status, "done"), number_of(status, "done"), number_of(status, "all"));
    std::this_thread::sleep_for(kPoll);
  }
}

void print_manifest(const json::value& run) {
  const json::value& assignment = run.at("assignment");
  std::printf("%s  of %s, published %s\n", text_if(run, "id").c_str(), text_if(run, "programme").c_str(),
              text_if(run, "finished").c_str());
  std::printf("  %s profiles, %s matches; %s changed since the run before, %s lists taken over from it\n",
              grouped(number_of(run, "profiles")).c_str(), grouped(number_of(run, "matches")).c_str(),
              grouped(number_of(run, "changed")).c_str(), grouped(number_of(run, "taken_over")).c_str());
  std::printf(
      "  %s introductions proposed within everybody's capacity; %.3f %% below the bound, %s pairs would rather "
      "have each other\n",
      grouped(number_of(assignment, "proposed")).c_str(), assignment.at("gap").to_number<double>() * 100,
      grouped(number_of(assignment, "blocking_pairs")).c_str());
  for (const json::value& floor : assignment.at("floors").as_array()) {
    const std::uint64_t missing = number_of(floor, "short_by");
    std::printf("  floor %s: %.1f %% of places, %.1f %% wanted%s\n", text_if(floor, "group").c_str(),
                floor.at("reached").to_number<double>() * 100, floor.at("wanted").to_number<double>() * 100,
                missing > 0 ? (": " + grouped(missing) + " places are missing").c_str() : "");
  }
  if (text_if(run, "fine_model").empty())
    std::printf("  made without fine vectors, which are not there yet or not wanted: a run with them may differ\n");
  double seconds = 0;
  for (const auto& [phase, spent] : run.at("seconds").as_object()) seconds += spent.to_number<double>();
  std::printf("  %.1f s; result %s\n", seconds, text_if(run, "result_hash").c_str());
}

void print_change(const json::value& change) {
  const std::uint64_t place = number_of(change, "place"), before = number_of(change, "place_before");
  std::string where = place > 0 ? "place " + std::to_string(place) : "";
  if (before > 0) where += (where.empty() ? "was place " : ", was ") + std::to_string(before);
  const std::string band = text_if(change, "band");
  std::printf("    %-9s %s  %s  [%s]\n              %s%s; %s\n", text_if(change, "change").c_str(),
              text_if(change, "country").c_str(), text_if(change, "title").c_str(), text_if(change, "id").c_str(),
              band.empty() ? "" : (band + "; ").c_str(), where.c_str(), text_if(change, "why").c_str());
  print_origin(change, 14);
}

void print_digest(const json::value& digest) {
  const std::string before = text_if(digest, "previous");
  std::printf("%s %s\n", text_if(digest, "run").c_str(),
              before.empty() ? "is the first run that is kept: these are its proposals" : ("compared with " + before).c_str());
  for (const json::value& profile : digest.at("profiles").as_array()) {
    std::printf("  %s  [%s]\n", text_if(profile, "title").c_str(), text_if(profile, "id").c_str());
    print_origin(profile, 4);
    for (const json::value& change : profile.at("changes").as_array()) print_change(change);
    if (const std::uint64_t more = number_of(profile, "more"); more > 0)
      std::printf("    and %s more\n", grouped(more).c_str());
  }
  const std::uint64_t total = number_of(digest, "total");
  const std::size_t shown = digest.at("profiles").as_array().size();
  std::printf("%s profiles have %s%s.\n", grouped(total).c_str(), before.empty() ? "proposals" : "changes",
              shown < total ? (", " + grouped(shown) + " shown; --limit N shows more").c_str() : "");
}

int run_rematch(const CommandContext& context, const RematchArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> started = call_json(*backend, "POST", "/v1/runs", body_of(arguments));
  if (!started) return report(started.error());
  const Result<std::string> id = follow(*backend, number_of(*started, "number"), arguments.programme);
  if (!id) return report(id.error());
  return print_answer(context, backend->call("GET", "/v1/runs/" + url_encode(*id)), print_manifest);
}

struct DigestArguments {
  std::string programme = "open", office, since;
  std::string csv = {};  // "csv", "excel" or nothing
  std::string separator = {};
  std::size_t limit = kDigestProfiles.standard.value();
};

void add_options(CLI::App& app, DigestArguments& arguments) {
  app.add_option("--programme", arguments.programme, "whose run")->capture_default_str();
  app.add_option("--office", arguments.office, "only profiles that answer to it");
  app.add_option("--since", arguments.since, "compared with this run (default: the one before)");
  app.add_flag("--csv{csv}", arguments.csv,
               "one change a line, for programs; --csv=excel: as Excel reads it, separated by semicolons");
  app.add_option("--sep", arguments.separator, "between the cells of --csv: comma, semicolon or tab")
      ->check(CLI::IsMember({"comma", "semicolon", "tab"}));
  app.add_option("--limit", arguments.limit, "profiles at most")->check(within(kDigestProfiles))->capture_default_str();
}

int run_digest(const CommandContext& context, const DigestArguments& arguments) {
  if (!arguments.csv.empty())
    if (const Result<CsvStyle> style = csv_style(arguments.csv, arguments.separator); !style) {
      report(style.error());
      return kWrongUsage;
    }
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> runs = call_json(*backend, "GET", "/v1/runs?programme=" + url_encode(arguments.programme));
  if (!runs) return report(runs.error());
  if (runs->at("runs").as_array().empty())
    return report({ErrorCode::kNotFound, "run", "no match run of " + arguments.programme + " is published yet",
                   "start one: counterpart rematch --programme " + arguments.programme});
  std::string target =
      "/v1/runs/" + url_encode(text_if(runs->at("runs").at(0), "id")) + "/digest?limit=" + std::to_string(arguments.limit);
  if (!arguments.office.empty()) target += "&office=" + url_encode(arguments.office);
  if (!arguments.since.empty()) target += "&since=" + url_encode(arguments.since);
  if (!arguments.csv.empty()) target += "&format=" + url_encode(arguments.csv);
  if (!arguments.csv.empty() && !arguments.separator.empty()) target += "&sep=" + arguments.separator;
  const Result<std::string> answer = backend->call("GET", target);
  if (arguments.csv.empty() || !answer) return print_answer(context, answer, print_digest);
  std::cout << *answer;
  return kDone;
}

struct RunsArguments {
  std::string action;  // "pause", "resume" or "stop" what a server works on; "list" or empty: the published runs
  std::string programme;
};

void add_options(CLI::App& app, RunsArguments& arguments) {
  app.add_option("ACTION", arguments.action, "list, pause, resume or stop")
      ->check(CLI::IsMember({"list", "pause", "resume", "stop"}));
  app.add_option("--programme", arguments.programme, "only runs of this one");
}

int run_runs(const CommandContext& context, const RunsArguments& arguments) {
  const std::string &action = arguments.action, &programme = arguments.programme;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const bool list = action.empty() || action == "list";
  const std::string query = programme.empty() ? "" : "?programme=" + url_encode(programme);
  const Result<json::value> answer =
      list ? call_json(*backend, "GET", "/v1/runs" + query) : call_json(*backend, "POST", "/v1/runs:" + action);
  if (!answer) return report(answer.error());
  if (context.json) {
    std::cout << json::serialize(*answer) << "\n";
    return kDone;
  }
  const json::value& status = list ? answer->at("status") : *answer;
  if (const std::string state = text_if(status, "state"); state == "working" || state == "paused")
    std::printf("%s: %s, %s %s of %s\n", state.c_str(), text_if(status, "programme").c_str(), text_if(status, "phase").c_str(),
                grouped(number_of(status, "done")).c_str(), grouped(number_of(status, "all")).c_str());
  else
    std::printf("no run is at work\n");
  if (list)
    for (const json::value& run : answer->at("runs").as_array()) print_manifest(run);
  return kDone;
}

const RegisteredVerb rematch({.order = 130,
                              .name = "rematch",
                              .help = "match everybody with everybody anew; goes on where one was cut off",
                              .define = bind<RematchArguments>(add_options, run_rematch)});
const RegisteredVerb digest({.order = 140,
                             .name = "digest",
                             .help = "what the last match run changed, for one office or all",
                             .define = bind<DigestArguments>(add_options, run_digest)});
const RegisteredVerb runs({.order = 150,
                           .name = "runs",
                           .help = "list the published match runs, or hold the one that works",
                           .define = bind<RunsArguments>(add_options, run_runs)});

}  // namespace
}  // namespace counterpart::server
