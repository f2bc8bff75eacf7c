// Cases that are shared with another office of the network. The office that answers keeps the log that counts: it does what the
// asking office did as that reaches it, each act once, and tells what became of it. The asking office follows that log, and
// keeps what it did itself and is not confirmed behind it.
#include <algorithm>

#include "engine/base/hex.h"
#include "engine/profile/profile_json.h"
#include "index/base/crypto.h"
#include "index/casework/case_plan.h"
#include "index/casework/case_store_impl.h"
#include "index/store/origins.h"
#include "index/store/vault.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kTravelling[] = {"interest", "introduction"};  // kinds of case
constexpr std::size_t kSharedId = 16;
constexpr std::size_t kMostContact = 1 << 16;
constexpr std::size_t kMostAsked = 4096;  // acts of the other office in one case, however it tells them

bool travels(std::string_view kind) { return std::ranges::find(kTravelling, kind) != std::end(kTravelling); }

// Whose hands it is in within an office: nothing for the other one to wait for.
bool is_internal(const ActRow& row) { return row.to.empty() && row.hands != Hands::kStays; }

std::string in_quotes(std::string_view text) { return "`" + std::string(text) + "`"; }

// Had this office been told of the agreement that `log` ends with when it turned `key`, or come to it by itself before?
bool knew_agreement(const Case& log, const SharedCase& shared, std::vector<AskedAct>::const_iterator key,
                    const LifeCycles& table) {
  const Result<Progress> progress = progress_of(log, table);
  if (!progress) return false;
  if (key->seen >= progress->entered) return true;
  return std::any_of(shared.asked.begin(), key, [&](const AskedAct& own) { return own.number == progress->entered; });
}

}  // namespace

bool turned_here(const Case& of, const SharedCase& shared, const LifeCycles& table) {
  for (std::size_t i = std::min<std::size_t>(shared.confirmed, of.log.size()); i-- > 0;) {
    const Act& act = of.log[i];
    const bool is_key = std::ranges::any_of(
        table.acts, [&](const ActRow& row) { return row.kind == of.kind && row.verb == act.verb && row.two_keys; });
    if (!is_key || act.side != shared.side()) continue;
    Case before = of;
    before.log.resize(i);
    for (auto own = shared.asked.begin(); own != shared.asked.end(); ++own)
      if (own->number == i + 1 && own->act.verb == act.verb && knew_agreement(before, shared, own, table)) return true;
    return false;
  }
  return false;
}

Result<std::optional<SharedCase>> CasePlan::shared(const Step& step, const Case& of) const {
  if (!travels(of.kind)) return std::nullopt;
  for (const Step* one : {&step, &done_})
    for (const auto& [key, told] : one->shares)
      if (told.of.case_id == of.id) return told.of;
  const Database& database = store_.database();
  Result<std::optional<SharedCase>> stored = shared_of(database, of.id);
  if (!stored || *stored) return stored;
  SharedCase fresh;
  fresh.kind = of.kind;
  fresh.case_id = of.id;
  if (!of.origin.empty()) {
    const Result<Case> before = find(step, of.origin);
    if (!before) return std::nullopt;  // it was erased
    const Result<std::optional<SharedCase>> origin = shared(step, *before);
    if (!origin || !*origin) return origin;
    fresh.office = (*origin)->office;
    fresh.origin = (*origin)->shared;
    fresh.shared = (*origin)->shared + "+" + of.kind;
    fresh.home = (*origin)->home;
    fresh.profile = of.party(fresh.side()).profile;
    // One that was lost here, and that the other office asked about since, goes on under its numbers.
    Result<std::optional<SharedCase>> before_it = read_shared(database, fresh.office, fresh.shared);
    if (!before_it || !*before_it) return before_it ? Result<std::optional<SharedCase>>(std::move(fresh)) : before_it;
    fresh.version = (*before_it)->version;
    fresh.heard_epoch = (*before_it)->heard_epoch;
    fresh.heard = (*before_it)->heard;
    fresh.asked = std::move((*before_it)->asked);
    return fresh;
  }
  const Result<std::string> asking = read_origin(database, of.asking.profile);
  if (!asking) return tl::unexpected(asking.error());
  Result<std::string> answering = read_origin(database, of.answering.profile);
  if (!answering) return tl::unexpected(answering.error());
  if (!asking->empty() || answering->empty()) return std::nullopt;
  fresh.office = std::move(*answering);
  fresh.shared = engine::hex(random_bytes(kSharedId));
  fresh.profile = of.asking.profile;
  return fresh;
}

void CasePlan::share(Step& step, SharedCase of, bool untold) const {
  Step::Share& kept = step.shares[{of.office, of.shared}];
  kept.untold = kept.untold || untold;
  kept.of = std::move(of);
}

Status CasePlan::name_other_office(Case& made) const {
  const Result<std::string> origin = read_origin(store_.database(), made.answering.profile);
  if (!origin) return tl::unexpected(origin.error());
  if (origin->empty() || !travels(made.kind)) return {};
  const std::string id = stand_in_of(*origin);
  const Result<std::optional<StandIn>> stand_in = read_stand_in(store_.database(), id);
  if (!stand_in) return tl::unexpected(stand_in.error());
  if (!*stand_in || (*stand_in)->office != *origin || !work_.directory.office(id))
    return fail(ErrorCode::kConflict, "to", "its office `" + *origin + "` has not told yet when it works",
                "hand in a bundle of that office; its calendar is in each");
  made.answering.office = made.answering.desk = id;
  return {};
}

Status CasePlan::may_act(const ActRequest& request, const std::optional<SharedCase>& shared) const {
  if (const Desk* desk = work_.directory.desk(request.desk); desk && request.by == By::kDesk) {
    const Result<std::optional<StandIn>> stand_in = read_stand_in(store_.database(), desk->office);
    if (!stand_in) return tl::unexpected(stand_in.error());
    if (*stand_in)
      return fail(ErrorCode::kForbidden, "desk",
                  "stands for the office `" + (*stand_in)->office + "`, which acts at its own server", "a desk of this office");
  }
  if (!shared) return {};
  const Result<std::optional<StandIn>> there = read_stand_in(store_.database(), stand_in_of(shared->office));
  if (!there) return tl::unexpected(there.error());
  if (!*there)
    return fail(ErrorCode::kConflict, "case", "is shared with the office `" + shared->office + "`, which is not known any more",
                "have it added to the network again");
  if (shared->over)
    return fail(ErrorCode::kConflict, "case", "the office `" + shared->office + "` keeps no record of it any more",
                "open another one");
  return {};
}

Status CasePlan::is_own_act(const Act& done, const std::optional<SharedCase>& shared) const {
  if (!shared || done.side == shared->side()) return {};
  return fail(ErrorCode::kForbidden, "verb",
              in_quotes(done.verb) + " is for the office `" + shared->office + "`, which does it at its own server",
              "what it does arrives here by itself");
}

Result<bool> CasePlan::note_shared(Step& step, const Case& changed, const ActRow& row, const Act& done) const {
  Result<std::optional<SharedCase>> found = shared(step, changed);
  if (!found) return tl::unexpected(std::move(found.error()));
  if (!*found) return true;
  SharedCase& of = **found;
  const bool home = of.home;
  if (step.mirrors) return false;
  if (!home) of.asked.push_back({.id = engine::hex(random_bytes(kSharedId)), .seen = of.confirmed, .act = done, .refused = {}});
  ++of.version;
  share(step, std::move(of), true);
  return home || is_internal(row);
}

// What stands for another office reads nothing here, nor does the owner of its profile: their own server writes to them.
Result<bool> CasePlan::reads_here(const Letter& letter) const {
  if (!letter.profile.empty())
    return read_origin(store_.database(), letter.profile).map([](const std::string& origin) { return origin.empty(); });
  return read_stand_in(store_.database(), letter.office).map([](const std::optional<StandIn>& found) { return !found; });
}

Result<std::string> CasePlan::take(const CaseTelling& telling, std::int64_t now) {
  const CaseMessage& message = telling.message;
  Step step = begin(network_writer(telling.office), now);
  Result<std::optional<SharedCase>> known = read_shared(store_.database(), telling.office, message.shared);
  if (!known) return tl::unexpected(std::move(known.error()));
  SharedCase of = *known ? std::move(**known) : SharedCase{};
  const bool old = std::pair(telling.epoch, message.version) <= std::pair(of.heard_epoch, of.heard);
  if (old || of.gone) return std::string();
  if (!*known) {
    of.office = telling.office;
    of.shared = message.shared;
    of.kind = message.kind;
    of.origin = message.origin;
    of.home = !message.home;
  }
  if (!*known && message.gone) {  // what was told before that and comes later does not rise again
    of.gone = true;
    of.heard_epoch = telling.epoch;
    of.heard = message.version;
    share(step, std::move(of), false);
    keep(std::move(step));
    return std::string();
  }
  const Result<std::optional<StandIn>> there = read_stand_in(store_.database(), stand_in_of(telling.office));
  if (!there) return tl::unexpected(there.error());
  if (!*there || (*there)->office != telling.office || !work_.directory.office(stand_in_of(telling.office)))
    return std::string("its office has not told yet when it works");
  if (of.home == message.home) return std::string("both offices say that they answer");
  if (!of.home && message.of && (message.of->kind != of.kind || !travels(of.kind)))
    return fail(ErrorCode::kCorrupt, "case", "is of a kind that does not travel, or of another than it says",
                "tell the office that sent it");
  Result<std::string> waits = std::string();
  Status followed;
  if (message.gone)
    followed = end_with_word(step, of, "The other office keeps no record of this case any more.");
  else if (of.home)
    waits = take_asked(step, of, telling);
  else
    followed = take_log(step, of, telling);
  if (!waits) return waits;
  if (!waits->empty()) return waits;
  if (!followed) return tl::unexpected(followed.error());
  of.heard_epoch = telling.epoch;
  of.heard = message.version;
  if (Status released = take_released(step, of, telling); !released) return tl::unexpected(released.error());
  share(step, std::move(of), false);
  keep(std::move(step));
  return std::string();
}

// Neither side's private members are here before both keys are turned, whatever somebody sends; nor are this side's there.
Status CasePlan::take_released(Step& step, SharedCase& of, const CaseTelling& telling) {
  const Result<Case> after = of.case_id.empty() ? fail(ErrorCode::kNotFound, "", "") : find(step, of.case_id);
  if (!after || telling.message.gone || !released_by(*after, of, work_.table)) return {};
  if (!telling.contact.empty()) {
    // What could not be read later is not kept. What it says is in no message.
    const Result<StoredProfile> there = store_.get(after->party(other(of.side())).profile);
    if (telling.contact.size() > kMostContact ||
        (there && !decode_profile(to_json(there->profile, Visibility::kPublic), telling.contact)))
      return fail(ErrorCode::kCorrupt, "case", "what it releases does not decode", "tell the office that sent it");
    if (Status sealed = store_.vault().seal(also_, released_key(of.case_id), telling.contact, true); !sealed) return sealed;
  }
  if (of.home || of.releases || !turned_here(*after, of, work_.table)) return {};
  of.releases = true;
  ++of.version;
  share(step, of, true);
  return {};
}

// --- At the office that answers.

Result<Case> CasePlan::opened_there(const CaseTelling& telling) const {
  const CaseMessage& message = telling.message;
  const Database& database = store_.database();
  if (!message.of || message.of->kind != message.kind || !travels(message.kind))
    return fail(ErrorCode::kUnsupported, "case", "was written by a newer program");
  // What came of another case was opened here; it was lost since.
  if (message.kind != kTravelling[0]) return fail(ErrorCode::kNotFound, "case", "there is no such case here any more");
  Case made = *message.of;
  const Result<std::string> asking = read_origin(database, made.asking.profile);
  if (!asking) return tl::unexpected(asking.error());
  const Result<std::string> answering = read_origin(database, made.answering.profile);
  if (!answering) return tl::unexpected(answering.error());
  const Result<StoredProfile> from = store_.get(made.asking.profile);
  if (!from && from.error().code != ErrorCode::kNotFound) return tl::unexpected(from.error());
  if (!from || *asking != telling.office) return fail(ErrorCode::kUnavailable, "from", "the profile that asks is not here yet");
  Result<Party> to = party({}, family(made.answering.profile).front(), "to.profile", false);
  if (!to) return tl::unexpected(std::move(to.error()));
  if (!answering->empty()) return fail(ErrorCode::kNotFound, "to.profile", "there is no such profile");
  made.id.clear();
  made.origin.clear();
  made.log.clear();
  made.asking.office = made.asking.desk = stand_in_of(telling.office);
  made.asking.organisation = organisation_of(from->profile);
  made.answering = std::move(*to);
  return made;
}

// Does what the asking office did, and notes what became of it. kUnavailable: it must wait for something else of that office.
Status CasePlan::answer(Step& step, SharedCase& of, const AskedAct& asked, const CaseTelling& telling) const {
  const SharedCase before_it = of;
  AskedAct told{.id = asked.id, .seen = asked.seen, .act = {}, .refused = {}};
  Step trial = step;
  const auto done = [&]() -> Result<Case> {
    if (asked.act.by == By::kClock) return fail(ErrorCode::kInternal, "verb", "the clock of this office counts");
    Case before;
    if (of.case_id.empty()) {
      Result<Case> made = opened_there(telling);
      if (!made) return made;
      before = std::move(*made);
      if (Status none = check_none_open(trial, before); !none) return tl::unexpected(none.error());
      before.id = case_id(before.kind, ++trial.counters.cases);
      of.case_id = before.id;
      of.profile = before.answering.profile;
      share(trial, of, true);
    } else {
      Result<Case> there = find(trial, of.case_id);
      if (!there) return there;
      before = std::move(*there);
    }
    const Result<Progress> progress = progress_of(before, work_.table);
    if (!progress) return tl::unexpected(progress.error());
    // A key is turned to what was seen: not to what was agreed anew since.
    const ActRow* row = work_.table.act(before.kind, progress->state ? progress->state->state : "", asked.act.verb);
    const bool own_step = progress->entered > 0 && before.log[progress->entered - 1].side == Side::kAsking;
    if (row && row->two_keys && progress->entered > asked.seen && !own_step)
      return fail(ErrorCode::kConflict, "number", "the case went another way meanwhile");
    Act act = asked.act;
    act.number = 0;
    act.at = step.now;
    act.office = act.desk = act.by == By::kDesk ? stand_in_of(telling.office) : std::string();
    if (!act.said.facts.desk.empty()) act.said.facts.desk = stand_in_of(telling.office);
    return apply_all(trial, before, std::move(act));
  };
  const Result<Case> after = done();
  if (!after) of = before_it;
  if (!after && (after.error().code == ErrorCode::kUnavailable || after.error().code == ErrorCode::kStorage ||
                 after.error().code == ErrorCode::kUnsupported))
    return tl::unexpected(after.error());
  if (after) {
    step = std::move(trial);
    told.number = static_cast<unsigned>(after->log.size());
    if (const auto noted = step.shares.find({of.office, of.shared}); noted != step.shares.end()) of = noted->second.of;
  } else {
    told.refused = after.error().message.empty() ? std::string("refused") : after.error().message;
    ++of.version;
  }
  of.asked.push_back(std::move(told));
  share(step, of, true);
  return {};
}

Result<std::string> CasePlan::take_asked(Step& step, SharedCase& of, const CaseTelling& telling) const {
  for (const AskedAct& asked : telling.message.asked) {
    if (of.find(asked.id) != of.asked.end()) continue;
    if (of.asked.size() >= kMostAsked) return std::string("that office did too much in it");
    const Status done = answer(step, of, asked, telling);
    if (done) continue;
    if (done.error().code == ErrorCode::kStorage) return tl::unexpected(done.error());
    return done.error().message;
  }
  return std::string();
}

}  // namespace counterpart::index
