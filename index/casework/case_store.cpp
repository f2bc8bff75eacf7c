#include "index/casework/case_store.h"

#include <algorithm>
#include <limits>

#include "engine/casework/case_json.h"
#include "index/base/codec.h"
#include "index/base/kill_point.h"
#include "index/casework/case_store_impl.h"
#include "index/casework/casework_check.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kBatch = 64;         // cases that the clock looks at in one batch
constexpr std::int64_t kTryAgain = 3'600;  // seconds, with a case that cannot be read

}  // namespace

Status CaseStore::Impl::load(std::int64_t now) {
  const Result<CaseCounters> given = case_counters(database);
  if (!given) return tl::unexpected(given.error());
  counters = *given;
  latest = now;
  Result<Offices> stored = load_offices(database, make_clock);
  if (!stored) return tl::unexpected(std::move(stored.error()));
  const MutexLock lock(mutex);
  offices = std::make_shared<const Offices>(std::move(*stored));
  const Casework with = work(*offices);
  Status read = walk(database, Family::kCases, std::string(1, kOpenMark), {},
                     [&](std::string_view id, std::string_view) REQUIRES(mutex) -> Result<bool> {
                       const Result<Case> of = read_case(database, id);
                       if (!of) return tl::unexpected(of.error());
                       Result<std::shared_ptr<Board::Item>> item = Board::read(*of, with, now);
                       if (!item) return tl::unexpected(item.error());
                       board.put(of->id, std::move(*item));
                       return true;
                     });
  if (!read) return read;
  return walk(database, Family::kLetters, std::string(1, kQueuedMark), {},
              [&](std::string_view key, std::string_view) REQUIRES(mutex) -> Result<bool> {
                std::uint64_t number = 0;
                if (!parse_big_endian(key, number))
                  return fail(ErrorCode::kCorrupt, "letters", "the number of a letter does not decode",
                              "restore the last backup");
                const Result<StoredLetter> letter = read_letter(database, number);
                if (!letter) return tl::unexpected(letter.error());
                enqueue(*letter);
                return true;
              });
}

Result<CaseStore::Impl::Items> CaseStore::Impl::items_of(const CasePlan& plan, const Casework& with, std::int64_t now) const {
  Items items;
  for (const auto& [id, of] : plan.cases()) {
    Result<std::shared_ptr<Board::Item>> item = Board::read(of, with, std::max(now, of.log.back().at));
    if (!item) return tl::unexpected(std::move(item.error()));
    items.emplace_back(id, std::move(*item));
  }
  return items;
}

Status CaseStore::Impl::write(const CasePlan& plan, Items items, const std::vector<std::string>& looked_at, std::int64_t now) {
  if (std::vector<Database::Edit> edits = plan.edits(); !edits.empty()) {
    kill_point("cases: acts in a batch that is not written");
    if (Status written = store.write_in_task(std::move(edits), plan.audit()); !written) return written;
    kill_point("cases: acts written, nobody told");
  }
  latest = std::max(latest, now);
  const MutexLock lock(mutex);
  counters = plan.counters();
  for (auto& [id, item] : items) board.put(id, std::move(item));
  for (const std::string& id : looked_at) board.looked_at(id, now);
  for (const StoredLetter& letter : plan.letters()) enqueue(letter);
  return {};
}

Status CaseStore::Impl::before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) {
  erasing.reset();
  std::set<std::string> gone;
  for (const auto& [id, state] : group.states())
    if (state.erased) gone.insert(id);
  if (gone.empty()) return {};
  const std::shared_ptr<const Offices> known = current();
  Result<ErasedCases> erased = erase_cases_of(gone, database, work(*known), counters, latest, edits);
  if (!erased) return tl::unexpected(std::move(erased.error()));
  erasing = std::move(*erased);
  kill_point("cases: of an erased profile, in a batch that is not written");
  return {};
}

void CaseStore::Impl::after_commit(bool written) {
  if (!written || !erasing) return erasing.reset();
  const MutexLock lock(mutex);
  counters = erasing->counters;
  for (const std::string& id : erasing->cases) board.put(id, nullptr);
  const std::set<std::uint64_t> gone(erasing->letters.begin(), erasing->letters.end());
  std::erase_if(queue, [&](const auto& entry) { return gone.contains(entry.second); });
  for (const StoredLetter& letter : erasing->told) enqueue(letter);
  erasing.reset();
}

CaseStore::CaseStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CaseStore::~CaseStore() { impl_->store.remove_commit_hook(*impl_); }

Result<std::unique_ptr<CaseStore>> CaseStore::open(Store& store, MakeClock make_clock, Limits limits, std::int64_t now,
                                                   const LifeCycles& table) {
  auto impl = std::make_unique<Impl>(store, std::move(make_clock), std::move(limits), table);
  if (Status loaded = store.run_exclusively([&](Database&) { return impl->load(now); }); !loaded)
    return tl::unexpected(std::move(loaded.error()));
  store.add_commit_hook(*impl);
  return std::unique_ptr<CaseStore>(new CaseStore(std::move(impl)));
}

std::vector<Result<Acted>> CaseStore::act(std::span<const ActRequest> requests, std::int64_t now) {
  Impl& own = *impl_;
  std::vector<Result<Acted>> verdicts;
  verdicts.reserve(requests.size());
  const Status done = own.store.run_exclusively([&](Database&) -> Status {
    const std::shared_ptr<const Offices> known = own.current();
    const Casework with = own.work(*known);
    CasePlan plan(own.store, own.board, with, own.counters);
    for (const ActRequest& request : requests) {
      const MutexLock lock(own.mutex);
      verdicts.push_back(plan.act(request, now));
    }
    if (plan.cases().empty()) return {};
    Result<Impl::Items> items = own.items_of(plan, with, now);
    if (!items) return tl::unexpected(std::move(items.error()));
    return own.write(plan, std::move(*items), {}, now);
  });
  if (done) return verdicts;
  verdicts.resize(requests.size(), tl::unexpected(done.error()));
  for (Result<Acted>& verdict : verdicts)
    if (verdict) verdict = tl::unexpected(done.error());
  return verdicts;
}

Result<Acted> CaseStore::act(const ActRequest& request, std::int64_t now) {
  return std::move(act(std::span(&request, 1), now).front());
}

Result<Acted> CaseStore::preview(const ActRequest& request, std::int64_t now) const {
  const Impl& own = *impl_;
  const std::shared_ptr<const Offices> known = own.current();
  const Casework with = own.work(*known);
  const MutexLock lock(own.mutex);
  return CasePlan(own.store, own.board, with, own.counters).act(request, now);
}

Result<CaseNow> CaseStore::get(std::string_view id, std::int64_t now) const {
  Result<Case> of = read_case(impl_->database, id);
  if (!of) return tl::unexpected(std::move(of.error()));
  const std::shared_ptr<const Offices> known = impl_->current();
  Result<Standing> standing = standing_of(*of, impl_->work(*known), now);
  if (!standing) return tl::unexpected(std::move(standing.error()));
  const bool released = both_keys_turned(*of, impl_->table);
  return CaseNow{std::move(*of), std::move(*standing), released};
}

Result<std::optional<ErasedCase>> CaseStore::erased(std::string_view id) const {
  const auto bytes = impl_->database.get(Family::kCases, erased_key(id));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  return decode_erased(id, **bytes).map([](ErasedCase left) { return std::optional(std::move(left)); });
}

namespace {

bool passes(const Case& of, const CaseFilter& filter, const LifeCycles& table) {
  if (!filter.kind.empty() && of.kind != filter.kind) return false;
  if (!filter.office.empty() && of.asking.office != filter.office && of.answering.office != filter.office) return false;
  if (!filter.open) return true;
  const Result<Progress> progress = progress_of(of, table);
  return (progress && progress->state && is_open(*progress->state)) == *filter.open;
}

}  // namespace

Result<std::vector<Case>> CaseStore::list(const CaseFilter& filter, std::string_view after, std::size_t limit) const {
  std::vector<Case> found;
  const auto take = [&](Result<Case> of) -> Result<bool> {
    if (!of) return tl::unexpected(std::move(of.error()));
    if (passes(*of, filter, impl_->table)) found.push_back(std::move(*of));
    return found.size() < limit;
  };
  if (limit == 0) return found;
  if (filter.profile.empty()) {
    const Status walked = walk(impl_->database, Family::kCases, std::string(1, kCaseMark), after,
                               [&](std::string_view, std::string_view bytes) { return take(decode_case(bytes)); });
    if (!walked) return tl::unexpected(walked.error());
    return found;
  }
  const Result<std::vector<std::string>> ids = cases_of(impl_->database, filter.profile);
  if (!ids) return tl::unexpected(ids.error());
  for (const std::string& id : *ids) {
    if (id <= after) continue;
    Result<Case> of = read_case(impl_->database, id);
    if (!of && of.error().code == ErrorCode::kNotFound) continue;  // a profile of it was erased
    const Result<bool> more = take(std::move(of));
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  return found;
}

unsigned CaseStore::places_taken(std::string_view profile) const {
  const MutexLock lock(impl_->mutex);
  return impl_->board.places_taken(profile);
}

std::size_t CaseStore::open_cases() const {
  const MutexLock lock(impl_->mutex);
  return impl_->board.size();
}

Result<DeskView> CaseStore::desk(std::string_view desk, std::int64_t now, std::size_t most) const {
  Impl& own = *impl_;
  const MutexLock lock(own.mutex);
  return own.board.desk(desk, own.work(*own.offices), now, most);
}

Result<DeskView> CaseStore::office(std::string_view office, std::int64_t now, std::size_t most) const {
  Impl& own = *impl_;
  const MutexLock lock(own.mutex);
  return own.board.office(office, own.work(*own.offices), now, most);
}

Status CaseStore::Impl::let_time_pass(const std::vector<std::string>& ids, std::int64_t now, Ticked& ticked) {
  return store.run_exclusively([&](Database&) -> Status {
    const std::shared_ptr<const Offices> known = current();
    const Casework with = work(*known);
    CasePlan plan(store, board, with, counters);
    std::vector<std::string> looked_at;
    std::vector<std::pair<std::string, Error>> failed;
    for (const std::string& id : ids) {
      const MutexLock lock(mutex);
      if (!board.contains(id)) continue;
      if (const Status passed = plan.let_time_pass(id, now); passed)
        looked_at.push_back(id);
      else
        failed.emplace_back(id, passed.error());
    }
    Result<Items> items = items_of(plan, with, now);
    if (!items) return tl::unexpected(std::move(items.error()));
    // Those that nothing happened to may have moved to another desk.
    for (const std::string& id : looked_at) {
      if (plan.cases().contains(id)) continue;
      const Result<Case> of = read_case(database, id);
      Result<std::shared_ptr<Board::Item>> item = of ? Board::read(*of, with, now) : tl::unexpected(of.error());
      if (!item) return tl::unexpected(std::move(item.error()));
      items->emplace_back(id, std::move(*item));
    }
    if (Status written = write(plan, std::move(*items), looked_at, now); !written) return written;
    ticked.acts += plan.audit().size();
    ticked.letters += plan.letters().size();
    const MutexLock lock(mutex);
    for (auto& [id, error] : failed) {
      board.postpone(id, now + kTryAgain);
      ticked.failed.emplace_back(id, std::move(error));
    }
    return {};
  });
}

Result<Ticked> CaseStore::tick(std::int64_t now, const std::function<bool()>& stop) {
  Impl& own = *impl_;
  Ticked ticked;
  while (!stop || !stop()) {
    std::vector<std::string> ids;
    {
      const MutexLock lock(own.mutex);
      ids = own.board.due(now, kBatch);
    }
    if (ids.empty()) break;
    if (Status passed = own.let_time_pass(ids, now, ticked); !passed) return tl::unexpected(std::move(passed.error()));
  }
  const MutexLock lock(own.mutex);
  ticked.next = own.board.next_time();
  return ticked;
}

std::shared_ptr<const Offices> CaseStore::offices() const { return impl_->current(); }

Result<VerifyReport> CaseStore::verify(VerifyReport report, std::int64_t now) const {
  const std::shared_ptr<const Offices> known = impl_->current();
  return check_casework(impl_->database, impl_->work(*known), now, std::move(report));
}

}  // namespace counterpart::index
