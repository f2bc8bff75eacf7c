// What acts do to profiles: held back, published, renewed, ended; each in one batch.
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/date.h"
#include "engine/calendar/world_calendar.h"
#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/base/kill_point.h"
#include "index/casework/case_store_impl.h"
#include "index/store/aliases.h"
#include "index/store/origins.h"
#include "index/store/versions.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

constexpr int kTries = 8;  // of reading what somebody else changes meanwhile

tl::unexpected<Error> changed_meanwhile() {
  return fail(ErrorCode::kConflict, "profile", "was changed since this was proposed",
              "`send_back`, so that it is proposed anew on what is published now");
}

// What the bringer of a text does in a state: opens a new case, takes it into the other side's court, or leaves it there.
enum class Bringing : std::uint8_t { kOpens, kSubmits, kAmends };
const ActRow* bringing(const LifeCycles& table, std::string_view kind, std::string_view state, Bringing wanted) {
  for (const ActRow* row : table.acts_from(kind, state)) {
    if ((row->who & kBringer) != kBringer || row->effect != Effect::kNone) continue;
    const StateRow* to = row->to.empty() ? nullptr : table.state(kind, row->to);
    const Bringing does = row->opens == kind                     ? Bringing::kOpens
                          : to && to->court == Court::kAnswering ? Bringing::kSubmits
                                                                 : Bringing::kAmends;
    if (does == wanted && (wanted != Bringing::kAmends || row->to.empty())) return row;
  }
  return nullptr;
}

std::string everything_in(const Profile& profile) { return to_json(profile, Visibility::kWithPrivate); }

// Whoever may not know private members is never told whether theirs are the stored ones.
bool is_same(const Write& write, const Profile& given, const Profile& there) {
  if (write.private_members == PrivateMembers::kUnseen &&
      (!private_json(write.profile).empty() || !write.removed.members.empty()))
    return false;
  return everything_in(given) == everything_in(there);
}

// One profile being sent in, and what is there of it.
struct Sent {
  std::optional<StoredProfile> stored;
  std::optional<Proposal> proposal;
  Profile given;  // with the private members that it keeps
};

Result<Sent> read_sent(const Store& store, const Write& write) {
  Sent sent;
  sent.given = write.profile;
  const std::string& id = write.profile.id;
  Result<StoredProfile> stored = store.get(id, true);
  if (stored)
    sent.stored = std::move(*stored);
  else if (stored.error().code != ErrorCode::kNotFound)
    return tl::unexpected(std::move(stored.error()));
  Result<std::optional<Proposal>> proposal = read_proposal(store, id, true);
  if (!proposal) return tl::unexpected(std::move(proposal.error()));
  sent.proposal = std::move(*proposal);
  const Profile* kept = sent.proposal ? &sent.proposal->profile : sent.stored ? &sent.stored->profile : nullptr;
  if (kept && write.private_members != PrivateMembers::kReplace) keep_private(sent.given, write.removed, *kept);
  return sent;
}

// As a write of the store is checked, by all that is there.
Status check_sent(const Store& store, const Write& write, const Sent& sent) {
  const std::string& id = write.profile.id;
  if (write.consent) {
    const Result<std::uint64_t> life = store.life(id);
    if (!life) return tl::unexpected(life.error());
    Profile shown = sent.stored ? sent.stored->profile : Profile{};
    remove_private(shown);
    if (sent.stored || !sent.proposal)
      if (Status may = write.consent({sent.stored ? &shown : nullptr, *life}); !may) return may;
    if (sent.proposal) {
      shown = sent.proposal->profile;
      remove_private(shown);
      if (Status may = write.consent({&shown, *life}); !may) return may;
    }
  }
  const std::uint64_t version = sent.stored ? sent.stored->version : 0;
  if (write.expect_version && *write.expect_version != version)
    return fail(ErrorCode::kConflict, id,
                "version " + std::to_string(*write.expect_version) + " was expected, and it is " + std::to_string(version),
                "read the profile again and repeat the change on it");
  return {};
}

// Which acts hold it back, one after the other.
class Holding {
 public:
  Holding(CasePlan& plan, const Submission& submission, const Sent& sent, const Casework& work, std::int64_t now)
      : plan_(plan), submission_(submission), sent_(sent), work_(work), now_(now), kind_(kind_of_profiles(work.table)) {}

  // `open`: open cases of the profile, as stored. The case that it is held under.
  Result<Acted> run(const std::vector<Case>& open) {
    const std::string own = sent_.proposal ? sent_.proposal->case_id : std::string();
    const auto found = std::ranges::find(open, own, &Case::id);
    if (found != open.end() && state_of(*found) && bringing(work_.table, kind_, state_of(*found)->state, Bringing::kAmends))
      return go_on(*found);
    for (const Case& of : open)
      if (const StateRow* state = state_of(of))
        if (const ActRow* change = bringing(work_.table, kind_, state->state, Bringing::kOpens))
          return change_published(of, *change);
    ActRequest opening = request();
    opening.opens = NewCase{.kind = std::string(kind_),
                            .programme = {},
                            .from = sent_.given.id,
                            .office = sent_.given.office,
                            .organisation = organisation_of(sent_.given)};
    opening.verb = work_.table.acts_from(kind_, "").front()->verb;
    return plan_.act(opening, now_).and_then([this](const Acted& begun) { return hand_in(begun); });
  }

 private:
  const StateRow* state_of(const Case& of) const {
    const Result<Progress> progress = progress_of(of, work_.table);
    return of.kind == kind_ && progress ? progress->state : nullptr;
  }

  // A desk of another office has no hand in the case: the text came in without one.
  ActRequest request() const {
    ActRequest act;
    act.who = submission_.write.who;
    act.by = submission_.by;
    if (act.by != By::kDesk) return act;
    const Desk* desk = work_.directory.desk(submission_.desk);
    const std::string& office = sent_.stored ? sent_.stored->profile.office : sent_.given.office;
    const bool own = desk && desk->office == work_.directory.office_or_duty(office).id;
    if (own) act.desk = desk->id;
    if (!own) act.by = By::kClock;
    return act;
  }

  Result<Acted> hand_in(const Acted& acted) {
    const StateRow* state = state_of(acted.after);
    const ActRow* row = state && submission_.submits ? bringing(work_.table, kind_, state->state, Bringing::kSubmits) : nullptr;
    if (!row) return acted;
    ActRequest act = request();
    act.case_id = acted.after.id;
    act.verb = row->verb;
    return plan_.act(act, now_);
  }

  Result<Acted> go_on(const Case& of) {
    ActRequest act = request();
    act.case_id = of.id;
    act.verb = bringing(work_.table, kind_, state_of(of)->state, Bringing::kAmends)->verb;
    return plan_.act(act, now_).and_then([this](const Acted& amended) { return hand_in(amended); });
  }

  Result<Acted> change_published(const Case& of, const ActRow& change) {
    ActRequest act = request();
    act.case_id = of.id;
    act.verb = change.verb;
    const Result<Acted> changing = plan_.act(act, now_);
    if (!changing) return changing;
    if (changing->others.empty()) return fail(ErrorCode::kInternal, "casework", "a change opened no case");
    Acted begun = *changing;
    begun.after = plan_.cases().at(changing->others.front());
    return hand_in(begun);
  }

  CasePlan& plan_;
  const Submission& submission_;
  const Sent& sent_;
  const Casework& work_;
  std::int64_t now_;
  std::string_view kind_;
};

Submitted told(const Sent& sent, std::string case_id, std::string_view state, bool unchanged) {
  return {sent.given.id, std::move(case_id), state, sent.stored ? sent.stored->version : 0, unchanged};
}

std::string_view state_in(const Case& of, const LifeCycles& table) {
  const Result<Progress> progress = progress_of(of, table);
  return progress && progress->state ? progress->state->state : std::string_view();
}

}  // namespace

Result<Submitted> CaseStore::submit(const Submission& submission, std::int64_t now) {
  Impl& own = *impl_;
  const Write& write = submission.write;
  Result<Submitted> result = Submitted{};
  const Status done = own.store.run_exclusively([&](Database&) -> Status {
    const Result<std::string> survivor = survivor_of(own.database, write.profile.id);
    if (!survivor) return tl::unexpected(survivor.error());
    if (*survivor != write.profile.id)
      return fail(ErrorCode::kConflict, write.profile.id, "is an alias of `" + *survivor + "`",
                  "send it under that id, or undo the merge");
    const Result<std::string> origin = read_origin(own.database, write.profile.id);
    if (!origin) return tl::unexpected(origin.error());
    if (Status may = check_own(write.profile.id, *origin); !may) return may;
    const Result<Sent> sent = read_sent(own.store, write);
    if (!sent) return tl::unexpected(sent.error());
    if (Status may = check_sent(own.store, write, *sent); !may) return may;
    if (sent->stored && is_same(write, sent->given, sent->stored->profile)) {
      result = told(*sent, {}, {}, true);
      return {};
    }
    const std::shared_ptr<const Offices> known = own.current();
    const Casework with = own.work(*known);
    const bool repeated = sent->proposal && is_same(write, sent->given, sent->proposal->profile);
    if (sent->proposal && !sent->stored && write.expect_version && !repeated)
      return fail(ErrorCode::kConflict, write.profile.id, "a draft of this id is there", "replace it by PUT");
    std::vector<Case> open;
    std::vector<std::string> ids;
    {
      const MutexLock lock(own.mutex);
      ids = own.board.open_of(write.profile.id);
    }
    for (const std::string& id : ids) {
      Result<Case> of = read_case(own.database, id);
      if (!of) return tl::unexpected(std::move(of.error()));
      open.push_back(std::move(*of));
    }
    if (repeated) {
      const auto held = std::ranges::find(open, sent->proposal->case_id, &Case::id);
      const Result<Progress> progress = held != open.end() ? progress_of(*held, own.table) : Progress{};
      if (progress && progress->state && (progress->state->court == Court::kAnswering || !submission.submits)) {
        result = told(*sent, held->id, progress->state->state, true);
        return {};
      }
    }
    CasePlan plan(own.store, own.board, with, own.counters, own.publishing.is_of);
    Result<Acted> acted = fail(ErrorCode::kInternal, "casework", "nothing was done");
    {
      const MutexLock lock(own.mutex);
      acted = Holding(plan, submission, *sent, with, now).run(open);
    }
    if (!acted) return tl::unexpected(std::move(acted.error()));
    Result<Impl::Items> items = own.items_of(plan, with, now);
    if (!items) return tl::unexpected(std::move(items.error()));
    const std::string& id = acted->after.id;
    std::vector<Database::Edit> edits;
    const Proposal proposal{sent->given, id, write.who, static_cast<std::uint64_t>(std::max<std::int64_t>(now, 0)),
                            sent->stored ? sent->stored->version : 0};
    if (Status added = add_proposal(edits, proposal, own.store.vault()); !added) return added;
    result = told(*sent, id, state_in(acted->after, own.table), false);
    return own.write(plan, std::move(*items), {}, now, std::move(edits));
  });
  if (!done) return tl::unexpected(done.error());
  return result;
}

// What an act does to a profile, as a write that holds only while the profile is as it was read.
Result<std::optional<Write>> CaseStore::Impl::write_for(const ProfileEffect& effect, std::int64_t now) const {
  Write write;
  write.who = effect.who;
  write.via = effect.case_id;
  if (effect.effect == Effect::kPublishes) {
    Result<std::optional<Proposal>> proposal = read_proposal(store, effect.profile, true);
    if (!proposal) return tl::unexpected(std::move(proposal.error()));
    if (*proposal && (*proposal)->case_id == effect.case_id) {
      write.profile = std::move((*proposal)->profile);
      write.expect_version = (*proposal)->base;
      if (effect.valid_until) write.profile.valid_until = iso_date(*effect.valid_until);
      return write;
    }
  }
  Result<StoredProfile> stored = store.get(effect.profile, true);
  if (!stored && stored.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!stored) return tl::unexpected(std::move(stored.error()));
  std::optional<Day> last = effect.valid_until;
  if (effect.effect == Effect::kEnds) last = static_cast<Day>(now / kSecondsOfDay) - 1;
  const std::string until = last ? iso_date(*last) : std::string();
  const bool is_past =
      effect.effect == Effect::kEnds && !stored->profile.valid_until.empty() && stored->profile.valid_until < until;
  if (!last || stored->profile.valid_until == until || is_past) return std::nullopt;
  write.profile = std::move(stored->profile);
  write.profile.valid_until = until;
  write.expect_version = stored->version;
  Result<std::optional<Embedding>> embedding = store.embedding(effect.profile);  // no text of it changes
  if (!embedding) return tl::unexpected(std::move(embedding.error()));
  write.embedding = std::move(*embedding);
  return write;
}

Result<std::vector<Write>> CaseStore::Impl::writes_for(const std::vector<ProfileEffect>& effects, std::int64_t now) const {
  std::vector<Write> writes;
  for (const ProfileEffect& effect : effects) {
    if (effect.effect == Effect::kMerges || effect.effect == Effect::kParts) {
      const Result<Case> of = read_case(database, effect.case_id);
      if (!of) return tl::unexpected(of.error());
      Result<std::vector<Write>> both =
          effect.effect == Effect::kMerges ? writes_to_merge(*of, effect.who) : writes_to_part(*of, effect.who);
      if (!both) return both;
      std::ranges::move(*both, std::back_inserter(writes));
      continue;
    }
    Result<std::optional<Write>> write = write_for(effect, now);
    if (!write) return tl::unexpected(std::move(write.error()));
    if (*write) writes.push_back(std::move(**write));
  }
  return writes;
}

// Within the writer: the act once more, and what else belongs in the batch.
Status CaseStore::Impl::act_beside(const ActRequest& request, std::int64_t now, Result<Acted>& acted,
                                   std::vector<Database::Edit>& edits, std::vector<AuditEntry>& entries) {
  const std::shared_ptr<const Offices> known = current();
  const Casework with = work(*known);
  CasePlan plan(store, board, with, counters, publishing.is_of);
  {
    const MutexLock lock(mutex);
    acted = plan.act(request, now);
  }
  if (!acted) return tl::unexpected(acted.error());
  Result<Items> items = items_of(plan, with, now);
  if (!items) return tl::unexpected(std::move(items.error()));
  std::ranges::move(plan.edits(), std::back_inserter(edits));
  std::ranges::copy(plan.audit(), std::back_inserter(entries));
  for (const ProfileEffect& effect : plan.effects())
    if (effect.effect == Effect::kPublishes)
      if (Status gone = remove_proposal(edits, effect.profile, store.vault()); !gone) return gone;
  acting = {plan.counters(), std::move(*items), plan.letters(), plan.remembered()};
  latest = std::max(latest, now);
  kill_point("cases: acts in a batch that is not written");
  return {};
}

Result<Acted> CaseStore::Impl::act_on_profiles(const ActRequest& request, const std::vector<ProfileEffect>& effects,
                                               std::int64_t now) {
  const auto same = [](const Write& a, const Write& b) { return everything_in(a.profile) == everything_in(b.profile); };
  Result<Acted> acted = changed_meanwhile();
  for (int i = 0; i < kTries; ++i) {
    Result<std::vector<Write>> writes = writes_for(effects, now);
    if (!writes) return tl::unexpected(std::move(writes.error()));
    if (publishing.make_ready)
      for (Write& write : *writes)
        if (write.kind == Write::Kind::kPut && !write.embedding) publishing.make_ready(write);
    bool overtaken = false;
    const auto written = store.write_together(*writes, [&](auto& edits, auto& entries) -> Status {
      const Result<std::vector<Write>> again = writes_for(effects, now);
      if (!again) return tl::unexpected(again.error());
      overtaken = !std::ranges::equal(*writes, *again, same);
      return overtaken ? changed_meanwhile() : act_beside(request, now, acted, edits, entries);
    });
    if (written) return acted;
    const bool is_other = written.error().code == ErrorCode::kConflict && std::ranges::any_of(*writes, [&](const Write& write) {
                            return write.profile.id == written.error().place;
                          });
    if (is_other && effects.front().effect == Effect::kPublishes) return changed_meanwhile();
    if (!is_other && !overtaken) return tl::unexpected(written.error());
  }
  return changed_meanwhile();
}

}  // namespace counterpart::index
