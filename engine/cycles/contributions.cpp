// What a firm gives to an initiative: money, hours of its staff, what it knows, for how long.
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Pace;

Status check_given(const Facts& facts, const Terms&) {
  if (facts.amount.has_value() == facts.currency.empty())
    return fail(ErrorCode::kInvalid, facts.amount ? "facts.currency" : "facts.amount", "is missing",
                "money is an amount in a currency");
  if (facts.amount || facts.staff_hours || !facts.know_how.empty()) return {};
  return fail(ErrorCode::kInvalid, "facts", "say nothing that is given", "an amount in a currency, staff_hours or know_how");
}

// clang-format off
constexpr KindRow kKinds[] = {{"contribution", Places::kNone, Between::kTwoProfiles, true}};

constexpr StateRow kStates[] = {
    {"contribution", "offered", kAnswering, "answer", "lapse"},
    {"contribution", "agreed",  kAsking,    "start"},
    {"contribution", "running", kAsking,    "progress"},
    {"contribution", "completed"},
    {"contribution", "declined"},
    {"contribution", "dropped"},
    {"contribution", "withdrawn"},
    {"contribution", "lapsed"},
};

constexpr ActRow kActs[] = {
    {"contribution", "",               "offer",    "offered",   kAskingOffice, "given"},
    {"contribution", "offered",        "agree",    "agreed",    kAnsweringOffice},
    {"contribution", "offered",        "decline",  "declined",  kAnsweringOffice, "decline"},
    {"contribution", "offered",        "withdraw", "withdrawn", kSubmitter},
    {"contribution", "offered",        "lapse",    "lapsed",    kClock},
    {"contribution", "agreed",         "start",    "running",   kEitherOffice},
    {"contribution", "running",        "report",   "",          kEitherOffice, "note"},
    {"contribution", "running",        "complete", "completed", kEitherOffice, "closure"},
    {"contribution", "agreed running", "drop",     "dropped",   kEitherOffice, "drop"},
    {"contribution", "declined lapsed", "reopen",  "offered",   kAnsweringOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"given", "amount", Need::kMay}, {"given", "currency", Need::kMay}, {"given", "staff_hours", Need::kMay},
    {"given", "know_how", Need::kMay}, {"given", "duration_months", Need::kMay}, {"given", "", Need::kMay, check_given},
};

constexpr LimitRow kLimits[] = {
    {"start", 20, Unit::kWorkingDays, "from the agreement on what a firm gives to its beginning"},
};

constexpr LetterRow kLetters[] = {
    {"contribution", "offer",    Reader::kAnsweringDesk, "case_opened", kAtOnce},
    {"contribution", "agree",    Reader::kAskingDesk,    "case_for_you", kAtOnce},
    {"contribution", "decline",  Reader::kAskingDesk,    "case_refused"},
    {"contribution", "withdraw", Reader::kAnsweringDesk, "case_withdrawn"},
    {"contribution", "lapse",    Reader::kAskingDesk,    "case_lapsed"},
    {"contribution", "lapse",    Reader::kAnsweringDesk, "case_lapsed"},
    {"contribution", "start",    Reader::kOtherDesk,     "case_moved"},
    {"contribution", "complete", Reader::kOtherDesk,     "case_closed"},
    {"contribution", "drop",     Reader::kOtherDesk,     "case_refused"},
    {"contribution", "reopen",   Reader::kAskingDesk,    "case_moved"},
};

constexpr ReminderRow kReminders[] = {
    {"contribution", "offered", 1, Reader::kAnsweringDesk, "due_soon"},
    {"contribution", "agreed",  5, Reader::kAskingDesk,    "due_soon"},
    {"contribution", "running", 7, Reader::kAskingDesk,    "due_soon"},
};
// clang-format on

}  // namespace

CycleRows contribution_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
