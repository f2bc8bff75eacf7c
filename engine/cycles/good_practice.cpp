// Good practice: what a concluded introduction came to, in words that both sides let everybody read.
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"
#include "engine/profile/identity.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;

Status check_told(const Facts& facts, const Terms&) {
  Profile told;
  told.summary = facts.outcome;
  if (!revelations_in(told).empty())
    return fail(ErrorCode::kInvalid, "facts.outcome", "everybody may read this text, and it seems to hold contact data",
                "tell what came of it without them");
  if (facts.amount.has_value() != facts.currency.empty()) return {};
  return fail(ErrorCode::kInvalid, facts.amount ? "facts.currency" : "facts.amount", "is missing",
              "money is an amount in a currency");
}

// clang-format off
constexpr KindRow kKinds[] = {{"good_practice"}};

// The asking side writes, the answering side lets exactly these words out: who writes anew asks anew.
constexpr StateRow kStates[] = {
    {"good_practice", "asked",    kAsking,    "telling", "lapse"},
    {"good_practice", "written",  kAnswering, "telling", "lapse"},
    {"good_practice", "public"},
    {"good_practice", "withdrawn"},
    {"good_practice", "lapsed"},
};

constexpr ActRow kActs[] = {
    {"good_practice", "",                           "ask",         "asked",     kEitherOffice},
    {"good_practice", "asked",                      "write",       "written",   kAskingOffice, "told"},
    {"good_practice", "written",                    "publish",     "public",  kAnsweringOffice},
    {"good_practice", "written",                    "return",      "asked",     kAnsweringOffice, "note"},
    {"good_practice", "asked written public",     "withdraw",    "withdrawn", kEitherOffice},
    {"good_practice", "asked written",              "lapse",       "lapsed",    kClock},
    {"good_practice", "withdrawn lapsed",           "reopen",      "asked",     kEitherOffice, "note"},
    {"introduction",  "concluded operational",      "tell_others", "",          kEitherOffice, {}, kGoesOn, false, "good_practice"},
};

constexpr SaidRow kSaids[] = {
    {"told", "outcome"}, {"told", "amount", Need::kMay}, {"told", "currency", Need::kMay}, {"told", "jobs", Need::kMay},
    {"told", "sdg", Need::kMay}, {"told", "", Need::kMay, check_told},
};

constexpr LimitRow kLimits[] = {
    {"telling", 20, Unit::kWorkingDays, "for a side to write what an introduction came to, or to let it out"},
};

constexpr LetterRow kLetters[] = {
    {"good_practice", "ask",      Reader::kAskingDesk,    "case_opened", kAtOnce},
    {"good_practice", "write",    Reader::kAnsweringDesk, "case_for_you", kAtOnce},
    {"good_practice", "publish",  Reader::kAskingDesk,    "case_moved"},
    {"good_practice", "return",   Reader::kAskingDesk,    "case_for_you", kAtOnce},
    {"good_practice", "withdraw", Reader::kOtherDesk,     "case_withdrawn"},
    {"good_practice", "lapse",    Reader::kAskingDesk,    "case_lapsed"},
    {"good_practice", "lapse",    Reader::kAnsweringDesk, "case_lapsed"},
    {"good_practice", "reopen",   Reader::kAskingDesk,    "case_for_you", kAtOnce},
};

constexpr ReminderRow kReminders[] = {
    {"good_practice", "asked",   5, Reader::kAskingDesk,    "due_soon"},
    {"good_practice", "written", 5, Reader::kAnsweringDesk, "due_soon"},
};
// clang-format on

}  // namespace

CycleRows good_practice_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
