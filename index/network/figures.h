// How the network of offices stands, as figures: what monitoring asks again and again, so it counts nothing that grows with the
// number of profiles.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

struct OfficeFigures {
  std::string office, name;
  std::uint64_t behind = 0;            // own operations that it has not confirmed
  std::uint64_t as_of = 0;             // by its clock, seconds since 1970: what it had published then is here; 0: nothing is
  std::uint64_t heard_at = 0;          // by our clock: when a bundle of it came last; 0: none did
  std::uint64_t parked = 0;            // its operations that are set aside
  std::uint64_t erasures_pending = 0;  // of it, that are not through all files here
};
struct NetworkFigures {
  std::string office;             // this one
  std::uint64_t epoch = 0;        // beyond 1: how often it was restored from an older copy, and told everything anew
  std::uint64_t kept = 0;         // own operations that some office has not confirmed
  std::uint64_t oldest_kept = 0;  // when the oldest of them was made, seconds since 1970; 0: there is none
  std::vector<OfficeFigures> offices;
};
// Nothing: this office has not joined.
Result<std::optional<NetworkFigures>> network_figures(const Database& database);

}  // namespace counterpart::index
