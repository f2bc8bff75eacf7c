#include "index/standing/standing_queries.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>
#include <utility>

#include "engine/base/patience.h"
#include "engine/base/thread_safety.h"
#include "engine/corpus/profile_language.h"
#include "index/base/codec.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/standing/standing_marks.h"
#include "index/standing/standing_tester.h"
#include "index/store/aliases.h"
#include "index/store/commit_hook.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMend = 128;  // profiles whose marks are mended in one batch

tl::unexpected<Error> absent(std::string_view id) {
  return fail(ErrorCode::kNotFound, "query", "there is no standing query `" + std::string(id.substr(0, 80)) + "`");
}

}  // namespace

struct StandingQueries::Impl final : CommitHook {
  Impl(Store& the_store, const Taxonomy& the_taxonomy, const Programmes& the_programmes, const Embedder& the_embedder,
       std::function<std::int32_t()> the_today)
      : store(the_store), database(the_store.database()), taxonomy(the_taxonomy), programmes(the_programmes),
        embedder(the_embedder), tester(database, embedder.model()), today(the_today ? std::move(the_today) : today_utc),
        table(std::make_shared<StandingTable>(empty())) {}

  StandingTable empty() const { return {taxonomy, programmes, embedder.dimensions()}; }
  std::shared_ptr<const StandingTable> current() const {
    const MutexLock lock(mutex);
    return table;
  }
  void publish(StandingTable next) {
    auto made = std::make_shared<const StandingTable>(std::move(next));
    const MutexLock lock(mutex);
    table.swap(made);
  }

  Status load(Database& writable);
  Embedding vectors_of(const StandingQuery& query) const;
  Status before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) override;
  struct Standing {
    const std::string& id;
    const TestedProfile* tested = nullptr;  // null: the profile is gone
    bool anew = false;                      // it was gone meanwhile: whatever fits now is news
  };
  Status update_marks(const Standing& now, std::vector<Database::Edit>& edits, StandingRun& run);
  Result<std::set<std::string>> fitting(const StandingTable& one, std::int32_t day) const;
  Status store_query(Database& writable, const StandingQuery& query, const Embedding& vectors,
                     const std::set<std::string>& fits);
  Status take_alerts(std::uint64_t query, std::uint64_t& last, std::vector<Database::Edit>& edits) const;

  Store& store;
  const Database& database;
  const Taxonomy& taxonomy;
  const Programmes& programmes;
  const Embedder& embedder;
  StandingTester tester;
  std::function<std::int32_t()> today;
  StandingCounters counters;  // of whoever writes: before_commit(), or a task of store.run_exclusively()
  mutable Mutex mutex;
  std::shared_ptr<const StandingTable> table GUARDED_BY(mutex);
};

Embedding StandingQueries::Impl::vectors_of(const StandingQuery& query) const {
  Profile asking;  // as a match by text has it
  asking.seeks = query.text;
  asking.offers = query.offering;
  determine_language(asking, embedder);
  const auto face = [&](const std::string& text) {
    return text.empty() ? std::vector<float>(embedder.dimensions(), 0.0F) : embedder.embed(text, asking.lang);
  };
  Faces faces;
  faces.offers = face(query.text);
  faces.seeks = face(query.offering);
  return quantise(faces, embedder.model());
}

Status StandingQueries::Impl::load(Database& writable) {
  const Result<StandingCounters> given = standing_counters(database);
  if (!given) return tl::unexpected(given.error());
  counters = *given;
  StandingTable read = empty();
  std::vector<Database::Edit> renewed;
  Database::Cursor queries(database, Family::kStandingQueries);
  for (queries.first(); queries.valid(); queries.next()) {
    std::uint64_t number = 0;
    if (!parse_big_endian(queries.key(), number))
      return fail(ErrorCode::kCorrupt, "standing", "the number of a query does not decode", "restore the last backup");
    Result<StoredStanding> stored = decode_standing(number, queries.value());
    if (!stored) return tl::unexpected(stored.error());
    if (stored->vectors.model != embedder.model()) {
      stored->vectors = vectors_of(stored->query);
      renewed.push_back({Family::kStandingQueries, big_endian(number), encode_standing(stored->query, stored->vectors)});
    }
    read.add(std::move(stored->query), stored->vectors);
  }
  if (Status walked = queries.status(); !walked) return walked;
  if (!renewed.empty())
    // Where another owns the data, it renews them for itself, and here they are used as they are in memory.
    if (Status written = writable.write(renewed); !written && written.error().place != "owner") return written;
  publish(std::move(read));
  return {};
}

// Brings the marks of one profile in line with its test.
Status StandingQueries::Impl::update_marks(const Standing& now, std::vector<Database::Edit>& edits, StandingRun& run) {
  const TestedProfile* tested = now.tested;
  if (tested && !tested->usable && !now.anew) return {};
  const auto marks = marks_of(database, now.id);
  if (!marks) return tl::unexpected(marks.error());
  const std::vector<StandingFit> fits = tested ? tested->fits : std::vector<StandingFit>{};
  const MarkChanges changes = now.anew ? MarkChanges{fits, *marks} : compare_marks(*marks, fits);
  for (const std::uint64_t query : changes.lost) edits.push_back({Family::kAlerts, mark_key(now.id, query), {}});
  for (const StandingFit& fit : changes.gained) {
    Alert alert;
    alert.number = ++counters.alert;
    alert.query = standing_id(fit.query);
    alert.profile = now.id;
    alert.version = tested->head.version;
    alert.sequence = tested->head.sequence;
    alert.score = fit.score;
    alert.at = now_utc();
    edits.push_back({Family::kAlerts, alert_key(alert.number), encode_alert(alert)});
    edits.push_back({Family::kAlerts, mark_key(now.id, fit.query), std::string()});
  }
  if (!changes.gained.empty()) edits.push_back(edit_of(counters));
  run.new_alerts += changes.gained.size();
  run.withdrawn += changes.lost.size();
  return {};
}

// A change of private members alone changes nothing here, and neither does a text whose vectors are still to come.
Status StandingQueries::Impl::before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) {
  const std::shared_ptr<const StandingTable> queries = current();
  if (queries->size() == 0) return {};
  StandingRun run;
  const std::int32_t day = today();
  for (const auto& [id, state] : group.states()) {
    // Whoever is excluded fits nothing any more; whoever is so no longer is tested again at night.
    const bool excluded = state.diligence.excluded();
    if (!state.changed || (state.live && !excluded && !state.vectors_changed)) continue;
    std::optional<TestedProfile> tested;
    if (state.live && !excluded) {
      Result<TestedProfile> now = tester.test(*queries, state.head, state.public_json, state.vectors, day);
      if (!now) return tl::unexpected(now.error());
      tested = std::move(*now);
    }
    if (Status updated = update_marks({id, tested ? &*tested : nullptr, state.erased}, edits, run); !updated) return updated;
  }
  kill_point("standing: marks and alerts in a batch that is not written");
  return {};
}

Result<std::set<std::string>> StandingQueries::Impl::fitting(const StandingTable& one, std::int32_t day) const {
  std::set<std::string> ids;
  const Status walked = tester.walk(
      one, day,
      [&](const MarkedProfile& profile, const TestedProfile& tested) {
        if (!tested.fits.empty()) ids.insert(profile.id);
      },
      nullptr);
  if (!walked) return tl::unexpected(walked.error());
  return ids;
}

Status StandingQueries::Impl::store_query(Database& writable, const StandingQuery& query, const Embedding& vectors,
                                          const std::set<std::string>& fits) {
  const std::uint64_t number = number_of(query);
  std::vector<Database::Edit> edits{{Family::kStandingQueries, big_endian(number), encode_standing(query, vectors)},
                                    edit_of(counters)};
  for (const std::string& id : fits) edits.push_back({Family::kAlerts, mark_key(id, number), std::string()});
  StandingTable next = *current();
  next.add(query, vectors);
  kill_point("standing: query tested, not stored");
  if (Status written = writable.write(edits); !written) return written;
  publish(std::move(next));
  return {};
}

// The alerts of a query behind `last`, to be erased with the marks made beside them; `last` is moved to the last one.
Status StandingQueries::Impl::take_alerts(std::uint64_t query, std::uint64_t& last, std::vector<Database::Edit>& edits) const {
  Database::Cursor alerts(database, Family::kAlerts);
  for (alerts.seek(alert_key(last + 1)); alerts.valid() && parse_alert_key(alerts.key(), last); alerts.next()) {
    const Result<Alert> alert = decode_alert(last, alerts.value());
    if (!alert) return tl::unexpected(alert.error());
    if (standing_number(alert->query) != query) continue;
    edits.push_back({Family::kAlerts, alert_key(last), {}});
    edits.push_back({Family::kAlerts, mark_key(alert->profile, query), {}});
  }
  return alerts.status();
}

StandingQueries::StandingQueries(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StandingQueries::~StandingQueries() { impl_->store.remove_commit_hook(*impl_); }

Result<std::unique_ptr<StandingQueries>> StandingQueries::open(Store& store, const Taxonomy& taxonomy,
                                                               const Programmes& programmes, const Embedder& embedder,
                                                               std::function<std::int32_t()> today) {
  auto impl = std::make_unique<Impl>(store, taxonomy, programmes, embedder, std::move(today));
  if (Status loaded = store.run_exclusively([&](Database& writable) { return impl->load(writable); }); !loaded)
    return tl::unexpected(loaded.error());
  store.add_commit_hook(*impl);
  return std::unique_ptr<StandingQueries>(new StandingQueries(std::move(impl)));
}

Status StandingQueries::read_anew() {
  return impl_->store.run_exclusively([&](Database& writable) { return impl_->load(writable); });
}

namespace {

Status check(const StandingQuery& query, const Programmes& programmes) {
  if (query.text.empty() && query.offering.empty() && query.where.empty())
    return fail(ErrorCode::kInvalid, "text", "the query asks for nothing", "give `text`, `offering` or `where`");
  if (!(query.minimum >= -1 && query.minimum <= 1))
    return fail(ErrorCode::kInvalid, "minimum", "out of range", "give a cosine from -1 to 1");
  if (std::ranges::any_of(query.where, &Condition::negated))
    return fail(ErrorCode::kInvalid, "where", "a condition is negated", "say what must hold");
  if (programmes.contains(query.programme)) return {};
  return fail(ErrorCode::kNotFound, "programme", "`" + query.programme.substr(0, 80) + "` is no programme");
}

}  // namespace

Result<StandingAdded> StandingQueries::add(StandingQuery query) {
  Impl& own = *impl_;
  if (Status valid = check(query, own.programmes); !valid) return tl::unexpected(valid.error());
  const Embedding vectors = own.vectors_of(query);
  if (Patience::over()) return given_up();
  StandingTable one = own.empty();
  query.id = standing_id(1);  // until it has its own
  one.add(query, vectors);
  // Everybody is tested while writes go on; whoever is written meanwhile is tested once more with nobody writing.
  const std::uint64_t since = own.store.sequence();
  const std::int32_t day = own.today();
  Result<std::set<std::string>> fits = own.fitting(one, day);
  if (!fits) return tl::unexpected(fits.error());
  const Status stored = own.store.run_exclusively([&](Database& writable) -> Status {
    if (own.current()->size() >= kMaxStandingQueries)
      return fail(ErrorCode::kTooLarge, "query", "there are " + std::to_string(kMaxStandingQueries) + " standing queries",
                  "remove some that are no longer needed");
    const auto changes = own.store.changes(since, std::numeric_limits<std::size_t>::max());
    if (!changes) return tl::unexpected(changes.error());
    for (const Change& change : *changes) {
      const auto tested = own.tester.test_stored(one, change.id, day);
      if (!tested) return tl::unexpected(tested.error());
      fits->erase(change.id);
      if (*tested && !(*tested)->fits.empty()) fits->insert(change.id);
    }
    query.id = standing_id(++own.counters.query);
    query.created = own.store.sequence();
    return own.store_query(writable, query, vectors, *fits);
  });
  if (!stored) return tl::unexpected(stored.error());
  return StandingAdded{std::move(query), fits->size()};
}

Status StandingQueries::erase(std::string_view id) {
  Impl& own = *impl_;
  const std::uint64_t number = standing_number(id).value_or(0);
  if (!own.current()->find(number)) return absent(id);
  // All is walked while writes go on; a mark that one of them makes meanwhile comes with an alert behind `last`.
  std::vector<Database::Edit> edits{{Family::kStandingQueries, big_endian(number), {}}};
  std::uint64_t last = 0;
  MarkCursor marks(own.database);
  for (; marks.valid(); marks.next())
    if (marks.query() == number) edits.push_back({Family::kAlerts, mark_key(marks.profile(), number), {}});
  if (Status walked = marks.status(); !walked) return walked;
  if (Status walked = own.take_alerts(number, last, edits); !walked) return walked;
  return own.store.run_exclusively([&](Database& writable) -> Status {
    if (!own.current()->find(number)) return absent(id);
    if (Status walked = own.take_alerts(number, last, edits); !walked) return walked;
    StandingTable next = *own.current();
    next.remove(number);
    kill_point("standing: before a query is removed");
    if (Status written = writable.write(edits); !written) return written;
    own.publish(std::move(next));
    return {};
  });
}

Result<StandingQuery> StandingQueries::get(std::string_view id) const {
  const auto table = impl_->current();
  const StandingQuery* found = table->find(standing_number(id).value_or(0));
  if (!found) return absent(id);
  return *found;
}

Result<std::vector<StandingQuery>> StandingQueries::list(std::string_view after, std::size_t limit,
                                                         std::string_view office) const {
  const std::optional<std::uint64_t> from = after.empty() ? std::optional<std::uint64_t>(0) : standing_number(after);
  if (!from) return fail(ErrorCode::kInvalid, "after", "not the id of a standing query", "give the last id of the page before");
  std::vector<StandingQuery> found;
  if (limit == 0) return found;
  impl_->current()->for_each(*from, [&](const StandingQuery& query) {
    if (office.empty() || query.office == office) found.push_back(query);
    return found.size() < limit;
  });
  return found;
}

std::size_t StandingQueries::size() const { return impl_->current()->size(); }

Result<AlertPage> StandingQueries::alerts(std::string_view query, std::uint64_t after, std::size_t limit) const {
  if (!query.empty())
    if (const auto known = get(query); !known) return tl::unexpected(known.error());
  AlertPage page{.alerts = {}, .after = after, .more = false};
  if (after == std::numeric_limits<std::uint64_t>::max()) return page;
  Database::Cursor alerts(impl_->database, Family::kAlerts);
  std::uint64_t number = 0;
  for (alerts.seek(alert_key(after + 1)); alerts.valid() && parse_alert_key(alerts.key(), number); alerts.next()) {
    Result<Alert> alert = decode_alert(number, alerts.value());
    if (!alert) return tl::unexpected(alert.error());
    const bool wanted = query.empty() || alert->query == query;
    if (wanted && page.alerts.size() == limit) {
      page.more = true;
      return page;
    }
    page.after = number;
    if (!wanted) continue;
    const Result<bool> excluded = is_excluded(impl_->database, alert->profile);
    if (!excluded) return tl::unexpected(excluded.error());
    if (*excluded) continue;
    const Result<std::string> survivor = survivor_of(impl_->database, alert->profile);
    if (!survivor) return tl::unexpected(survivor.error());
    const Result<StoredProfile> stored = impl_->store.get(*survivor);
    if (!stored && stored.error().code != ErrorCode::kNotFound) return tl::unexpected(stored.error());
    if (stored) {
      alert->title = stored->profile.title;
      alert->country = stored->profile.country;
    }
    page.alerts.push_back(std::move(*alert));
  }
  if (const Status walked = alerts.status(); !walked) return tl::unexpected(walked.error());
  return page;
}

Result<StandingRun> StandingQueries::match_all() {
  Impl& own = *impl_;
  const std::int32_t today = own.today();
  StandingRun run;
  std::vector<std::string> wrong;  // ids whose marks are not what they ought to be
  const auto queries = own.current();
  run.queries = queries->size();
  const Status walked = own.tester.walk(
      *queries, today,
      [&](const MarkedProfile& profile, const TestedProfile& tested) {
        if (!tested.usable) return;
        ++run.profiles;
        const MarkChanges changes = compare_marks(profile.marks, tested.fits);
        if (!changes.gained.empty() || !changes.lost.empty()) wrong.push_back(profile.id);
      },
      &wrong);
  if (!walked) return tl::unexpected(walked.error());
  // Tested once more with nobody writing: between the walk and now anything may have changed.
  for (std::size_t from = 0; from < wrong.size(); from += kMend) {
    const Status mended = own.store.run_exclusively([&](Database& writable) -> Status {
      std::vector<Database::Edit> edits;
      const auto now = own.current();
      for (std::size_t i = from; i < std::min(from + kMend, wrong.size()); ++i) {
        const auto tested = own.tester.test_stored(*now, wrong[i], today);
        if (!tested) return tl::unexpected(tested.error());
        const Impl::Standing standing{wrong[i], *tested ? &**tested : nullptr};
        if (Status updated = own.update_marks(standing, edits, run); !updated) return updated;
      }
      return edits.empty() ? Status() : writable.write(edits);
    });
    if (!mended) return tl::unexpected(mended.error());
  }
  return run;
}

}  // namespace counterpart::index
