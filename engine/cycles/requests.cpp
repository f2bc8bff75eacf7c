// A country's request for technical assistance: its focal point endorses it, the programme's office screens it and draws up a
// response plan, the country agrees to the plan, and somebody carries it out.
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;

Status check_plan(const Facts& facts, const Terms&) {
  if (*facts.ends >= *facts.starts) return {};
  return fail(ErrorCode::kInvalid, "facts.ends", "is before the start", "a day on or after `starts`");
}

// clang-format off
constexpr bool kOneKey = false;

constexpr KindRow kKinds[] = {{"request", Places::kNone, Between::kProfileAndProgramme, true}};

constexpr StateRow kStates[] = {
    {"request", "endorsed",       kAnswering, "screening"},
    {"request", "returned",       kAsking,    "revision", "lapse"},
    {"request", "screened",       kAnswering, "response_plan"},
    {"request", "response_plan",  kAsking,    "plan_consent"},
    {"request", "implementation", kAnswering, "progress"},
    {"request", "closed"},
    {"request", "refused"},
    {"request", "withdrawn"},
    {"request", "lapsed"},
};

constexpr ActRow kActs[] = {
    {"request", "",                  "endorse",   "endorsed",       kAskingOffice, {}, kStarts, kOneKey, {}, {}, Hands::kStays,
     Effect::kNone, kFocalPoint},
    {"request", "endorsed",          "screen",    "screened",       kAnsweringOffice},
    {"request", "endorsed screened", "send_back", "returned",       kAnsweringOffice, "return"},
    {"request", "returned",          "endorse",   "endorsed",       kAskingOffice, "note", kStarts, kOneKey, {}, {}, Hands::kStays,
     Effect::kNone, kFocalPoint},
    {"request", "endorsed screened", "refuse",    "refused",        kAnsweringOffice, "refuse"},
    {"request", "screened",          "plan",      "response_plan",  kAnsweringOffice, "response_plan"},
    {"request", "response_plan",     "approve",   "implementation", kAskingOffice},
    {"request", "response_plan",     "rework",    "screened",       kAskingOffice, "note"},
    {"request", "implementation",    "report",    "",               kAnsweringOffice, "note"},
    {"request", "implementation",    "close",     "closed",         kAnsweringOffice, "closure"},
    {"request", "endorsed returned screened response_plan", "withdraw", "withdrawn", kSubmitter},
    {"request", "returned",          "lapse",     "lapsed",         kClock},
    {"request", "refused lapsed",    "reopen",    "endorsed",       kAnsweringOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"response_plan", "plan"}, {"response_plan", "amount"}, {"response_plan", "currency"},
    {"response_plan", "implementer", Need::kMust, nullptr, nullptr, "network_member"},
    {"response_plan", "starts"}, {"response_plan", "ends", Need::kMust, check_plan},
};

constexpr LimitRow kLimits[] = {
    {"response_plan", 40, Unit::kWorkingDays, "from the screening of a request to its response plan"},
    {"plan_consent",  15, Unit::kWorkingDays, "for a country to agree to a response plan"},
};

constexpr LetterRow kLetters[] = {
    {"request", "endorse",   Reader::kAnsweringDesk, "case_opened", kAtOnce},
    {"request", "screen",    Reader::kAskingDesk,    "case_moved"},
    {"request", "send_back", Reader::kAskingDesk,    "case_returned", kAtOnce},
    {"request", "send_back", Reader::kAskingOwner,   "case_returned", kAtOnce},
    {"request", "refuse",    Reader::kAskingDesk,    "case_refused"},
    {"request", "refuse",    Reader::kAskingOwner,   "case_refused"},
    {"request", "plan",      Reader::kAskingDesk,    "case_for_you", kAtOnce},
    {"request", "approve",   Reader::kAnsweringDesk, "case_for_you", kAtOnce},
    {"request", "rework",    Reader::kAnsweringDesk, "case_for_you", kAtOnce},
    {"request", "report",    Reader::kAskingDesk,    "case_moved"},
    {"request", "close",     Reader::kAskingDesk,    "case_closed"},
    {"request", "close",     Reader::kAskingOwner,   "case_closed"},
    {"request", "withdraw",  Reader::kAnsweringDesk, "case_withdrawn"},
    {"request", "lapse",     Reader::kAskingDesk,    "case_lapsed"},
    {"request", "lapse",     Reader::kAnsweringDesk, "case_lapsed"},
    {"request", "reopen",    Reader::kAskingDesk,    "case_moved"},
};

constexpr ReminderRow kReminders[] = {
    {"request", "endorsed",       2, Reader::kAnsweringDesk, "due_soon"},
    {"request", "returned",       5, Reader::kAskingDesk,    "due_soon"},
    {"request", "screened",       7, Reader::kAnsweringDesk, "due_soon"},
    {"request", "response_plan",  5, Reader::kAskingDesk,    "due_soon"},
    {"request", "implementation", 7, Reader::kAnsweringDesk, "due_soon"},
};
// clang-format on

}  // namespace

CycleRows request_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
