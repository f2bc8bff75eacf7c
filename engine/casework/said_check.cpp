#include "engine/casework/said_check.h"

#include <algorithm>
#include <string>

#include "engine/base/nearest.h"
#include "engine/casework/case_json.h"
#include "engine/profile/profile_check.h"

namespace counterpart::engine {
namespace {

Status check_reason(const ActRow& row, const std::string& reason, bool asked, const LifeCycles& table) {
  if (!asked)
    return reason.empty() ? Status{} : fail(ErrorCode::kInvalid, "reason", "is not asked for with this act", "leave it out");
  const std::vector<std::string_view> reasons = table.reasons_of(row.says);
  if (reason.empty()) return fail(ErrorCode::kInvalid, "reason", "is required", "one of " + joined_with_or(reasons));
  if (std::ranges::find(reasons, reason) != reasons.end()) return {};
  Error error = wrong_word(reason, reasons);
  error.place = "reason";
  return tl::unexpected(std::move(error));
}

}  // namespace

Status check_said(const ActRow& row, const Said& said, const Terms& terms, const LifeCycles& table) {
  const auto asked = [&](std::string_view fact) {
    const auto found = std::ranges::find_if(
        table.saids, [&](const SaidRow& each) { return !row.says.empty() && each.says == row.says && each.fact == fact; });
    return found != table.saids.end() ? &*found : nullptr;
  };
  if (Status status = check_reason(row, said.reason, asked("reason"), table); !status) return status;
  if (said.note.empty() && asked("note")) return fail(ErrorCode::kInvalid, "note", "is required", "say it in a sentence");
  for (const Member& member : facts_members()) {
    const SaidRow* wanted = asked(member.name);
    const bool stated = member.kind->stated(member.field(&said.facts));
    const std::string place = "facts." + std::string(member.name);
    if (stated && !wanted) return fail(ErrorCode::kInvalid, place, "is not asked for with this act", "leave it out");
    if (!stated && wanted && wanted->need == Need::kMust) return fail(ErrorCode::kInvalid, place, "is required", "");
    if (stated && wanted->check)
      if (Status status = wanted->check(said.facts, terms); !status) return status;
  }
  const SaidRow* whole = asked("");
  return whole && whole->check ? whole->check(said.facts, terms) : Status();
}

void complete_said(const ActRow& row, Said& said, const Terms& terms, const LifeCycles& table) {
  for (const SaidRow& each : table.saids)
    if (!row.says.empty() && each.says == row.says && each.complete) each.complete(said.facts, terms);
}

}  // namespace counterpart::engine
