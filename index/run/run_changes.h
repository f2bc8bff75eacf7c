// What a match run changed for a profile since an earlier one, and why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "index/layer.h"
#include "index/run/run_archive.h"

namespace counterpart::index {

enum class ChangeKind : std::uint8_t { kNew, kGone, kRisen, kFallen, kNowProposed, kWithdrawn };
enum class ChangeCause : std::uint8_t {
  kRules,               // programme files or weights, or the text model
  kJoined,              // one of the two was not matched before
  kLeft,                // one of the two is matched no more: withdrawn, expired or no longer eligible
  kProfileChanged,      // the profile itself
  kCounterpartChanged,  // the other one
  kOthers,              // neither: others came in between, made room, or time passed
  kFirstRun,            // there is no earlier run: it is proposed for the first time
};
std::string_view name_of(ChangeKind kind);
std::string_view name_of(ChangeCause cause);

struct MatchChange {
  ChangeKind kind = ChangeKind::kNew;
  ChangeCause cause = ChangeCause::kOthers;
  std::string counterpart = {};
  std::uint32_t place = 0, place_before = 0;  // from 1; 0: not in the list
  std::int32_t value = 0, value_before = 0;   // as PairScore::value; 0: not in the list
  bool proposed = false;                      // now
  std::optional<Band> band = {};              // now, or before where it is gone; nothing: not told
};

// By kind, then by place. A match has risen or fallen if both its place and its score went that way, the score by a
// hundredth of itself at least: one that others pushed down, or that the passing day moved, has not. `before`: an earlier
// run of the same programme. Empty for a profile that neither has.
std::vector<MatchChange> changes_of(const PublishedRun& now, const PublishedRun& before, std::string_view id);

// What an office is told of one profile.
struct ProfileChanges {
  std::string id;
  std::vector<MatchChange> changes;  // at most kDigestChanges, in the order of changes_of()
  std::uint64_t more = 0;            // changes beyond those
};
inline constexpr std::size_t kDigestChanges = 10;
struct Digest {
  std::vector<ProfileChanges> profiles;
  std::uint64_t total = 0;  // profiles with changes, those beyond `limit` included
};
// News of good or strong matches alone (and of those whose band is not told), of all profiles that answer to `office` in
// either run, by id; `office` empty: of all. `before` null: there is no earlier run; the news are who is proposed.
Digest digest_of(const PublishedRun& now, const PublishedRun* before, std::string_view office, std::size_t limit);

}  // namespace counterpart::index
