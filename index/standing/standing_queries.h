// Saved searches beside the profiles: each new or changed profile is tested against them in the batch that stores it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/programme/programme.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/standing/standing_query.h"
#include "index/store/store.h"

namespace counterpart::index {

struct StandingAdded {
  StandingQuery query;
  std::uint64_t fits = 0;  // profiles that fit it already; there are no alerts of these
};

struct AlertPage {
  std::vector<Alert> alerts;  // ascending by number
  std::uint64_t after = 0;    // what the next call gives as `after`, whether there are more now or not
  bool more = false;
};

struct StandingRun {
  std::uint64_t queries = 0;
  std::uint64_t profiles = 0;    // live, with vectors of the current model
  std::uint64_t new_alerts = 0;  // of fits that no write had brought: a changed programme or text model
  std::uint64_t withdrawn = 0;   // pairs that fit no longer: expired, or as above
};

// Safe from any thread; one for a store. A mark stands beside each pair of a profile and a query that it fits; a profile
// that has no mark and fits makes an alert and a mark, one that fits no longer loses the mark, and both are in the batch
// of the write that made it so. So each pair is alerted once as long as it stays true, whenever the process ends. A profile
// whose vectors are still to come is tested in the batch that brings them; until then its marks stay.
class StandingQueries {
 public:
  // The commit hook of `store` from then on. Makes the vectors anew that are not of `embedder`'s model. Keeps references to all
  // arguments. `today`: days since 1970-01-01, asked at each write; empty: the clock's, UTC.
  static Result<std::unique_ptr<StandingQueries>> open(Store& store, const Taxonomy& taxonomy, const Programmes& programmes,
                                                       const Embedder& embedder, std::function<std::int32_t()> today = {});
  ~StandingQueries();
  Status read_anew();  // what another process has written (Store::follow())

  // `id` and `created` are given here. Marks whoever fits already, in the same batch. kInvalid: it asks for nothing, or
  // `minimum` is no cosine; kNotFound: no such programme; kTooLarge: there are kMaxStandingQueries.
  Result<StandingAdded> add(StandingQuery query);
  // With its marks and alerts, in one batch. kNotFound.
  Status erase(std::string_view id);
  Result<StandingQuery> get(std::string_view id) const;
  // In order of creation after the query `after` (empty: from the first), at most `limit`. `office`: only that one's,
  // empty: all. kInvalid: `after` is no id of a query.
  Result<std::vector<StandingQuery>> list(std::string_view after, std::size_t limit, std::string_view office = {}) const;
  std::size_t size() const;

  // After the alert numbered `after`, at most `limit`; whoever goes on from AlertPage::after misses none and sees none
  // twice. `query`: only that one's (kNotFound: no such query), empty: all.
  Result<AlertPage> alerts(std::string_view query, std::uint64_t after, std::size_t limit) const;

  // Tests all queries against all stored profiles and mends what no write has brought. Writes meanwhile are held up for
  // a few milliseconds at a time. What is done stays done when it ends in an error.
  Result<StandingRun> match_all();

 private:
  struct Impl;
  explicit StandingQueries(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::index
