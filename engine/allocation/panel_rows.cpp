#include "engine/allocation/panel_rows.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace counterpart::engine {
namespace {

constexpr double kRounding = 1e-9;  // 0.3 * 10 is three seats, not four

std::size_t least_of(const Quota& quota, std::size_t seats) {
  const double share = quota.share_at_least.value_or(0) * static_cast<double>(seats);
  return std::max(quota.at_least.value_or(0), static_cast<std::size_t>(std::ceil(share - kRounding)));
}

std::size_t most_of(const Quota& quota, std::size_t seats) {
  const double share = quota.share_at_most.value_or(1) * static_cast<double>(seats);
  return std::min(quota.at_most.value_or(seats), static_cast<std::size_t>(std::floor(share + kRounding)));
}

using Key = std::string PanelCandidate::*;

void add_caps(std::vector<PanelRow>& rows, std::span<const PanelCandidate> candidates, Key key, PanelRow like) {
  if (like.at_most == 0) return;
  std::map<std::string_view, std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < candidates.size(); ++i)
    if (const std::string& name = candidates[i].*key; !name.empty()) members[name].push_back(i);
  for (auto& [name, who] : members) {
    if (who.size() <= like.at_most) continue;
    PanelRow row = like;
    row.subject = name;
    row.members = std::move(who);
    rows.push_back(std::move(row));
  }
}

// One round of find_alternates().
class Matching {
 public:
  Matching(std::span<const PanelRow> rows, const std::vector<bool>& picked, std::span<const std::uint32_t> seats,
           const std::vector<std::vector<std::uint32_t>>& rows_of, std::span<const std::string> constituencies)
      : rows_(rows), seats_(seats), rows_of_(rows_of), constituencies_(constituencies), count_(count_picked(rows, picked)) {
    alternate_of_.assign(seats.size(), kNobody);
    exhausted_.assign(seats.size(), false);
  }

  // The seats that an augmenting path leads to move up; those that a fruitless search has reached can be part of none
  // any more. False: `reserve` is of no use.
  bool assign(std::uint32_t reserve) {
    std::vector<std::uint32_t> queue{reserve};
    std::vector<std::uint32_t> reached;
    std::vector<std::uint32_t> by(seats_.size(), kNobody);
    for (std::size_t at = 0; at < queue.size(); ++at) {
      std::size_t free = kNoSeat, nearest = 0;
      for (std::size_t seat = 0; seat < seats_.size(); ++seat) {
        if (exhausted_[seat] || by[seat] != kNobody) continue;
        const auto alike = shared_if_replaceable(seats_[seat], queue[at]);
        if (!alike) continue;
        by[seat] = queue[at];
        reached.push_back(static_cast<std::uint32_t>(seat));
        if (alternate_of_[seat] != kNobody) {
          queue.push_back(alternate_of_[seat]);
        } else if (free == kNoSeat || *alike > nearest) {
          free = seat;
          nearest = *alike;
        }
      }
      if (free != kNoSeat) {
        augment(free, reserve, by);
        return true;
      }
    }
    for (const std::uint32_t seat : reached) exhausted_[seat] = true;
    return false;
  }

  static constexpr std::uint32_t kNobody = ~std::uint32_t{0};
  const std::vector<std::uint32_t>& alternate_of() const { return alternate_of_; }  // by seat

 private:
  static constexpr std::size_t kNoSeat = ~std::size_t{0};

  void augment(std::size_t seat, std::uint32_t reserve, const std::vector<std::uint32_t>& by) {
    for (;;) {
      const std::uint32_t who = by[seat];
      const auto before = std::ranges::find(alternate_of_, who);
      alternate_of_[seat] = who;
      if (who == reserve) return;
      seat = static_cast<std::size_t>(before - alternate_of_.begin());
    }
  }

  // How many rows the two have in common; nothing where a row would be broken, or their constituencies differ.
  std::optional<std::size_t> shared_if_replaceable(std::uint32_t out, std::uint32_t in) const {
    if (constituencies_[out] != constituencies_[in]) return std::nullopt;
    const Replacement found = replacement(rows_, count_, rows_of_[out], rows_of_[in]);
    return found.broken ? std::nullopt : std::optional(found.shared);
  }

  std::span<const PanelRow> rows_;
  std::span<const std::uint32_t> seats_;
  const std::vector<std::vector<std::uint32_t>>& rows_of_;
  std::span<const std::string> constituencies_;
  std::vector<std::size_t> count_;
  std::vector<std::uint32_t> alternate_of_;
  std::vector<bool> exhausted_;
};

}  // namespace

std::vector<PanelRow> panel_rows(std::span<const PanelCandidate> candidates, const PanelRules& rules) {
  std::vector<PanelRow> rows;
  for (const Quota& quota : rules.quotas) {
    PanelRow row{.subject = quota.group, .place = quota.place, .members = {}, .weight = quota.weight};
    row.at_least = least_of(quota, rules.seats);
    row.at_most = most_of(quota, rules.seats);
    for (std::uint32_t i = 0; i < candidates.size(); ++i)
      if (std::ranges::find(candidates[i].groups, quota.group) != candidates[i].groups.end()) row.members.push_back(i);
    rows.push_back(std::move(row));
  }
  for (std::size_t topic = 0; topic < rules.topics.size(); ++topic) {
    PanelRow row{
        .rule = PanelRow::Rule::kTopic, .subject = rules.topics[topic], .place = "experts_per_topic_at_least", .members = {}};
    row.at_least = rules.experts_per_topic_at_least;
    row.at_most = rules.seats;
    for (std::uint32_t i = 0; i < candidates.size(); ++i)
      if (static_cast<double>(candidates[i].topics[topic]) >= rules.topic_relevance) row.members.push_back(i);
    rows.push_back(std::move(row));
  }
  add_caps(rows, candidates, &PanelCandidate::country,
           {.rule = PanelRow::Rule::kCountry,
            .subject = {},
            .place = "per_country_at_most",
            .members = {},
            .at_most = rules.per_country_at_most,
            .weight = kCapWeight});
  add_caps(rows, candidates, &PanelCandidate::organisation,
           {.rule = PanelRow::Rule::kOrganisation,
            .subject = {},
            .place = "per_organisation_at_most",
            .members = {},
            .at_most = rules.per_organisation_at_most,
            .weight = kCapWeight});
  return rows;
}

Phrase subject_of(const PanelRow& row) {
  static constexpr std::string_view kKeys[] = {"panel.group", "panel.topic", "panel.country", "panel.organisation"};
  const bool topic = row.rule == PanelRow::Rule::kTopic;
  return {std::string(kKeys[static_cast<std::size_t>(row.rule)]),
          {{"name", topic ? PhraseArgument(Authored{row.subject}) : PhraseArgument(row.subject)}}};
}

std::vector<std::size_t> count_picked(std::span<const PanelRow> rows, const std::vector<bool>& picked) {
  std::vector<std::size_t> counts;
  for (const PanelRow& row : rows)
    counts.push_back(static_cast<std::size_t>(std::ranges::count_if(row.members, [&](auto i) { return picked[i]; })));
  return counts;
}

std::vector<std::vector<std::uint32_t>> memberships(std::span<const PanelRow> rows, std::size_t candidates) {
  std::vector<std::vector<std::uint32_t>> rows_of(candidates);
  for (std::uint32_t row = 0; row < rows.size(); ++row)
    for (const std::uint32_t member : rows[row].members) rows_of[member].push_back(row);
  return rows_of;
}

Replacement replacement(std::span<const PanelRow> rows, std::span<const std::size_t> counts,
                        std::span<const std::uint32_t> leaving, std::span<const std::uint32_t> coming) {
  Replacement found;
  for (std::size_t a = 0, b = 0; a < leaving.size() || b < coming.size();) {
    if (b == coming.size() || (a < leaving.size() && leaving[a] < coming[b])) {
      const std::uint32_t row = leaving[a++];
      if (counts[row] <= rows[row].at_least) found.broken = row;
    } else if (a == leaving.size() || coming[b] < leaving[a]) {
      const std::uint32_t row = coming[b++];
      if (counts[row] >= rows[row].at_most) found.broken = row;
    } else {
      ++a, ++b, ++found.shared;
    }
    if (found.broken) break;
  }
  return found;
}

std::vector<std::vector<std::uint32_t>> find_alternates(std::span<const PanelRow> rows, const std::vector<bool>& picked,
                                                        std::span<const std::uint32_t> seats,
                                                        std::span<const std::uint32_t> reserves, std::size_t per_seat,
                                                        std::span<const std::string> constituencies) {
  const auto rows_of = memberships(rows, picked.size());
  std::vector<std::vector<std::uint32_t>> alternates(seats.size());
  std::vector<bool> taken(picked.size(), false);
  for (std::size_t rank = 0; rank < per_seat; ++rank) {
    Matching matching(rows, picked, seats, rows_of, constituencies);
    std::size_t placed = 0;
    for (const std::uint32_t reserve : reserves)
      if (placed < seats.size() && !taken[reserve] && matching.assign(reserve)) ++placed;
    if (placed == 0) break;
    for (std::size_t seat = 0; seat < seats.size(); ++seat)
      if (const std::uint32_t who = matching.alternate_of()[seat]; who != Matching::kNobody) {
        alternates[seat].push_back(who);
        taken[who] = true;
      }
  }
  return alternates;
}

}  // namespace counterpart::engine
