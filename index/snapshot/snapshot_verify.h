// A snapshot against the store, profile by profile.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/snapshot/publisher.h"
#include "index/snapshot/snapshot.h"
#include "index/store/store.h"

namespace counterpart::index {

struct Difference {
  std::string id;    // empty: of the snapshot as a whole
  std::string what;  // in words
};

// One profile as the store has it.
struct Expected {
  std::string_view id;
  const StoredProfile* stored = nullptr;  // null: it is not in the store
  const std::optional<Embedding>& vectors;
  std::int64_t key_count = -1;  // of its row, to find keys that it should not have; negative: counted anew
};

// Sequence, version, title, traits, last day, vectors, keys. nullopt: equal, or it has no vectors of the snapshot's
// model and is rightly absent.
std::optional<Difference> compare_profile(const Snapshot& snapshot, const Taxonomy& taxonomy, const Expected& expected);

// All profiles and rows. Profiles that change meanwhile show up as differences; look again before believing them.
Result<std::vector<Difference>> compare_with_store(const Snapshot& snapshot, const Store& store, const Taxonomy& taxonomy,
                                                   VerifyReport& counts);

// The whole of it: what differs is looked at again until it is believed, or changes too fast to tell. `caught_up`: the snapshot
// that holds what the store held at the call; null: it does not get there in time.
Result<VerifyReport> verify_published(const Store& store, const Taxonomy& taxonomy,
                                      const std::function<std::shared_ptr<const Snapshot>()>& caught_up);

}  // namespace counterpart::index
