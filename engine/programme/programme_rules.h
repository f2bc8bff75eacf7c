// What a programme asks beyond who may meet whom: gates, quotas, a panel's make-up, exposure, diversity. Plain values,
// checked by the reader; whoever composes panels or ranks lists applies them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

// What a programme gives its manager beside the ranked matches that all give.
enum class ProgrammeOutput : std::uint8_t { kMatches, kPanel, kCoverage, kPortfolio };

template <>
struct Vocabulary<ProgrammeOutput> {
  static constexpr std::array<std::string_view, 4> kNames{"matches", "panel", "coverage", "portfolio"};
};

// A hard condition with a name of its own, on the profiles of one side: what a programme's manager grants or refuses.
struct Gate {
  std::string name;
  std::string label;      // in words, for reasons: "endorsed by its focal point"
  std::size_t side = 0;   // in Programme::sides
  Conditions conditions;  // all must hold
  std::string remedy;     // what to do when it is shut; empty: the conditions say it
};

// Seats for one group of a panel's members; at least one of the four bounds is set.
struct QuotaRule {
  std::string group;                                    // "constituency:business", "region:002", "group:LDC", "gender:female"
  std::optional<std::size_t> at_least, at_most;         // seats
  std::optional<double> share_at_least, share_at_most;  // of all seats, 0-1
  std::string place;                                    // file:line, for messages
};

struct PanelSettings {
  std::size_t seats = 0;                     // 1-1000
  std::size_t alternates_per_seat = 0;       // 0-10
  std::size_t per_country_at_most = 0;       // seats; 0: no limit
  std::size_t per_organisation_at_most = 0;  // seats; 0: no limit
  std::size_t experts_per_topic_at_least = 0;
  std::vector<std::string> topics;  // the agenda, each in words, to be compared by meaning
  std::string level;                // one of kPanelLevels (engine/allocation/panel_group.h); empty: not stated
};

// Of all the places and introductions that the programme gives to one side, at least this share goes to `group`.
struct ExposureFloor {
  std::string group;       // a country group (LDC, africa, 002), or kWomenLed
  double share = 0;        // 0-1
  std::string side = {};   // its name: whose places are meant; empty: everybody's
  std::string place = {};  // file:line, for messages
};
inline constexpr std::string_view kWomenLed = "women_led";

// How much a list gives way from the best to the varied, and what one list may hold of one kind.
struct Diversity {
  double lambda = 0;                         // 0: by score alone; 1: by difference alone
  std::size_t per_country_at_most = 0;       // 0: no limit
  std::size_t per_organisation_at_most = 0;  // 0: no limit
};

}  // namespace counterpart::engine
