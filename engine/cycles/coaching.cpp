// A project is coached until investors can be asked: an adviser is assigned, looks at it each quarter, and says when it is
// ready, for which money.
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;

Status check_ticket(const Facts& facts, const Terms&) {
  if (*facts.ticket_max >= *facts.ticket_min && *facts.ticket_max > 0) return {};
  return fail(ErrorCode::kInvalid, "facts.ticket_max", "is less than `ticket_min`, or nothing",
              "the most that is sought of one");
}

// clang-format off
constexpr KindRow kKinds[] = {{"coaching", Places::kNone, Between::kProfileAndProgramme, true}};

constexpr StateRow kStates[] = {
    {"coaching", "applied",        kAnswering, "screening"},
    {"coaching", "accepted",       kAnswering, "assignment"},
    {"coaching", "coaching",       kAnswering, "look"},
    {"coaching", "investor_ready", kAnswering, "look"},
    {"coaching", "introduced"},
    {"coaching", "closed"},
    {"coaching", "dropped"},
    {"coaching", "refused"},
    {"coaching", "withdrawn"},
};

constexpr ActRow kActs[] = {
    {"coaching", "",                        "apply",     "applied",        kSubmitter},
    {"coaching", "applied",                 "accept",    "accepted",       kAnsweringOffice},
    {"coaching", "applied",                 "refuse",    "refused",        kAnsweringOffice, "refuse"},
    {"coaching", "accepted",                "assign",    "coaching",       kAnsweringOffice, "adviser"},
    {"coaching", "coaching investor_ready", "assign",    "",               kAnsweringOffice, "adviser", kGoesOn},
    {"coaching", "coaching investor_ready", "look",      "",               kAnsweringOffice, "note"},
    {"coaching", "coaching",                "ready",     "investor_ready", kAnsweringOffice, "ticket"},
    {"coaching", "investor_ready",          "introduce", "introduced",     kAnsweringOffice, "introduced"},
    {"coaching", "coaching investor_ready", "close",     "closed",         kAnsweringOffice, "closure"},
    {"coaching", "accepted coaching investor_ready",         "drop",     "dropped",   kAnsweringOffice, "drop"},
    {"coaching", "applied accepted coaching investor_ready", "withdraw", "withdrawn", kSubmitter},
    {"coaching", "refused",                 "reopen",    "applied",        kAnsweringOffice, "note"},
    {"coaching", "dropped",                 "reopen",    "accepted",       kAnsweringOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"adviser",    "adviser", Need::kMust, nullptr, nullptr, "adviser", true},
    {"ticket",     "ticket_min"}, {"ticket", "ticket_max", Need::kMust, check_ticket}, {"ticket", "currency"}, {"ticket", "instruments"},
    {"introduced", "investor", Need::kMust, nullptr, nullptr, "investor financier"},
};

constexpr LimitRow kLimits[] = {
    {"assignment", 10, Unit::kWorkingDays, "for an adviser to be assigned"},
    {"look",       62, Unit::kWorkingDays, "between two looks at a project that is coached: a quarter"},
};

constexpr LetterRow kLetters[] = {
    {"coaching", "apply",     Reader::kAnsweringDesk, "case_opened", kAtOnce},
    {"coaching", "accept",    Reader::kAskingDesk,    "case_moved"},
    {"coaching", "accept",    Reader::kAskingOwner,   "case_moved"},
    {"coaching", "refuse",    Reader::kAskingDesk,    "case_refused"},
    {"coaching", "refuse",    Reader::kAskingOwner,   "case_refused"},
    {"coaching", "assign",    Reader::kAskingDesk,    "case_moved"},
    {"coaching", "ready",     Reader::kAskingDesk,    "case_moved"},
    {"coaching", "ready",     Reader::kAskingOwner,   "case_moved"},
    {"coaching", "introduce", Reader::kAskingDesk,    "case_closed"},
    {"coaching", "introduce", Reader::kAskingOwner,   "case_closed"},
    {"coaching", "close",     Reader::kAskingDesk,    "case_closed"},
    {"coaching", "close",     Reader::kAskingOwner,   "case_closed"},
    {"coaching", "drop",      Reader::kAskingDesk,    "case_refused"},
    {"coaching", "drop",      Reader::kAskingOwner,   "case_refused"},
    {"coaching", "withdraw",  Reader::kAnsweringDesk, "case_withdrawn"},
    {"coaching", "reopen",    Reader::kAskingDesk,    "case_moved"},
};

constexpr ReminderRow kReminders[] = {
    {"coaching", "applied",        2, Reader::kAnsweringDesk, "due_soon"},
    {"coaching", "accepted",       2, Reader::kAnsweringDesk, "due_soon"},
    {"coaching", "coaching",       7, Reader::kAnsweringDesk, "due_soon"},
    {"coaching", "investor_ready", 7, Reader::kAnsweringDesk, "due_soon"},
};
// clang-format on

}  // namespace

CycleRows coaching_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
