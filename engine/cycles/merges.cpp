// Two profiles that are one: proposed by one of their offices, agreed by the other, and undone by either.
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;

// clang-format off
constexpr KindRow kKinds[] = {
    {"merge"},
};

constexpr StateRow kStates[] = {
    {"merge", "proposed", kAnswering, "consent", "lapse"},
    {"merge", "merged"},
    {"merge", "refused"},
    {"merge", "withdrawn"},
    {"merge", "lapsed"},
    {"merge", "undone"},
};

constexpr ActRow kActs[] = {
    {"merge", "",         "propose",  "proposed",  kAskingOffice, "merge"},
    {"merge", "proposed", "agree",    "merged",    kAnsweringOffice | kSecondKey, {}, kStarts, false, {}, {}, Hands::kStays,
     Effect::kMerges},
    {"merge", "proposed", "refuse",   "refused",   kAnsweringOffice, "merge_refusal"},
    {"merge", "proposed", "withdraw", "withdrawn", kAskingOffice},
    {"merge", "proposed", "lapse",    "lapsed",    kClock},
    {"merge", "merged",   "undo",     "undone",    kEitherOffice, {}, kStarts, false, {}, {}, Hands::kStays, Effect::kParts},
};

constexpr SaidRow kSaids[] = {
    {"merge", "survivor"}, {"merge", "keep", Need::kMay},
    {"merge_refusal", "reason"},
};

constexpr ReasonRow kReasons[] = {
    {"merge_refusal", "two_organisations"}, {"merge_refusal", "two_projects"}, {"merge_refusal", "other_choice"},
    {"merge_refusal", "in_error"},
};

constexpr LimitRow kLimits[] = {
    {"consent", 10, Unit::kWorkingDays, "for the other office to agree that two profiles are one"},
};

constexpr LetterRow kLetters[] = {
    {"merge", "propose",  Reader::kAnsweringDesk, "merge_proposed", kAtOnce},
    {"merge", "agree",    Reader::kOtherDesk,     "merge_agreed"},
    {"merge", "refuse",   Reader::kAskingDesk,    "merge_refused"},
    {"merge", "withdraw", Reader::kAnsweringDesk, "merge_withdrawn"},
    {"merge", "lapse",    Reader::kAskingDesk,    "merge_lapsed"},
    {"merge", "undo",     Reader::kOtherDesk,     "merge_undone", kAtOnce},
};
// clang-format on

}  // namespace

CycleRows merge_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .reasons = kReasons,
          .limits = kLimits,
          .letters = kLetters};
}

}  // namespace counterpart::engine
