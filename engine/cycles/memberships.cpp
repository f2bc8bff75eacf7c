// Membership of an alliance: applied for, admitted to a tier for a term, renewed or lapsed.
#include <algorithm>
#include <chrono>

#include "engine/base/nearest.h"
#include "engine/cycles/case_rules.h"
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;

Status check_tier(const Facts& facts, const Terms& terms) {
  if (!terms.rules || terms.rules->tier(facts.tier)) return {};
  std::vector<std::string_view> names;
  for (const Tier& tier : terms.rules->tiers) names.push_back(tier.name);
  return fail(ErrorCode::kInvalid, "facts.tier", "is no tier of the programme",
              names.empty() ? "the programme's file names its tiers under [membership]" : "one of " + joined_with_or(names));
}

// The same day of a later month, or its last one.
Day months_after(Day from, unsigned months) {
  const std::chrono::year_month_day start{std::chrono::sys_days(std::chrono::days(from))};
  std::chrono::year_month_day end = start + std::chrono::months(months);
  if (!end.ok()) end = end.year() / end.month() / std::chrono::last;
  return static_cast<Day>(std::chrono::sys_days(end).time_since_epoch().count());
}

// Fee and duration are the tier's unless something else is agreed, and the last day follows from the duration.
void complete_term(Facts& facts, const Terms& terms) {
  if (const Tier* tier = terms.rules ? terms.rules->tier(facts.tier) : nullptr) {
    if (!facts.amount && facts.currency.empty()) facts.amount = tier->fee, facts.currency = tier->currency;
    if (!facts.duration_months) facts.duration_months = tier->months;
  }
  if (facts.duration_months && !facts.valid_until)
    facts.valid_until = months_after(terms.from, static_cast<unsigned>(*facts.duration_months));
}

// clang-format off
constexpr bool kOnTime = true;

constexpr KindRow kKinds[] = {{"membership", Places::kNone, Between::kProfileAndProgramme, true}};

constexpr StateRow kStates[] = {
    {"membership", "applied",  kAnswering, "admission"},
    {"membership", "member",   kAsking,    "renewal_notice", "notify", kOnTime},
    {"membership", "renewing", kAnswering, "term_end",       "lapse",  kOnTime},
    {"membership", "lapsed"},
    {"membership", "refused"},
    {"membership", "withdrawn"},
};

constexpr ActRow kActs[] = {
    {"membership", "",                       "apply",    "applied",   kSubmitter},
    {"membership", "applied",                "admit",    "member",    kAnsweringOffice, "admission"},
    {"membership", "applied",                "refuse",   "refused",   kAnsweringOffice, "refuse"},
    {"membership", "member renewing lapsed", "renew",    "member",    kAnsweringOffice, "admission"},
    {"membership", "applied member renewing", "withdraw", "withdrawn", kSubmitter},
    {"membership", "member",                 "notify",   "renewing",  kClock},
    {"membership", "renewing",               "lapse",    "lapsed",    kClock},
    {"membership", "refused",                "reopen",   "applied",   kAnsweringOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"admission", "tier", Need::kMust, check_tier, complete_term},
    {"admission", "amount"}, {"admission", "currency"}, {"admission", "duration_months"}, {"admission", "valid_until"},
};

constexpr LimitRow kLimits[] = {
    {"admission",      20, Unit::kWorkingDays, "for an applicant to be admitted or refused"},
    {"renewal_notice", 30, Unit::kBeforeEnd,   "before the end of a membership, when it is to be renewed"},
    {"term_end",       0,  Unit::kBeforeEnd,   "when a membership lapses"},
};

constexpr LetterRow kLetters[] = {
    {"membership", "apply",    Reader::kAnsweringDesk, "case_opened", kAtOnce},
    {"membership", "admit",    Reader::kAskingDesk,    "case_moved"},
    {"membership", "admit",    Reader::kAskingOwner,   "case_moved"},
    {"membership", "refuse",   Reader::kAskingDesk,    "case_refused"},
    {"membership", "refuse",   Reader::kAskingOwner,   "case_refused"},
    {"membership", "renew",    Reader::kAskingOwner,   "case_moved"},
    {"membership", "withdraw", Reader::kAnsweringDesk, "case_withdrawn"},
    {"membership", "notify",   Reader::kAskingOwner,   "term_ends", kAtOnce},
    {"membership", "notify",   Reader::kAnsweringDesk, "term_ends", kAtOnce},
    {"membership", "lapse",    Reader::kAskingOwner,   "case_lapsed"},
    {"membership", "lapse",    Reader::kAskingDesk,    "case_lapsed"},
    {"membership", "lapse",    Reader::kAnsweringDesk, "case_lapsed"},
    {"membership", "reopen",   Reader::kAskingDesk,    "case_moved"},
};

constexpr ReminderRow kReminders[] = {
    {"membership", "applied",  3, Reader::kAnsweringDesk, "due_soon"},
    {"membership", "renewing", 7, Reader::kAskingOwner,   "term_ends"},
};
// clang-format on

}  // namespace

CycleRows membership_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
