#include "index/casework/case_store.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "engine/casework/case_json.h"
#include "index/base/codec.h"
#include "index/base/kill_point.h"
#include "index/casework/case_store_impl.h"
#include "index/store/aliases.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kBatch = 64;         // cases that the clock looks at in one batch
constexpr std::int64_t kTryAgain = 3'600;  // seconds, with a case that cannot be read

Result<Acted> by_the_clock() { return fail(ErrorCode::kInvalid, "by", "the clock acts by itself", "a desk or an owner"); }

}  // namespace

Status CaseStore::Impl::load(std::int64_t now) {
  const Result<CaseCounters> given = case_counters(database);
  if (!given) return tl::unexpected(given.error());
  counters = *given;
  latest = now;
  if (Status aliases = load_aliases(); !aliases) return aliases;
  const Result<std::size_t> kept = count_repeats(database);
  if (!kept) return tl::unexpected(kept.error());
  repeats = *kept;
  Result<Offices> stored = load_offices(database, make_clock);
  if (!stored) return tl::unexpected(std::move(stored.error()));
  const MutexLock lock(mutex);
  board = Board([this](const std::string& id) { return read_case(database, id); });
  queue.clear();
  stuck.clear();
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
  for (const char mark : {kQueuedMark, kRefusedMark}) {
    read = walk(database, Family::kLetters, std::string(1, mark), {},
                [&](std::string_view key, std::string_view) REQUIRES(mutex) -> Result<bool> {
                  std::uint64_t number = 0;
                  if (!parse_big_endian(key, number))
                    return fail(ErrorCode::kCorrupt, "letters", "the number of a letter does not decode",
                                "restore the last backup");
                  const Result<StoredLetter> letter = read_letter(database, number);
                  if (!letter) return tl::unexpected(letter.error());
                  note(*letter, true);
                  return true;
                });
    if (!read) return read;
  }
  return {};
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

void CaseStore::Impl::remember(const CaseCounters& now, Items items, const std::vector<StoredLetter>& letters) {
  counters = now;
  for (auto& [id, item] : items) board.put(id, std::move(item));
  for (const StoredLetter& letter : letters) note(letter, true);
}

Status CaseStore::Impl::write(const CasePlan& plan, Items items, const std::vector<std::string>& looked_at, std::int64_t now,
                              std::vector<Database::Edit> beside) {
  std::vector<Database::Edit> edits = plan.edits();
  std::ranges::move(beside, std::back_inserter(edits));
  if (!edits.empty()) {
    kill_point("cases: acts in a batch that is not written");
    if (Status written = store.write_in_task(std::move(edits), plan.audit()); !written) return written;
    kill_point("cases: acts written, nobody told");
  }
  latest = std::max(latest, now);
  const MutexLock lock(mutex);
  remember(plan.counters(), std::move(items), plan.letters());
  for (const std::string& id : looked_at) board.looked_at(id, now);
  return {};
}

Status CaseStore::Impl::before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) {
  erasing.reset();
  aliases_change = false;
  std::set<std::string> gone;
  for (const auto& [id, state] : group.states()) {
    if (state.erased) gone.insert(id);
    if (state.alias_changed) aliases_change = true;
  }
  if (!gone.empty()) {
    const std::shared_ptr<const Offices> known = current();
    Result<ErasedCases> erased = erase_cases_of(gone, database, work(*known), counters, latest, edits);
    if (!erased) return tl::unexpected(std::move(erased.error()));
    erasing = Erasing{std::move(*erased), {}};
    for (const Case& of : erasing->changed) {
      Result<std::shared_ptr<Board::Item>> item = Board::read(of, work(*known), std::max(latest, of.log.back().at));
      if (!item) return tl::unexpected(std::move(item.error()));
      erasing->items.emplace_back(of.id, std::move(*item));
    }
    for (const std::string& id : erasing->cases)
      if (Status told = forget_shared(id, edits); !told) return told;
    kill_point("cases: of an erased profile, in a batch that is not written");
  }
  return acting ? Status() : follow(group, edits);
}

void CaseStore::Impl::after_commit(bool written) {
  const std::optional<Acting> acted = std::exchange(acting, {});
  std::optional<Erasing> erased = std::exchange(erasing, {});
  if (!written) return;
  if (std::exchange(aliases_change, false)) (void)load_aliases();  // what does not decode, the next start tells
  const MutexLock lock(mutex);
  if (erased) {
    const std::set<std::uint64_t> letters(erased->letters.begin(), erased->letters.end());
    std::erase_if(queue, [&](const auto& entry) { return letters.contains(entry.second); });
    for (auto& [office, numbers] : stuck)
      std::erase_if(numbers, [&](std::uint64_t number) { return letters.contains(number); });
    if (!letters.empty()) spool_stale = true;
    Items items = std::move(erased->items);
    for (const std::string& id : erased->cases) items.emplace_back(id, nullptr);
    remember(erased->counters, std::move(items), erased->told);
  }
  if (!acted) return;
  remember(acted->counters, acted->items, acted->letters);
  repeats += acted->repeats;
}

CaseStore::CaseStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
CaseStore::~CaseStore() { impl_->store.remove_commit_hook(*impl_); }

Result<std::unique_ptr<CaseStore>> CaseStore::open(Store& store, MakeClock make_clock, Limits limits, std::int64_t now,
                                                   const LifeCycles& table) {
  auto impl = std::make_unique<Impl>(store, std::move(make_clock), std::move(limits), table);
  if (Status loaded = store.run_exclusively([&](Database&) { return impl->load(now); }); !loaded)
    return tl::unexpected(std::move(loaded.error()));
  store.add_commit_hook(*impl);
  std::unique_ptr<CaseStore> cases(new CaseStore(std::move(impl)));
  const Result<bool> restored = is_restored(store.database());
  if (!restored) return tl::unexpected(restored.error());
  if (!*restored) return cases;
  if (const Result<Ticked> ticked = cases->tick(now); !ticked) return tl::unexpected(ticked.error());
  if (Status held = cases->impl_->hold_letters(); !held) return tl::unexpected(std::move(held.error()));
  return cases;
}

Status CaseStore::read_anew(std::int64_t now) {
  return impl_->store.run_exclusively([&](Database&) { return impl_->load(std::max(now, impl_->latest)); });
}

Status CaseStore::Impl::act_all(std::span<const ActRequest> requests, std::int64_t now, const Finish& finish) {
  const std::shared_ptr<const Offices> known = current();
  const Casework with = work(*known);
  CasePlan plan(store, board, with, counters, publishing.is_of);
  std::vector<Result<Acted>> verdicts;
  verdicts.reserve(requests.size());
  for (const ActRequest& request : requests) {
    const MutexLock lock(mutex);
    verdicts.push_back(request.by == By::kClock ? by_the_clock() : plan.act(request, now));
  }
  if (Status finished = finish(plan, verdicts); !finished) return finished;
  if (!plan.effects().empty()) return {};  // profiles are written with it: act_on_profiles()
  std::size_t dropped = 0;
  if (plan.remembered() > 0) {
    const Result<std::size_t> old = drop_old_repeats(database, repeats + plan.remembered(), now, plan.also());
    if (!old) return tl::unexpected(old.error());
    dropped = *old;
  }
  if (plan.cases().empty() && plan.also().empty()) return {};
  Result<Items> items = items_of(plan, with, now);
  if (!items) return tl::unexpected(std::move(items.error()));
  if (Status written = write(plan, std::move(*items), {}, now); !written) return written;
  repeats += plan.remembered() - dropped;
  return {};
}

void CaseStore::publish_with(Publishing publishing) { impl_->publishing = std::move(publishing); }
void CaseStore::run_by(RulesByProgramme rules) { impl_->rules = std::move(rules); }

std::vector<Result<Acted>> CaseStore::act(std::span<const ActRequest> requests, std::int64_t now) {
  Impl& own = *impl_;
  std::vector<Result<Acted>> answer;
  std::vector<ProfileEffect> effects;
  const Status done = own.store.run_exclusively([&](Database&) -> Status {
    return own.act_all(requests, now, [&](CasePlan& plan, std::vector<Result<Acted>>& verdicts) -> Status {
      answer = verdicts;
      effects = plan.effects();
      return {};
    });
  });
  if (done && effects.empty()) return answer;
  if (done && requests.size() == 1) return {own.act_on_profiles(requests.front(), effects, now)};
  if (done) {  // each in a batch of its own
    answer.clear();
    for (const ActRequest& request : requests) answer.push_back(act(request, now));
    return answer;
  }
  answer.resize(requests.size(), tl::unexpected(done.error()));
  for (Result<Acted>& verdict : answer)
    if (verdict) verdict = tl::unexpected(done.error());
  return answer;
}

Result<Acted> CaseStore::act(const ActRequest& request, std::int64_t now) {
  return std::move(act(std::span(&request, 1), now).front());
}

std::vector<Result<Acted>> CaseStore::preview(std::span<const ActRequest> requests, std::int64_t now) const {
  const Impl& own = *impl_;
  const std::shared_ptr<const Offices> known = own.current();
  const Casework with = own.work(*known);
  const MutexLock lock(own.mutex);
  CasePlan plan(own.store, own.board, with, own.counters, own.publishing.is_of);
  std::vector<Result<Acted>> verdicts;
  for (const ActRequest& request : requests)
    verdicts.push_back(request.by == By::kClock ? by_the_clock() : plan.act(request, now));
  return verdicts;
}

Result<Acted> CaseStore::preview(const ActRequest& request, std::int64_t now) const {
  return std::move(preview(std::span(&request, 1), now).front());
}

Result<CaseNow> CaseStore::get(std::string_view id, std::int64_t now) const {
  Result<Case> of = read_case(impl_->database, id);
  if (!of) return tl::unexpected(std::move(of.error()));
  const std::size_t last = of->log.size();
  return as_of(std::move(*of), last, now);
}

Result<CaseNow> CaseStore::as_of(Case of, std::uint64_t last, std::int64_t now) const {
  if (last == 0 || last > of.log.size())
    return fail(ErrorCode::kInvalid, "number", "the case has no act of this number", "it has " + std::to_string(of.log.size()));
  of.log.resize(last);
  const std::shared_ptr<const Offices> known = impl_->current();
  Result<Standing> standing = standing_of(of, impl_->work(*known), now);
  if (!standing) return tl::unexpected(std::move(standing.error()));
  Result<std::optional<SharedCase>> shared = shared_of(impl_->database, of.id);
  if (!shared) return tl::unexpected(std::move(shared.error()));
  const bool released = *shared ? released_by(of, **shared, impl_->table) : both_keys_turned(of, impl_->table);
  return CaseNow{std::move(of), std::move(*standing), released, std::move(*shared)};
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
  if (!filter.programme.empty() && of.programme != filter.programme) return false;
  if (!filter.office.empty() && of.asking.office != filter.office && of.answering.office != filter.office) return false;
  if (!filter.open && filter.state.empty()) return true;
  const Result<Progress> progress = progress_of(of, table);
  const StateRow* state = progress ? progress->state : nullptr;
  if (!filter.state.empty() && (!state || state->state != filter.state)) return false;
  return !filter.open || (state && is_open(*state)) == *filter.open;
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
  const Result<std::vector<std::string>> profiles = family_of(impl_->database, filter.profile);
  if (!profiles) return tl::unexpected(profiles.error());
  std::set<std::string> ids;
  for (const std::string& profile : *profiles) {
    const Result<std::vector<std::string>> own = cases_of(impl_->database, profile);
    if (!own) return tl::unexpected(own.error());
    ids.insert(own->begin(), own->end());
  }
  for (const std::string& id : ids) {
    if (id <= after) continue;
    Result<Case> of = read_case(impl_->database, id);
    if (!of && of.error().code == ErrorCode::kNotFound) continue;  // a profile of it was erased
    const Result<bool> more = take(std::move(of));
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
  }
  return found;
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
    CasePlan plan(store, board, with, counters, publishing.is_of);
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
    if (!plan.cases().empty() || !plan.letters().empty()) kill_point("cases: what time brings in a batch that is not written");
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
