// The use case behind `convene` and POST /v1/panels: a programme's rules and the live profiles made into a panel.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/allocation/panel.h"
#include "engine/corpus/corpus.h"
#include "engine/match/absence.h"
#include "engine/programme/programme.h"
#include "server/layer.h"
#include "server/service/limits.h"

namespace counterpart::server {

// From this cosine between a topic and what an expert offers, the expert covers the topic: the lowest of 0.10, 0.15, ...
// 0.40 at which more than half of those said to cover it do. Measured with the fast model on the 2,206 sample companies for
// eight topics, whether a company states a sector of the topic standing in for the truth: precision 0.46 at 0.20, 0.64 at
// 0.25, 0.74 at 0.30 (recall 0.32, 0.20, 0.10). So being named is worth more than not being named.
inline constexpr double kCoversTopic = 0.25;

// What is not given is as the programme says.
struct PanelCall {
  std::string programme;  // empty: the first, by slug, whose output is a panel
  std::uint64_t seed = kPanelSeed.standard.value();
  std::optional<std::size_t> seats;                  // within kPanelSeats
  std::string level;                                 // one of kPanelLevels
  std::optional<std::vector<std::string>> topics;    // empty list: no agenda, merit is then completeness
  Conditions where;                                  // on who may stand
  bool certificate = false;                          // of the draw is wanted with the answer
  bool nominated = false;                            // only those stand whose nomination is confirmed: `nominees`
  std::set<std::string, std::less<>> nominees = {};  // ids
};

struct PanelAnswer {
  Panel panel;
  std::string programme, name;
  std::size_t seats_asked = 0;
  std::size_t candidates = 0;         // who may stand
  std::uint64_t sequence = 0;         // of the corpus they were taken from
  std::vector<Removed> removed = {};  // where nobody may stand: by which condition how many fell
  // What was drawn from what, as convene() had it: merit in whole millionths, of a topic whether it is covered, organisations
  // by number. So a certificate that says it in whole numbers gives the same panel again.
  PanelRules rules = {};
  std::vector<PanelCandidate> stood = {};
};

struct PanelSources {
  const Corpus& corpus;
  const Taxonomy& taxonomy;
  const Embedder& embedder;                                       // of the corpus's first vectors
  std::function<Result<Profile>(const std::string& id)> profile;  // kNotFound: gone meanwhile, left out
};

// 0-1, half of it at kCoversTopic, straight in between, 0 for a face without direction. `face`, `topic`: of one model. The
// face's discount is taken out: an expert who describes himself in `summary` alone covers what he describes.
float topic_relevance(std::span<const float> face, std::span<const float> topic);

// Who may stand: whoever takes part in the programme, is eligible for one of its sides (gates included), valid `today`
// and under call.where. Merit: the relevance of the topic known best; without topics, completeness(). By the first text
// model alone, so that the answer does not hang on how far the second one has come in the background.
//
// A rule that no panel of this size could keep does not end the call: seats beyond the candidates, counts beyond the
// seats, a minimum that rounding has put over its maximum give way first, and stand first among Panel::relaxations.
// Nobody may stand: a panel without seats. kInvalid: the programme composes no panel, or as convene(); kTooLarge.
Result<PanelAnswer> compose_panel(const PanelSources& sources, const Programme& programme, const PanelCall& call,
                                  std::int32_t today);

}  // namespace counterpart::server
