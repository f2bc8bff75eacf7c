#include "engine/match/would_help.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/patience.h"
#include "engine/match/would_help_edits.h"
#include "engine/profile/traits.h"
#include "engine/programme/condition_words.h"
#include "engine/programme/eligibility.h"
#include "engine/score/score.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMostSingles = 40;    // of the trials; the rest is for pairs
constexpr std::size_t kPairedSingles = 24;  // pairs are made of so many of the most promising single edits

// The record with one or two edits, and what is known of it before a list is asked for.
struct Edited {
  Profile profile;
  Phrase words;
  std::vector<std::string> members;
  double score = 0;
  std::vector<Verdict> verdicts = {};
  std::ptrdiff_t broken = 0;  // of the verdicts
};

class Trials {
 public:
  Trials(const WouldHelpContext& context, const Seeker& a, const Profile& b, Row b_row)
      : context_(context), a_(a), b_(b), b_row_(b_row), texts_(context.corpus.compare(a.faces, b_row)),
        weights_(weights_of(context.programme.weights)), matcher_(context.taxonomy, context.programme) {}

  // What can be told of an edited record without asking for a list.
  void judge(Edited& edited) const {
    const Traits own = traits_of(edited.profile, context_.taxonomy);
    edited.score = total_score({own, context_.corpus.traits(b_row_), texts_, context_.taxonomy, context_.today}, weights_);
    edited.verdicts = verdicts_on(edited.profile, b_, context_.programme, context_.today, context_.taxonomy);
    edited.broken = std::ranges::count(edited.verdicts, false, &Verdict::met);
  }

  std::vector<Match> first_ten(const Profile& profile) const {
    if (Patience::over()) return {};
    const Seeker seeker{profile, a_.faces, a_.anonymous, a_.side};
    Result<Matches> found =
        matcher_.match(context_.corpus, seeker,
                       {.where = context_.sight, .limit = kFirst, .explain = false, .exact = false, .today = context_.today});
    return found ? std::move(found->matches) : std::vector<Match>{};
  }

  // Asks for the list; nullopt: b is not in it.
  std::optional<HelpfulEdit> attempt(const Edited& edited) {
    ++used_;
    const std::vector<Match> list = first_ten(edited.profile);
    const auto place = std::ranges::find(list, b_.id, &Match::id);
    if (place == list.end()) return std::nullopt;
    return HelpfulEdit{edited.words, edited.members, place->score, static_cast<std::size_t>(place - list.begin()) + 1};
  }

  std::size_t used() const { return used_; }

 private:
  const WouldHelpContext& context_;
  const Seeker& a_;
  const Profile& b_;
  Row b_row_;
  Candidate texts_;
  Weights weights_;
  Matcher matcher_;
  std::size_t used_ = 0;
};

// A condition of a's own reads differently once it is widened, so it is the number of broken ones that tells.
bool mends(const Edited& edited, const Edited& before, const Verdict& verdict) {
  const auto same = [&](const Verdict& v) { return v.owner == verdict.owner && v.condition == verdict.condition; };
  const auto found = std::ranges::find_if(edited.verdicts, same);
  if (found != edited.verdicts.end()) return found->met;
  return verdict.owner == owner_profile(before.profile.id) && edited.broken < before.broken;
}

bool promising(const Edited& edited, const Edited& before) {
  return edited.broken < before.broken || (edited.broken == before.broken && edited.score > before.score);
}

// Those with the fewest conditions broken first, then by score; equal ones stay in the table's order.
void sort_by_promise(std::vector<Edited>& all) {
  std::ranges::stable_sort(
      all, [](const Edited& x, const Edited& y) { return x.broken != y.broken ? x.broken < y.broken : x.score > y.score; });
}

Edited pair_of(const Edited& first, const Edited& second, const ProfileEdit& edit) {
  Edited both{
      first.profile, {"edit.both", {{"first", nested(first.words)}, {"second", nested(second.words)}}}, first.members, 0};
  edit.apply(both.profile);
  if (std::ranges::find(both.members, edit.member) == both.members.end()) both.members.push_back(edit.member);
  std::ranges::sort(both.members);
  return both;
}

struct Single {
  Edited edited;
  const ProfileEdit* edit;
  bool enough = false;
};

std::vector<Single> singles_of(const Trials& trials, const std::vector<ProfileEdit>& edits, const Edited& before) {
  std::vector<Single> singles;
  for (const ProfileEdit& edit : edits) {
    Single single{{before.profile, edit.words, {edit.member}, 0}, &edit};
    edit.apply(single.edited.profile);
    trials.judge(single.edited);
    singles.push_back(std::move(single));
  }
  return singles;
}

// Pairs of singles of which neither does it alone.
std::vector<Edited> pairs_of(const Trials& trials, const std::vector<Single>& singles, const Edited& before) {
  std::vector<const Single*> parts;
  for (const Single& single : singles)
    if (!single.enough && promising(single.edited, before) && parts.size() < kPairedSingles) parts.push_back(&single);
  std::vector<Edited> pairs;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::size_t j = i + 1; j < parts.size(); ++j) {
      Edited both = pair_of(parts[i]->edited, parts[j]->edited, *parts[j]->edit);
      if (both.profile == parts[i]->edited.profile) continue;  // one fact cannot be stated in two ways
      trials.judge(both);
      if (both.broken == 0 && promising(both, parts[i]->edited) && promising(both, parts[j]->edited))
        pairs.push_back(std::move(both));
    }
  sort_by_promise(pairs);
  return pairs;
}

void try_singles(Trials& trials, std::vector<Single>& singles, const Edited& before, WouldHelp& answer) {
  for (Single& single : singles) {
    if (single.edited.broken > 0 || !promising(single.edited, before)) continue;
    if (trials.used() == kMostSingles) {
      answer.exhausted = false;
      return;
    }
    if (auto found = trials.attempt(single.edited)) {
      single.enough = true;
      answer.edits.push_back(std::move(*found));
    }
  }
}

void try_pairs(Trials& trials, const std::vector<Edited>& pairs, WouldHelp& answer) {
  for (const Edited& pair : pairs) {
    if (answer.edits.size() >= kMostEdits) return;
    if (trials.used() == kMostTrials) {
      answer.exhausted = false;
      return;
    }
    if (auto found = trials.attempt(pair)) answer.edits.push_back(std::move(*found));
  }
}

void sort_by_rank(std::vector<HelpfulEdit>& edits, std::size_t from) {
  std::stable_sort(edits.begin() + static_cast<std::ptrdiff_t>(from), edits.end(),
                   [](const HelpfulEdit& x, const HelpfulEdit& y) { return x.rank < y.rank; });
}

Phrase summary_of(const WouldHelp& answer, std::ptrdiff_t broken, const std::string& a, const std::string& b) {
  PhraseArguments both{{"a", in_backticks(a)}, {"b", in_backticks(b)}};
  switch (answer.outcome) {
    case WouldHelp::Outcome::kAlready: return {"help.already", std::move(both)};
    case WouldHelp::Outcome::kEdits: return {"help.edits", std::move(both)};
    case WouldHelp::Outcome::kNotYours: {
      std::vector<Phrase> owners;
      for (const Verdict& verdict : answer.blocking)
        if (std::ranges::find(owners, verdict.owner) == owners.end()) owners.push_back(verdict.owner);
      both.emplace_back("owners", std::move(owners));
      return {"help.not_yours", std::move(both)};
    }
    case WouldHelp::Outcome::kNotEnough: break;
  }
  both.emplace_back("score", Decimal{answer.score, 3});
  both.emplace_back("full", std::string(answer.tenth > 0 ? "yes" : "no"));
  both.emplace_back("tenth", Decimal{answer.tenth, 3});
  both.emplace_back("broken", std::int64_t{broken});
  both.emplace_back("all", std::string(answer.exhausted ? "yes" : "no"));
  both.emplace_back("trials", static_cast<std::int64_t>(answer.trials));
  return {"help.not_enough", std::move(both)};
}

// What stays broken whatever the record states; empty: with edits enough, nothing does.
std::vector<Verdict> blocking(const Trials& trials, const std::vector<ProfileEdit>& edits, const std::vector<Single>& singles,
                              const Edited& before) {
  Edited all{before.profile, {}, {}, 0};
  for (const ProfileEdit& edit : edits) edit.apply(all.profile);
  trials.judge(all);
  if (all.broken == 0) return {};
  std::vector<Verdict> left = before.verdicts;
  std::erase_if(left, [&](const Verdict& verdict) {
    return verdict.met || std::ranges::any_of(singles, [&](const Single& s) { return mends(s.edited, before, verdict); });
  });
  if (!left.empty()) return left;
  std::erase_if(all.verdicts, &Verdict::met);
  return all.verdicts;
}

void seek_edits(Trials& trials, const Edited& before, const std::vector<ProfileEdit>& edits, WouldHelp& answer) {
  std::vector<Single> singles = singles_of(trials, edits, before);
  if (before.broken > 0) answer.blocking = blocking(trials, edits, singles, before);
  if (!answer.blocking.empty()) {
    answer.outcome = WouldHelp::Outcome::kNotYours;
    return;
  }
  std::ranges::stable_sort(singles, [](const Single& x, const Single& y) {
    return x.edited.broken != y.edited.broken ? x.edited.broken < y.edited.broken : x.edited.score > y.edited.score;
  });
  try_singles(trials, singles, before, answer);
  sort_by_rank(answer.edits, 0);
  const std::size_t alone = answer.edits.size();
  if (alone < kMostEdits) {
    try_pairs(trials, pairs_of(trials, singles, before), answer);
    sort_by_rank(answer.edits, alone);
  }
  if (answer.edits.size() > kMostEdits) answer.edits.resize(kMostEdits);
  if (!answer.edits.empty()) answer.outcome = WouldHelp::Outcome::kEdits;
}

}  // namespace

WouldHelp would_help(const WouldHelpContext& context, const Seeker& a, const Profile& b, Row b_row) {
  Trials trials(context, a, b, b_row);
  Edited before{a.profile, {}, {}, 0};
  trials.judge(before);
  const std::vector<Match> list = trials.first_ten(a.profile);
  WouldHelp answer;
  answer.score = before.score;
  if (list.size() == kFirst) answer.tenth = list.back().score;
  if (std::ranges::find(list, b.id, &Match::id) != list.end()) {
    answer.outcome = WouldHelp::Outcome::kAlready;
  } else {
    seek_edits(trials, before, edits_towards(a.profile, b, context.programme, context.taxonomy), answer);
  }
  answer.trials = trials.used();
  answer.summary = summary_of(answer, before.broken, a.profile.id, b.id);
  return answer;
}

}  // namespace counterpart::engine
