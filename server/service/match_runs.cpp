#include "server/service/match_runs.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <tuple>

#include "engine/base/barrier.h"
#include "index/base/time.h"
#include "index/run/group_work.h"
#include "index/run/run_memory.h"
#include "index/run/run_proposals.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kMostDigests = 1000;

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr std::chrono::seconds kGathering{5};
constexpr std::chrono::milliseconds kGlance{50};
constexpr std::size_t kMostOpened = 16;  // runs that stay mapped

tl::unexpected<Error> no_such_run(const std::string& id) {
  return fail(ErrorCode::kNotFound, "run", "`" + id.substr(0, 80) + "` is no published match run",
              "GET /v1/runs lists those that are kept");
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Status in_range(const char* name, std::size_t value, const Limit& limit) {
  if (value >= limit.least && value <= limit.most) return {};
  return fail(ErrorCode::kInvalid, name, "`" + std::to_string(value) + "` is out of range",
              "give a whole number from " + std::to_string(limit.least) + " to " + std::to_string(limit.most));
}

Status check(const RematchCall& call) {
  const RunSettings& settings = call.settings;
  for (const Status& one :
       {in_range("candidates", settings.candidates, kRunCandidates), in_range("listed", settings.listed, kRunListed),
        in_range("spare", settings.spare, kRunSpare), in_range("keep", call.keep, kRunsKept),
        in_range("workers", call.workers, kRunWorkers), in_range("threads", settings.threads.count, kRunThreads),
        in_range("nice", static_cast<std::size_t>(settings.threads.nice), kRunNice)})
    if (!one) return one;
  return {};
}

std::string hash_of(const std::map<std::string, std::string>& rules) {
  std::string all;
  for (const auto& [file, hash] : rules) all += file + " " + hash + "\n";
  return sha256(all);
}

std::string hash_of(const Engagements& engaged) {
  std::map<std::string, std::string> all;
  for (const auto& [profile, places] : engaged.taken) all[profile] = std::to_string(places);
  for (const auto& [a, b] : engaged.together) all[a + " " + b] = "together";
  return hash_of(all);
}

}  // namespace

MatchRuns::MatchRuns(Sources sources) : sources_(std::move(sources)) {}

MatchRuns::~MatchRuns() {
  if (control_) control_->stop();
  if (thread_.joinable()) thread_.join();
}

RunArchive MatchRuns::archive(const std::string& programme) const {
  return RunArchive(RunArchive::directory_of(sources_.data, programme));
}

Result<RunStatus> MatchRuns::start(const RematchCall& call) {
  if (!sources_.programmes.contains(call.programme)) {
    std::string known;
    for (const auto& [name, unused] : sources_.programmes) known += (known.empty() ? "" : ", ") + name;
    return fail(ErrorCode::kNotFound, "programme", "`" + call.programme.substr(0, 80) + "` is no programme",
                "there are " + known);
  }
  if (Status checked = check(call); !checked) return tl::unexpected(checked.error());
  if (call.workers > 0 && !sources_.serves)
    return fail(ErrorCode::kInvalid, "workers", "no copy of the data reaches this process",
                "start the server, and copies that follow it (--follow); then ask again");
  {
    const std::scoped_lock lock(mutex_);
    if (status_.working)
      return fail(ErrorCode::kConflict, "runs", "a match run of " + status_.programme + " is at work",
                  "wait for its end, or stop it: what it did is kept");
    if (thread_.joinable()) thread_.join();
    control_ = std::make_unique<RunControl>();
    started_ = Clock::now();
    status_ = {.number = status_.number + 1,
               .working = true,
               .programme = call.programme,
               .progress = {},
               .published = {},
               .error = {}};
    shared_ = call.workers > 0 ? std::make_shared<SharedGroups>(call.workers) : nullptr;
    RematchCall asked = call;
    const unsigned cores = std::thread::hardware_concurrency();
    if (sources_.serves && asked.settings.threads.count == 0) asked.settings.threads.count = std::max(cores, 2U) - 1;
    const Status begun = guarded("match run", [&]() -> Status {
      thread_ = std::thread([this, call = std::move(asked)] { work(call); });
      return {};
    });
    if (!begun) {
      status_.working = false;
      return tl::unexpected(begun.error());
    }
  }
  return status();
}

void MatchRuns::work(const RematchCall& call) {
  set_niceness(call.settings.threads.nice);  // what is not done in parallel gives way too
  std::string published;
  const Status done = guarded("match run", [&] { return do_run(call, *control_, shared_.get(), published); });
  if (shared_) {
    shared_->end();
    for (const auto& [worker, why] : shared_->figures().dropped)
      spdlog::error(
          "match run of {}: what copy {} gave was wrong ({}), and is not in the result; look at that machine's memory "
          "and program",
          call.programme, worker, why);
  }
  (void)guarded("match run", [&]() -> Status {
    const std::scoped_lock finished(mutex_);
    status_.working = false;
    status_.paused = false;
    status_.seconds = seconds_since(started_);
    status_.progress = control_->progress();
    status_.published = std::move(published);
    if (shared_) status_.shared = shared_->figures();
    if (done) return {};
    status_.error = done.error();
    if (!control_->stopping()) spdlog::warn("match run of {} failed: {}", call.programme, describe(done.error()));
    return {};
  });
}

RunStatus MatchRuns::status() const {
  const std::scoped_lock lock(mutex_);
  RunStatus status = status_;
  if (!status.working) return status;
  status.paused = control_->paused();
  status.progress = control_->progress();
  status.seconds = seconds_since(started_);
  return status;
}

std::shared_ptr<SharedGroups> MatchRuns::shared(std::uint64_t number) const {
  const std::scoped_lock lock(mutex_);
  return status_.working && status_.number == number ? shared_ : nullptr;
}

std::string MatchRuns::rules_key() const { return hash_of(sources_.rules); }

RunStatus MatchRuns::pause(bool paused) {
  {
    const std::scoped_lock lock(mutex_);
    if (status_.working) control_->pause(paused);
    if (status_.working && shared_) shared_->hold(paused);
  }
  return status();
}

RunStatus MatchRuns::stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (status_.working) control_->stop();
  }
  return status();
}

// The snapshot that so many copies hold too; after kGathering the newest, and whoever holds it helps. While profiles change all
// the time, nobody holds what the owner holds: it goes on alone, for the result may not depend on who was there.
std::shared_ptr<const Snapshot> MatchRuns::gather(const RematchCall& call, SharedGroups& shared, const RunControl& control,
                                                  std::int32_t today) const {
  const Clock::time_point until = Clock::now() + kGathering;
  while (true) {
    std::shared_ptr<const Snapshot> snapshot = sources_.snapshot();
    shared.announce({call.programme, rules_key(), snapshot->sequence(), space_name(*snapshot), today, call.settings});
    const std::size_t joined = shared.joined();
    if (joined < call.workers && Clock::now() < until && !control.stopping()) {
      std::this_thread::sleep_for(kGlance);
      continue;
    }
    if (joined < call.workers)
      spdlog::warn("match run of {}: {} of {} copies hold the same data and help", call.programme, joined, call.workers);
    return snapshot;
  }
}

Status MatchRuns::do_run(const RematchCall& call, RunControl& control, SharedGroups* shared, std::string& published) const {
  // A directory that is gone is not to be made anew.
  if (Status there = sources_.in_place ? sources_.in_place() : Status(); !there) return there;
  const std::int32_t today = today_utc();
  const std::shared_ptr<const Snapshot> snapshot = shared ? gather(call, *shared, control, today) : sources_.snapshot();
  const Programme& programme = sources_.programmes.at(call.programme);
  const fs::path directory = RunArchive::directory_of(sources_.data, call.programme);
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) return disk_error(directory, failed.value());
  RunManifest manifest{.programme = call.programme,
                       .sequence = snapshot->sequence(),
                       .started = iso_time(now_utc()),
                       .model = snapshot->model(),
                       .fine = snapshot->compares_fine() ? snapshot->fine_model() : "",
                       .space = snapshot->space() ? snapshot->space()->name() : "",
                       .rules = sources_.rules,
                       .settings = call.settings};
  auto phase = Clock::now();
  const auto spent = [&](const char* name) {
    manifest.seconds[name] = seconds_since(phase);
    phase = Clock::now();
  };
  Result<RunMatches> matches =
      match_everybody({*snapshot, sources_.taxonomy, programme, rules_key(), today, directory, call.settings, shared}, control);
  if (!matches) return tl::unexpected(matches.error());
  spent("matching");
  manifest.today = matches->header.today;
  manifest.lists_key = matches->header.lists_key;
  manifest.result_key = matches->header.result_key;
  manifest.profiles = matches->header.ids.size();
  manifest.changed = matches->changed;
  manifest.taken_over = matches->taken_over;
  manifest.resumed = matches->resumed;
  manifest.work = matches->work;

  control.enter(RunPhase::kAssigning, manifest.profiles);
  if (Status room = check_memory(call.settings.memory, assigning_memory(matches->entries.size())); !room) return room;
  const Engagements engaged = sources_.engagements ? sources_.engagements() : Engagements{};
  if (engaged != Engagements{}) manifest.result_key += "\ncases " + hash_of(engaged);
  Result<RunResult> result =
      propose(std::move(*matches), *snapshot, programme, sources_.taxonomy, engaged, manifest.assignment);
  if (!result) return tl::unexpected(result.error());
  spent("assigning");
  manifest.matches = result->matches.entries.size();
  manifest.proposed =
      static_cast<std::uint64_t>(std::ranges::count_if(result->flags, [](std::uint8_t f) { return f & kProposed; })) / 2;
  if (control.stopping()) return stopped();

  control.enter(RunPhase::kPublishing, manifest.profiles);
  for (const RunManifest& run : list({})) manifest.publication = std::max(manifest.publication, run.publication);
  ++manifest.publication;
  RunArchive runs = archive(call.programme);
  if (Status done = runs.publish(*result, manifest, call.keep); !done) return done;
  spdlog::info("match run {} published: {} profiles, {} matches, {} proposed, {}", manifest.id, manifest.profiles,
               manifest.matches, manifest.proposed, manifest.result_hash);
  published = manifest.id;
  return sources_.published ? sources_.published() : Status();
}

// Each programme's by number, and of several the later published first: a clock may be set back, a count is not.
std::vector<RunManifest> MatchRuns::list(const std::string& programme) const {
  std::vector<std::vector<RunManifest>> each;  // newest last
  for (const auto& [slug, unused] : sources_.programmes) {
    if (!programme.empty() && slug != programme) continue;
    each.push_back(archive(slug).list());
    std::ranges::reverse(each.back());
  }
  std::vector<RunManifest> runs;
  while (true) {
    std::erase_if(each, [](const std::vector<RunManifest>& left) { return left.empty(); });
    if (each.empty()) return runs;
    const auto newest = std::ranges::max_element(each, {}, [](const std::vector<RunManifest>& left) {
      const RunManifest& run = left.back();  // runs of an older program are not counted: by what they saw of the store
      return std::tuple(run.publication, run.sequence, std::string_view(run.finished));
    });
    runs.push_back(std::move(newest->back()));
    newest->pop_back();
  }
}

std::vector<PublishedFigures> MatchRuns::published() const {
  std::vector<PublishedFigures> newest;
  for (const RunManifest& run : list({})) {  // newest first
    if (std::ranges::find(newest, run.programme, &PublishedFigures::programme) != newest.end()) continue;
    newest.push_back({run.programme, run.sequence, seconds_of(run.finished)});
  }
  return newest;
}

Result<std::shared_ptr<const PublishedRun>> MatchRuns::open(const std::string& id) const {
  const std::string programme = RunArchive::programme_of(id);
  if (programme.empty() || !sources_.programmes.contains(programme)) return no_such_run(id);
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = opened_.find(id); found != opened_.end()) return found->second;
  }
  Result<std::shared_ptr<const PublishedRun>> run = archive(programme).open(id);
  if (!run && run.error().code == ErrorCode::kNotFound) return no_such_run(id);
  if (!run) return run;
  const std::scoped_lock lock(mutex_);
  if (opened_.size() >= kMostOpened) opened_.clear();
  opened_[id] = *run;
  return run;
}

Result<std::shared_ptr<const PublishedRun>> MatchRuns::newest(const std::string& programme) const {
  if (!sources_.programmes.contains(programme))
    return fail(ErrorCode::kNotFound, "programme", "`" + programme.substr(0, 80) + "` is no programme",
                "GET /v1/programmes lists them");
  const std::string id = archive(programme).newest_id();
  if (id.empty())
    return fail(ErrorCode::kNotFound, "run", "no match run of " + programme + " is published yet",
                "start one: counterpart rematch --programme " + programme);
  return open(id);
}

std::shared_ptr<const PublishedRun> MatchRuns::before(const PublishedRun& run) const {
  if (run.manifest().previous.empty()) return nullptr;
  const Result<std::shared_ptr<const PublishedRun>> found = open(run.manifest().previous);
  return found ? *found : nullptr;
}

std::function<std::optional<std::size_t>(std::string_view)> MatchRuns::places_with(const std::string& id,
                                                                                   const std::string& programme) const {
  if (id.empty()) return {};
  const Result<std::shared_ptr<const PublishedRun>> run = newest(programme);
  const std::optional<std::uint32_t> rank = run ? (*run)->find(id) : std::nullopt;
  if (!rank) return {};
  return [run = *run, rank = *rank](std::string_view other) { return run->place_in_list_of(other, rank); };
}

std::shared_ptr<const Digest> MatchRuns::digest(const PublishedRun& run, const std::string& office, std::size_t limit) const {
  const std::tuple key(run.manifest().id, office, limit);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = digests_.find(key); found != digests_.end()) return found->second;
  }
  const std::shared_ptr<const PublishedRun> earlier = before(run);
  auto made = std::make_shared<const Digest>(digest_of(run, earlier.get(), office, limit));
  const std::lock_guard lock(mutex_);
  if (digests_.size() >= kMostDigests) digests_.clear();  // those of older runs go too
  digests_.emplace(key, made);
  return made;
}

}  // namespace counterpart::server
