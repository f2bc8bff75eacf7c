// Letters that must not leave, or not by themselves: erased ones in the spool, and those of a directory made of a backup.
#include <system_error>

#include "index/base/files.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/casework/case_store_impl.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRestoredKey = "restored";  // of Family::kMeta: when the backup was taken

tl::unexpected<Error> spool_error(const fs::path& file, const std::error_code& error) {
  return fail(ErrorCode::kStorage, file.string(), error.message(), "check the directory's permissions");
}

// Those of them that are not stored: only an erasure removes one.
Result<std::set<std::uint64_t>> gone_of(const std::vector<std::uint64_t>& letters, const Database& database) {
  std::set<std::uint64_t> gone;
  for (const std::uint64_t number : letters) {
    const auto there = database.get(Family::kLetters, letter_key(number));
    if (!there) return tl::unexpected(there.error());
    if (!*there) gone.insert(number);
  }
  return gone;
}

}  // namespace

// The letters of a digest that are still there, and did not leave with it. A new number, for the old ones count as spooled.
Status CaseStore::Impl::queue_anew(const std::vector<std::uint64_t>& letters) {
  return store.run_exclusively([&](Database& written) -> Status {
    std::vector<Database::Edit> edits;
    std::vector<std::pair<StoredLetter, StoredLetter>> changed;  // from, to
    CaseCounters given = counters;
    for (const std::uint64_t number : letters) {
      Result<StoredLetter> before = read_letter(database, number);
      if (!before && before.error().code != ErrorCode::kNotFound) return tl::unexpected(std::move(before.error()));
      if (!before || before->state == LetterState::kRefused) continue;
      StoredLetter after = *before;
      after.number = ++given.letters;
      after.state = LetterState::kQueued;
      after.state_since = after.next_try = latest;
      after.tries = 0;
      remove_letter(*before, edits);
      add_letter(after, true, edits);
      changed.emplace_back(std::move(*before), std::move(after));
    }
    if (edits.empty()) return {};
    edits.push_back(edit_of(given));
    if (Status done = written.write(edits); !done) return done;
    kill_point("spool: letters queued anew, file there");
    const MutexLock lock(mutex);
    counters = given;
    for (const auto& [before, after] : changed) {
      note(before, false);
      note(after, true);
    }
    return {};
  });
}

// First a file is taken out of the mail program's sight; then its other letters are queued; then it is deleted. Wherever that
// is cut off, the next call goes on.
Result<std::set<std::uint64_t>> CaseStore::clear_spool() {
  Impl& own = *impl_;
  const MutexLock alone(own.clearing);
  own.spool_stale = false;
  const fs::path spool = own.store.directory() / kSpool;
  std::set<std::uint64_t> cleared;
  const auto clear = [&](const std::string& part, fs::path file, const std::vector<std::uint64_t>& letters) -> Status {
    const Result<std::set<std::uint64_t>> gone = gone_of(letters, own.database);
    if (!gone) return tl::unexpected(gone.error());
    if (gone->empty()) return {};
    std::error_code error;
    if (part == "new") {
      const fs::path taken = spool / "tmp" / file.filename();
      fs::rename(file, taken, error);
      if (error == std::errc::no_such_file_or_directory) return {};  // a mail program was quicker
      if (error) return spool_error(file, error);
      file = taken;
      kill_point("spool: file taken back, its other letters not queued");
    }
    if (part != "cur")
      if (Status queued = own.queue_anew(letters); !queued) return queued;
    fs::remove(file, error);
    if (error) return spool_error(file, error);
    cleared.insert(gone->begin(), gone->end());
    return {};
  };
  const auto clear_all = [&]() -> Status {
    for (const char* part : {"tmp", "new", "cur"}) {
      const Result<std::vector<SpooledFile>> files = spooled_files(spool, part);
      if (!files) return tl::unexpected(files.error());
      for (const SpooledFile& one : *files)
        if (Status done = clear(part, one.file, one.letters); !done) return done;
      if (!files->empty())
        if (Status synced = sync_directory(spool / part); !synced) return synced;
    }
    return {};
  };
  if (Status done = clear_all(); !done) {
    own.spool_stale = true;
    return tl::unexpected(std::move(done.error()));
  }
  return cleared;
}

bool CaseStore::spool_is_stale() const { return impl_->spool_stale; }

Result<LeftSince> mark_restored(Store& store, const std::string& taken_at, const fs::path& spool) {
  const Database& database = store.database();
  Result<CaseCounters> given = case_counters(database);
  if (!given) return tl::unexpected(std::move(given.error()));
  LeftSince left;
  if (given->cases == 0 && given->letters == 0) return left;
  std::set<std::uint64_t> spooled;
  for (const char* part : {"new", "cur"}) {
    if (spool.empty()) break;
    const Result<std::vector<SpooledFile>> files = spooled_files(spool, part);
    if (!files) return tl::unexpected(files.error());
    for (const SpooledFile& one : *files) spooled.insert(one.letters.begin(), one.letters.end());
  }
  std::vector<Database::Edit> edits{{Family::kMeta, std::string(kRestoredKey), taken_at}};
  for (const std::uint64_t number : spooled) {
    if (number > given->letters) left.lost.push_back(number);
    Result<StoredLetter> letter = read_letter(database, number);
    if (!letter && letter.error().code == ErrorCode::kNotFound) continue;
    if (!letter) return tl::unexpected(std::move(letter.error()));
    if (letter->state != LetterState::kQueued) continue;
    letter->state = LetterState::kSent;
    letter->state_since = static_cast<std::int64_t>(now_utc());
    letter->words = "lay in the outbox of the directory that the backup is of";
    add_letter(*letter, false, edits);
    left.sent.push_back(number);
  }
  given->cases += kNumbersLeftOut;
  given->letters += kNumbersLeftOut;
  edits.push_back(edit_of(*given));
  if (Status written = store.write_audited(std::move(edits), {.who = "local", .what = "restore"}); !written)
    return tl::unexpected(std::move(written.error()));
  return left;
}

Result<bool> is_restored(const Database& database) {
  return database.get(Family::kMeta, kRestoredKey).map([](const auto& taken_at) { return taken_at.has_value(); });
}

Status CaseStore::Impl::hold_letters() {
  return store.run_exclusively([&](Database& written) -> Status {
    const auto taken_at = database.get(Family::kMeta, kRestoredKey);
    if (!taken_at) return tl::unexpected(taken_at.error());
    std::vector<Database::Edit> edits{{Family::kMeta, std::string(kRestoredKey), std::nullopt}};
    std::vector<std::uint64_t> waiting;
    std::vector<std::pair<StoredLetter, StoredLetter>> changed;  // from, to
    {
      const MutexLock lock(mutex);
      for (const auto& [at, number] : queue) waiting.push_back(number);
    }
    for (const std::uint64_t number : waiting) {
      Result<StoredLetter> letter = read_letter(database, number);
      if (!letter) return tl::unexpected(std::move(letter.error()));
      StoredLetter held = *letter;
      held.state = LetterState::kRefused;
      held.state_since = latest;
      held.words = "may have left since " + taken_at->value_or("") + ": the directory was restored from a backup of that time";
      add_letter(held, false, edits);
      changed.emplace_back(std::move(*letter), std::move(held));
    }
    kill_point("cases: letters held back in a batch that is not written");
    if (Status done = written.write(edits); !done) return done;
    const MutexLock lock(mutex);
    for (const auto& [before, after] : changed) {
      note(before, false);
      note(after, true);
    }
    return {};
  });
}

}  // namespace counterpart::index
