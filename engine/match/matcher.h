// Seeker + programme + corpus -> ranked, explained counterparts; and why a given pair did or did not match.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/stopwatch.h"
#include "engine/corpus/corpus.h"
#include "engine/match/absence.h"
#include "engine/match/listing.h"
#include "engine/programme/eligibility.h"
#include "engine/programme/programme.h"
#include "engine/score/score.h"

namespace counterpart::engine {

// Who asks: a stored profile, a draft, or a bare text (then `profile` holds the text alone and `anonymous` is true: the
// counterparts' conditions on country, kind and so on cannot be tested and are not).
struct Seeker {
  Profile profile;
  Faces faces;
  bool anonymous = false;
};

struct MatchRequest {
  Conditions where;        // owner kRequest
  Conditions within = {};  // what the asker may see at all: conditions like `where`, but nobody beyond them is ever counted
  std::size_t limit = 10;  // 1..kMaxLimit
  bool explain = false;    // fill Match::parts
  bool exact = false;      // scan everything that qualifies
  std::int32_t today = 0;  // days since 1970-01-01, UTC
  // Vary the list, as list_matches does; a programme's exposure floors hold in every list.
  bool diversify = false;
  // Every profile by its score alone, for those who choose among them by other rules: no organisation is one match with
  // itself, no floor is kept and no exposure is measured.
  bool plain = false;
  bool tell_absence = false;  // of an empty list: why it is empty
};
inline constexpr std::size_t kMaxLimit = 1000;

// What a counterpart says itself, to be shown beside the reasons; public members only. Whoever has the records fills it in.
struct Evidence {
  std::string text;                         // of one member, whole words, at most about 160 characters
  std::string lang;                         // BCP 47; empty: not known
  std::string face;                         // "offers" or "seeks": which face of the counterpart it speaks for
  std::string member;                       // where it stands: "offers", "summary", "seeks" or "references"
  std::optional<Reference> reference = {};  // the one that is quoted, without its text
};

struct Match {
  std::string id, title, country;
  double score = 0;
  std::vector<ScorePart> parts;
  std::vector<std::string> reasons;
  std::vector<std::string> also = {};        // ids of the same organisation's other profiles (as list_matches)
  std::vector<std::string> brought_in = {};  // groups for whose exposure floors it stands before a better one
  std::optional<Evidence> evidence = {};
};

// The best of those who meet every condition but one.
struct Nearest {
  Match match;
  Removed beyond;
};

struct Matches {
  // By score, ties by id, but for those whom a floor brought in; a varied list: in the order of choice. One of n matches
  // begins every longer one (of up to 750 where not all who qualify are weighed).
  std::vector<Match> matches;
  // True: everybody who qualifies was scored by all signals, so nobody better was left out. Fine vectors and words, which
  // weigh the most, are known of the candidates alone: of a list that is made from some, nothing can be proven.
  bool complete = false;
  std::string method;  // "exact", "probed"
  std::uint64_t qualifying = 0;
  std::uint64_t scanned = 0;
  std::uint64_t sequence = 0;
  std::vector<Exposure> exposure = {};  // LDC, LLDC, SIDS, women_led, then the other groups that have a floor
  double exposure_cost = 0;             // mean score that the floors cost
  double diversity_cost = 0;            // mean score that variety costs
  std::size_t awaiting_fine = 0;        // live profiles that have no fine vectors yet: the list may still change by them
  std::optional<Absence> absence = {};  // of an empty list, where it was asked for
  std::optional<Nearest> nearest = {};  // the same; none where nobody is one condition away
  StageSeconds seconds = {};            // `embed` is filled in by whoever embedded
};

struct Explanation {
  bool matched = false;  // every condition holds
  Score score;
  std::vector<std::string> reasons;
  std::vector<Verdict> verdicts;
  std::optional<Evidence> evidence = {};  // of b
};

// Holds references; safe from any thread.
class Matcher {
 public:
  Matcher(const Taxonomy& taxonomy, const Programme& programme);

  // kInvalid: a limit out of range. A seeker that fits no side of the programme is no error: nobody matches, and
  // explain() says why.
  Result<Matches> match(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request) const;

  // The pair from a's point of view, whether it matches or not. Both are full profiles.
  Explanation explain(const Corpus& corpus, const Seeker& a, const Profile& b, Row b_row, std::int32_t today) const;

 private:
  TextWeights text_weights_of(const Traits& seeker) const;
  void tell_absence(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request, Search search,
                    Matches& result) const;
  Match match_of(const Corpus& corpus, const Traits& own, const ListedMatch& listed, const MatchRequest& request) const;

  const Taxonomy& taxonomy_;
  const Programme& programme_;
  Weights weights_;
  ExposureGroups groups_;
};

}  // namespace counterpart::engine
