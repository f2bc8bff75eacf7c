// What is to be told to another office, as bundles: the operations that it has not confirmed, or the whole state, piece by
// piece, where some of those are not kept any more.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/network/bundle.h"
#include "index/store/store.h"

namespace counterpart::index {

struct Sending {
  std::string bytes;           // sealed; see seal_bundle()
  std::uint64_t number = 0;    // of the bundle
  std::string next;            // where the next one begins; empty: this was the last
  std::string end;             // where what happens after it would begin
  std::size_t operations = 0;  // in it
  std::size_t removals = 0;    // of which others must not wait for
  bool state = false;          // a piece of the whole state
};

// How much goes into one; a profile that is larger goes alone.
struct SendingLimits {
  std::size_t operations = 2'000, bytes = 4 << 20;
};

// The bundle for `office` that begins at `from`: empty, behind what it has confirmed; else what the one before gave as `next`.
// There is always one, for it confirms what was received as well. Noted in the store, so that the answer is known to be one.
// kNotFound: no such office, or this one has not joined. kInvalid: `from` is of nothing that was made here.
Result<Sending> next_bundle(Store& store, const std::string& office, const std::string& from, const SendingLimits& limits = {});

// What we have of `office`'s operations, for it to know.
Result<Confirmation> confirmation_for(const Store& store, const OtherOffice& office);

}  // namespace counterpart::index
