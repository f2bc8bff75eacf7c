#include "index/erasure/erasures.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <set>

#include "index/backup/backup.h"
#include "index/backup/backup_files.h"
#include "index/base/codec.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/caseload/case_records.h"
#include "index/draft/own_draft.h"
#include "index/erasure/erasure_keys.h"
#include "index/store/aliases.h"
#include "index/store/store_files.h"
#include "index/store/vault.h"
#include "index/store/versions.h"

namespace counterpart::index {
namespace {

using JobStage = ErasureJob::Stage;

// Meta: each job by its number, and of each erased id the last one that erased it.
constexpr std::string_view kJobPrefix = "erasure:", kOfPrefix = kErasureOf;
constexpr int kTries = 20;  // of reading what somebody else changes meanwhile
constexpr std::chrono::seconds kFirstPause{1}, kLongestPause{60};

std::string job_key(std::uint64_t number) { return std::string(kJobPrefix) + big_endian(number); }
std::string of_key(std::string_view id) { return std::string(kOfPrefix).append(id); }
// No id of a profile has a blank.
std::string traces_key(std::uint64_t number) { return "erasure " + std::to_string(number); }

tl::unexpected<Error> absent(const std::string& id) { return fail(ErrorCode::kNotFound, id, "there is no such profile"); }

// A record of the job, and what finds it again.
void add_job(const ErasureJob& job, std::vector<Database::Edit>& edits) {
  edits.push_back({Family::kMeta, job_key(job.number), encode_job(job)});
  for (const ErasedProfile& one : job.profiles) edits.push_back({Family::kMeta, of_key(one.id), big_endian(job.number)});
}

// Letters about its cases that have left.
Result<std::vector<std::uint64_t>> sent_letters(const Database& database, const std::string& profile) {
  std::vector<std::uint64_t> sent;
  Result<std::vector<std::string>> cases = cases_of(database, profile);
  if (!cases) return tl::unexpected(cases.error());
  cases->push_back(profile);  // as which letters about its draft are found
  for (const std::string& id : *cases) {
    const Result<std::vector<std::uint64_t>> numbers = letters_of(database, id);
    if (!numbers) return tl::unexpected(numbers.error());
    for (const std::uint64_t number : *numbers) {
      const Result<StoredLetter> letter = read_letter(database, number);
      if (!letter && letter.error().code != ErrorCode::kNotFound) return tl::unexpected(letter.error());
      if (letter && letter->state == LetterState::kSent) sent.push_back(number);
    }
  }
  return sent;
}

// What became of them: in the spool yet, or not.
ErasurePlace place_of(const ErasureJob& job, const std::set<std::uint64_t>& unspooled) {
  std::set<std::uint64_t> sent;
  for (const ErasedProfile& one : job.profiles) sent.insert(one.letters.begin(), one.letters.end());
  const auto here = std::ranges::count_if(sent, [&](std::uint64_t number) { return unspooled.contains(number); });
  const auto left = static_cast<std::ptrdiff_t>(sent.size()) - here;
  return {"letters in the outbox", left == 0 ? "removed" : "not reached",
          "of " + std::to_string(sent.size()) + " that were sent " + std::to_string(here) + " lay there and were deleted, " +
              std::to_string(left) + " had been taken by a mail program or a mail server"};
}

// What is read of one that is there.
struct Target {
  ErasedProfile profile;
  Traces traces;
  std::optional<std::uint64_t> version;  // nothing: it was erased before
};

Result<Target> find(const Store& store, const std::string& id) {
  const Result<std::uint64_t> life = store.life(id);
  if (!life) return tl::unexpected(life.error());
  const Result<StoredProfile> stored = store.get(id, true);
  if (!stored && stored.error().code != ErrorCode::kNotFound) return tl::unexpected(stored.error());
  const Result<std::optional<Proposal>> proposal = read_proposal(store, id, false);
  if (!proposal) return tl::unexpected(proposal.error());
  const Result<std::optional<Alias>> alias = read_alias(store.database(), id);
  if (!alias) return tl::unexpected(alias.error());
  const Result<std::optional<KeptDraft>> draft = read_draft_head(store.database(), id);
  if (!draft) return tl::unexpected(draft.error());
  if (stored || *proposal || *alias || *draft) {
    Result<Traces> traces = traces_of(store, id, stored ? &*stored : nullptr);
    if (!traces) return tl::unexpected(traces.error());
    Result<std::vector<std::uint64_t>> letters = sent_letters(store.database(), id);
    if (!letters) return tl::unexpected(letters.error());
    std::string office;
    if (stored)
      office = stored->profile.office;
    else if (*proposal)
      office = (*proposal)->profile.office;
    return Target{{id, office, *life, std::move(*letters)}, std::move(*traces), stored ? stored->version : 0};
  }
  if (*life == 0) return absent(id);
  return Target{{id, {}, *life - 1}, {id, {}}, {}};
}

}  // namespace

Result<std::unique_ptr<Erasures>> Erasures::open(Store& store, Index index) {
  std::unique_ptr<Erasures> erasures(new Erasures(store, std::move(index)));
  if (Status loaded = erasures->load(); !loaded) return tl::unexpected(loaded.error());
  return erasures;
}

Erasures::~Erasures() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Status Erasures::load() {
  const MutexLock lock(recording_);
  Database::Cursor records(store_.database(), Family::kMeta);
  for (records.seek(kJobPrefix); records.valid() && records.key().starts_with(kJobPrefix); records.next()) {
    if (!parse_big_endian(records.key().substr(kJobPrefix.size()), last_))
      return fail(ErrorCode::kCorrupt, "erasure", "the number of an erasure does not decode", "restore the last backup");
    const Result<ErasureJob> job = decode_job(last_, records.value());
    if (!job) return tl::unexpected(job.error());
    if (job->stage != JobStage::kDone) count(1);
  }
  return records.status();
}

Result<ErasureJob> Erasures::job(std::uint64_t number) const {
  const auto bytes = store_.database().get(Family::kMeta, job_key(number));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return fail(ErrorCode::kCorrupt, "erasure", "the record of an erasure is missing", "restore the last backup");
  return decode_job(number, **bytes);
}

Result<std::optional<ErasureJob>> Erasures::job_of(const std::string& id) const {
  const auto bytes = store_.database().get(Family::kMeta, of_key(id));
  if (!bytes) return tl::unexpected(bytes.error());
  std::uint64_t number = 0;
  if (!*bytes || !parse_big_endian(**bytes, number)) return std::optional<ErasureJob>();
  return job(number).map([](ErasureJob found) { return std::optional(std::move(found)); });
}

Result<std::vector<ErasureJob>> Erasures::unfinished() const {
  std::vector<ErasureJob> jobs;
  Database::Cursor records(store_.database(), Family::kMeta);
  for (records.seek(kJobPrefix); records.valid() && records.key().starts_with(kJobPrefix); records.next()) {
    std::uint64_t number = 0;
    (void)parse_big_endian(records.key().substr(kJobPrefix.size()), number);
    Result<ErasureJob> job = decode_job(number, records.value());
    if (!job) return tl::unexpected(job.error());
    if (job->stage != JobStage::kDone) jobs.push_back(std::move(*job));
  }
  if (Status walked = records.status(); !walked) return tl::unexpected(walked.error());
  return jobs;
}

// The jobs that answer for `asked`: those of before, and one for what is erased now.
Result<std::vector<std::uint64_t>> Erasures::record(const std::vector<Asked>& asked, const MayRepeat& may_repeat,
                                                    const std::string& who) {
  std::set<std::uint64_t> numbers;
  ErasureJob fresh{last_ + 1, JobStage::kPending, who, {}, {}};
  std::vector<Traces> traces;
  std::vector<Write> writes;
  std::set<std::string> gone;  // by the writes so far
  for (const Asked& one : asked) {
    if (gone.contains(one.id)) continue;
    const Result<std::vector<std::string>> ids = family_of(store_.database(), one.id);
    if (!ids) return tl::unexpected(ids.error());
    Result<Target> found = find(store_, ids->front());
    if (!found) return tl::unexpected(found.error());
    if (!found->version) {
      const auto before = job_of(one.id);
      if (!before) return tl::unexpected(before.error());
      // The job's own life is the one that ended last, or the profile was merely erased since.
      const auto is_it = [&](const ErasedProfile& p) { return p.id == one.id && p.life == found->profile.life; };
      if (*before)
        if (const auto at = std::ranges::find_if((*before)->profiles, is_it); at != (*before)->profiles.end()) {
          if (!may_repeat(*at, (*before)->who)) return absent(one.id);
          numbers.insert((*before)->number);
          continue;
        }
      if (!one.write || one.write->consent) return absent(one.id);
    } else {
      if (!one.write) return absent(one.id);
      writes.push_back(*one.write);
      writes.back().profile.id = ids->front();
      writes.back().expect_version = found->version;  // the traces are of this one
    }
    fresh.profiles.push_back(std::move(found->profile));
    traces.push_back(std::move(found->traces));
    gone.insert(ids->begin(), ids->end());
    for (auto alias = ids->begin() + 1; alias != ids->end(); ++alias) {
      Result<Target> other = find(store_, *alias);
      if (!other) return tl::unexpected(other.error());
      fresh.profiles.push_back(std::move(other->profile));
      traces.push_back(std::move(other->traces));
    }
  }
  if (!fresh.profiles.empty()) {
    count(1);  // before it is there, so that there are never fewer than are counted
    const auto erased = store_.write_together(writes, [&](std::vector<Database::Edit>& edits, std::vector<AuditEntry>&) {
      add_job(fresh, edits);
      return store_.vault().seal(edits, traces_key(fresh.number), encode_traces(traces), true);
    });
    if (!erased) {
      count(-1);
      return tl::unexpected(erased.error());
    }
    kill_point("erasure: recorded, nothing rewritten");
    numbers.insert(last_ = fresh.number);
  }
  return std::vector<std::uint64_t>(numbers.begin(), numbers.end());
}

Result<ErasureReceipt> Erasures::erase(const std::vector<Asked>& asked, const MayRepeat& may_repeat, const std::string& who) {
  Result<std::vector<std::uint64_t>> numbers = fail(ErrorCode::kConflict, {}, "changed again and again", "repeat this call");
  std::vector<std::string> ids;
  {
    const MutexLock lock(recording_);
    for (const Asked& one : asked) {
      if (std::ranges::find(ids, one.id) == ids.end()) ids.push_back(one.id);
      const Result<std::vector<std::string>> known = family_of(store_.database(), one.id);
      if (!known) return tl::unexpected(known.error());
      for (const std::string& id : *known)
        if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
    }
    for (int i = 0; i < kTries && !numbers && numbers.error().code == ErrorCode::kConflict; ++i)
      numbers = record(asked, may_repeat, who);
  }
  if (!numbers) return tl::unexpected(numbers.error());
  const bool done = std::ranges::all_of(*numbers, [this](std::uint64_t number) {
    const Result<ErasureJob> known = job(number);
    return known && known->stage == JobStage::kDone;
  });
  const Status went = done ? Status() : finish();
  if (!went) changed_.notify_all();
  return receipt_of(*numbers, std::move(ids), went);
}

ErasureReceipt Erasures::receipt_of(const std::vector<std::uint64_t>& numbers, std::vector<std::string> profiles,
                                    const Status& went) const {
  ErasureReceipt sum;
  sum.profiles = std::move(profiles);
  sum.at = iso_time(now_utc());
  sum.sequence = store_.sequence();
  bool first = true;
  for (const std::uint64_t number : numbers) {
    const Result<ErasureJob> known = job(number);
    const bool done = known && known->stage == JobStage::kDone;
    if (!done && !sum.pending)
      sum.pending = !known  ? known.error()
                    : !went ? went.error()
                            : Error{ErrorCode::kUnavailable, {}, "it is under way", "repeat this call"};
    if (!known || !known->receipt) continue;
    const ErasureReceipt& one = *known->receipt;
    sum.at = first ? one.at : std::max(sum.at, one.at);
    sum.sequence = first ? one.sequence : std::max(sum.sequence, one.sequence);
    sum.files += one.files;
    sum.bytes += one.bytes;
    for (const ErasurePlace& place : one.places) {
      const auto same = std::ranges::find(sum.places, place.place, &ErasurePlace::place);
      if (same == sum.places.end())
        sum.places.push_back(place);
      else if (place.verdict == "kept")
        *same = place;
    }
    first = false;
  }
  sum.complete = !sum.pending;
  return sum;
}

Status Erasures::finish() {
  const MutexLock lock(finishing_);
  Result<std::vector<ErasureJob>> jobs = unfinished();
  if (!jobs) return tl::unexpected(jobs.error());
  if (jobs->empty()) return {};
  if (Status cleaned = clean(*jobs); !cleaned) return cleaned;
  if (Status closed = close(*jobs); !closed) return closed;
  count(-static_cast<std::int64_t>(jobs->size()));
  return {};
}

void Erasures::count(std::int64_t more) {
  const MutexLock lock(mutex_);
  pending_ += more;
}

// A backup's stage holds files of the store by a second name. The lock keeps one from beginning meanwhile.
Status Erasures::clean(std::vector<ErasureJob>& jobs) {
  const std::filesystem::path stage = store_.directory() / kBackupStage;
  const auto lock = FolderLock::take(stage);
  if (!lock && lock.error().code == ErrorCode::kConflict)
    return fail(ErrorCode::kUnavailable, "backup", "a backup is at work, and its copies hold what is to go",
                "it goes on when the backup is done; or repeat this call then");
  if (!lock) return tl::unexpected(lock.error());
  Status done = empty_folder(stage);  // of a backup that was cut off
  std::set<std::uint64_t> unspooled;
  if (done && index_.clear_spool) {
    Result<std::set<std::uint64_t>> cleared = index_.clear_spool();
    if (!cleared) return tl::unexpected(std::move(cleared.error()));
    unspooled = std::move(*cleared);
  }
  if (done) done = index_.save();
  if (done) done = store_.purge();
  if (done) {
    kill_point("erasure: rewritten, not searched");
    done = search(jobs, unspooled);
  }
  (void)remove_folder(stage);
  return done;
}

Status Erasures::search(std::vector<ErasureJob>& jobs, const std::set<std::uint64_t>& unspooled) {
  std::vector<Database::Edit> edits;
  for (ErasureJob& job : jobs) {
    if (job.stage != JobStage::kPending) continue;
    const std::string key = traces_key(job.number);
    const auto sealed = store_.database().get(Family::kContacts, key);
    if (!sealed) return tl::unexpected(sealed.error());
    const auto plain = store_.vault().unseal(key, sealed->value_or(""));
    if (!plain) return tl::unexpected(plain.error());
    auto traces = decode_traces(*plain);
    if (!traces) return tl::unexpected(traces.error());
    Result<ErasureReceipt> receipt = search_for_traces(store_, std::move(*traces), index_.indexed);
    if (!receipt) return tl::unexpected(receipt.error());
    if (!receipt->complete) {
      std::string where;
      for (const ErasurePlace& place : receipt->places)
        if (place.verdict == "kept" && place.detail == kTracesFound) where += (where.empty() ? "" : ", ") + place.place;
      return fail(ErrorCode::kUnavailable, {}, "traces were found: " + where,
                  "remove that file, if it is not ours, and repeat this call");
    }
    receipt->places.push_back(place_of(job, unspooled));
    job.receipt = std::move(*receipt);
    job.stage = JobStage::kClosing;
    edits.push_back({Family::kMeta, job_key(job.number), encode_job(job)});
    if (Status gone = store_.vault().seal(edits, key, {}, false); !gone) return gone;
  }
  if (edits.empty()) return {};
  const Status written = store_.run_exclusively([&](Database& database) { return database.write(edits); });
  if (written) kill_point("erasure: searched, not closed");
  return written;
}

Status Erasures::close(std::vector<ErasureJob>& jobs) {
  if (Status purged = store_.purge({Family::kContacts, Family::kKeys}); !purged) return purged;
  std::vector<Database::Edit> edits;
  for (ErasureJob& job : jobs) {
    job.stage = JobStage::kDone;
    edits.push_back({Family::kMeta, job_key(job.number), encode_job(job)});
  }
  return store_.run_exclusively([&](Database& database) { return database.write(edits); });
}

void Erasures::start() {
  thread_ = std::thread([this] { go_on(); });
}

void Erasures::go_on() {
  std::chrono::seconds pause{0};
  while (true) {
    {
      MutexLock lock(mutex_);
      changed_.wait(lock, [&]() REQUIRES(mutex_) { return stop_ || pending_ > 0; });
      changed_.wait_for(lock, pause, [&]() REQUIRES(mutex_) { return stop_; });
      if (stop_) return;
    }
    Status went;
    try {
      went = finish();
    } catch (const std::exception& error) {
      went = fail(ErrorCode::kInternal, "erasure", error.what());
    }
    pause = went && pending() == 0 ? std::chrono::seconds(0) : std::clamp(2 * pause, kFirstPause, kLongestPause);
  }
}

std::uint64_t Erasures::pending() const {
  const MutexLock lock(mutex_);
  return static_cast<std::uint64_t>(pending_);
}

}  // namespace counterpart::index
