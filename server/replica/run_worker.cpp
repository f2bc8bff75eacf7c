#include "server/replica/run_worker.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/base/barrier.h"
#include "index/replica/replication.h"
#include "index/run/group_work.h"
#include "server/replica/run_calls.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kAsks = 1s, kSteps = 50ms, kWaits = 200ms;
constexpr std::chrono::seconds kPatience{10};  // for the owner to put a group by
constexpr int kTries = 5;

ClientRequest post(std::string target, std::string body, const char* type = "application/json") {
  ClientRequest request;
  request.method = "POST";
  request.target = std::move(target);
  request.body = std::move(body);
  request.content_type = type;
  request.patience = kPatience;
  return request;
}

tl::unexpected<Error> strange_answer() {
  return fail(ErrorCode::kUnavailable, "owner", "its answer is not one of a server like this");
}

// No run, or one of rows that are not here.
bool is_nothing(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kConflict;
}

}  // namespace

RunWorker::RunWorker(Service& service, const OwnerLink& link)
    : service_(service), link_(link), id_(service.data().replication.role().id) {
  thread_ = std::thread([this] { watch(); });
}

RunWorker::~RunWorker() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void RunWorker::rest(std::chrono::milliseconds time) const {
  for (auto waited = 0ms; waited < time && !stop_; waited += kSteps) std::this_thread::sleep_for(kSteps);
}

Result<RunWorker::Asked> RunWorker::ask() const {
  ClientRequest request;
  request.target = kSharedRunPath;
  const Result<ClientAnswer> answer = link_.ask(std::move(request));
  if (!answer) return tl::unexpected(answer.error());
  const std::optional<json::object> told = object_in(*answer);
  if (!told) return strange_answer();
  Asked asked;
  Result<SharedRun> run = read_shared_run(*told, asked.number);
  if (!run) return tl::unexpected(run.error());
  asked.run = std::move(*run);
  return asked;
}

std::shared_ptr<const Snapshot> RunWorker::held(const SharedRun& run) const {
  const auto snapshot = std::dynamic_pointer_cast<const Snapshot>(service_.data().corpus());
  if (!snapshot || snapshot->sequence() != run.sequence) return nullptr;
  return space_name(*snapshot) == run.space ? snapshot : nullptr;
}

void RunWorker::watch() {
  std::optional<Asked> done;  // what this one has done all for that it can
  std::string told;           // what stands in the way, said once
  while (!stop_) {
    rest(kAsks);
    if (stop_) return;
    const Status worked = guarded("replica", [&]() -> Status {
      const Result<Asked> asked = ask();
      // An owner that does not answer is its follower's to tell of.
      if (!asked) {
        done.reset();
        return is_nothing(asked.error()) ? Status() : Status(tl::unexpected(asked.error()));
      }
      if (done && done->number == asked->number && done->run == asked->run) return {};
      const OpenedData& data = service_.data();
      if (!data.programmes.contains(asked->run.programme) || data.runs.rules_key() != asked->run.rules) {
        spdlog::warn("replica: its owner matches {} by other rules than are here: this copy does not help",
                     asked->run.programme);
        done = *asked;
        return {};
      }
      std::shared_ptr<const Snapshot> snapshot = held(asked->run);
      if (!snapshot) return {};  // it may be there in a second, or the owner announces a later one
      const json::object self{
          {"number", asked->number}, {"worker", id_}, {"sequence", asked->run.sequence}, {"space", asked->run.space}};
      const Result<ClientAnswer> joined = link_.ask(post(kJoinPath, json::serialize(self)));
      if (!joined) return is_nothing(joined.error()) ? Status() : Status(tl::unexpected(joined.error()));
      done = *asked;
      // On a thread of its own: a priority that was let go does not come back.
      Status helped;
      std::thread([&] { helped = guarded("replica", [&] { return work(*asked, std::move(snapshot)); }); }).join();
      return helped;
    });
    const std::string why = worked ? "" : describe(worked.error());
    if (!why.empty() && why != told) spdlog::warn("replica: the owner's match run goes on without this copy: {}", why);
    if (!why.empty()) told = why;
  }
}

Status RunWorker::work(const Asked& asked, std::shared_ptr<const Snapshot> snapshot) {
  const OpenedData& data = service_.data();
  const RunTask task{*snapshot,         data.taxonomy,   data.programmes.find(asked.run.programme)->second,
                     asked.run.rules,   asked.run.today, {},
                     asked.run.settings};
  GroupWork work(task, asked.run.today);
  const std::string rows_key = work.rows_key(work.header());
  work.read_words();
  // As the owner does: one core stays for whoever asks.
  const std::size_t threads = std::max(2U, std::thread::hardware_concurrency()) - 1;
  RunControl control;
  return on_threads({static_cast<unsigned>(threads), asked.run.settings.threads.nice}, threads, control,
                    [&](std::size_t) { return do_groups(asked, work, rows_key); });
}

Status RunWorker::do_groups(const Asked& asked, const GroupWork& work, const std::string& rows_key) {
  const std::string self = "?number=" + std::to_string(asked.number) + "&worker=" + id_;
  int tries = 0;
  while (!stop_) {
    const json::object body{{"number", asked.number}, {"worker", id_}, {"rows", rows_key}};
    const Result<ClientAnswer> answer = link_.ask(post(kTakePath, json::serialize(body)));
    if (!answer && answer.error().code == ErrorCode::kUnavailable && ++tries < kTries) {
      rest(kAsks);
      continue;
    }
    if (!answer) return answer.error().code == ErrorCode::kConflict ? Status() : Status(tl::unexpected(answer.error()));
    tries = 0;
    const std::optional<json::object> told = object_in(*answer);
    const Result<SharedGroups::Next> next = told ? read_turn(*told) : strange_answer();
    if (!next) return tl::unexpected(next.error());
    if (next->turn == SharedGroups::Turn::kEnd) return {};
    if (next->turn == SharedGroups::Turn::kWait) {
      rest(kWaits);
      continue;
    }
    if (next->group >= work.pairs().groups())
      return fail(ErrorCode::kInvalid, "group", "this match run is over, or works on other rows");
    const Result<GroupPiece> piece = work.piece(next->group);
    if (!piece) return tl::unexpected(piece.error());
    const Result<ClientAnswer> given =
        link_.ask(post(kGivePath + self + "&group=" + std::to_string(next->group), pack(*piece), "application/octet-stream"));
    // The owner did not hear of it, and does the group itself before long; of anything else it has told us why.
    if (!given && given.error().code != ErrorCode::kUnavailable)
      return given.error().code == ErrorCode::kConflict ? Status() : Status(tl::unexpected(given.error()));
  }
  return {};
}

}  // namespace counterpart::server
