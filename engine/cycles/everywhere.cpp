// What every kind of case has: whose hands it is in, notes, and the way that it goes which nobody acts on.
#include "engine/cycles/rows.h"

namespace counterpart::engine {
namespace {

using enum Tick;
using enum Pace;

// clang-format off
constexpr ActRow kActs[] = {
    {"*", "*", "claim",     "", kEitherOffice, {}, kGoesOn, false, {}, {}, Hands::kToActor},
    {"*", "*", "hand_over", "", kEitherOffice | kDutyOffice, "hand_over", kGoesOn, false, {}, {}, Hands::kToNamed},
    {"*", "*", "put_back",  "", kEitherOffice, {}, kGoesOn, false, {}, {}, Hands::kToInbox},
    {"*", "*", "note",      "", kEitherOffice | kDutyOffice, "note", kGoesOn},
    {"*", "*", "call",      "", kEitherOffice | kDutyOffice, "note", kGoesOn},
    {"*", "*", "remind",    "", kEitherOffice | kDutyOffice, {}, kGoesOn},
};

constexpr SaidRow kSaids[] = {
    {"note",       "note"},
    {"hand_over",  "desk"},
};

constexpr LimitRow kLimits[] = {
    {kDeputyLimit,    2,   Unit::kWorkingDays, "for the deputy, when the owner let the due time pass"},
    {kHeadLimit,      2,   Unit::kWorkingDays, "for the head of the office after that"},
    {kDutyLimit,      5,   Unit::kWorkingDays, "for the duty office after that"},
};

constexpr LetterRow kLetters[] = {
    {"*", "hand_over",       Reader::kOwnDesk,       "handed_over", kAtOnce},
    {"*", "remind",          Reader::kOtherDesk,     "reminded", kAtOnce},
};

constexpr MoveRow kMoves[] = {
    {Told::kNewOwner,  "moved_here", kInHours},
    {Told::kLastOwner, "moved_away"},
    {Told::kOtherSide, "moved_on"},
};
// clang-format on

}  // namespace

CycleRows everywhere_rows() {
  return {.acts = kActs, .saids = kSaids, .limits = kLimits, .letters = kLetters, .moves = kMoves};
}

}  // namespace counterpart::engine
