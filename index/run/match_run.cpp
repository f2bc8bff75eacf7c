#include "index/run/match_run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <limits>
#include <map>
#include <thread>

#include "engine/base/barrier.h"
#include "engine/base/thread_safety.h"
#include "index/base/files.h"
#include "index/run/group_work.h"
#include "index/run/hub_correction.h"
#include "index/run/run_base.h"
#include "index/run/run_memory.h"
#include "index/run/shared_groups.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kGlance{10};  // whether others have finished
constexpr std::size_t kMostChanged = 8;           // more than one row in so many: cheaper to do everything anew

// What the log of a cut-off run already has.
struct Done {
  std::unique_ptr<RunLog> log;
  RunHeader header;
  struct Piece {
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  std::map<std::uint32_t, Piece> changed, groups;  // by number
};

Result<Done> open_work(const fs::path& file) {
  Done done;
  Result<std::unique_ptr<RunLog>> log = RunLog::open(file, [&](const RunLog::Piece& piece) -> Status {
    if (piece.kind == RunPiece::kHeader) {
      Result<RunHeader> header = unpack_header(piece.bytes);
      if (!header) return tl::unexpected(header.error());
      done.header = std::move(*header);
    } else if (piece.kind != RunPiece::kGiven) {  // what others gave was not looked at to the end
      auto& pieces = piece.kind == RunPiece::kChanged ? done.changed : done.groups;
      pieces[piece.number] = {piece.offset, piece.bytes.size()};
    }
    return {};
  });
  if (!log) return tl::unexpected(log.error());
  done.log = std::move(*log);
  return done;
}

bool same_rows(const RunHeader& a, const RunHeader& b) { return a.ids == b.ids && a.fingerprints == b.fingerprints; }

class MatchRun {
 public:
  MatchRun(const RunTask& task, RunControl& control, std::int32_t today)
      : task_(task), control_(control), work_of_(task, today), admission_(work_of_.admission()), header_(work_of_.header()) {}
  const RunHeader& header() const { return header_; }

  Status start(Done cut_off) {
    const std::uint64_t rows = admission_.size();
    const std::uint64_t needed = matching_memory(task_.settings, rows) + assigning_memory(rows * task_.settings.listed);
    if (Status room = check_memory(task_.settings.memory, needed); !room) return room;
    const fs::path work = task_.directory / "work", base = task_.directory / "base";
    if (cut_off.log && cut_off.header.lists_key == header_.lists_key && cut_off.header.result_key == header_.result_key &&
        cut_off.header.today == header_.today && same_rows(cut_off.header, header_)) {
      done_ = std::move(cut_off);
      resumed_ = true;
      return use_base(base, true);
    }
    // What was done of another night's work is a start as good as a finished night's.
    const bool partly = cut_off.log && !cut_off.groups.empty();
    cut_off.log.reset();
    if (Status used = use_base(base, true); !used) return used;
    if (partly) {
      const std::size_t before = base_ ? base_->usable() : 0;
      std::unique_ptr<RunBase> finished = std::move(base_);
      if (Status used = use_base(work, false); !used) return used;
      if (base_ && base_->usable() > before) {
        std::error_code failed;
        fs::rename(work, base, failed);
        if (failed) return disk_error(base, failed.value());
      } else {
        base_ = std::move(finished);
      }
    }
    Result<std::unique_ptr<RunLog>> log = RunLog::create(work, header_);
    if (!log) return tl::unexpected(log.error());
    done_.log = std::move(*log);
    return {};
  }

  Result<RunMatches> run() {
    if (Status done = do_changed(); !done) return tl::unexpected(done.error());
    work_of_.read_words();
    if (Status done = do_groups(); !done) return tl::unexpected(done.error());
    work_of_.forget_words();
    if (Status synced = done_.log->sync(); !synced) return tl::unexpected(synced.error());
    return collect();
  }

 private:
  // A base that is of other rules, damaged or too different is none.
  Status use_base(const fs::path& file, bool finished) {
    base_.reset();
    if (task_.settings.full) return {};
    Result<std::unique_ptr<RunBase>> base = RunBase::open(file, finished);
    if (!base) return base.error().code == ErrorCode::kStorage ? Status(tl::unexpected(base.error())) : Status();
    if ((*base)->header().lists_key != header_.lists_key) return {};
    (*base)->connect(header_);
    std::vector<std::uint32_t> changed;
    for (std::uint32_t position = 0; position < admission_.size(); ++position)
      if (!(*base)->unchanged(admission_.rank(position))) changed.push_back(position);
    if (changed.size() * kMostChanged > admission_.size()) return {};
    changed_ = std::move(changed);
    base_ = std::move(*base);
    return {};
  }

  // Changed rows with everybody: their own lists, and whose lists they come into.
  Status do_changed() {
    if (!base_) return {};
    if (task_.shared) task_.shared->end();  // nobody has to wait
    control_.enter(RunPhase::kChanged, changed_.size());
    std::vector<float> bars(admission_.size());
    for (std::uint32_t position = 0; position < bars.size(); ++position) bars[position] = base_->bar(admission_.rank(position));
    const std::size_t chunks = (changed_.size() + kGroupRows - 1) / kGroupRows;
    Mutex mutex;
    const Status done = on_threads(task_.settings.threads, chunks, control_, [&](std::size_t chunk) -> Status {
      const auto rows = std::span<const std::uint32_t>(changed_).subspan(
          chunk * kGroupRows, std::min<std::size_t>(kGroupRows, changed_.size() - chunk * kGroupRows));
      const auto number = static_cast<std::uint32_t>(chunk);
      if (Status room = check_memory(task_.settings.memory, 0); !room) return room;
      ChangedPiece piece;
      if (const auto kept = done_.changed.find(number); kept != done_.changed.end()) {
        const Result<std::string> bytes = done_.log->read(kept->second.offset, kept->second.size);
        if (!bytes) return tl::unexpected(bytes.error());
        Result<ChangedPiece> read = unpack_changed(*bytes);
        if (!read) return tl::unexpected(read.error());
        piece = std::move(*read);
      } else {
        piece = changed_piece(rows, bars);
        const auto kept_now = done_.log->append(RunPiece::kChanged, number, pack(piece));
        if (!kept_now) return tl::unexpected(kept_now.error());
      }
      control_.done(rows.size());
      const MutexLock lock(mutex);
      work_ += piece.work;
      for (CandidateList& list : piece.lists) own_lists_[list.rank] = std::move(list);
      hits_.insert(hits_.end(), piece.hits.begin(), piece.hits.end());
      return {};
    });
    std::ranges::sort(hits_, [](const RankedHit& a, const RankedHit& b) {
      return a.rank != b.rank ? a.rank < b.rank : a.candidate < b.candidate;
    });
    return done;
  }

  ChangedPiece changed_piece(std::span<const std::uint32_t> rows, const std::vector<float>& bars) const {
    ChangedPiece piece;
    Reverse reverse{bars};
    const auto lists = work_of_.pairs().lists_of(rows, &piece.work, &reverse);
    for (std::size_t i = 0; i < rows.size(); ++i) piece.lists.push_back(work_of_.ranked(rows[i], lists[i]));
    for (const ReverseHit& hit : reverse.hits)
      piece.hits.push_back({admission_.rank(hit.position), admission_.rank(hit.candidate), hit.key});
    return piece;
  }

  Status do_groups() {
    control_.enter(RunPhase::kMatching, admission_.size());
    for (const auto& [number, unused] : done_.groups) control_.done(rows_of(number));
    std::vector<std::uint32_t> left;
    for (std::uint32_t number = 0; number < work_of_.pairs().groups(); ++number)
      if (!done_.groups.contains(number)) left.push_back(number);
    // What an earlier night found is here alone, and a copy would have to find it anew.
    if (task_.shared && !base_) return do_groups_with_others(*task_.shared, std::move(left));
    return on_threads(task_.settings.threads, left.size(), control_, [&](std::size_t i) -> Status {
      const Result<GroupPiece> piece = group_piece(left[i]);
      return piece ? put_by(left[i], pack(*piece)) : Status(tl::unexpected(piece.error()));
    });
  }

  Status do_groups_with_others(SharedGroups& shared, std::vector<std::uint32_t> left) {
    const std::size_t threads = left.size();  // or fewer: one a core
    shared.begin(work_of_.rows_key(header_), std::move(left), [this](std::uint32_t number, std::string_view bytes) -> Status {
      if (bytes.size() > work_of_.most_bytes(number))
        return fail(ErrorCode::kInvalid, "group " + std::to_string(number), "more than that group");
      const Result<GroupPiece> piece = unpack_group(bytes);
      if (!piece) return fail(ErrorCode::kInvalid, "group " + std::to_string(number), piece.error().message);
      if (Status fits = work_of_.check_shape(number, *piece); !fits) return fits;
      if (pack(*piece) != bytes) return fail(ErrorCode::kInvalid, "group " + std::to_string(number), "more than that group");
      return put_by(number, bytes, RunPiece::kGiven);
    });
    const Status done = on_threads(task_.settings.threads, threads, control_, [&](std::size_t) -> Status {
      while (true) {
        if (!control_.go_on()) return stopped();
        if (Status well = shared.trouble(); !well) return well;
        const SharedGroups::Next next = shared.take_own(Clock::now());
        if (next.turn == SharedGroups::Turn::kEnd) return {};
        if (next.turn == SharedGroups::Turn::kWait) {
          std::this_thread::sleep_for(kGlance);
          continue;
        }
        const Status one =
            guarded("match run", [&] { return next.compare ? compare(shared, next) : do_own(shared, next.group); });
        if (one) continue;
        shared.fail(one);  // whoever waits for this group waits no more
        return one;
      }
    });
    shared.end();
    return done;
  }

  Status do_own(SharedGroups& shared, std::uint32_t number) {
    const Result<GroupPiece> piece = group_piece(number);
    if (!piece) return tl::unexpected(piece.error());
    const Status put = put_by(number, pack(*piece));
    if (put) shared.kept_own(number, Clock::now());
    return put;
  }

  // What another made of a group with what is made of it here, which counts.
  Status compare(SharedGroups& shared, const SharedGroups::Next& next) {
    const std::uint32_t number = next.group;
    const Result<std::string> theirs = read_group(number);
    if (!theirs) return tl::unexpected(theirs.error());
    const Result<GroupPiece> own = group_piece(number);
    if (!own) return tl::unexpected(own.error());
    const std::string bytes = pack(*own);
    if (bytes != *theirs)
      if (Status put = put_by(number, bytes); !put) return put;
    shared.judge(next, bytes == *theirs);
    return {};
  }

  std::uint32_t rows_of(std::uint32_t number) const {
    const PositionRange range = work_of_.pairs().group(number);
    return range.end - range.first;
  }

  // The later one of a group counts.
  Status put_by(std::uint32_t number, std::string_view bytes, RunPiece as = RunPiece::kGroup) {
    const Result<std::uint64_t> offset = done_.log->append(as, number, bytes);
    if (!offset) return tl::unexpected(offset.error());
    const MutexLock lock(groups_mutex_);
    if (done_.groups.insert_or_assign(number, Done::Piece{*offset, bytes.size()}).second) control_.done(rows_of(number));
    return {};
  }
  Result<std::string> read_group(std::uint32_t number) {
    Done::Piece place;
    {
      const MutexLock lock(groups_mutex_);
      place = done_.groups.at(number);
    }
    return done_.log->read(place.offset, place.size);
  }

  // From an earlier night where that can be, else by products.
  Result<GroupPiece> group_piece(std::uint32_t number) {
    if (Status room = check_memory(task_.settings.memory, 0); !room) return tl::unexpected(room.error());
    return work_of_.piece(number, [this](CandidateList& list) -> Result<bool> {
      Result<bool> taken = take_over(list);
      if (taken && *taken) ++taken_over_;
      return taken;
    });
  }

  // False: there is nothing to take over.
  Result<bool> take_over(CandidateList& list) const {
    if (!base_) return false;
    if (const auto own = own_lists_.find(list.rank); own != own_lists_.end()) {
      list = own->second;
      return true;
    }
    const auto first = std::ranges::lower_bound(hits_, list.rank, {}, &RankedHit::rank);
    const auto end = std::ranges::upper_bound(hits_, list.rank, {}, &RankedHit::rank);
    Result<std::optional<CandidateList>> taken =
        base_->list(list.rank, {first, end}, task_.settings.candidates, task_.settings.candidates + task_.settings.spare);
    if (!taken) return tl::unexpected(taken.error());
    if (taken->has_value()) list = std::move(**taken);
    return taken->has_value();
  }

  Result<RunMatches> collect() {
    RunMatches matches;
    const std::size_t size = header_.ids.size();
    std::vector<std::uint64_t> counts(size, 0);
    matches.ends.assign(size + 1, 0);
    std::vector<RunEntry> entries(size * task_.settings.listed);
    std::vector<RunBand> bands(entries.size());
    std::vector<double> nearness(size, std::numeric_limits<double>::quiet_NaN());
    for (const auto& [number, place] : done_.groups) {
      const Result<std::string> bytes = done_.log->read(place.offset, place.size);
      if (!bytes) return tl::unexpected(bytes.error());
      const Result<GroupPiece> piece = unpack_group(*bytes);
      if (!piece) return tl::unexpected(piece.error());
      work_ += piece->work;
      for (std::size_t i = 0; i < piece->lists.size(); ++i) {
        const std::uint32_t rank = piece->lists[i].rank;
        const auto first = static_cast<std::ptrdiff_t>(rank * task_.settings.listed);
        std::ranges::copy(piece->matches[i], entries.begin() + first);
        std::ranges::copy(piece->bands[i], bands.begin() + first);
        counts[rank] = piece->matches[i].size();
        nearness[rank] = hub_nearness(piece->lists[i]);
      }
    }
    std::uint64_t end = 0;  // the gaps are closed in place
    for (std::size_t rank = 0; rank < size; ++rank) {
      const auto from = static_cast<std::ptrdiff_t>(rank * task_.settings.listed), to = static_cast<std::ptrdiff_t>(end);
      std::copy_n(entries.begin() + from, counts[rank], entries.begin() + to);
      std::copy_n(bands.begin() + from, counts[rank], bands.begin() + to);
      end += counts[rank];
      matches.ends[rank + 1] = end;
      matches.rows.push_back(admission_.row(admission_.position(static_cast<std::uint32_t>(rank))));
    }
    entries.resize(end);
    bands.resize(end);
    matches.entries = std::move(entries);
    matches.bands = std::move(bands);
    if (task_.programme.corrects_hubs) correct_hubs(nearness, task_.snapshot, matches);
    matches.header = std::move(header_);
    matches.work = work_;
    matches.changed = base_ ? changed_.size() : size;
    matches.taken_over = taken_over_ - (base_ ? own_lists_.size() : 0);
    matches.resumed = resumed_;
    return matches;
  }

  const RunTask& task_;
  RunControl& control_;
  GroupWork work_of_;
  const Admission& admission_;
  RunHeader header_;
  Done done_;
  bool resumed_ = false;
  std::unique_ptr<RunBase> base_;
  std::vector<std::uint32_t> changed_ = {};                // positions that the base does not have
  std::map<std::uint32_t, CandidateList> own_lists_ = {};  // of those, by rank
  std::vector<RankedHit> hits_ = {};                       // ascending by rank
  Mutex groups_mutex_;                                     // done_.groups, while several threads work
  std::atomic<std::uint64_t> taken_over_{0};
  PairWork work_;
};

}  // namespace

Result<RunMatches> match_everybody(const RunTask& task, RunControl& control) {
  control.enter(RunPhase::kReading, task.snapshot.size());
  Result<Done> cut_off = open_work(task.directory / "work");
  if (!cut_off && cut_off.error().code == ErrorCode::kStorage) return tl::unexpected(cut_off.error());
  Done done = cut_off ? std::move(*cut_off) : Done{};
  // A run that midnight has overtaken is finished as of the day on which it began.
  const bool overtaken = done.log && !task.settings.full && done.header.today == task.today - 1;
  std::unique_ptr<MatchRun> run = std::make_unique<MatchRun>(task, control, overtaken ? done.header.today : task.today);
  if (overtaken && (run->header().result_key != done.header.result_key || !same_rows(run->header(), done.header)))
    run = std::make_unique<MatchRun>(task, control, task.today);
  if (const Status started = run->start(std::move(done)); !started) return tl::unexpected(started.error());
  return run->run();
}

Status keep_as_base(const fs::path& directory) {
  std::error_code failed;
  fs::rename(directory / "work", directory / "base", failed);
  if (failed) return disk_error(directory / "base", failed.value());
  return sync_directory(directory);
}

}  // namespace counterpart::index
