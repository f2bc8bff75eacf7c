// A panel composed from candidates: quotas, caps, the agenda's topics, alternates and a public, repeatable draw.
//
// The panel of greatest total merit among all that keep every rule, found as a 0-1 programme by branch and cut. In the
// tradition of sortition (Flanigan, Goelz, Gupta, Hennig, Procaccia, "Fair algorithms for selecting citizens'
// assemblies", Nature 596, 2021) quotas are hard and chance is public: each candidate draws a number from (seed, id)
// alone and kDrawWeight times it counts beside merit. Hence among equals the draw decides, it cannot put one candidate
// before another whose merit is kDrawWeight higher in the same rules, and who else stands changes nobody's number.
// What it does not do: it does not equalise everybody's chance of a seat as that paper's LEXIMIN does; a candidate whom
// many quotas need is still seated more often.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/allocation/panel_group.h"
#include "engine/base/phrase.h"
#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

inline constexpr double kDrawWeight = 0.01;                 // in units of merit
inline constexpr double kCapWeight = 1000;                  // of a country's or organisation's cap, as of a Quota
inline constexpr std::size_t kMaxPanelCandidates = 20'000;  // of one draw

struct PanelCandidate {
  std::string id, title;
  std::string country;              // empty: under no country's cap
  std::string organisation;         // the same key, the same organisation; empty: one of its own
  std::vector<std::string> groups;  // "constituency:business", "region:africa", "gender:female", "group:LDC"
  double merit = 0;                 // 0-1
  std::vector<float> topics;        // relevance 0-1, one for each of PanelRules::topics
};

// How many seats go to one group. A count and a share may both be given: the stricter holds. A share is of all seats,
// at_least rounded up and at_most down.
struct Quota {
  std::string group;
  std::optional<std::size_t> at_least, at_most;
  std::optional<double> share_at_least, share_at_most;  // 0-1
  std::string place;                                    // "file:line" or "request", for messages
  double weight = 1;                                    // 1-1000: how much a seat of this quota counts when not all can be kept
};

struct PanelRules {
  std::size_t seats = 150;
  std::vector<Quota> quotas;
  std::size_t per_country_at_most = 0;       // 0: no cap
  std::size_t per_organisation_at_most = 0;  // 0: no cap
  std::vector<std::string> topics;
  double topic_relevance = 0.5;  // from which an expert covers a topic
  std::size_t experts_per_topic_at_least = 0;
  std::size_t alternates_per_seat = 1;
  std::string level = "global";  // one of kPanelLevels; recorded with the panel
  std::uint64_t seed = 0;        // public
};

// Somebody of the seat's constituency who could take it, all others staying, and no rule be broken. Nobody is alternate of
// two seats. First those who are `alike`: of the seat's group (developed, developing) and gender too, so that however many of
// them are called up together, no quota of the three is broken; others where a seat has none of these.
struct PanelAlternate {
  std::string id, title, country;
  double merit = 0;
  bool alike = true;
};

struct PanelSeat {
  std::string id, title, country, organisation;
  std::string constituency;          // of its group "constituency:..."
  std::vector<std::string> regions;  // of its groups "region:..."
  std::vector<std::string> topics;   // it covers
  std::vector<std::string> serves;   // groups with a minimum that it counts towards
  double merit = 0;
  double draw = 0;                         // 0-1, from (seed, id)
  std::vector<PanelAlternate> alternates;  // fewer than asked, or none, where nobody can replace it
  Phrase no_alternate;                     // why there is none; empty: there is one, or none was asked for
};

struct QuotaTotal {
  std::string group, place;
  std::optional<std::size_t> at_least, at_most;  // seats, as asked
  std::size_t got = 0;
  std::size_t candidates = 0;  // of that group
};

struct TopicCoverage {
  std::string topic;
  std::size_t asked = 0, got = 0;
  std::size_t candidates = 0;  // who cover it
};

// One rule that had to give way.
struct PanelRelaxation {
  Phrase rule;  // "at least 12 of group:LDC"
  std::string place;
  std::size_t asked = 0, met = 0;
  Phrase message;  // "at least 12 of group:LDC: 9 can be met; lower it to 9"
};

enum class PanelStatus : std::uint8_t { kComplete, kRelaxed };
constexpr std::string_view name_of(PanelStatus status) { return status == PanelStatus::kComplete ? "complete" : "relaxed"; }

struct Panel {
  PanelStatus status = PanelStatus::kComplete;
  std::string level;
  std::uint64_t seed = 0;
  std::vector<PanelSeat> seats;         // by merit, best first, ties by id
  std::vector<QuotaTotal> quotas;       // in the order of the rules
  std::vector<TopicCoverage> coverage;  // the same
  // Where the rules cannot all be kept: the least number of seats (each times its quota's weight) by which they must
  // give way; topics weigh 1 and caps kCapWeight, so that a cap gives way only where the seats cannot be filled under
  // it. Of equal ways the one that breaks the rule stated later: quotas in their order, then topics, countries,
  // organisations. The panel is then the best one under the rules so relaxed.
  std::vector<PanelRelaxation> relaxations;
  bool relaxation_proven = true;            // false: the search met its limit; less, or nothing, may have to give way
  double merit = 0;                         // sum over the seats
  double objective = 0;                     // merit + kDrawWeight * draw, sum over the seats
  double bound = 0;                         // no panel under the (relaxed) rules exceeds it
  double gap = 0;                           // (bound - objective) / |objective|
  bool proven_optimal = false;              // gap within kPanelGap
  std::size_t seats_without_alternate = 0;  // of those that should have one
};

inline constexpr double kPanelGap = 1e-6;

// Same candidates in any order, same rules: same panel, on one build. From any thread. Seconds for 5,000 candidates;
// up to some minutes where dozens of quotas overlap so tightly that the search runs to its limit (proven_optimal or
// relaxation_proven is then false).
// kInvalid: a rule or candidate is wrong, place and remedy say which and what would be right. kTooLarge: more than
// kMaxPanelCandidates. kInternal: the solver failed.
Result<Panel> convene(std::span<const PanelCandidate> candidates, const PanelRules& rules);

// 0 <= x < 1, from these two alone.
double panel_draw(std::uint64_t seed, std::string_view id);

// A profile's groups, sorted:
// - one "constituency:": the first of its roles that is one of kConstituencies, else kOtherConstituency;
// - "region:" with each M49 code of its country and again with the English name ("region:002", "region:africa",
//   "region:eastern-africa");
// - "group:" with every other group of its country ("group:LDC", "group:developing", "group:LMC");
// - one "gender:", as the profile states it; kUnknownGender where it does not. Who leads an organisation says nothing of
//   an expert in it.
std::vector<std::string> panel_groups(const Profile& profile, const Taxonomy& taxonomy);

}  // namespace counterpart::engine
