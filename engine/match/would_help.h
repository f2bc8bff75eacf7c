// What would bring a counterpart into a profile's first ten: the smallest edits of the profile's own record, each
// judged by asking for the list again (counterfactual explanations, Wachter et al. 2018).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/match/matcher.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

inline constexpr std::size_t kFirst = 10;       // the list that a counterpart is to come into
inline constexpr std::size_t kMostTrials = 60;  // lists asked for, at most
inline constexpr std::size_t kMostEdits = 3;    // given

// One or two statements that the owner may add where they are true.
struct HelpfulEdit {
  Phrase words;                      // "if you also work in C27 (...), state it in `sectors`"
  std::vector<std::string> members;  // as in the contract, ascending: "partner.countries"
  double score = 0;                  // b's score then
  std::size_t rank = 0;              // b's place then, 1 to kFirst
};

struct WouldHelp {
  enum class Outcome : std::uint8_t {
    kAlready,    // b is among the first ten
    kEdits,      // `edits` has them
    kNotEnough,  // no edit of up to two statements does it, as far as was tried
    kNotYours,   // `blocking` holds what no edit of a's record mends
  };
  Outcome outcome = Outcome::kNotEnough;
  Phrase summary;                  // one sentence
  std::vector<HelpfulEdit> edits;  // single ones first, then by rank; at most kMostEdits
  std::vector<Verdict> blocking;   // broken conditions
  double score = 0;                // b's, as the record is
  double tenth = 0;                // the lowest score that is among the first ten; 0: there are fewer
  std::size_t trials = 0;          // lists asked for beside the one as it is
  bool exhausted = true;           // false: kMostTrials was hit before everything had been tried
};

// What a call is asked of. `programme` has its weights as the matcher has them.
struct WouldHelpContext {
  const Corpus& corpus;
  const Taxonomy& taxonomy;
  const Programme& programme;
  std::int32_t today = 0;  // days since 1970-01-01
  Conditions sight = {};   // lists are asked for among those who meet it
};

// `a` is a full profile with its faces, `b_row` where b is in the corpus. Texts are never edited, so the faces stay.
// Safe from any thread; at most kMostTrials + 1 times Matcher::match().
WouldHelp would_help(const WouldHelpContext& context, const Seeker& a, const Profile& b, Row b_row);

}  // namespace counterpart::engine
