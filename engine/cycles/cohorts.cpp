// A call with a deadline to a cohort: applications are screened, a jury gives points, semi-finalists are guided by mentors, and
// of the finalists some win.
#include <algorithm>

#include "engine/base/nearest.h"
#include "engine/cycles/case_rules.h"
#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;

// Each criterion of the programme once, and nothing else.
Status check_marks(const Facts& facts, const Terms& terms) {
  if (!terms.rules || terms.rules->criteria.empty()) return {};
  const std::vector<std::string_view> wanted(terms.rules->criteria.begin(), terms.rules->criteria.end());
  const auto marks_for = [&](std::string_view criterion) {
    return std::ranges::count(facts.marks, criterion, &Mark::criterion);
  };
  const bool all = facts.marks.size() == wanted.size() &&
                   std::ranges::all_of(wanted, [&](std::string_view criterion) { return marks_for(criterion) == 1; });
  if (all) return {};
  return fail(ErrorCode::kInvalid, "facts.marks", "are not one for each criterion of the programme",
              "0 to 5 for each of " + joined_with_or(wanted));
}

// clang-format off
constexpr bool kOneKey = false, kSeat = true, kInTime = false;

constexpr KindRow kKinds[] = {{"application", Places::kNone, Between::kProfileAndProgramme, true}};

constexpr StateRow kStates[] = {
    {"application", "submitted",     kAnswering, "screening"},
    {"application", "screened",      kAnswering, "jury_call"},
    {"application", "jury",          kAnswering, "jury"},
    {"application", "semi_finalist", kAnswering, "progress", {}, kInTime, kSeat},
    {"application", "finalist",      kAnswering, "final", {}, kInTime, kSeat},
    {"application", "winner"},
    {"application", "not_chosen"},
    {"application", "withdrawn"},
};

constexpr ActRow kActs[] = {
    {"application", "",              "submit",    "submitted",     kSubmitter, {}, kStarts, kOneKey, {}, {}, Hands::kStays,
     Effect::kNone, kOpenCall},
    {"application", "submitted",     "screen",    "screened",      kAnsweringOffice},
    {"application", "screened",      "call_jury", "jury",          kAnsweringOffice},
    {"application", "jury",          "score",     "",              kReviewer, "marks", kGoesOn, kOneKey, {}, {}, Hands::kStays,
     Effect::kNone, kOnceADesk},
    {"application", "jury",          "choose",    "semi_finalist", kAnsweringOffice, {}, kStarts, kOneKey, {}, {}, Hands::kStays,
     Effect::kNone, kFreeSeat | kEnoughMarks},
    {"application", "semi_finalist finalist", "assign", "",        kAnsweringOffice, "mentor", kGoesOn},
    {"application", "semi_finalist finalist", "report", "",        kAnsweringOffice, "note"},
    {"application", "semi_finalist", "promote",   "finalist",      kAnsweringOffice},
    {"application", "finalist",      "award",     "winner",        kAnsweringOffice, "award"},
    {"application", "submitted screened semi_finalist finalist", "reject", "not_chosen", kAnsweringOffice, "reject"},
    {"application", "jury",          "reject",    "not_chosen",    kAnsweringOffice, "reject", kStarts, kOneKey, {}, {}, Hands::kStays,
     Effect::kNone, kEnoughMarks},
    {"application", "submitted screened jury semi_finalist finalist", "withdraw", "withdrawn", kSubmitter},
    {"application", "not_chosen",    "reopen",    "screened",      kAnsweringOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"marks",  "marks", Need::kMust, check_marks},
    {"mentor", "mentor", Need::kMust, nullptr, nullptr, "mentor", true},
    {"award",  "outcome"},
    {"reject", "reason"},
};

constexpr ReasonRow kReasons[] = {
    {"reject", "not_eligible"}, {"reject", "incomplete"}, {"reject", "too_few_points"}, {"reject", "no_seat"},
    {"reject", "other_chosen"}, {"reject", "no_progress"},
};

constexpr LimitRow kLimits[] = {
    {"jury_call", 10, Unit::kWorkingDays, "for a screened application to come before the jury"},
    {"jury",      20, Unit::kWorkingDays, "for a jury to give its points and to choose"},
    {"final",     40, Unit::kWorkingDays, "for a finalist to win or not"},
};

constexpr LetterRow kLetters[] = {
    {"application", "submit",   Reader::kAnsweringDesk, "case_opened", kAtOnce},
    {"application", "choose",   Reader::kAskingDesk,    "case_moved"},
    {"application", "choose",   Reader::kAskingOwner,   "case_moved"},
    {"application", "promote",  Reader::kAskingDesk,    "case_moved"},
    {"application", "promote",  Reader::kAskingOwner,   "case_moved"},
    {"application", "award",    Reader::kAskingDesk,    "case_closed"},
    {"application", "award",    Reader::kAskingOwner,   "case_closed"},
    {"application", "reject",   Reader::kAskingDesk,    "case_refused"},
    {"application", "reject",   Reader::kAskingOwner,   "case_refused"},
    {"application", "withdraw", Reader::kAnsweringDesk, "case_withdrawn"},
    {"application", "reopen",   Reader::kAskingDesk,    "case_moved"},
};

constexpr ReminderRow kReminders[] = {
    {"application", "submitted",     2, Reader::kAnsweringDesk, "due_soon"},
    {"application", "screened",      2, Reader::kAnsweringDesk, "due_soon"},
    {"application", "jury",          5, Reader::kAnsweringDesk, "due_soon"},
    {"application", "semi_finalist", 7, Reader::kAnsweringDesk, "due_soon"},
    {"application", "finalist",      7, Reader::kAnsweringDesk, "due_soon"},
};
// clang-format on

}  // namespace

CycleRows cohort_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .reasons = kReasons,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
