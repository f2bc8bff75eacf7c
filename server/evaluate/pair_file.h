// Files of known pairs, by which match quality is measured and weights are learnt.
//
// JSON Lines (tests/baseline/pairs.py makes them from the public sets):
//   {"set":"cida"}                                                      first line: its name
//   {"candidate":"a17","texts":[{"id":"t1","text":"..."}]}               who can be found, by one or more texts
//   {"query":"q1","text":"...","leave_out":"t1","relevant":["a17"]}      who must be found; leave_out: the candidate's
//                                                                      text that is the query's own source
//   A query may say {"country":"Chad"}: training and test then share no country either.
//   Other members (tests/baseline/pairs.py: what a set is about, when a query was) are for those who tell the figures.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

struct CandidateTexts {
  std::string id;
  std::vector<std::string> text_ids;
  std::vector<std::string> texts;
};
struct PairQuery {
  std::string id, text, leave_out, country;
  std::vector<std::size_t> relevant;  // places in PairSet::candidates; never empty
};
struct PairSet {
  std::string name;
  std::vector<CandidateTexts> candidates;
  std::vector<PairQuery> queries;  // at least one
};

// kNotFound: no such file. kInvalid: place is "file:line".
Result<PairSet> read_pairs(const std::string& file);

}  // namespace counterpart::server
