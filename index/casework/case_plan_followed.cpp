// Of a case that another office of the network answers: this office follows the log that that one tells, and what it did itself
// and is not confirmed stands behind it.
#include <algorithm>

#include "engine/casework/letters.h"
#include "index/casework/case_plan.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

// What is not known here is believed of the other office only between a profile of this one and one of that one.
Status is_between(const Database& database, const Case& told, const std::string& office) {
  const Result<std::string> asking = read_origin(database, told.asking.profile);
  if (!asking) return tl::unexpected(asking.error());
  const Result<std::string> answering = read_origin(database, told.answering.profile);
  if (!answering) return tl::unexpected(answering.error());
  if (asking->empty() && *answering == office) return {};
  return fail(ErrorCode::kCorrupt, "case", "is not between a profile of this office and one of the office that tells of it",
              "tell the office that sent it");
}

// The case here that it came of.
Result<std::string> origin_of(const Database& database, const SharedCase& of) {
  if (of.origin.empty()) {
    if (of.kind == "interest") return std::string();
    return fail(ErrorCode::kCorrupt, "case", "came of no interest", "tell the office that sent it");
  }
  const Result<std::optional<SharedCase>> origin = read_shared(database, of.office, of.origin);
  if (!origin) return tl::unexpected(origin.error());
  if (!*origin) return fail(ErrorCode::kUnavailable, "case", "the case that it came of is not here yet");
  return (*origin)->gone ? std::string() : (*origin)->case_id;
}

}  // namespace

// The log as the other office has it, with what only this one knows: who did its own acts.
Result<Case> CasePlan::as_told(const Step& step, SharedCase& of, const CaseTelling& telling) const {
  const CaseMessage& message = telling.message;
  Case next;
  if (!of.case_id.empty()) {
    Result<Case> before = find(step, of.case_id);
    if (!before) return before;
    next = std::move(*before);
  } else {  // lost here, and known there
    next = *message.of;
    Result<Party> asking = party({}, next.asking.profile, "from.profile", false);
    if (!asking) return tl::unexpected(std::move(asking.error()));
    next.asking = std::move(*asking);
    next.answering.office = next.answering.desk = stand_in_of(telling.office);
    if (Status its_own = is_between(store_.database(), next, telling.office); !its_own)
      return tl::unexpected(std::move(its_own.error()));
    Result<std::string> origin = origin_of(store_.database(), of);
    if (!origin) return tl::unexpected(std::move(origin.error()));
    next.origin = std::move(*origin);
  }
  next.log = message.of->log;
  const std::string there = stand_in_of(telling.office);
  for (std::size_t i = 0; i < next.log.size(); ++i) {
    Act& act = next.log[i];
    const auto own = std::ranges::find(of.asked, static_cast<unsigned>(i) + 1, &AskedAct::number);
    if (own != of.asked.end()) {
      if (act.side != Side::kAsking || act.verb != own->act.verb || act.by != own->act.by)
        return fail(ErrorCode::kCorrupt, "case", "has an act of this office other than it was done here",
                    "tell the office that sent it");
      act.desk = own->act.desk;
      act.office = own->act.office;
      act.said = own->act.said;
    } else if (act.side == Side::kAsking && !act.office.empty()) {  // forgotten here
      act.office = next.asking.office;
      act.desk.clear();
      act.said.facts.desk.clear();
    } else if (!act.office.empty()) {
      act.office = act.desk = there;
    }
    if (act.number != i + 1 || (i > 0 && act.at < next.log[i - 1].at))
      return fail(ErrorCode::kCorrupt, "case", "its acts are not in order");
  }
  const Result<Progress> progress = progress_of(next, work_.table);
  if (!progress) return tl::unexpected(progress.error());
  if (!progress->state) return fail(ErrorCode::kCorrupt, "case", "was never opened");
  return next;
}

Status CasePlan::take_log(Step& step, SharedCase& of, const CaseTelling& telling) const {
  const CaseMessage& message = telling.message;
  std::vector<std::string> refused;
  for (AskedAct& own : of.asked) {
    const auto told = std::ranges::find(message.asked, own.id, &AskedAct::id);
    const bool known = own.answered();
    own.number = told == message.asked.end() ? 0 : told->number;
    own.refused = told == message.asked.end() ? std::string() : told->refused;
    if (!known && !own.refused.empty()) refused.push_back(own.id);
  }
  step.mirrors = true;
  if (!message.of) {
    const auto first = std::ranges::find_if(of.asked, [](const AskedAct& own) { return !own.refused.empty(); });
    return end_with_word(step, of, first == of.asked.end() ? std::string() : first->refused);
  }
  of.over = false;
  const bool lost = of.case_id.empty();
  Result<Case> next = as_told(step, of, telling);
  if (!next && lost && next.error().code == ErrorCode::kNotFound) {  // nor has this one: its profile is gone
    of.gone = true;
    ++of.version;
    share(step, of, true);
    return {};
  }
  if (!next) return tl::unexpected(std::move(next.error()));
  if (lost) {
    next->id = of.case_id = case_id(next->kind, ++step.counters.cases);
    of.profile = next->asking.profile;
  }
  const unsigned before = of.confirmed;
  of.confirmed = static_cast<unsigned>(next->log.size());
  Case then = *next;  // as it was after each act
  then.log.resize(std::min(before, of.confirmed));
  for (unsigned number = before + 1; number <= of.confirmed; ++number) {
    then.log.push_back(next->log[number - 1]);
    const Act& act = then.log.back();
    const bool own = std::ranges::find(of.asked, number, &AskedAct::number) != of.asked.end();
    if (own && (act.verb == "claim" || !act.said.facts.desk.empty())) continue;  // told when it was done
    Result<std::vector<Letter>> letters = letters_of_last(then, work_);
    if (!letters) return tl::unexpected(std::move(letters.error()));
    if (Status added = add_letters(step, then, std::move(*letters)); !added) return added;
  }
  step.audit.push_back({.at = static_cast<std::uint64_t>(std::max<std::int64_t>(step.now, 1)),
                        .who = step.who,
                        .what = "case told",
                        .subject = next->id,
                        .version = of.confirmed});
  step.cases[next->id] = *next;
  share(step, of, false);
  for (const std::string& id : refused)
    if (Status told = tell_not_done(step, *next, of, id); !told) return told;
  return repeat_own(step, of);
}

// What was done here and is not answered stands behind the log as long as it fits there.
Status CasePlan::repeat_own(Step& step, const SharedCase& of) const {
  for (const AskedAct& own : of.asked) {
    if (own.answered()) continue;
    const Result<Case> before = find(step, of.case_id);
    if (!before) return tl::unexpected(before.error());
    Step trial = step;
    Act act = own.act;
    act.number = 0;
    if (const Result<Case> after = apply_all(trial, *before, std::move(act)); after)
      step = std::move(trial);
    else if (after.error().code == ErrorCode::kStorage)
      return tl::unexpected(after.error());
  }
  return {};
}

// The other office has no record of it any more, or never took it in: it ends here.
Status CasePlan::end_with_word(Step& step, SharedCase& of, const std::string& why) const {
  of.over = true;
  share(step, of, false);
  if (of.case_id.empty()) return {};
  Result<Case> given = find(step, of.case_id);
  if (!given) return given.error().code == ErrorCode::kNotFound ? Status() : tl::unexpected(given.error());
  const Result<Progress> progress = progress_of(*given, work_.table);
  if (!progress) return tl::unexpected(progress.error());
  if (progress->state && engine::is_open(*progress->state)) {
    for (const ActRow* row : work_.table.acts_from(given->kind, progress->state->state)) {
      if (row->verb != "withdraw" && row->verb != "drop") continue;
      Act act;
      act.number = static_cast<unsigned>(given->log.size()) + 1;
      act.at = std::max(step.now, given->log.back().at);
      act.by = By::kClock;
      act.verb = row->verb;
      act.said.note = why;
      if (row->verb == "drop") act.said.reason = "plans_changed";
      step.audit.push_back({.at = static_cast<std::uint64_t>(std::max<std::int64_t>(step.now, 1)),
                            .who = step.who,
                            .what = "case " + act.verb,
                            .subject = given->id,
                            .version = act.number});
      given->log.push_back(std::move(act));
      break;
    }
    step.cases[given->id] = *given;
  }
  of.confirmed = static_cast<unsigned>(given->log.size());
  share(step, of, false);
  return tell_not_done(step, *given, of, "over");
}

Status CasePlan::tell_not_done(Step& step, const Case& of, const SharedCase& shared, const std::string& key) const {
  const Result<Progress> progress = progress_of(of, work_.table);
  if (!progress) return tl::unexpected(progress.error());
  const Responsible reader = follower(of, *progress, shared.side(), work_, step.now);
  Letter letter;
  letter.letter = kNotDoneThere;
  letter.case_id = of.id;
  letter.act = static_cast<unsigned>(of.log.size());
  letter.office = reader.office;
  letter.desk = reader.desk;
  letter.arguments = {{"kind", of.kind},
                      {"programme", of.programme},
                      {"from", of.asking.profile},
                      {"to", of.answering.profile},
                      {"state", std::string(progress->state ? progress->state->state : "")}};
  letter.key = of.id + "/" + std::string(kNotDoneThere) + "/" + key;
  return add_letters(step, of, {std::move(letter)});
}

}  // namespace counterpart::index
