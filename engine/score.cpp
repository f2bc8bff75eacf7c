#include "engine/score.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdio>

namespace counterpart {
namespace {

// (1 + cosine) / 2: linear, so that the best text sum found bounds what any row further down can reach, and a cosine of
// 0 (nothing in common) is kNeutral.
std::optional<double> of_cosine(float cosine) {
  if (cosine == 0) return std::nullopt;  // one of the two has no words for this direction
  return std::clamp((1.0 + static_cast<double>(cosine)) / 2.0, 0.0, 1.0);
}

template <class Mask>
std::optional<double> overlap(Mask a, Mask b) {
  if (a == 0 || b == 0) return std::nullopt;
  return static_cast<double>(std::popcount(a & b)) / static_cast<double>(std::min(std::popcount(a), std::popcount(b)));
}

template <class Mask, class Name>
std::string joined(Mask mask, Name name) {
  std::string text;
  for (; mask != 0; mask &= mask - 1) {
    if (!text.empty()) text += ", ";
    text += name(static_cast<std::size_t>(std::countr_zero(mask)));
  }
  return text;
}

std::string two_digits(float value) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%.2f", static_cast<double>(value));
  return buffer;
}

// ISIC codes nest by prefix (C, C27, C271, C2710), so the common prefix names the narrowest class shared.
std::string_view shared_sector(std::string_view a, std::string_view b) {
  const auto [end, unused] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  auto length = static_cast<std::size_t>(end - a.begin());
  if (length == 2) length = 1;  // half a division is none
  return a.substr(0, length);
}

// By digits shared: nothing, section, (never), division, group, class.
constexpr double kSectorAffinity[] = {0.1, 0.45, 0.45, 0.8, 0.9, 1.0};

std::string_view best_shared_sector(const Pair& pair) {
  const auto sectors = pair.taxonomy.sectors.entries();
  std::string_view best;
  for (std::size_t i = 0; i < pair.seeker.sector_count; ++i)
    for (std::size_t j = 0; j < pair.counterpart.sector_count; ++j) {
      const std::string_view shared =
          shared_sector(sectors[pair.seeker.sectors[i]].code, sectors[pair.counterpart.sectors[j]].code);
      if (shared.size() > best.size()) best = shared;
    }
  return best;
}

bool active_in(const Traits& who, std::uint16_t country) {
  return country < kMaxCountries && (who.activity[country / 64] >> (country % 64) & 1U) != 0;
}

bool states_activity(const Traits& who) { return (who.activity[0] | who.activity[1] | who.activity[2] | who.activity[3]) != 0; }

std::string country_name(const Pair& pair, std::uint16_t country) {
  const CodeList& countries = pair.taxonomy.countries;
  return std::string(countries.title(countries.entries()[country].code));
}

std::string text_reason(std::string_view what, float cosine) {
  if (cosine < 0.2F) return {};
  return std::string(what) + (cosine >= 0.5F ? " closely" : "") + " (text similarity " + two_digits(cosine) + ")";
}

std::string shared_reason(std::string_view what, const std::string& names) {
  return names.empty() ? std::string{} : std::string(what) + names;
}

constexpr Signal kSignals[] = {
    {"forward", "their offer against the seeker's need, by meaning", 0.45,
     [](const Pair& p) { return of_cosine(p.forward); },
     [](const Pair& p, double) {
       return text_reason(std::string(p.counterpart.own_offer != 0 ? "what they offer" : "what they do") + " fits " +
                              (p.seeker.own_need != 0 ? "what you seek" : "what you do"),
                          p.forward);
     }},
    {"backward", "the seeker's offer against their need, by meaning", 0.30,
     [](const Pair& p) { return of_cosine(p.backward); },
     [](const Pair& p, double) {
       return text_reason(std::string(p.seeker.own_offer != 0 ? "what you offer" : "what you describe") + " fits " +
                              (p.counterpart.own_need != 0 ? "what they seek" : "what they do"),
                          p.backward);
     }},
    {"sectors", "nearest pair of sectors in the ISIC tree", 0.08,
     [](const Pair& p) -> std::optional<double> {
       if (p.seeker.sector_count == 0 || p.counterpart.sector_count == 0) return std::nullopt;
       return kSectorAffinity[best_shared_sector(p).size()];
     },
     [](const Pair& p, double) -> std::string {
       const std::string_view shared = best_shared_sector(p);
       if (shared.empty()) return {};
       return "both in ISIC " + std::string(shared) + " (" + std::string(p.taxonomy.sectors.title(shared)) + ")";
     }},
    {"cooperation", "forms of cooperation both state", 0.05,
     [](const Pair& p) { return overlap(p.seeker.cooperation, p.counterpart.cooperation); },
     [](const Pair& p, double) {
       return shared_reason("both look for ", joined(p.seeker.cooperation & p.counterpart.cooperation, [](std::size_t i) {
                              return std::string(Vocabulary<Cooperation>::kNames[i]);
                            }));
     }},
    {"technologies", "technologies both state", 0.04,
     [](const Pair& p) { return overlap(p.seeker.technologies, p.counterpart.technologies); },
     [](const Pair& p, double) {
       return shared_reason("same technology: ",
                            joined(p.seeker.technologies & p.counterpart.technologies, [&](std::size_t i) {
                              return std::string(p.taxonomy.technologies.title(p.taxonomy.technologies.entries()[i].code));
                            }));
     }},
    {"themes", "themes both state", 0.03,
     [](const Pair& p) { return overlap(p.seeker.themes, p.counterpart.themes); },
     [](const Pair& p, double) {
       return shared_reason("same theme: ", joined(p.seeker.themes & p.counterpart.themes, [&](std::size_t i) {
                              return std::string(p.taxonomy.themes.title(p.taxonomy.themes.entries()[i].code));
                            }));
     }},
    {"sdgs", "Sustainable Development Goals both state", 0.01,
     [](const Pair& p) { return overlap(p.seeker.sdgs, p.counterpart.sdgs); },
     [](const Pair& p, double) {
       return shared_reason("same goal: SDG ", joined(p.seeker.sdgs & p.counterpart.sdgs,
                                                      [](std::size_t i) { return std::to_string(i + 1); }));
     }},
    {"geography", "one already works in the other's country", 0.03,
     [](const Pair& p) -> std::optional<double> {
       if (p.seeker.country == kNoCountry || (!states_activity(p.seeker) && !states_activity(p.counterpart)))
         return std::nullopt;
       const bool there = active_in(p.seeker, p.counterpart.country);
       const bool here = active_in(p.counterpart, p.seeker.country);
       return there && here ? 1.0 : there || here ? 0.8 : 0.3;
     },
     [](const Pair& p, double) -> std::string {
       if (active_in(p.counterpart, p.seeker.country)) return "they work in " + country_name(p, p.seeker.country);
       if (active_in(p.seeker, p.counterpart.country)) return "you work in " + country_name(p, p.counterpart.country);
       return {};
     }},
    {"languages", "a language in common", 0.01,
     [](const Pair& p) -> std::optional<double> {
       if (p.seeker.languages == 0 || p.counterpart.languages == 0) return std::nullopt;
       return (p.seeker.languages & p.counterpart.languages) != 0 ? 1.0 : 0.2;
     },
     [](const Pair& p, double) {
       return shared_reason("language in common: ", joined(static_cast<unsigned>(p.seeker.languages & p.counterpart.languages),
                                                           [](std::size_t i) { return std::string(kUnLanguages[i]); }));
     }},
};

// Rounded so that two sums that differ by the last bits of a double are a tie, broken by id.
double rounded(double total) { return std::round(total * 1e6) / 1e6; }

}  // namespace

std::span<const Signal> signals() { return kSignals; }

Weights weights_of(const std::map<std::string, double, std::less<>>& overrides) {
  Weights weights;
  double sum = 0;
  for (const Signal& signal : kSignals) {
    const auto own = overrides.find(signal.name);
    weights.push_back(own == overrides.end() ? signal.default_weight : own->second);
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

Score score(const Pair& pair, const Weights& weights) {
  Score result;
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    const std::optional<double> value = kSignals[i].value(pair);
    result.parts.push_back({kSignals[i].name, value.value_or(kNeutral), weights[i], value.has_value()});
    result.total += result.parts.back().value * weights[i];
  }
  result.total = rounded(result.total);
  return result;
}

double total_score(const Pair& pair, const Weights& weights) {
  double total = 0;
  for (std::size_t i = 0; i < std::size(kSignals); ++i)
    if (weights[i] > 0) total += kSignals[i].value(pair).value_or(kNeutral) * weights[i];
  return rounded(total);
}

double upper_bound(float forward, float backward, const Weights& weights) {
  double bound = of_cosine(forward).value_or(kNeutral) * weights[0] + of_cosine(backward).value_or(kNeutral) * weights[1];
  for (std::size_t i = 2; i < weights.size(); ++i) bound += weights[i];
  return rounded(bound);
}

std::vector<std::string> reasons(const Pair& pair, const Score& score) {
  struct Reason {
    double gain;
    std::string text;
  };
  std::vector<Reason> found;
  for (std::size_t i = 0; i < score.parts.size(); ++i) {
    const Part& part = score.parts[i];
    if (!part.known || part.value < kNeutral - 0.1) continue;
    if (std::string text = kSignals[i].reason(pair, part.value); !text.empty())
      found.push_back({(part.value - kNeutral) * part.weight, std::move(text)});
  }
  std::ranges::stable_sort(found, std::greater{}, &Reason::gain);
  std::vector<std::string> texts;
  for (Reason& reason : found) texts.push_back(std::move(reason.text));
  return texts;
}

}  // namespace counterpart
