// The parts of an opened data directory, as use cases, handlers and verbs are handed them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/corpus/corpus.h"
#include "engine/profile/advice.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/casework/case_store.h"
#include "index/draft/own_drafts.h"
#include "index/erasure/erasures.h"
#include "index/standing/standing_queries.h"
#include "index/store/store.h"
#include "server/access/sessions.h"
#include "server/access/tokens.h"
#include "server/layer.h"
#include "server/service/match_runs.h"
#include "server/words/refusals.h"
#include "server/words/words.h"

namespace counterpart::index {
class Replication;
}

namespace counterpart::server {

// Every part is safe from any thread. The parts live as long as the Service that hands them out.
struct OpenedData {
  const Taxonomy& taxonomy;
  const Programmes& programmes;
  const AdviceTexts& advice;
  const Words& words;
  const Refusals& refusals;
  const Embedder& embedder;  // of the corpus's first vectors
  Store& store;
  Tokens& tokens;
  Sessions& sessions;         // by those tokens
  StandingQueries& standing;  // match_all() of these follows each published match run
  CaseStore& cases;
  OwnDrafts& drafts;
  MatchRuns& runs;
  Replication& replication;                               // who may write here, and who follows
  Erasures& erasures;                                     // in a server they also go on by themselves
  std::function<std::shared_ptr<const Corpus>()> corpus;  // as it is now
  std::function<void()> read_space;                       // that its owner has sent: of a follower alone
  std::function<std::int32_t()> today;                    // days since 1970-01-01, UTC
  std::function<std::int64_t()> now;                      // seconds since then; of casework
};

}  // namespace counterpart::server
