// How good a match is, in a word. THE table of bands is in bands.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace counterpart::engine {

enum class Band : std::uint8_t { kStrong, kGood, kPossible, kWeak };

struct BandRow {
  Band band;
  std::string_view name;
  double expected;        // fewer than so many as near are expected by chance
  std::string_view help;  // what it means, for an officer
};
std::span<const BandRow> bands();  // best first
std::string_view name_of(Band band);
std::optional<Band> find_band(std::string_view name);

// Which bands; a bit each.
class BandSet {
 public:
  static constexpr BandSet all() { return BandSet(0xF); }
  static constexpr BandSet better_than_chance() { return BandSet(0x7); }  // all but weak
  constexpr BandSet() = default;
  constexpr void insert(Band band) { bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(band)); }
  constexpr bool contains(Band band) const { return (bits_ >> static_cast<unsigned>(band) & 1U) != 0; }
  bool operator==(const BandSet&) const = default;

 private:
  explicit constexpr BandSet(std::uint8_t bits) : bits_(bits) {}
  std::uint8_t bits_ = 0;
};

// To stand among the other's first ten lifts a possible match by one band; not to stand there keeps one from being strong.
// `place`: of the asker in the other's list, from 1; 0: not in it.
Band with_place(Band band, std::size_t place);

struct BandEvidence {
  std::optional<double> expected = {};    // as near by chance; nothing: the corpus cannot tell
  bool better = true;                     // is among those that are better than chance (engine/match/chance.h)
  bool about_matter = true;               // a reason speaks of the matter
  std::optional<std::size_t> place = {};  // of the asker in the other's list, from 1; 0: not in it; nothing: no list
};
// What cannot be told is possible. Without a reason about the matter a match is possible at most.
Band band_of(const BandEvidence& evidence);

}  // namespace counterpart::engine
