#include "server/replica/run_calls.h"

#include <array>
#include <memory>
#include <utility>

#include "index/replica/replication.h"
#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostId = 64, kMostSpace = 200, kMostRules = 200;
constexpr Limit kNumber{1, 9'000'000'000'000'000}, kSequence{0, 9'000'000'000'000'000}, kGroup{0, 0xffffffff},
    kDay{0, 10'000'000};
constexpr std::array<std::string_view, 3> kTurns{"work", "wait", "end"};

// What a copy says of itself.
struct Worker {
  std::uint64_t number = 0, sequence = 0;
  std::string id, space, rows;
};

Result<Worker> read_worker(const Request& request) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  Worker worker;
  for (const auto& [name, value] : *object) {
    Status read;
    if (name == "number")
      read = into(number_of(value, "number", kNumber), worker.number);
    else if (name == "sequence")
      read = into(number_of(value, "sequence", kSequence), worker.sequence);
    else if (name == "worker")
      read = into(words_of(value, "worker", kMostId), worker.id);
    else if (name == "space")
      read = into(words_of(value, "space", kMostSpace), worker.space);
    else if (name == "rows")
      read = into(words_of(value, "rows", kMostId), worker.rows);
    else
      read = fail(ErrorCode::kInvalid, std::string(name).substr(0, 80), "no such member", "see /openapi.json");
    if (!read) return tl::unexpected(read.error());
  }
  if (worker.number == 0 || worker.id.empty())
    return fail(ErrorCode::kInvalid, worker.number == 0 ? "number" : "worker", "missing", "see /openapi.json");
  return worker;
}

// Whoever asks no token of anybody gives no profile's matches away, nor takes any.
Result<std::shared_ptr<SharedGroups>> run_of(const Call& call, std::uint64_t number) {
  if (!call.caller.known)
    return fail(ErrorCode::kForbidden, {}, "this server asks nobody who it is, and then lets nobody follow it",
                "start it without --open-local");
  std::shared_ptr<SharedGroups> shared = call.data.runs.shared(number);
  if (!shared)
    return fail(ErrorCode::kConflict, "number", "this match run is over, or works on other rows", "ask which one there is");
  return shared;
}

Response get_run(const Call& call) {
  const RunStatus status = call.data.runs.status();
  const std::shared_ptr<SharedGroups> shared = call.data.runs.shared(status.number);
  const std::optional<SharedRun> run = shared ? shared->announced() : std::nullopt;
  if (!run) return json_response(200, json::object{{"number", nullptr}});
  return json_response(200, json::object{{"number", status.number},
                                         {"programme", run->programme},
                                         {"rules", run->rules},
                                         {"sequence", run->sequence},
                                         {"space", run->space},
                                         {"today", run->today},
                                         {"candidates", run->settings.candidates},
                                         {"listed", run->settings.listed},
                                         {"spare", run->settings.spare},
                                         {"nice", run->settings.threads.nice}});
}

Response join_run(const Call& call) {
  const Result<Worker> worker = read_worker(call.request);
  if (!worker) return problem(worker.error(), call.request);
  const auto shared = run_of(call, worker->number);
  if (!shared) return problem(shared.error(), call.request);
  if (Status joined = (*shared)->join(worker->id, worker->sequence, worker->space); !joined)
    return problem(joined.error(), call.request);
  return json_response(200, json::object{{"joined", true}});
}

Response take_group(const Call& call) {
  const Result<Worker> worker = read_worker(call.request);
  if (!worker) return problem(worker.error(), call.request);
  const auto shared = run_of(call, worker->number);
  if (!shared) return problem(shared.error(), call.request);
  const Result<SharedGroups::Next> next = (*shared)->take(worker->id, worker->rows, Clock::now());
  if (!next) return problem(next.error(), call.request);
  json::object out{{"turn", kTurns[static_cast<std::size_t>(next->turn)]}};
  if (next->turn == SharedGroups::Turn::kWork) out["group"] = next->group;
  return json_response(200, out);
}

Response give_group(const Call& call) {
  const Result<std::uint64_t> number = number_of(call.request, "number", kNumber),
                              group = number_of(call.request, "group", kGroup);
  if (!number) return problem(number.error(), call.request);
  if (!group) return problem(group.error(), call.request);
  const auto shared = run_of(call, *number);
  if (!shared) return problem(shared.error(), call.request);
  const Result<bool> kept =
      (*shared)->give(text_of(call.request, "worker"), static_cast<std::uint32_t>(*group), call.request.body);
  if (!kept) return problem(kept.error(), call.request);
  return json_response(200, json::object{{"kept", *kept}});
}

constexpr Parameter kGiven[] = {{"number", R"({"type":"integer","minimum":1,"maximum":9000000000000000})", "of the run", true},
                                {"worker", R"({"type":"string","minLength":1,"maxLength":64})", "who took the group", true},
                                {"group", R"({"type":"integer","minimum":0,"maximum":4294967295})", "which one", true}};
constexpr Answer kShared[] = {{200, kJson, "SharedRun", "number null: this server asks for no help"}};
constexpr Answer kJoined[] = {{200, kJson, "SharedRunJoined", "there is work before long"},
                              {409, {}, {}, "another snapshot is announced, or enough take part"}};
constexpr Answer kTaken[] = {{200, kJson, "SharedRunTurn", "which group, or to wait, or that there is nothing left"},
                             {403, {}, {}, "what this copy gave was wrong"},
                             {409, {}, {}, "the run is over, or works on other rows"}};
constexpr Answer kGave[] = {{200, kJson, "SharedRunGiven", "kept false: somebody else was faster"},
                            {403, {}, {}, "what this copy gave was wrong"},
                            {409, {}, {}, "the run is over"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/replica/run", get_run, Right::kFollow, "The match run that copies of the data may help with", {}, kShared},
    {"POST",
     "/v1/replica/run:join",
     join_run,
     Right::kFollow,
     "A copy holds the rows of that run, and will help",
     {},
     kJoined,
     {4096, kJson, "SharedRunWorker"}},
    {"POST",
     "/v1/replica/run:take",
     take_group,
     Right::kFollow,
     "Take a group of rows",
     {},
     kTaken,
     {4096, kJson, "SharedRunWorker"}},
    {"POST",
     "/v1/replica/run:give",
     give_group,
     Right::kFollow,
     "Give back what was made of it",
     kGiven,
     kGave,
     {64 * kMiB, "application/octet-stream", {}}}};

}  // namespace

Result<SharedRun> read_shared_run(const json::object& told, std::uint64_t& number) {
  const json::value* given = told.if_contains("number");
  if (!given || given->is_null()) return fail(ErrorCode::kNotFound, "run", "no help is asked for");
  SharedRun run;
  std::uint64_t today = 0, candidates = 0, listed = 0, spare = 0, nice = 0;
  const auto at = [&](const char* name) -> const json::value& {
    static const json::value kNothing;
    const json::value* found = told.if_contains(name);
    return found ? *found : kNothing;
  };
  for (const Status& read :
       {into(number_of(at("number"), "number", kNumber), number),
        into(number_of(at("sequence"), "sequence", kSequence), run.sequence),
        into(words_of(at("programme"), "programme", kMostId), run.programme),
        into(words_of(at("rules"), "rules", kMostRules), run.rules),
        into(words_of(at("space"), "space", kMostSpace), run.space), into(number_of(at("today"), "today", kDay), today),
        into(number_of(at("candidates"), "candidates", kRunCandidates), candidates),
        into(number_of(at("listed"), "listed", kRunListed), listed), into(number_of(at("spare"), "spare", kRunSpare), spare),
        into(number_of(at("nice"), "nice", kRunNice), nice)})
    if (!read) return tl::unexpected(read.error());
  run.today = static_cast<std::int32_t>(today);
  run.settings.candidates = candidates;
  run.settings.listed = listed;
  run.settings.spare = spare;
  run.settings.threads.nice = static_cast<int>(nice);
  return run;
}

Result<SharedGroups::Next> read_turn(const json::object& told) {
  const json::value* turn = told.if_contains("turn");
  if (!turn || !turn->is_string()) return fail(ErrorCode::kUnavailable, "owner", "its answer is not one of a server like this");
  SharedGroups::Next next;
  if (turn->as_string() == "end") return next;
  next.turn = turn->as_string() == "work" ? SharedGroups::Turn::kWork : SharedGroups::Turn::kWait;
  if (next.turn == SharedGroups::Turn::kWait) return next;
  const json::value* group = told.if_contains("group");
  std::uint64_t which = 0;
  if (Status read = into(number_of(group ? *group : json::value(), "group", kGroup), which); !read)
    return tl::unexpected(read.error());
  next.group = static_cast<std::uint32_t>(which);
  return next;
}

std::span<const Route> shared_run_routes() { return kRoutes; }

}  // namespace counterpart::server
