#include "engine/casework/asks.h"

#include <algorithm>
#include <set>
#include <string>

#include "engine/base/date.h"
#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

std::string in_quotes(std::string_view text) { return "`" + std::string(text) + "`"; }

// By the clocks of the office that answers, whose deadline it is.
Day today_of(const Case& of, const Act& act, const Casework& work) {
  return work.clock.day_in(office_of(of, Side::kAnswering, work.directory), act.at);
}

Status check_call(const Case& of, const CaseRules& rules, Day today) {
  if (rules.opens && today < *rules.opens)
    return fail(ErrorCode::kConflict, "programme",
                "the call of " + in_quotes(of.programme) + " opens on " + iso_date(*rules.opens), "come back on that day");
  if (rules.closes && today > *rules.closes)
    return fail(ErrorCode::kConflict, "programme",
                "the call of " + in_quotes(of.programme) + " closed on " + iso_date(*rules.closes), "wait for its next call");
  return {};
}

}  // namespace

const CaseRules* rules_of(const Case& of, const Casework& work) {
  if (!work.rules) return nullptr;
  const auto found = work.rules->find(of.programme);
  return found != work.rules->end() ? &found->second : nullptr;
}

Status check_run(const Case& of, const Casework& work) {
  const KindRow* kind = work.table.kind(of.kind);
  if (!work.rules || !kind || !kind->declared) return {};
  if (const CaseRules* rules = rules_of(of, work); rules && rules->runs(of.kind)) return {};
  std::vector<std::string_view> running;
  for (const auto& [slug, rules] : *work.rules)
    if (rules.runs(of.kind)) running.push_back(slug);
  return fail(ErrorCode::kConflict, "programme",
              "the programme " + in_quotes(of.programme) + " runs no cases of the kind " + in_quotes(of.kind),
              running.empty() ? "name the kind in the programme's file, as in [cases] kinds = [\"" + of.kind + "\"]"
                              : "the kind is run by " + joined_with_or(running));
}

Status check_asks(const Case& before, const Progress& progress, const ActRow& row, const Act& act, const Casework& work) {
  const CaseRules* rules = rules_of(before, work);
  if ((row.asks & kOpenCall) && rules)
    if (Status open = check_call(before, *rules, today_of(before, act, work)); !open) return open;
  std::set<std::string_view> jurors;
  for (const Act& done : before.log) {
    if (done.number <= progress.entered) continue;
    if ((row.asks & kOnceADesk) && done.verb == act.verb && done.desk == act.desk)
      return fail(ErrorCode::kConflict, "desk", in_quotes(act.desk) + " has done this already", "it is for each desk once");
    if (!done.said.facts.marks.empty()) jurors.insert(done.desk);
  }
  const std::size_t needed = rules ? rules->jurors : 1;
  if ((row.asks & kEnoughMarks) && jurors.size() < needed)
    return fail(ErrorCode::kConflict, "marks",
                std::to_string(jurors.size()) + " of " + std::to_string(needed) + " jurors have given their points",
                "let other desks of the office give theirs");
  return {};
}

// A term that is renewed before its end goes on from there.
Terms terms_of(const Case& before, const Progress& progress, const Act& act, const Casework& work) {
  const Day today = today_of(before, act, work);
  return {.rules = rules_of(before, work), .from = std::max(today, progress.valid_until.value_or(today))};
}

}  // namespace counterpart::engine
