// What another office sent, taken in: each of its operations once, in its order, in one batch with the place up to which that
// is so; whatever is repeated, comes late or out of turn.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/casework/case_store.h"
#include "index/erasure/erasures.h"
#include "index/layer.h"
#include "index/network/bundle.h"
#include "index/network/records.h"
#include "index/store/store.h"

namespace counterpart::index {

struct Receiving {
  Store& store;
  Erasures& erasures;
  const Taxonomy& taxonomy;
  const Embedder& embedder;  // of the corpus's first vectors
  // The index's file written anew; empty: there is none.
  std::function<Status()> save_index = {};
  // Cases, and the time by which they run; nullptr: what other offices tell of theirs waits.
  CaseStore* cases = nullptr;
  std::function<std::int64_t()> now = {};
  // Why nothing may be written now: another server owns these records, or may do so. Empty: it always may.
  std::function<Status()> may_write = {};
};

// What came of a bundle.
struct Received {
  std::string from;
  std::uint64_t number = 0;    // of the bundle
  std::size_t operations = 0;  // taken in now
  std::size_t repeated = 0;    // that were here already
  std::size_t parked = 0;      // set aside: `retry_parked` takes them in as soon as they can be
  std::size_t removed = 0;     // profiles that went
  Position position;           // of its operations, afterwards
  std::optional<Error>
      trouble;            // why what it holds was not, or not all, taken in: the next confirmation asks for what is missing
  bool confirms = false;  // it tells what that office has of ours
  // What it confirms is less than it had confirmed, or it knows less of us than it did: it was restored from an older copy, or
  // this bundle is an old one. It is to be told anew, and asked by that where it stands.
  bool astray = false;
};

// Removals and the confirmation in it count whatever the rest comes to.
//   kNotFound: this office has not joined. kForbidden: it is of an office that is not known here. kInvalid, kUnsupported,
//   kCorrupt: of open_bundle(). kStorage.
Result<Received> receive(const Receiving& receiving, std::string_view sealed);

// What was set aside is tried again: a newer program may read it, an id may have become free. How many were taken in.
Result<std::size_t> retry_parked(const Receiving& receiving);

// Goes on with what erasures of others left to do: files are rewritten until nothing that they erased is in any. The error says
// why it is not done; it is gone on with at the next call.
Status finish_erasures(const Receiving& receiving);

}  // namespace counterpart::index
