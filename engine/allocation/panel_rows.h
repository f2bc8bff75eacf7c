// The rules of a panel as rows over its candidates, and who may replace whom under them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/allocation/panel.h"

namespace counterpart::engine {

// Between at_least and at_most of `members` are on the panel.
struct PanelRow {
  enum class Rule : std::uint8_t { kQuota, kTopic, kCountry, kOrganisation };
  Rule rule = Rule::kQuota;
  std::string subject;  // "group:LDC"; of another rule: the topic, the country, the organisation
  std::string place;
  std::vector<std::uint32_t> members;  // positions among the candidates, ascending
  std::size_t at_least = 0, at_most = 0;
  double weight = 1;
};

// One of each quota and of each topic, in the order of the rules; then countries and organisations that have more
// candidates than their cap. `rules` and `candidates` are as convene() has checked them.
std::vector<PanelRow> panel_rows(std::span<const PanelCandidate> candidates, const PanelRules& rules);

// Of whom a rule is: "group:LDC", "topic hydrogen", "country KE".
Phrase subject_of(const PanelRow& row);

std::vector<std::size_t> count_picked(std::span<const PanelRow> rows, const std::vector<bool>& picked);

// Of each candidate: the rows it is a member of, ascending.
std::vector<std::vector<std::uint32_t>> memberships(std::span<const PanelRow> rows, std::size_t candidates);

// One leaves, one comes, all others stay; by the rows that each is a member of.
struct Replacement {
  std::size_t shared = 0;               // rows that both are members of
  std::optional<std::uint32_t> broken;  // a row that would no longer be kept
};
Replacement replacement(std::span<const PanelRow> rows, std::span<const std::size_t> counts,
                        std::span<const std::uint32_t> leaving, std::span<const std::uint32_t> coming);

// Of each of `seats`: up to `per_seat` of `reserves` that can take it alone without a row being broken, best first; of
// the seat's own constituency (by candidate), since who speaks for labour is no stand-in for who speaks for business;
// nobody is given to two seats. As many seats as possible have a first alternate, then as many as possible a second,
// and so on; of all such ways one whose alternates stand earliest in `reserves`. Algorithm: a round a rank, in each a
// maximum matching by augmenting paths from the reserves in their order (greedy over a transversal matroid: Edmonds and
// Fulkerson 1965).
std::vector<std::vector<std::uint32_t>> find_alternates(std::span<const PanelRow> rows, const std::vector<bool>& picked,
                                                        std::span<const std::uint32_t> seats,
                                                        std::span<const std::uint32_t> reserves, std::size_t per_seat,
                                                        std::span<const std::string> constituencies);

}  // namespace counterpart::engine
