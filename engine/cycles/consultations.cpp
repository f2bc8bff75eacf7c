// Consultations: who is nominated to stand for a panel, and who is invited to the seat that was drawn.
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;
constexpr bool kOnTime = true, kCallsUp = true;

// clang-format off
constexpr KindRow kKinds[] = {
    {"nomination", Places::kNone, Between::kProfileAndProgramme, true},
    {"invitation", Places::kNone, Between::kProfileAndProgramme, true},
};

constexpr StateRow kStates[] = {
    {"nomination", "nominated", kAnswering, "nomination"},
    {"nomination", "confirmed"},
    {"nomination", "refused"},
    {"nomination", "withdrawn"},

    {"invitation", "invited",   kAsking,    "invitation", "lapse", kOnTime},
    {"invitation", "accepted"},
    {"invitation", "declined"},
    {"invitation", "lapsed"},
    {"invitation", "cancelled"},
    {"invitation", "withdrawn"},
};

constexpr ActRow kActs[] = {
    {"nomination", "",          "nominate", "nominated", kSubmitter, "nomination"},
    {"nomination", "nominated", "confirm",  "confirmed", kAnsweringOffice},
    {"nomination", "nominated", "refuse",   "refused",   kAnsweringOffice, "refuse_nomination"},
    {"nomination", "nominated confirmed", "withdraw", "withdrawn", kSubmitter},

    {"invitation", "",          "invite",   "invited",   kAnsweringOffice | kClock, "invitation"},
    {"invitation", "invited",   "accept",   "accepted",  kSubmitter},
    {"invitation", "invited",   "decline",  "declined",  kSubmitter, "decline_invitation", kStarts, false, "invitation", {},
     Hands::kStays, Effect::kNone, 0, kCallsUp},
    {"invitation", "invited",   "lapse",    "lapsed",    kClock, {}, kStarts, false, "invitation", {},
     Hands::kStays, Effect::kNone, 0, kCallsUp},
    {"invitation", "accepted",  "cancel",   "cancelled", kSubmitter, "decline_invitation", kStarts, false, "invitation", {},
     Hands::kStays, Effect::kNone, 0, kCallsUp},
    {"invitation", "invited accepted", "withdraw", "withdrawn", kAnsweringOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"nomination", "about_us", Need::kMay},
    {"refuse_nomination", "reason"},
    {"decline_invitation", "reason"},
    {"invitation", "draw", Need::kMay}, {"invitation", "seat", Need::kMay}, {"invitation", "alternates", Need::kMay},
};

constexpr ReasonRow kReasons[] = {
    {"refuse_nomination", "not_eligible"}, {"refuse_nomination", "incomplete"}, {"refuse_nomination", "another_stands"},
    {"decline_invitation", "cannot_attend"}, {"decline_invitation", "conflict_of_interest"},
    {"decline_invitation", "other_field"}, {"decline_invitation", "other_duties"},
};

constexpr LimitRow kLimits[] = {
    {"nomination", 10, Unit::kWorkingDays, "for a nomination to be looked at"},
    {"invitation", 10, Unit::kWorkingDays, "for an expert to answer an invitation; then the alternate is called up"},
};

constexpr LetterRow kLetters[] = {
    {"nomination", "nominate", Reader::kAnsweringDesk, "nomination_received", kAtOnce},
    {"nomination", "confirm",  Reader::kAskingOwner,   "nomination_confirmed"},
    {"nomination", "confirm",  Reader::kAskingDesk,    "nomination_confirmed"},
    {"nomination", "refuse",   Reader::kAskingOwner,   "nomination_refused"},
    {"nomination", "refuse",   Reader::kAskingDesk,    "nomination_refused"},
    {"invitation", "invite",   Reader::kAskingOwner,   "invitation_sent", kAtOnce},
    {"invitation", "invite",   Reader::kAskingDesk,    "invitation_sent", kAtOnce},
    {"invitation", "accept",   Reader::kAnsweringDesk, "invitation_accepted"},
    {"invitation", "decline",  Reader::kAnsweringDesk, "invitation_declined"},
    {"invitation", "cancel",   Reader::kAnsweringDesk, "invitation_cancelled", kAtOnce},
    {"invitation", "lapse",    Reader::kAnsweringDesk, "invitation_lapsed"},
    {"invitation", "lapse",    Reader::kAskingDesk,    "invitation_lapsed"},
    {"invitation", "withdraw", Reader::kAskingOwner,   "invitation_withdrawn", kAtOnce},
    {"invitation", "withdraw", Reader::kAskingDesk,    "invitation_withdrawn", kAtOnce},
};

constexpr ReminderRow kReminders[] = {
    {"invitation", "invited", 3, Reader::kAskingOwner, "due_soon"},
    {"invitation", "invited", 3, Reader::kAskingDesk,  "due_soon"},
};
// clang-format on

}  // namespace

CycleRows consultation_rows() {
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
