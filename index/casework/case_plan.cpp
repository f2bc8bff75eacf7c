#include "index/casework/case_plan.h"

#include <algorithm>

#include "engine/casework/asks.h"
#include "engine/profile/organisation.h"
#include "index/caseload/remembered.h"
#include "index/store/aliases.h"
#include "index/store/checks.h"

namespace counterpart::index {
namespace {

constexpr int kMostClockActs = 8;  // of one case at one time: a profile ends in two

// The sides of a case, and whom its acts have named.
std::set<std::string> profiles_in(const Case& of) {
  std::set<std::string> profiles{of.asking.profile, of.answering.profile};
  for (const Act& act : of.log)
    for (std::string& named : named_profiles(act.said.facts)) profiles.insert(std::move(named));
  return profiles;
}

// The act of another kind's case that opens those of this kind, which then nobody opens otherwise; nullptr: there is none.
const ActRow* follows_on(std::string_view kind, const LifeCycles& table) {
  const auto row =
      std::ranges::find_if(table.acts, [&](const ActRow& each) { return each.opens == kind && each.kind != kind; });
  return row == table.acts.end() ? nullptr : &*row;
}

}  // namespace

std::string_view kind_of_profiles(const LifeCycles& table) {
  const auto found = std::ranges::find(table.kinds, Between::kProfileAlone, &KindRow::between);
  return found != table.kinds.end() ? found->kind : std::string_view();
}

std::string organisation_of(const Profile& profile) {
  std::string organisation = strongest_identifier(profile);
  return organisation.empty() && profile.kind != Kind::kProject ? profile.title : organisation;
}

Result<Case> CasePlan::find(const Step& step, const std::string& id) const {
  for (const Step* one : {&step, &done_})
    if (const auto found = one->cases.find(id); found != one->cases.end()) return found->second;
  return read_case(store_.database(), id);
}

bool CasePlan::is_open(const Case& of) const {
  const Result<Progress> progress = progress_of(of, work_.table);
  return progress && progress->state && engine::is_open(*progress->state);
}

std::map<std::string, const Case*> CasePlan::touched(const Step& step, const std::string& profile) const {
  std::map<std::string, const Case*> latest;
  if (const auto found = of_profile_.find(profile); found != of_profile_.end())
    for (const std::string& id : found->second) latest[id] = &done_.cases.find(id)->second;
  for (const auto& [id, of] : step.cases)
    if (profiles_in(of).contains(profile)) latest[id] = &of;
  return latest;
}

Result<Party> CasePlan::party(const NewCase& wanted, const std::string& profile, const char* place, bool may_be_absent) const {
  Party party{.profile = profile, .office = wanted.office, .desk = {}, .organisation = wanted.organisation};
  const Result<StoredProfile> stored = store_.get(profile);
  if (stored) {
    party.office = stored->profile.office;
    party.organisation = organisation_of(stored->profile);
  } else if (stored.error().code != ErrorCode::kNotFound || !may_be_absent) {
    Error error = stored.error();
    if (error.code == ErrorCode::kNotFound) error.place = place;
    return tl::unexpected(std::move(error));
  }
  party.office = work_.directory.office_or_duty(party.office).id;
  return party;
}

// What does not decode is told by whoever reads it next.
std::vector<std::string> CasePlan::family(const std::string& profile) const {
  Result<std::vector<std::string>> ids = family_of(store_.database(), profile);
  return ids ? std::move(*ids) : std::vector<std::string>{profile};
}

Status CasePlan::check_none_open(const Step& step, const Case& wanted) const {
  const std::vector<std::string> asking = family(wanted.asking.profile), answering = family(wanted.answering.profile);
  const auto is_of = [](const std::vector<std::string>& ids, const std::string& id) {
    return std::ranges::find(ids, id) != ids.end();
  };
  std::string there;
  for (const std::string& from : asking) {
    for (const std::string& to : answering)
      if (there.empty()) there = board_.open_between(wanted.kind, wanted.programme, from, to);
    for (const auto& [id, of] : touched(step, from)) {
      const bool same = of->kind == wanted.kind && of->programme == wanted.programme && is_of(asking, of->asking.profile) &&
                        is_of(answering, of->answering.profile);
      if (same && is_open(*of)) there = id;
      if (id == there && !is_open(*of)) there.clear();
    }
  }
  if (there.empty()) return {};
  return fail(ErrorCode::kConflict, "case", "`" + there + "` is open between these", "go on with that one");
}

Result<Case> CasePlan::fresh(Step& step, const NewCase& wanted) const {
  const KindRow* kind = work_.table.kind(wanted.kind);
  if (!kind)
    return fail(ErrorCode::kInvalid, "kind", "`" + wanted.kind.substr(0, 80) + "` is no kind of case", "as the table has them");
  if (const ActRow* before = follows_on(wanted.kind, work_.table))
    return fail(ErrorCode::kConflict, "kind", "a case of this kind is opened by none but the act that comes before it",
                "`" + std::string(before->verb) + "` in a case of the kind `" + std::string(before->kind) + "`");
  if (work_.directory.offices().empty())
    return fail(ErrorCode::kConflict, "offices", "there is no office that could answer", "add one");
  if (!kind->two_sided() && !wanted.to.empty() && wanted.to != wanted.from)
    return fail(ErrorCode::kInvalid, "to.profile", "is asked for by no case of one profile", "leave it out");
  Case made;
  made.kind = wanted.kind;
  made.programme = wanted.programme;
  Result<Party> asking = party(wanted, family(wanted.from).front(), "from.profile", kind->between == Between::kProfileAlone);
  if (!asking) return tl::unexpected(std::move(asking.error()));
  made.asking = std::move(*asking);
  made.answering = made.asking;
  if (kind->between == Between::kProfileAndProgramme) {
    const CaseRules* rules = rules_of(made, work_);
    made.answering.office = work_.directory.office_or_duty(rules ? rules->office : std::string()).id;
  }
  if (kind->two_sided()) {
    Result<Party> answering = party(wanted, family(wanted.to).front(), "to.profile", false);
    if (!answering) return tl::unexpected(std::move(answering.error()));
    made.answering = std::move(*answering);
  }
  if (Status named = name_other_office(made); !named) return tl::unexpected(std::move(named.error()));
  if (Status none = check_none_open(step, made); !none) return tl::unexpected(std::move(none.error()));
  made.id = case_id(made.kind, ++step.counters.cases);
  return made;
}

// What the board counts, and what the plan has changed since.
Result<PlacesOf> CasePlan::places(const Step& step, const Case& of, Side side) const {
  const std::vector<std::string> own = family(of.party(side).profile);
  PlacesOf places;
  const Result<StoredProfile> stored = store_.get(own.front());
  if (!stored && stored.error().code != ErrorCode::kNotFound) return tl::unexpected(stored.error());
  if (stored) places = places_of(stored->profile, 0);
  for (const std::string& profile : own) {
    const std::map<std::string, const Case*> changed = touched(step, profile);
    std::set<std::string, std::less<>> ids;
    for (const auto& [id, now] : changed) ids.insert(id);
    places.taken += board_.places_taken(profile, ids);
    for (const auto& [id, now] : changed) places.taken += engine::places_taken(*now, profile, work_.table);
  }
  return places;
}

Status CasePlan::add_letters(Step& step, const Case& of, std::vector<Letter> letters) const {
  for (Letter& letter : letters) {
    if (keys_.contains(letter.key)) continue;
    const Result<bool> here = reads_here(letter);
    if (!here) return tl::unexpected(here.error());
    if (!*here) continue;
    const auto written = store_.database().get(Family::kLetters, once_key(letter.key));
    if (!written) return tl::unexpected(written.error());
    if (*written) continue;
    StoredLetter stored;
    stored.number = ++step.counters.letters;
    for (const std::string& office : {of.asking.office, of.answering.office, letter.office})
      if (!office.empty() && std::ranges::find(stored.offices, office) == stored.offices.end())
        stored.offices.push_back(office);
    stored.at = stored.state_since = stored.next_try = step.now;
    stored.letter = std::move(letter);
    step.letters.push_back(std::move(stored));
  }
  return {};
}

Result<Case> CasePlan::apply_all(Step& step, const Case& before, Act act) const {
  if (!before.log.empty()) act.at = std::max(act.at, before.log.back().at);
  std::array<PlacesOf, 2> both;
  for (const Side side : kSides) {
    const Result<PlacesOf> one = places(step, before, side);
    if (!one) return tl::unexpected(one.error());
    both[index_of(side)] = *one;
  }
  Result<Applied> applied = apply(before, std::move(act), work_, both);
  if (!applied) return tl::unexpected(std::move(applied.error()));
  const Case& changed = applied->changed;
  const Act done = changed.log.back();
  if (Status around = check_around(step, changed, *applied->row, done); !around)
    return tl::unexpected(std::move(around.error()));
  if (applied->row->effect != Effect::kNone)
    step.effects.push_back({changed.id, changed.asking.profile, step.who, applied->row->effect, done.said.facts.valid_until});
  step.cases[changed.id] = changed;
  step.audit.push_back({.at = static_cast<std::uint64_t>(std::max<std::int64_t>(step.now, 1)),
                        .who = step.who,
                        .what = "case " + done.verb,
                        .subject = changed.id,
                        .version = done.number});
  const Result<bool> now = note_shared(step, changed, *applied->row, done);
  if (!now) return tl::unexpected(now.error());
  if (*now)
    if (Status added = add_letters(step, changed, std::move(applied->letters)); !added) return tl::unexpected(added.error());
  if (!applied->opens.empty())
    if (Status opened =
            applied->row->calls_up ? call_up(step, changed, applied->opens) : open_next(step, changed, done, applied->opens);
        !opened)
      return tl::unexpected(opened.error());
  if (!applied->on_origin.empty() && !changed.origin.empty())
    if (Status moved = move_origin(step, changed.origin, applied->on_origin); !moved) return tl::unexpected(moved.error());
  return std::move(applied->changed);
}

// One case leads to another of a kind once: what came of it goes on there.
Status CasePlan::check_first(const Step& step, const Case& origin, std::string_view kind) const {
  const auto is_it = [&](const Case& of) { return of.kind == kind && of.origin == origin.id; };
  std::string there;
  for (const auto& [id, of] : touched(step, origin.asking.profile))
    if (is_it(*of)) there = id;
  const Result<std::vector<std::string>> known = cases_of(store_.database(), origin.asking.profile);
  if (!known) return tl::unexpected(known.error());
  for (const std::string& id : *known)
    if (const Result<Case> of = read_case(store_.database(), id); of && is_it(*of)) there = id;
  if (there.empty()) return {};
  return fail(ErrorCode::kConflict, "verb", "it has led to `" + there + "` already", "go on with that one");
}

Status CasePlan::open_next(Step& step, const Case& origin, const Act& act, std::string_view kind) const {
  const std::vector<const ActRow*> openings = work_.table.acts_from(kind, "");
  if (openings.empty()) return fail(ErrorCode::kInternal, "casework", "nothing opens a case of kind " + std::string(kind));
  if (origin.kind != kind)
    if (Status first = check_first(step, origin, kind); !first) return first;
  Act opening = act;
  opening.number = 0;
  opening.verb = openings.front()->verb;
  opening.said = {};
  const Case next = follows(origin, case_id(kind, ++step.counters.cases), kind, work_.table);
  return apply_all(step, next, std::move(opening)).map([](const Case&) {});
}

// Who is gone, or is asked already, is passed over.
Status CasePlan::call_up(Step& step, const Case& origin, std::string_view kind) const {
  std::vector<std::string> left = alternates_of(origin);
  while (!left.empty()) {
    const std::string next = left.front();
    left.erase(left.begin());
    Case made = follows(origin, {}, kind, work_.table);
    Result<Party> called = party({}, next, "alternates", false);
    if (!called && called.error().code == ErrorCode::kNotFound) continue;
    if (const Result<bool> excluded = is_excluded(store_.database(), next); excluded && *excluded) continue;
    if (!called) return tl::unexpected(std::move(called.error()));
    made.asking = std::move(*called);
    made.answering.profile = next;
    made.answering.organisation = made.asking.organisation;
    if (!check_none_open(step, made)) continue;
    made.id = case_id(kind, ++step.counters.cases);
    Act opening;
    opening.at = step.now;
    opening.by = By::kClock;
    opening.verb = work_.table.acts_from(kind, "").front()->verb;
    opening.said.facts = origin.log.front().said.facts;
    opening.said.facts.alternates = std::move(left);
    return apply_all(step, made, std::move(opening)).map([](const Case&) {});
  }
  return {};
}

// One that has gone another way meanwhile stays there.
Status CasePlan::move_origin(Step& step, const std::string& id, std::string_view verb) const {
  const Result<Case> origin = find(step, id);
  if (!origin) return tl::unexpected(origin.error());
  const Result<Progress> progress = progress_of(*origin, work_.table);
  if (!progress) return tl::unexpected(progress.error());
  if (!progress->state || !work_.table.act(origin->kind, progress->state->state, verb)) return {};
  Act act;
  act.at = step.now;
  act.by = By::kClock;
  act.verb = verb;
  return apply_all(step, *origin, std::move(act)).map([](const Case&) {});
}

Result<std::optional<Acted>> CasePlan::done_before(const ActRequest& request, std::int64_t now) const {
  if (!request.repeat) return std::nullopt;
  const Result<std::optional<Repeat>> before = find_repeat(store_.database(), *request.repeat);
  if (!before) return tl::unexpected(before.error());
  if (!*before) return std::nullopt;
  Result<Case> of = read_case(store_.database(), (*before)->made);
  if (!of) return tl::unexpected(std::move(of.error()));
  Result<Standing> standing = standing_of(*of, work_, now);
  if (!standing) return tl::unexpected(std::move(standing.error()));
  return Acted{.after = std::move(*of), .standing = std::move(*standing), .letters = {}, .others = {}, .repeated = true};
}

Result<Acted> CasePlan::act(const ActRequest& request, std::int64_t now) {
  if (request.case_id.empty() != request.opens.has_value())
    return fail(ErrorCode::kInvalid, "case", "either a case is named or one is opened", "give one of the two");
  Result<std::optional<Acted>> earlier = done_before(request, now);
  if (!earlier) return tl::unexpected(std::move(earlier.error()));
  if (*earlier) return std::move(**earlier);
  Step step = begin(request.who, now);
  const Result<Case> before = request.opens ? fresh(step, *request.opens) : find(step, request.case_id);
  if (!before) return tl::unexpected(before.error());
  if (request.last && *request.last != before->log.size()) {
    const std::string there = before->log.empty() ? "it is not open"
                                                  : "the last act is now " + std::to_string(before->log.size()) + ", `" +
                                                        before->log.back().verb + "`";
    return fail(ErrorCode::kConflict, "number", "somebody has acted meanwhile: " + there, "look at the case again");
  }
  const Result<std::optional<SharedCase>> shares = shared(step, *before);
  if (!shares) return tl::unexpected(shares.error());
  if (Status may = may_act(request, *shares); !may) return tl::unexpected(std::move(may.error()));
  Act act;
  act.at = now;
  act.by = request.by;
  act.desk = request.desk;
  if (const Desk* desk = work_.directory.desk(request.desk)) act.office = desk->office;
  act.verb = request.verb;
  act.said = request.said;
  Result<Case> after = apply_all(step, *before, std::move(act));
  if (!after) return tl::unexpected(std::move(after.error()));
  if (Status own = is_own_act(after->log.back(), *shares); !own) return tl::unexpected(std::move(own.error()));
  Result<Standing> standing = standing_of(*after, work_, now);
  if (!standing) return tl::unexpected(std::move(standing.error()));
  Acted acted{.after = std::move(*after), .standing = std::move(*standing), .letters = {}, .others = {}};
  for (const StoredLetter& letter : step.letters) acted.letters.push_back(letter.letter);
  for (const auto& [id, of] : step.cases)
    if (id != acted.after.id) acted.others.push_back(id);
  if (request.repeat) remember(*request.repeat, acted.after.id, now);
  keep(std::move(step));
  return acted;
}

void CasePlan::remember(const RepeatKey& key, const std::string& made, std::int64_t now) {
  add_repeat(key, made, now, also_);
  ++remembered_;
}

Status CasePlan::let_time_pass(const std::string& id, std::int64_t now) {
  Step step = begin("clock", now);
  Result<Case> of = find(step, id);
  if (!of) return tl::unexpected(of.error());
  const std::int64_t then = std::max(now, of->log.empty() ? now : of->log.back().at);
  const Result<std::optional<SharedCase>> shares = shared(step, *of);
  if (!shares) return tl::unexpected(shares.error());
  // What time does to a case is for the office to say whose log counts.
  const bool follows = *shares && !(*shares)->home && !(*shares)->over;
  for (int i = 0; i < kMostClockActs && !follows; ++i) {
    Result<std::optional<Act>> due = clock_act(*of, work_, then);
    if (!due) return tl::unexpected(due.error());
    if (!*due) break;
    of = apply_all(step, *of, std::move(**due));
    if (!of) return tl::unexpected(of.error());
  }
  Result<std::vector<Letter>> letters = clock_letters(*of, work_, then);
  if (!letters) return tl::unexpected(letters.error());
  if (Status added = add_letters(step, *of, std::move(*letters)); !added) return added;
  keep(std::move(step));
  return {};
}

void CasePlan::keep(Step step) {
  done_.counters = step.counters;
  for (auto& [id, of] : step.cases) {
    for (const std::string& profile : profiles_in(of)) of_profile_[profile].insert(id);
    done_.cases[id] = std::move(of);
  }
  for (StoredLetter& letter : step.letters) {
    keys_.insert(letter.letter.key);
    done_.letters.push_back(std::move(letter));
  }
  for (AuditEntry& entry : step.audit) done_.audit.push_back(std::move(entry));
  for (ProfileEffect& effect : step.effects) done_.effects.push_back(std::move(effect));
  for (auto& [key, told] : step.shares) share(done_, std::move(told.of), told.untold);
}

std::vector<Database::Edit> CasePlan::edits() const {
  std::vector<Database::Edit> edits;
  for (const auto& [id, of] : done_.cases) add_case(of, is_open(of), edits);
  for (const StoredLetter& letter : done_.letters) add_letter(letter, true, edits);
  for (const auto& [key, told] : done_.shares) add_shared(told.of, told.untold, edits);
  edits.insert(edits.end(), also_.begin(), also_.end());
  if (!edits.empty()) edits.push_back(edit_of(done_.counters));
  return edits;
}

}  // namespace counterpart::index
