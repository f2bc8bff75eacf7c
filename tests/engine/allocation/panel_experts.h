// Experts, quotas and rules in one line each, the best panel found by trying all, and what an officer would see of a panel.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "engine/allocation/panel.h"
#include "tests/support/catch.h"

namespace counterpart::engine {

inline PanelCandidate expert(std::string id, std::vector<std::string> groups, double merit = 0.5) {
  PanelCandidate candidate;
  candidate.id = std::move(id);
  candidate.groups = std::move(groups);
  candidate.merit = merit;
  return candidate;
}

// `count` experts of `groups`, ids prefix0, prefix1, ...
inline void add(std::vector<PanelCandidate>& all, std::size_t count, const std::string& prefix,
                const std::vector<std::string>& groups, double merit = 0.5) {
  for (std::size_t i = 0; i < count; ++i) all.push_back(expert(prefix + std::to_string(i), groups, merit));
}

inline Quota quota(std::string group, std::optional<std::size_t> least, std::optional<std::size_t> most = {}) {
  Quota one;
  one.group = std::move(group);
  one.at_least = least;
  one.at_most = most;
  one.place = "request";
  return one;
}

inline PanelRules rules_of(std::size_t seats, std::vector<Quota> quotas = {}) {
  PanelRules rules;
  rules.seats = seats;
  rules.quotas = std::move(quotas);
  return rules;
}

// All of it that an officer would see change.
inline std::vector<std::string> order(const Panel& panel) {
  std::vector<std::string> all;
  for (const PanelSeat& seat : panel.seats) {
    all.push_back(seat.id);
    for (const PanelAlternate& alternate : seat.alternates) all.push_back("for it " + alternate.id);
  }
  return all;
}

inline std::set<std::string> ids(const Panel& panel) {
  std::set<std::string> all;
  for (const PanelSeat& seat : panel.seats) all.insert(seat.id);
  return all;
}

// By how many seats `picked` breaks each rule, caps weighted; the same question as the composer's, asked anew.
inline double broken(const std::vector<PanelCandidate>& candidates, const std::set<std::string>& picked,
                     const PanelRules& rules) {
  double total = 0;
  const auto beyond = [](std::size_t got, std::size_t least, std::size_t most) {
    return static_cast<double>(got < least ? least - got : got > most ? got - most : 0);
  };
  std::map<std::string, std::size_t> groups, countries, organisations;
  std::vector<std::size_t> topics(rules.topics.size());
  for (const PanelCandidate& one : candidates) {
    if (!picked.contains(one.id)) continue;
    for (const std::string& group : one.groups) ++groups[group];
    if (!one.country.empty()) ++countries[one.country];
    if (!one.organisation.empty()) ++organisations[one.organisation];
    for (std::size_t i = 0; i < topics.size(); ++i) topics[i] += one.topics[i] >= static_cast<float>(rules.topic_relevance);
  }
  const std::size_t no_limit = std::numeric_limits<std::size_t>::max();
  for (const Quota& one : rules.quotas)
    total += one.weight * beyond(groups[one.group], one.at_least.value_or(0), one.at_most.value_or(no_limit));
  for (const std::size_t got : topics) total += beyond(got, rules.experts_per_topic_at_least, no_limit);
  if (rules.per_country_at_most > 0)
    for (const auto& [name, got] : countries) total += kCapWeight * beyond(got, 0, rules.per_country_at_most);
  if (rules.per_organisation_at_most > 0)
    for (const auto& [name, got] : organisations) total += kCapWeight * beyond(got, 0, rules.per_organisation_at_most);
  return total;
}

inline double value(const std::vector<PanelCandidate>& candidates, const std::set<std::string>& picked, std::uint64_t seed) {
  double sum = 0;
  for (const PanelCandidate& one : candidates)
    if (picked.contains(one.id)) sum += one.merit + kDrawWeight * panel_draw(seed, one.id);
  return sum;
}

// Every panel of 4 out of 11 tried.
struct Best {
  double broken = std::numeric_limits<double>::infinity();
  double value = 0;
};
inline Best best_by_trying(const std::vector<PanelCandidate>& candidates, const PanelRules& rules) {
  Best best;
  for (unsigned mask = 0; mask < 1U << candidates.size(); ++mask) {
    if (static_cast<std::size_t>(__builtin_popcount(mask)) != rules.seats) continue;
    std::set<std::string> picked;
    for (std::size_t i = 0; i < candidates.size(); ++i)
      if (mask >> i & 1U) picked.insert(candidates[i].id);
    const double cost = broken(candidates, picked, rules), worth = value(candidates, picked, rules.seed);
    if (cost < best.broken || (cost == best.broken && worth > best.value)) best = {cost, worth};
  }
  return best;
}

struct PanelCase {
  std::vector<PanelCandidate> candidates;
  PanelRules rules;
};

inline PanelCase random_case(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
  PanelCase made;
  for (std::size_t i = 0; i < 11; ++i) {
    PanelCandidate one = expert("x" + std::to_string(i), {}, static_cast<double>(below(101)) / 100);
    for (const char* group : {"a", "b", "c"})
      if (below(3) == 0) one.groups.push_back(group);
    one.country = std::string(1, static_cast<char>('A' + below(4)));
    one.organisation = below(2) == 0 ? "" : "o" + std::to_string(below(5));
    for (int topic = 0; topic < 2; ++topic) one.topics.push_back(below(2) == 0 ? 0.2F : 0.8F);
    made.candidates.push_back(std::move(one));
  }
  made.rules = rules_of(4, {quota("a", below(4)), quota("b", below(3), 2 + below(2)), quota("c", 0, below(3))});
  made.rules.topics = {"t", "u"};
  made.rules.experts_per_topic_at_least = below(4);
  made.rules.per_country_at_most = below(4);
  made.rules.per_organisation_at_most = below(3);
  made.rules.seed = seed;
  return made;
}

inline const Taxonomy& taxonomy() {
  static const auto loaded = Taxonomy::load(COUNTERPART_SOURCE_DIR "/datasets/taxonomy").value();
  return *loaded;
}

}  // namespace counterpart::engine
