// The life of a profile, from its draft to its end.
#include <algorithm>

#include "engine/cycles/facts.h"
#include "engine/cycles/rows.h"
#include "engine/profile/members.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;
constexpr bool kOnTime = true;

// Scores that are there, for the rows ask for them.
Status check_publishable(const Facts& facts, const Terms&) {
  if (!facts.scores->has_zero() && facts.scores->total() >= kScoreToPublish) return {};
  return fail(ErrorCode::kInvalid, "facts.scores",
              facts.scores->has_zero() ? "a criterion of 0 puts the profile on hold"
                                       : std::to_string(facts.scores->total()) + " of 20 are too few to publish",
              facts.scores->has_zero() ? "`hold` it" : "`send_back`, or at least " + std::to_string(kScoreToPublish));
}
Status check_zero(const Facts& facts, const Terms&) {
  if (facts.scores->has_zero()) return {};
  return fail(ErrorCode::kInvalid, "facts.scores", "no criterion is 0", "`publish` it or `send_back`");
}

// A comment is shown beside the member that it is on: `offers`, `organisation.size`, `references[0]`.
Status check_comments(const Facts& facts, const Terms&) {
  for (std::size_t i = 0; i < facts.comments.size(); ++i) {
    const std::string& member = facts.comments[i].member;
    const std::string_view path = std::string_view(member).substr(0, member.find('['));
    if (member.empty() || std::ranges::find(all_members(), path, &MemberPath::name) != all_members().end()) continue;
    return fail(ErrorCode::kInvalid, "facts.comments[" + std::to_string(i) + "].member",
                "`" + member.substr(0, 80) + "` is no member of a profile", "a member as in `organisation.size`, or none");
  }
  return {};
}

// clang-format off
constexpr KindRow kKinds[] = {
    {"profile",      Places::kNone, Between::kProfileAlone},
};

constexpr StateRow kStates[] = {
    {"profile", "draft",     kAsking,    "draft",    "lapse"},
    {"profile", "review",    kAnswering, "review"},
    {"profile", "on_hold",   kAsking,    "revision", "lapse"},
    {"profile", "revision",  kAsking,    "revision", "lapse"},
    {"profile", "published", kAsking,    "notice",   "notify", kOnTime},
    {"profile", "expiring",  kAsking,    "end",      "expire", kOnTime},
    {"profile", "expired"},
    {"profile", "withdrawn"},
    {"profile", "superseded"},
};

constexpr ActRow kActs[] = {
    {"profile", "",                        "begin",     "draft",      kBringer},
    {"profile", "",                        "admit",     "published",  kBringer, "validity", kStarts, false, {}, {}, Hands::kStays,
     Effect::kRenews},
    {"profile", "draft on_hold revision",  "submit",    "review",     kBringer},
    {"profile", "draft review on_hold revision", "amend", "",         kBringer, {}, kGoesOn},
    {"profile", "review",                  "publish",   "published",  kReviewer, "publish", kStarts, false, {}, "supersede",
     Hands::kStays, Effect::kPublishes},
    {"profile", "review",                  "send_back", "revision",   kReviewer, "send_back"},
    {"profile", "review",                  "hold",      "on_hold",    kReviewer, "hold"},
    {"profile", "published expiring",      "renew",     "published",  kBringer, "validity", kStarts, false, {}, {}, Hands::kStays,
     Effect::kRenews},
    {"profile", "published expiring",      "change",    "",           kBringer, {}, kGoesOn, false, "profile"},
    {"profile", "draft review on_hold revision", "withdraw", "withdrawn", kSubmitter},
    {"profile", "published expiring",      "withdraw",  "withdrawn",  kSubmitter, {}, kStarts, false, {}, {}, Hands::kStays,
     Effect::kEnds},
    {"profile", "draft on_hold revision",  "lapse",     "withdrawn",  kClock},
    {"profile", "published",               "notify",    "expiring",   kClock},
    {"profile", "expiring",                "expire",    "expired",    kClock},
    {"profile", "published expiring",      "supersede", "superseded", kClock},
    {"profile", "expired",                 "renew",     "published",  kSubmitter, "validity", kStarts, false, {}, {}, Hands::kStays,
     Effect::kRenews},
    {"profile", "withdrawn",               "reopen",    "draft",      kSubmitter},
};

constexpr SaidRow kSaids[] = {
    {"publish",    "scores", Need::kMust, check_publishable}, {"publish",    "valid_until"}, {"publish", "comments", Need::kMay, check_comments},
    {"hold",       "scores", Need::kMust, check_zero}, {"hold",       "comments", Need::kMay, check_comments},
    {"send_back",  "comments", Need::kMust, check_comments}, {"send_back", "scores", Need::kMay},
    {"validity",   "valid_until"},
};

constexpr LimitRow kLimits[] = {
    {"draft",         20,  Unit::kWorkingDays, "for a draft to be submitted"},
    {"review",        10,  Unit::kWorkingDays, "for a review"},
    {"revision",      20,  Unit::kWorkingDays, "for a profile to be mended and submitted again"},
    {"notice",        30,  Unit::kBeforeEnd,   "before a profile's end, when its owner is asked"},
    {"end",           0,   Unit::kBeforeEnd,   "when a profile expires"},
};

constexpr LetterRow kLetters[] = {
    {"profile", "submit",    Reader::kAnsweringDesk, "profile_to_review", kAtOnce},
    {"profile", "publish",   Reader::kAskingOwner,   "profile_published"},
    {"profile", "publish",   Reader::kAskingDesk,    "profile_published"},
    {"profile", "send_back", Reader::kAskingOwner,   "profile_sent_back", kAtOnce},
    {"profile", "send_back", Reader::kAskingDesk,    "profile_sent_back", kAtOnce},
    {"profile", "hold",      Reader::kAskingOwner,   "profile_on_hold", kAtOnce},
    {"profile", "hold",      Reader::kAskingDesk,    "profile_on_hold", kAtOnce},
    {"profile", "lapse",     Reader::kAskingOwner,   "profile_lapsed"},
    {"profile", "lapse",     Reader::kAskingDesk,    "profile_lapsed"},
    {"profile", "notify",    Reader::kAskingOwner,   "profile_expiring", kAtOnce},
    {"profile", "expire",    Reader::kAskingOwner,   "profile_expired"},
    {"profile", "expire",    Reader::kAskingDesk,    "profile_expired"},
};

constexpr ReminderRow kReminders[] = {
    {"profile",      "expiring", 7, Reader::kAskingOwner,   "profile_expiring"},
};
// clang-format on

}  // namespace

CycleRows profile_rows() {
  return {.kinds = kKinds,
          .states = kStates,
          .acts = kActs,
          .saids = kSaids,
          .limits = kLimits,
          .letters = kLetters,
          .reminders = kReminders};
}

}  // namespace counterpart::engine
