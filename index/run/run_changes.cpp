#include "index/run/run_changes.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace counterpart::index {
namespace {

constexpr std::int64_t kTelling = 100;  // a change of one in so many of the score is worth a word

struct Listed {
  std::uint32_t place = 0;
  std::int32_t value = 0;
  bool proposed = false;
  std::optional<Band> band = {};
};

std::map<std::string_view, Listed> list_of(const PublishedRun& run, std::string_view id) {
  std::map<std::string_view, Listed> list;
  const std::optional<std::uint32_t> rank = run.find(id);
  if (!rank) return list;
  const auto matches = run.matches(*rank);
  const auto flags = run.flags(*rank);
  for (std::uint32_t i = 0; i < matches.size(); ++i)
    list[run.id(matches[i].counterpart)] = {i + 1, matches[i].value, (flags[i] & kProposed) != 0, band_in(flags[i])};
  return list;
}

// What became of one profile between two runs.
enum class Fate : std::uint8_t { kSame, kChanged, kJoined, kLeft };

Fate fate_of(const PublishedRun& now, const PublishedRun& before, std::string_view id) {
  const auto here = now.find(id), there = before.find(id);
  if (!here) return Fate::kLeft;
  if (!there) return Fate::kJoined;
  return now.sequence(*here) == before.sequence(*there) ? Fate::kSame : Fate::kChanged;
}

ChangeCause cause_of(bool rules, Fate own, Fate other) {
  if (own == Fate::kLeft || other == Fate::kLeft) return ChangeCause::kLeft;
  if (own == Fate::kJoined || other == Fate::kJoined) return ChangeCause::kJoined;
  if (other == Fate::kChanged) return ChangeCause::kCounterpartChanged;
  if (own == Fate::kChanged) return ChangeCause::kProfileChanged;
  return rules ? ChangeCause::kRules : ChangeCause::kOthers;
}

std::optional<ChangeKind> kind_of(const Listed* now, const Listed* before) {
  if (!before) return ChangeKind::kNew;
  if (!now) return ChangeKind::kGone;
  const std::int64_t gain = std::int64_t{now->value} - before->value;
  if (gain * kTelling >= before->value && now->place < before->place) return ChangeKind::kRisen;
  if (-gain * kTelling >= before->value && now->place > before->place) return ChangeKind::kFallen;
  if (now->proposed && !before->proposed) return ChangeKind::kNowProposed;
  if (!now->proposed && before->proposed) return ChangeKind::kWithdrawn;
  return std::nullopt;
}

}  // namespace

std::string_view name_of(ChangeKind kind) {
  constexpr std::array<std::string_view, 6> kNames{"new", "gone", "risen", "fallen", "proposed", "withdrawn"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(ChangeCause cause) {
  constexpr std::array<std::string_view, 7> kNames{"rules",  "joined",   "left", "profile_changed", "counterpart_changed",
                                                   "others", "first_run"};
  return kNames[static_cast<std::size_t>(cause)];
}

std::vector<MatchChange> changes_of(const PublishedRun& now, const PublishedRun& before, std::string_view id) {
  const auto here = list_of(now, id), there = list_of(before, id);
  const bool rules = now.manifest().lists_key != before.manifest().lists_key;
  const Fate own = fate_of(now, before, id);
  std::vector<MatchChange> changes;
  const auto add = [&](std::string_view counterpart, const Listed* is, const Listed* was) {
    const std::optional<ChangeKind> kind = kind_of(is, was);
    if (!kind) return;
    MatchChange change{.kind = *kind,
                       .cause = cause_of(rules, own, fate_of(now, before, counterpart)),
                       .counterpart = std::string(counterpart)};
    if (is) change.place = is->place, change.value = is->value, change.proposed = is->proposed;
    if (was) change.place_before = was->place, change.value_before = was->value;
    change.band = is ? is->band : was->band;
    changes.push_back(std::move(change));
  };
  for (const auto& [counterpart, is] : here) {
    const auto was = there.find(counterpart);
    add(counterpart, &is, was == there.end() ? nullptr : &was->second);
  }
  for (const auto& [counterpart, was] : there)
    if (!here.contains(counterpart)) add(counterpart, nullptr, &was);
  std::ranges::sort(changes, [](const MatchChange& a, const MatchChange& b) {
    return std::tuple(a.kind, a.place, a.place_before, std::string_view(a.counterpart)) <
           std::tuple(b.kind, b.place, b.place_before, std::string_view(b.counterpart));
  });
  return changes;
}

namespace {

std::vector<MatchChange> proposals_of(const PublishedRun& run, std::string_view id) {
  std::vector<MatchChange> changes;
  for (const auto& [counterpart, is] : list_of(run, id))
    if (is.proposed)
      changes.push_back({.kind = ChangeKind::kNowProposed,
                         .cause = ChangeCause::kFirstRun,
                         .counterpart = std::string(counterpart),
                         .place = is.place,
                         .value = is.value,
                         .proposed = true,
                         .band = is.band});
  std::ranges::sort(changes, {}, &MatchChange::place);
  return changes;
}

bool is_news(const MatchChange& change) { return change.band.value_or(Band::kGood) <= Band::kGood; }

}  // namespace

Digest digest_of(const PublishedRun& now, const PublishedRun* before, std::string_view office, std::size_t limit) {
  Digest digest;
  const auto add = [&](std::string_view id) {
    std::vector<MatchChange> changes = before ? changes_of(now, *before, id) : proposals_of(now, id);
    std::erase_if(changes, [](const MatchChange& change) { return !is_news(change); });
    if (changes.empty()) return;
    ++digest.total;
    if (digest.profiles.size() == limit) return;
    const std::size_t shown = std::min(changes.size(), kDigestChanges);
    const std::uint64_t more = changes.size() - shown;
    changes.resize(shown);
    digest.profiles.push_back({std::string(id), std::move(changes), more});
  };
  // Both in the order of ids.
  std::uint32_t was = 0;
  const std::uint32_t all_before = before ? before->size() : 0;
  const auto of_office = [&](const PublishedRun& run, std::uint32_t rank) {
    return office.empty() || run.office(rank) == office;
  };
  for (std::uint32_t is = 0; is < now.size() || was < all_before;) {
    const bool left = is == now.size() || (was < all_before && before->id(was) < now.id(is));
    if (left) {
      if (of_office(*before, was)) add(before->id(was));
      ++was;
      continue;
    }
    const bool both = was < all_before && before->id(was) == now.id(is);
    if (of_office(now, is) || (both && of_office(*before, was))) add(now.id(is));
    ++is;
    if (both) ++was;
  }
  return digest;
}

}  // namespace counterpart::index
