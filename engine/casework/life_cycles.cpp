#include "engine/casework/life_cycles.h"

#include <algorithm>
#include <utility>

#include "engine/base/nearest.h"
#include "engine/casework/case.h"
#include "engine/profile/members.h"

namespace counterpart::engine {
namespace {

using enum Court;
using enum Tick;
using enum Pace;
constexpr bool kOnTime = true, kTwoKeys = true, kFirstKey = true;
constexpr unsigned kMaxDays = 1000;

// Scores that are there, for the rows ask for them.
Status check_publishable(const Facts& facts) {
  if (!facts.scores->has_zero() && facts.scores->total() >= kScoreToPublish) return {};
  return fail(ErrorCode::kInvalid, "facts.scores",
              facts.scores->has_zero() ? "a criterion of 0 puts the profile on hold"
                                       : std::to_string(facts.scores->total()) + " of 20 are too few to publish",
              facts.scores->has_zero() ? "`hold` it" : "`send_back`, or at least " + std::to_string(kScoreToPublish));
}
Status check_zero(const Facts& facts) {
  if (facts.scores->has_zero()) return {};
  return fail(ErrorCode::kInvalid, "facts.scores", "no criterion is 0", "`publish` it or `send_back`");
}

// A comment is shown beside the member that it is on: `offers`, `organisation.size`, `references[0]`.
Status check_comments(const Facts& facts) {
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
    {"interest",     Places::kAsking},
    {"introduction", Places::kBoth},
    {"profile",      Places::kNone, false},
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

    {"*", "*", "claim",     "", kEitherOffice, {}, kGoesOn, false, {}, {}, Hands::kToActor},
    {"*", "*", "hand_over", "", kEitherOffice | kDutyOffice, "hand_over", kGoesOn, false, {}, {}, Hands::kToNamed},
    {"*", "*", "put_back",  "", kEitherOffice, {}, kGoesOn, false, {}, {}, Hands::kToInbox},
    {"*", "*", "note",      "", kEitherOffice | kDutyOffice, "note", kGoesOn},
    {"*", "*", "call",      "", kEitherOffice | kDutyOffice, "note", kGoesOn},
    {"*", "*", "remind",    "", kEitherOffice | kDutyOffice, {}, kGoesOn},
};

constexpr SaidRow kSaids[] = {
    {"interest",   "cooperation"}, {"interest",   "missing", Need::kMay}, {"interest", "about_us", Need::kMay},
    {"interest",   "found", Need::kMay},
    {"decline",    "reason"},
    {"drop",       "reason"},
    {"note",       "note"},
    {"hand_over",  "desk"},
    {"conclusion", "amount"}, {"conclusion", "currency"}, {"conclusion", "instrument"}, {"conclusion", "jobs"},
    {"conclusion", "sdg"},
    {"publish",    "scores", Need::kMust, check_publishable}, {"publish",    "valid_until"}, {"publish", "comments", Need::kMay, check_comments},
    {"hold",       "scores", Need::kMust, check_zero}, {"hold",       "comments", Need::kMay, check_comments},
    {"send_back",  "comments", Need::kMust, check_comments}, {"send_back", "scores", Need::kMay},
    {"validity",   "valid_until"},
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
    {"draft",         20,  Unit::kWorkingDays, "for a draft to be submitted"},
    {"review",        10,  Unit::kWorkingDays, "for a review"},
    {"revision",      20,  Unit::kWorkingDays, "for a profile to be mended and submitted again"},
    {"notice",        30,  Unit::kBeforeEnd,   "before a profile's end, when its owner is asked"},
    {"end",           0,   Unit::kBeforeEnd,   "when a profile expires"},
    {kDeputyLimit,    2,   Unit::kWorkingDays, "for the deputy, when the owner let the due time pass"},
    {kHeadLimit,      2,   Unit::kWorkingDays, "for the head of the office after that"},
    {kDutyLimit,      5,   Unit::kWorkingDays, "for the duty office after that"},
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
    {"*", "hand_over",       Reader::kOwnDesk,       "handed_over", kAtOnce},
    {"*", "remind",          Reader::kOtherDesk,     "reminded", kAtOnce},
};

constexpr ReminderRow kReminders[] = {
    {"interest",     "sent",     1, Reader::kAnsweringDesk, "due_soon"},
    {"interest",     "received", 1, Reader::kAnsweringDesk, "due_soon"},
    {"interest",     "asked_back", 1, Reader::kAskingDesk,  "due_soon"},
    {"introduction", "released", 2, Reader::kAskingDesk,    "due_soon"},
    {"profile",      "expiring", 7, Reader::kAskingOwner,   "profile_expiring"},
};

constexpr MoveRow kMoves[] = {
    {Told::kNewOwner,  "moved_here", kInHours},
    {Told::kLastOwner, "moved_away"},
    {Told::kOtherSide, "moved_on"},
};
// clang-format on

constexpr LifeCycles kLifeCycles{kKinds, kStates, kActs, kSaids, kReasons, kLimits, kLetters, kReminders, kMoves};

bool has_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == word) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

// The names that there are, first the one that may be meant.
std::string limit_remedy(std::string_view wrong, std::span<const std::string_view> names) {
  const std::string_view near = nearest(wrong, names);
  return (near.empty() ? std::string() : "did you mean `" + std::string(near) + "`? ") + "There are " + joined_with_or(names);
}

template <class Row>
const Row* find(std::span<const Row> rows, std::string_view Row::*name, std::string_view wanted) {
  const auto found = std::ranges::find(rows, wanted, name);
  return found != rows.end() ? &*found : nullptr;
}

}  // namespace

const LifeCycles& life_cycles() { return kLifeCycles; }

const KindRow* LifeCycles::kind(std::string_view wanted) const { return find(kinds, &KindRow::kind, wanted); }
const LimitRow* LifeCycles::limit(std::string_view wanted) const { return find(limits, &LimitRow::limit, wanted); }

const StateRow* LifeCycles::state(std::string_view of_kind, std::string_view wanted) const {
  const auto found =
      std::ranges::find_if(states, [&](const StateRow& row) { return row.kind == of_kind && row.state == wanted; });
  return found != states.end() ? &*found : nullptr;
}

std::vector<const ActRow*> LifeCycles::acts_from(std::string_view of_kind, std::string_view from) const {
  const StateRow* at = state(of_kind, from);
  std::vector<const ActRow*> found;
  const auto add = [&](const ActRow& row) {
    if (std::ranges::find(found, row.verb, &ActRow::verb) == found.end()) found.push_back(&row);
  };
  for (const ActRow& row : acts)
    if (row.kind == of_kind && (from.empty() ? row.from.empty() : has_word(row.from, from))) add(row);
  for (const ActRow& row : acts)
    if (row.kind == "*" && at && is_open(*at)) add(row);
  return found;
}

const ActRow* LifeCycles::act(std::string_view of_kind, std::string_view from, std::string_view verb) const {
  const std::vector<const ActRow*> possible = acts_from(of_kind, from);
  const auto found = std::ranges::find(possible, verb, &ActRow::verb);
  return found != possible.end() ? *found : nullptr;
}

const ActRow* LifeCycles::act_to(std::string_view of_kind, std::string_view from, std::string_view to) const {
  const std::vector<const ActRow*> possible = acts_from(of_kind, from);
  const auto found = std::ranges::find(possible, to, &ActRow::to);
  return found != possible.end() ? *found : nullptr;
}

std::vector<std::string_view> LifeCycles::reasons_of(std::string_view says) const {
  std::vector<std::string_view> found;
  for (const ReasonRow& row : reasons)
    if (row.says == says) found.push_back(row.reason);
  return found;
}

Pace LifeCycles::pace_of(std::string_view wanted) const {
  if (find(reminders, &ReminderRow::letter, wanted)) return Pace::kInHours;
  if (const LetterRow* row = find(letters, &LetterRow::letter, wanted)) return row->pace;
  const MoveRow* row = find(moves, &MoveRow::letter, wanted);
  return row ? row->pace : Pace::kAtOnce;
}

Result<Limits> Limits::make(const std::map<std::string, std::int64_t>& days, const LifeCycles& table) {
  Limits made;
  for (const auto& [name, number] : days) {
    const LimitRow* row = table.limit(name);
    if (!row) {
      std::vector<std::string_view> names;
      for (const LimitRow& each : table.limits) names.push_back(each.limit);
      return fail(ErrorCode::kInvalid, name, "is no limit", limit_remedy(name, names));
    }
    if (const int least = row->unit == Unit::kBeforeEnd ? 0 : 1; number > kMaxDays || number < least)
      return fail(ErrorCode::kInvalid, name, "is out of range",
                  "days, from " + std::to_string(least) + " to " + std::to_string(kMaxDays));
    made.days_[name] = static_cast<unsigned>(number);
  }
  return made;
}

unsigned Limits::days(const LimitRow& row) const {
  const auto found = days_.find(row.limit);
  return found != days_.end() ? found->second : row.days;
}

}  // namespace counterpart::engine
