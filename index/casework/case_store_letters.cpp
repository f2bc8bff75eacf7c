// The outbox: which letters there are, whose turn it is, and what became of them.
#include <algorithm>
#include <limits>

#include "index/base/codec.h"
#include "index/base/kill_point.h"
#include "index/casework/case_store_impl.h"

namespace counterpart::index {
namespace {

bool passes(const StoredLetter& letter, const LetterFilter& filter) {
  return (!filter.state || letter.state == *filter.state) &&
         (filter.case_id.empty() || letter.letter.case_id == filter.case_id) &&
         (filter.office.empty() || std::ranges::find(letter.offices, filter.office) != letter.offices.end());
}

}  // namespace

Result<std::vector<StoredLetter>> CaseStore::letters(const LetterFilter& filter, std::uint64_t after, std::size_t limit) const {
  std::vector<StoredLetter> found;
  const auto take = [&](Result<StoredLetter> letter) -> Result<bool> {
    if (!letter) return tl::unexpected(std::move(letter.error()));
    if (passes(*letter, filter)) found.push_back(std::move(*letter));
    return found.size() < limit;
  };
  if (limit == 0) return found;
  if (!filter.case_id.empty()) {
    const Result<std::vector<std::uint64_t>> numbers = letters_of(impl_->database, filter.case_id);
    if (!numbers) return tl::unexpected(numbers.error());
    for (const std::uint64_t number : *numbers) {
      if (number <= after) continue;
      const Result<bool> more = take(read_letter(impl_->database, number));
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
    }
    return found;
  }
  const Status walked =
      walk(impl_->database, Family::kLetters, std::string(1, kLetterMark), big_endian(after),
           [&](std::string_view key, std::string_view bytes) -> Result<bool> {
             std::uint64_t number = 0;
             if (!parse_big_endian(key, number))
               return fail(ErrorCode::kCorrupt, "letters", "the number of a letter does not decode", "restore the last backup");
             return take(decode_letter(number, bytes));
           });
  if (!walked) return tl::unexpected(walked.error());
  return found;
}

Result<std::vector<StoredLetter>> CaseStore::letters_to_send(std::int64_t now, std::size_t limit) const {
  std::vector<std::uint64_t> numbers;
  {
    const MutexLock lock(impl_->mutex);
    for (const auto& [at, number] : impl_->queue) {
      if (at > now || numbers.size() == limit) break;
      numbers.push_back(number);
    }
  }
  std::vector<StoredLetter> letters;
  for (const std::uint64_t number : numbers) {
    Result<StoredLetter> letter = read_letter(impl_->database, number);
    if (!letter && letter.error().code == ErrorCode::kNotFound) continue;  // erased meanwhile
    if (!letter) return tl::unexpected(std::move(letter.error()));
    if (letter->state == LetterState::kQueued) letters.push_back(std::move(*letter));
  }
  return letters;
}

void CaseStore::Impl::note(const StoredLetter& letter, bool in) {
  const auto hold = [&](auto& set, const auto& entry) {
    in ? static_cast<void>(set.insert(entry)) : static_cast<void>(set.erase(entry));
  };
  const bool queued = letter.state == LetterState::kQueued;
  if (queued) hold(queue, std::pair(letter.next_try, letter.number));
  if (letter.state == LetterState::kRefused || (queued && letter.tries > 0))
    for (const std::string& office : letter.offices) hold(stuck[office], letter.number);
}

Result<std::vector<StoredLetter>> CaseStore::stuck_letters(std::string_view office, std::size_t limit) const {
  std::vector<std::uint64_t> numbers;
  {
    const MutexLock lock(impl_->mutex);
    if (const auto found = impl_->stuck.find(office); found != impl_->stuck.end())
      for (auto at = found->second.begin(); at != found->second.end() && numbers.size() < limit; ++at) numbers.push_back(*at);
  }
  std::vector<StoredLetter> letters;
  for (const std::uint64_t number : numbers) {
    Result<StoredLetter> letter = read_letter(impl_->database, number);
    if (!letter && letter.error().code == ErrorCode::kNotFound) continue;  // erased meanwhile
    if (!letter) return tl::unexpected(std::move(letter.error()));
    letters.push_back(std::move(*letter));
  }
  return letters;
}

std::int64_t CaseStore::next_letter() const {
  const MutexLock lock(impl_->mutex);
  return impl_->queue.empty() ? std::numeric_limits<std::int64_t>::max() : impl_->queue.begin()->first;
}

Status CaseStore::delivered(std::span<const Delivery> deliveries, std::int64_t now) {
  Impl& own = *impl_;
  return own.store.run_exclusively([&](Database& database) -> Status {
    std::vector<Database::Edit> edits;
    std::vector<std::pair<StoredLetter, StoredLetter>> changed;  // from, to
    std::set<std::uint64_t> told;
    for (const Delivery& delivery : deliveries) {
      Result<StoredLetter> before = read_letter(database, delivery.number);
      if (!before && before.error().code != ErrorCode::kNotFound) return tl::unexpected(std::move(before.error()));
      if (!before) own.spool_stale = true;  // it was erased while it left
      if (!before || before->state != LetterState::kQueued || !told.insert(delivery.number).second) continue;
      StoredLetter after = after_delivery(*before, delivery, now);
      add_letter(after, false, edits);
      changed.emplace_back(std::move(*before), std::move(after));
    }
    if (edits.empty()) return {};
    kill_point("outbox: letters sent, not noted");
    if (Status written = database.write(edits); !written) return written;
    const MutexLock lock(own.mutex);
    for (const auto& [before, after] : changed) {
      own.note(before, false);
      own.note(after, true);
    }
    return {};
  });
}

Status CaseStore::retry(std::uint64_t number, const std::string& who, std::int64_t now) {
  Impl& own = *impl_;
  return own.store.run_exclusively([&](Database& database) -> Status {
    Result<StoredLetter> letter = read_letter(database, number);
    if (!letter) return tl::unexpected(std::move(letter.error()));
    if (letter->state != LetterState::kRefused)
      return fail(ErrorCode::kConflict, "letter", "is " + std::string(name_of(letter->state)),
                  "only one that was refused is tried again");
    const StoredLetter before = *letter;
    letter->state = LetterState::kQueued;
    letter->state_since = letter->next_try = now;
    letter->tries = 0;
    std::vector<Database::Edit> edits;
    add_letter(*letter, false, edits);
    const AuditEntry entry{.at = static_cast<std::uint64_t>(now),
                           .who = who,
                           .what = "retry letter",
                           .subject = letter->letter.case_id,
                           .version = number};
    if (Status written = own.store.write_in_task(std::move(edits), {entry}); !written) return written;
    const MutexLock lock(own.mutex);
    own.note(before, false);
    own.note(*letter, true);
    return {};
  });
}

}  // namespace counterpart::index
