// The match runs of a data directory: started in the background, one at a time, and read once they are published.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/engagements.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/run/run_archive.h"
#include "index/run/run_changes.h"
#include "index/run/shared_groups.h"
#include "server/layer.h"
#include "server/service/limits.h"

namespace counterpart::server {

struct RematchCall {
  std::string programme = "open";
  RunSettings settings;
  std::size_t keep = kRunsKept.standard.value();  // published runs
  std::size_t workers = 0;                        // so many copies of the data are waited for and may help
};

// What goes on. `number` tells one run from the next since the opening.
struct RunStatus {
  std::uint64_t number = 0;  // 0: none was started
  bool working = false, paused = false;
  std::string programme = {};
  RunControl::Progress progress = {};
  double seconds = 0;               // since its start; of a finished one, all of it
  std::string published = {};       // the id of what the finished run published, or of the equal run that was there already
  std::optional<Error> error = {};  // why it ended without
  std::optional<SharedFigures> shared = {};  // of the copies that were asked to help
};

// The newest published run of a programme.
struct PublishedFigures {
  std::string programme;
  std::uint64_t sequence = 0;  // of the store, when it began
  std::uint64_t finished = 0;  // seconds since 1970-01-01
};

// Safe from any thread.
class MatchRuns {
 public:
  struct Sources {
    std::filesystem::path data;
    const Taxonomy& taxonomy;
    const std::map<std::string, Programme, std::less<>>& programmes;
    std::map<std::string, std::string> rules;                   // file -> hash
    std::function<std::shared_ptr<const Snapshot>()> snapshot;  // for a run: in a space that is not outdated
    std::function<Status()> published;              // called after each publication, on the run's thread; may be empty
    std::function<Status()> in_place = {};          // is `data` still there?
    std::function<Engagements()> engagements = {};  // what open cases take of everybody's time; empty: nothing
    // In a server copies can help, and, where a run does not say how many threads, one core stays for whoever asks, whose
    // answers come as fast as without a run. With a thread on every core one in a hundred waited for a tick of the scheduler
    // (tests/bench/run).
    bool serves = false;
  };
  explicit MatchRuns(Sources sources);
  ~MatchRuns();  // stops a run that works; what it did is kept

  // kConflict: another run works. kNotFound: no such programme. kInvalid: a setting out of range.
  Result<RunStatus> start(const RematchCall& call);
  RunStatus status() const;
  // The groups of the run that works, where copies are asked to help; null: of that number there is none.
  std::shared_ptr<SharedGroups> shared(std::uint64_t number) const;
  std::string rules_key() const;  // of what a run's rules are made of
  // Of a run that works; without one, nothing happens.
  RunStatus pause(bool paused);
  RunStatus stop();

  // Newest first; `programme` empty: of all.
  std::vector<RunManifest> list(const std::string& programme) const;
  // One a programme that has any.
  std::vector<PublishedFigures> published() const;
  // The place of the profile `id` in the lists of others, as MatchRequest::place_with; `id` is empty where nobody stored asks.
  // By the last published run: to ask every listed one for its list now would cost ten times the answer.
  std::function<std::optional<std::size_t>(std::string_view)> places_with(const std::string& id,
                                                                          const std::string& programme) const;
  // kNotFound: not published, or no longer kept.
  Result<std::shared_ptr<const PublishedRun>> open(const std::string& id) const;
  Result<std::shared_ptr<const PublishedRun>> newest(const std::string& programme) const;
  // The one before `run`, if it is still kept.
  std::shared_ptr<const PublishedRun> before(const PublishedRun& run) const;
  // digest_of() of `run` and the one before, kept: desks ask for the same again and again.
  std::shared_ptr<const Digest> digest(const PublishedRun& run, const std::string& office, std::size_t limit) const;

 private:
  void work(const RematchCall& call);  // on the run's thread; throws nothing
  Status do_run(const RematchCall& call, RunControl& control, SharedGroups* shared, std::string& published) const;
  std::shared_ptr<const Snapshot> gather(const RematchCall& call, SharedGroups& shared, const RunControl& control,
                                         std::int32_t today) const;
  RunArchive archive(const std::string& programme) const;

  Sources sources_;
  mutable std::mutex mutex_;
  RunStatus status_;
  std::chrono::steady_clock::time_point started_{};
  std::unique_ptr<RunControl> control_;   // of the last run
  std::shared_ptr<SharedGroups> shared_;  // of that, where copies are asked to help
  std::thread thread_;
  mutable std::map<std::string, std::shared_ptr<const PublishedRun>> opened_;  // by id
  // By run, office and limit.
  mutable std::map<std::tuple<std::string, std::string, std::size_t>, std::shared_ptr<const Digest>> digests_;
};

}  // namespace counterpart::server
