// From an interest to an introduction in operation.
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;
constexpr bool kTwoKeys = true, kFirstKey = true;

// clang-format off
constexpr KindRow kKinds[] = {
    {"interest",     Places::kAsking},
    {"introduction", Places::kBoth},
};

constexpr StateRow kStates[] = {
    {"interest", "sent",       kAnswering, "answer", "lapse"},
    {"interest", "received",   kAnswering, "answer", "lapse"},
    {"interest", "asked_back", kAsking,    "reply",  "lapse"},
    {"interest", "accepted"},
    {"interest", "declined"},
    {"interest", "lapsed"},
    {"interest", "withdrawn"},

    {"introduction", "agreed",        kBoth,   "release"},
    {"introduction", "released",      kAsking, "first_contact"},
    {"introduction", "first_contact", kAsking, "sign_of_life"},
    {"introduction", "promoted",      kAsking, "sign_of_life"},
    {"introduction", "negotiation",   kAsking, "sign_of_life"},
    {"introduction", "concluded",     kAsking, "start_up"},
    {"introduction", "operational"},
    {"introduction", "dropped"},
};

constexpr ActRow kActs[] = {
    {"interest", "",                         "send",     "sent",       kAskingOffice, "interest"},
    {"interest", "sent received",            "accept",   "accepted",   kAnsweringOffice, {}, kStarts, false, "introduction"},
    {"interest", "sent received",            "decline",  "declined",   kAnsweringOffice, "decline"},
    {"interest", "sent",                     "receive",  "received",   kAnsweringOffice, {}, kGoesOn},
    {"interest", "sent received",            "ask_back", "asked_back", kAnsweringOffice, "note"},
    {"interest", "asked_back",               "reply",    "received",   kAskingOffice, "note", kResumes},
    {"interest", "sent received asked_back", "withdraw", "withdrawn",  kSubmitter},
    {"interest", "sent received asked_back", "lapse",    "lapsed",     kClock},
    {"interest", "declined lapsed",          "reopen",   "received",   kAnsweringOffice, "note"},

    {"introduction", "",              "agree",         "agreed",        kAnsweringOffice},
    {"introduction", "agreed",        "release",       "released",      kEitherOffice, {}, kStarts, kTwoKeys},
    {"introduction", "released",      "first_contact", "first_contact", kEitherOffice},
    {"introduction", "first_contact", "promote",       "promoted",      kEitherOffice},
    {"introduction", "promoted",      "negotiate",     "negotiation",   kEitherOffice},
    {"introduction", "negotiation",   "conclude",      "concluded",     kEitherOffice, "conclusion"},
    {"introduction", "concluded",     "operate",       "operational",   kEitherOffice},
    {"introduction", "released first_contact promoted negotiation concluded",        "report", "",        kEitherOffice, "note"},
    {"introduction", "released first_contact promoted negotiation concluded",        "call",   "",        kEitherOffice, "note"},
    {"introduction", "agreed released first_contact promoted negotiation concluded", "drop",   "dropped", kEitherOffice, "drop"},
    {"introduction", "dropped",       "reopen",        "agreed",        kEitherOffice, "note"},
};

constexpr SaidRow kSaids[] = {
    {"interest",   "cooperation"}, {"interest",   "missing", Need::kMay}, {"interest", "about_us", Need::kMay},
    {"interest",   "found", Need::kMay},
    {"decline",    "reason"},
    {"drop",       "reason"},
    {"conclusion", "amount"}, {"conclusion", "currency"}, {"conclusion", "instrument"}, {"conclusion", "jobs"},
    {"conclusion", "sdg"},
};

constexpr ReasonRow kReasons[] = {
    {"decline", "too_small"}, {"decline", "too_large"}, {"decline", "other_sector"}, {"decline", "other_country"},
    {"decline", "other_cooperation"}, {"decline", "too_early"}, {"decline", "no_capacity"}, {"decline", "already_served"},
    {"drop", "no_reply"}, {"drop", "no_agreement"}, {"drop", "no_finance"}, {"drop", "no_permit"}, {"drop", "other_partner"},
    {"drop", "plans_changed"}, {"drop", "in_error"},
};

constexpr LimitRow kLimits[] = {
    {"answer",        5,   Unit::kWorkingDays, "for an answer to an interest"},
    {"reply",         5,   Unit::kWorkingDays, "for the asking side to say what was asked back"},
    {"release",       5,   Unit::kWorkingDays, "for both offices to turn their keys"},
    {"first_contact", 10,  Unit::kWorkingDays, "from the release of the contacts to the first one"},
    {"sign_of_life",  20,  Unit::kWorkingDays, "between two signs of life of an introduction"},
    {"start_up",      120, Unit::kWorkingDays, "from the conclusion to operation, or between two signs of life meanwhile"},
};

constexpr LetterRow kLetters[] = {
    {"interest", "send",      Reader::kAnsweringDesk,  "interest_received", kAtOnce},
    {"interest", "send",      Reader::kAskingDesk,     "interest_acknowledged"},
    {"interest", "accept",    Reader::kAskingDesk,     "interest_accepted"},
    {"interest", "decline",   Reader::kAskingDesk,     "interest_declined"},
    {"interest", "ask_back",  Reader::kAskingDesk,     "interest_asked_back", kAtOnce},
    {"interest", "reply",     Reader::kAnsweringDesk,  "interest_replied", kAtOnce},
    {"interest", "withdraw",  Reader::kAnsweringDesk,  "interest_withdrawn", kAtOnce},
    {"interest", "lapse",     Reader::kAskingDesk,     "interest_lapsed"},
    {"interest", "lapse",     Reader::kAnsweringDesk,  "interest_lapsed"},
    {"interest", "reopen",    Reader::kAskingDesk,     "interest_reopened", kAtOnce},
    {"introduction", "agree",         Reader::kAskingDesk,     "introduction_agreed", kAtOnce},
    {"introduction", "release",       Reader::kOtherDesk,      "key_turned", kAtOnce, kFirstKey},
    {"introduction", "release",       Reader::kAskingDesk,     "introduction_released", kAtOnce},
    {"introduction", "release",       Reader::kAnsweringDesk,  "introduction_released", kAtOnce},
    {"introduction", "release",       Reader::kAskingOwner,    "contacts_released", kAtOnce},
    {"introduction", "release",       Reader::kAnsweringOwner, "contacts_released", kAtOnce},
    {"introduction", "first_contact", Reader::kOtherDesk,      "introduction_moved"},
    {"introduction", "promote",       Reader::kOtherDesk,      "introduction_moved"},
    {"introduction", "negotiate",     Reader::kOtherDesk,      "introduction_moved"},
    {"introduction", "conclude",      Reader::kOtherDesk,      "introduction_concluded"},
    {"introduction", "operate",       Reader::kOtherDesk,      "introduction_moved"},
    {"introduction", "drop",          Reader::kOtherDesk,      "introduction_dropped"},
    {"introduction", "reopen",        Reader::kOtherDesk,      "introduction_reopened", kAtOnce},
};

constexpr ReminderRow kReminders[] = {
    {"interest",     "sent",     1, Reader::kAnsweringDesk, "due_soon"},
    {"interest",     "received", 1, Reader::kAnsweringDesk, "due_soon"},
    {"interest",     "asked_back", 1, Reader::kAskingDesk,  "due_soon"},
    {"introduction", "released", 2, Reader::kAskingDesk,    "due_soon"},
};
// clang-format on

}  // namespace

CycleRows introduction_rows() {
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
