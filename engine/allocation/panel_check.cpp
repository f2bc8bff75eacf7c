#include "engine/allocation/panel_check.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "engine/allocation/panel_rows.h"
#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

bool within(double value, double low, double high) { return value >= low && value <= high; }  // NaN is not

auto wrong(std::string place, std::string message, std::string remedy) {
  return fail(ErrorCode::kInvalid, std::move(place), std::move(message), std::move(remedy));
}

std::string text(std::size_t number) { return std::to_string(number); }

Status check_level(const std::string& level) {
  if (std::ranges::find(kPanelLevels, level) != std::end(kPanelLevels)) return {};
  std::string known;
  for (const std::string_view one : kPanelLevels) known += (known.empty() ? "" : ", ") + std::string(one);
  const std::string_view meant = nearest(level, kPanelLevels);
  return wrong("level", "`" + level + "` is no level of consultation",
               meant.empty() ? "one of " + known : "did you mean `" + std::string(meant) + "`? One of " + known);
}

Status check_quota(const Quota& quota, std::size_t number) {
  const std::string place = quota.place.empty() ? "quotas[" + text(number) + "]" : quota.place;
  if (quota.group.empty()) return wrong(place, "a quota without a group", "a group such as \"constituency:labour\"");
  if (!quota.at_least && !quota.at_most && !quota.share_at_least && !quota.share_at_most)
    return wrong(place, "the quota of " + quota.group + " asks nothing",
                 "give at_least, at_most, share_at_least or share_at_most");
  for (const auto& share : {quota.share_at_least, quota.share_at_most})
    if (share && !within(*share, 0, 1))
      return wrong(place, "a share of " + quota.group + " is not between 0 and 1", "0.3 is 30 % of the seats");
  if (!within(quota.weight, 1, 1000))
    return wrong(place, "the weight of " + quota.group + " is not between 1 and 1000", "1 where all quotas are alike");
  return {};
}

Status check_counts(const PanelRules& rules, std::size_t candidates) {
  if (rules.seats == 0) return wrong("seats", "a panel of no seats", "1 or more");
  if (rules.seats > candidates)
    return wrong("seats", text(rules.seats) + " seats, but only " + text(candidates) + " candidates",
                 "at most " + text(candidates) + " seats, or wider conditions on who may stand");
  if (!within(rules.topic_relevance, 0, 1))
    return wrong("topic_relevance", "the relevance asked is not between 0 and 1", "0.5 if in doubt");
  if (!rules.topics.empty() && rules.experts_per_topic_at_least > rules.seats)
    return wrong("experts_per_topic_at_least",
                 text(rules.experts_per_topic_at_least) + " experts on each topic, but only " + text(rules.seats) + " seats",
                 "at most " + text(rules.seats));
  if (rules.topics.empty() && rules.experts_per_topic_at_least > 0)
    return wrong("experts_per_topic_at_least", "experts on each topic are asked, but the agenda has no topics",
                 "list the topics, or ask 0");
  return {};
}

// Counts and shares taken together.
Status check_ranges(const PanelRules& rules) {
  const std::vector<PanelRow> rows = panel_rows({}, rules);
  for (std::size_t i = 0; i < rules.quotas.size(); ++i) {
    const std::string place = rows[i].place.empty() ? "quotas[" + text(i) + "]" : rows[i].place;
    const std::string least = "at least " + text(rows[i].at_least), most = "at most " + text(rows[i].at_most);
    if (rows[i].at_least > rules.seats)
      return wrong(place, least + " of " + rows[i].subject + ", but only " + text(rules.seats) + " seats",
                   "at least " + text(rules.seats) + ", or fewer");
    if (rows[i].at_least > rows[i].at_most)
      return wrong(place, least + " and " + most + " of " + rows[i].subject + " exclude each other",
                   "the minimum may not exceed the maximum");
  }
  return {};
}

Status check_candidate(const PanelCandidate& candidate, const PanelRules& rules) {
  const std::string place = "candidate " + candidate.id;
  if (candidate.id.empty()) return wrong("candidates", "a candidate without an id", "every candidate needs one");
  if (!within(candidate.merit, 0, 1)) return wrong(place, "its merit is not between 0 and 1", "a score of matching");
  if (candidate.topics.size() != rules.topics.size())
    return wrong(place, text(candidate.topics.size()) + " relevances for " + text(rules.topics.size()) + " topics",
                 "one for each topic of the agenda");
  for (const float relevance : candidate.topics)
    if (!within(static_cast<double>(relevance), 0, 1))
      return wrong(place, "its relevance to a topic is not between 0 and 1", "0 where it is not known");
  return {};
}

Status check_candidates(std::span<const PanelCandidate> candidates, const PanelRules& rules) {
  std::vector<std::string_view> ids;
  for (const PanelCandidate& candidate : candidates) {
    if (const Status fine = check_candidate(candidate, rules); !fine) return fine;
    ids.push_back(candidate.id);
  }
  std::ranges::sort(ids);
  if (const auto twice = std::ranges::adjacent_find(ids); twice != ids.end())
    return wrong("candidate " + std::string(*twice), "it stands twice", "each candidate once");
  return {};
}

}  // namespace

Status check_panel(std::span<const PanelCandidate> candidates, const PanelRules& rules) {
  if (candidates.size() > kMaxPanelCandidates)
    return fail(ErrorCode::kTooLarge, "candidates",
                text(candidates.size()) + " candidates; a panel is composed of at most " + text(kMaxPanelCandidates),
                "narrow down who may stand");
  if (const Status fine = check_level(rules.level); !fine) return fine;
  if (const Status fine = check_counts(rules, candidates.size()); !fine) return fine;
  for (std::size_t i = 0; i < rules.quotas.size(); ++i)
    if (const Status fine = check_quota(rules.quotas[i], i); !fine) return fine;
  if (const Status fine = check_ranges(rules); !fine) return fine;
  return check_candidates(candidates, rules);
}

}  // namespace counterpart::engine
