// Seeker + programme + corpus -> ranked, explained counterparts; and why a given pair did or did not match.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/stopwatch.h"
#include "engine/casework/engagements.h"
#include "engine/corpus/corpus.h"
#include "engine/match/absence.h"
#include "engine/match/bands.h"
#include "engine/match/chance.h"
#include "engine/match/listing.h"
#include "engine/programme/eligibility.h"
#include "engine/programme/programme.h"
#include "engine/score/score.h"

namespace counterpart::engine {

// Who asks: a stored profile, a draft, or a bare text (then `profile` holds the text and at most a country, and `anonymous`
// is true: what else the counterparts or the programme ask of it cannot be tested and is not).
struct Seeker {
  Profile profile;
  Faces faces;
  bool anonymous = false;
  std::string side = {};  // as Asker::side
};

struct MatchRequest {
  Conditions where;        // owner kRequest
  Conditions within = {};  // what the asker may see at all: conditions like `where`, but nobody beyond them is ever counted
  std::size_t limit = 10;  // 1..kMaxLimit
  std::size_t after = 0;   // places that are passed over; no place lies beyond kMaxLimit
  bool explain = false;    // fill Match::parts
  bool exact = false;      // scan everything that qualifies
  bool scan = false;       // the same, but no more of them are scored by all signals than without it
  std::int32_t today = 0;  // days since 1970-01-01, UTC
  // Vary the list, as list_matches does; a programme's exposure floors hold in every list.
  bool diversify = false;
  // Every profile by its score alone, for those who choose among them by other rules: no organisation is one match with
  // itself, no floor is kept and no exposure is measured.
  bool plain = false;
  bool tell_absence = false;       // where nobody fits: why
  BandSet bands = BandSet::all();  // who is listed; a weak one takes no place that a floor or variety could give to another
  // The place of the asker in the list of the profile with this id, from 1; 0: not in it; nothing: there is no such list.
  std::function<std::optional<std::size_t>(std::string_view id)> place_with = {};
  // Whoever has no free place left of its capacity is passed over, but for `list_full` and `plain`; without this nobody is.
  PlacesTaken places_taken = {};
  bool list_full = false;
  std::vector<std::string> facets = {};  // fields (engine/corpus/field.h) whose keys are counted among those who qualify
};
inline constexpr std::size_t kMaxLimit = 1000;

// What a counterpart says itself, to be shown beside the reasons; public members only. Whoever has the records fills it in.
struct Evidence {
  std::string text;                         // of one member, whole words, at most about 160 characters
  std::string lang;                         // BCP 47; empty: not known
  std::string face;                         // "offers" or "seeks": which face of the counterpart it speaks for
  std::string member;                       // where it stands: "offers", "summary", "seeks" or "references"
  std::optional<Reference> reference = {};  // the one that is quoted, without its text
  // Where `text` stands in the member, in characters (code points); of a reference in its text, or in its title where that is
  // quoted.
  std::size_t offset = 0, length = 0;
  std::size_t reference_number = 0;  // of the one that is quoted, from 0
  // What it answers of what the asker says; `text` as above. Nothing: no passage of it can be told.
  struct Asked {
    std::string text, lang;
    std::string member;  // "offers", "summary" or "seeks"; of a bare text "text" or "offering"
    std::size_t offset = 0, length = 0;
  };
  std::optional<Asked> asked = {};
};

struct Match {
  std::string id, title, country;
  double score = 0;
  std::vector<ScorePart> parts;
  std::vector<Phrase> reasons;
  std::vector<std::string> also = {};        // ids of the same organisation's other profiles (as list_matches)
  std::vector<std::string> brought_in = {};  // groups for whose exposure floors it stands before a better one
  std::optional<Evidence> evidence = {};
  Band band = Band::kPossible;
  std::optional<double> expected = {};    // so many as near by chance; nothing: the corpus cannot tell
  std::optional<std::size_t> place = {};  // of the asker in its list: as MatchRequest::place_with
  std::string side = {};                  // of the programme, across from the asker; empty: it has none
  std::vector<std::string> roles = {};    // as the contract names them
  std::optional<PlacesOf> places = {};    // where MatchRequest::places_taken tells
};

// The best of those who meet every condition but one.
struct Nearest {
  Match match;
  Removed beyond;
};

using FacetCounts = std::vector<std::pair<std::string, std::uint64_t>>;  // keys of a field, as Corpus::facet()

struct Matches {
  // By score, ties by id, but for those whom a floor brought in; a varied list: in the order of choice. One of n matches
  // begins every longer one (of up to 750 where not all who qualify are weighed), and so does each page follow the one before.
  std::vector<Match> matches;
  bool more = false;  // there are places behind these
  // True: everybody who qualifies was scored by all signals, so nobody better was left out. Fine vectors and words, which
  // weigh the most, are known of the candidates alone: of a list that is made from some, nothing can be proven.
  bool complete = false;
  bool somebody = false;   // of the best, asked for or not, one is better than weak
  std::uint64_t weak = 0;  // places of the list that stay empty because only weak ones are left, who were not asked for
  std::uint64_t full = 0;  // of those who were scored, passed over because no place of their capacity is free
  std::string method;      // "exact", "probed"
  std::uint64_t qualifying = 0;
  std::uint64_t scanned = 0;
  std::uint64_t sequence = 0;
  std::vector<Exposure> exposure = {};       // LDC, LLDC, SIDS, women_led, then the other groups that have a floor; of all
                                             // places as far as these, those that were passed over too
  double exposure_cost = 0;                  // mean score that the floors cost
  double diversity_cost = 0;                 // mean score that variety costs
  std::size_t awaiting_fine = 0;             // live profiles that have no fine vectors yet: the list may still change by them
  std::optional<MatchAbsence> absence = {};  // of a list of nobody or of weak ones alone, where it was asked for
  std::optional<Nearest> nearest = {};       // the same; none where nobody better than weak is one condition away
  // By field as asked for: keys, and how many of those who qualify have each; the asker is not counted.
  std::map<std::string, FacetCounts> facets = {};
  StageSeconds seconds = {};  // `embed` is filled in by whoever embedded
};

struct Explanation {
  bool matched = false;  // every condition holds
  Score score;
  std::vector<Phrase> reasons;
  std::vector<Verdict> verdicts;
  std::optional<Evidence> evidence = {};  // of b
};

// Holds references; safe from any thread.
class Matcher {
 public:
  Matcher(const Taxonomy& taxonomy, const Programme& programme);

  // kInvalid: a limit out of range, or a side that the programme does not have. A seeker that fits no side of the programme is
  // no error: nobody matches, and explain() says why.
  Result<Matches> match(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request) const;

  // The pair from a's point of view, whether it matches or not. Both are full profiles.
  Explanation explain(const Corpus& corpus, const Seeker& a, const Profile& b, Row b_row, std::int32_t today) const;

 private:
  TextWeights text_weights_of(const Traits& seeker) const;
  // One call's question, and what is known of it.
  struct Question {
    const Corpus& corpus;
    const Seeker& seeker;
    const MatchRequest& request;
    Traits own;
    std::optional<Nearness> nearness;  // nothing: the corpus cannot tell what chance would bring
    std::uint64_t among = 0;           // who qualify
    BetterThanChance better = {.anybody = true, .least = -std::numeric_limits<double>::infinity()};

    double near(const Candidate& candidate) const { return nearness ? nearness->of(candidate) : 0; }
  };
  Status check_side(const std::string& side) const;
  Question question_of(const Corpus& corpus, const Seeker& seeker, const MatchRequest& request, std::uint64_t among) const;
  std::map<std::string, FacetCounts> facets_of(const Corpus& corpus, const Search& search, const MatchRequest& request,
                                               const Seeker& seeker) const;
  // Who is better than chance; takes the weak ones out where they are not asked for, and tells how many they were.
  std::size_t tell_chance(Question& question, std::vector<Ranked>& ranked) const;
  void tell_absence(const Question& question, Search search, std::vector<Ranked> full, Matches& result) const;
  // The best of `ranked`, who are one condition away, is the nearest if it goes before the one that is known.
  void offer_nearest(const Question& question, std::vector<Ranked> ranked, const Removed& condition, Matches& result) const;
  std::vector<PlacesOf> places_of(const Question& question, std::span<const Row> rows) const;
  // Takes out of `ranked` those who have no free place.
  std::vector<Ranked> take_full(const Question& question, std::vector<Ranked>& ranked) const;
  Match match_of(const Question& question, const ListedMatch& listed) const;
  // Of each match which side across from the asker it is of.
  void tell_sides(const Question& question, std::span<const Row> rows, std::vector<Match>& matches) const;
  void tell_places(const Question& question, std::span<const Row> rows, std::vector<Match>& matches) const;

  const Taxonomy& taxonomy_;
  const Programme& programme_;
  Weights weights_;
  ExposureGroups groups_;
};

}  // namespace counterpart::engine
