// What open cases leave of everybody's time: the places of capacity that are taken, and who is being introduced already.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/profile/profile.h"

namespace counterpart::engine {

// How many places of a profile's capacity are taken by open cases, and how many it has.
struct PlacesOf {
  unsigned taken = 0, capacity = 0;
  bool full() const { return taken >= capacity; }
};
inline PlacesOf places_of(const Profile& profile, unsigned taken) {
  return {.taken = taken, .capacity = static_cast<unsigned>(std::max(profile.capacity, 0))};
}

// Of each of these profiles, how many places of its capacity open cases take. Empty: nobody asks for that.
using PlacesTaken = std::function<std::vector<unsigned>(std::span<const std::string_view> profiles)>;

// Of everybody at one moment.
struct Engagements {
  std::map<std::string, unsigned, std::less<>> taken = {};      // places, by profile; those with none are not there
  std::set<std::pair<std::string, std::string>> together = {};  // whom an open case is between, the smaller id first
  bool operator==(const Engagements&) const = default;
};

}  // namespace counterpart::engine
