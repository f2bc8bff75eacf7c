#include "engine/allocation/panel.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/allocation/panel_check.h"
#include "engine/allocation/panel_rows.h"
#include "engine/base/hash.h"
#include "engine/solver/branch_and_cut.h"

namespace counterpart::engine {
namespace {

// Breaks ties between rules of one weight; outweighs no seat while all shortfalls together stay below 1000.
constexpr double kTieBreak = 1e-3;
constexpr std::string_view kGender = "gender:";

// What one seat of each row costs when it is broken: its weight and a little more, the more the earlier it stands.
std::vector<double> prices(std::span<const PanelRow> rows, const PanelRules& rules) {
  const std::size_t ranks = rules.quotas.size() + 3;
  std::vector<double> prices;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t rank =
        rows[i].rule == PanelRow::Rule::kQuota ? i : rules.quotas.size() + static_cast<std::size_t>(rows[i].rule) - 1;
    const double early = static_cast<double>(ranks - rank) / static_cast<double>(ranks);
    prices.push_back(rows[i].weight + kTieBreak * early);
  }
  return prices;
}

SelectionProblem problem_of(std::span<const PanelRow> rows, std::vector<double> gains, std::size_t seats,
                            std::span<const double> row_prices) {
  SelectionProblem problem{.gains = std::move(gains), .picks = seats, .rows = {}, .gap = kPanelGap, .start = {}};
  for (std::size_t i = 0; i < rows.size(); ++i)
    problem.rows.push_back({.columns = rows[i].members,
                            .lower = rows[i].at_least,
                            .upper = std::min(rows[i].at_most, seats),
                            .price = row_prices.empty() ? 0 : row_prices[i]});
  return problem;
}

// `silent`: candidates who do not say what the rule asks about.
PanelRelaxation relaxation_of(const PanelRow& row, std::size_t got, bool proven, std::size_t silent) {
  const bool lower = got < row.at_least, few = lower && row.members.size() < row.at_least;
  PanelRelaxation relaxation{
      .rule = {}, .place = row.place, .asked = lower ? row.at_least : row.at_most, .met = got, .message = {}};
  relaxation.rule = {lower ? "panel.at_least" : "panel.at_most",
                     {{"n", static_cast<std::int64_t>(relaxation.asked)}, {"subject", nested(subject_of(row))}}};
  relaxation.message = {"panel.relaxed",
                        {{"rule", nested(relaxation.rule)},
                         {"met", static_cast<std::int64_t>(got)},
                         {"found", std::string(!proven ? "reached"
                                               : lower ? "possible"
                                                       : "needed")},
                         {"way", std::string(lower ? "lower" : "raise")},
                         {"few", std::string(!few                  ? "no"
                                             : row.members.empty() ? "none"
                                                                   : "some")},
                         {"there", static_cast<std::int64_t>(row.members.size())},
                         {"silent", static_cast<std::int64_t>(silent)}}};
  return relaxation;
}

PhraseArgument constituency_word(const std::string& name) {
  if (name == kOtherConstituency) return Term{"panel.others"};
  if (std::ranges::find(kConstituencies, name) != std::end(kConstituencies)) return Term{"role." + name};
  return name;
}

// One panel in the making; candidates are in the order of their ids.
class PanelComposer {
 public:
  PanelComposer(std::vector<PanelCandidate> candidates, const PanelRules& rules)
      : candidates_(std::move(candidates)), rules_(rules), rows_(panel_rows(candidates_, rules)) {
    for (const PanelCandidate& candidate : candidates_)
      value_.push_back(candidate.merit + kDrawWeight * panel_draw(rules.seed, candidate.id));
    panel_.level = rules.level;
    panel_.seed = rules.seed;
    asked_ = rows_;
  }

  Result<Panel> compose() {
    Result<Selection> best = solve_selection(problem_of(rows_, value_, rules_.seats, {}));
    if (!best) return tl::unexpected(best.error());
    if (best->picked.empty()) {
      best = relaxed();
      if (!best) return tl::unexpected(best.error());
    }
    take(*best);
    report_totals();
    report_seats();
    report_alternates();
    return std::move(panel_);
  }

 private:
  // First by how little the rules can give way, then the best panel under the rules that gave way so.
  Result<Selection> relaxed() {
    const std::vector<double> row_prices = prices(rows_, rules_);
    SelectionProblem problem = problem_of(rows_, std::vector<double>(candidates_.size(), 0.0), rules_.seats, row_prices);
    problem.gap = 0;
    const Result<Selection> elastic = solve_selection(problem);
    if (!elastic) return elastic;
    if (elastic->picked.empty()) return fail(ErrorCode::kInternal, "panel", "the solver found no relaxation");
    panel_.relaxation_proven = elastic->bound - elastic->value < kTieBreak / static_cast<double>(rules_.quotas.size() + 3);
    const std::vector<std::size_t> counts = count_picked(rows_, elastic->picked);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      PanelRow& row = rows_[i];
      if (counts[i] >= row.at_least && counts[i] <= row.at_most) continue;
      const std::size_t silent = row.subject.starts_with(kGender) ? without_gender() : 0;
      panel_.relaxations.push_back(relaxation_of(row, counts[i], panel_.relaxation_proven, silent));
      row.at_least = std::min(row.at_least, counts[i]);
      row.at_most = std::max(row.at_most, counts[i]);
    }
    if (!panel_.relaxations.empty()) panel_.status = PanelStatus::kRelaxed;
    problem = problem_of(rows_, value_, rules_.seats, {});
    problem.start = elastic->picked;
    Result<Selection> best = solve_selection(problem);
    if (best && best->picked.empty()) return fail(ErrorCode::kInternal, "panel", "the solver lost its relaxation");
    return best;
  }

  // A quota of women cannot be kept among experts who do not say who they are.
  std::size_t without_gender() const {
    return static_cast<std::size_t>(std::ranges::count_if(candidates_, [](const PanelCandidate& one) {
      return std::ranges::find(one.groups, std::string(kGender) + "unknown") != one.groups.end();
    }));
  }

  void take(const Selection& best) {
    picked_ = best.picked;
    panel_.objective = best.value;
    panel_.bound = std::max(best.bound, best.value);
    panel_.gap = (panel_.bound - panel_.objective) / std::max(std::abs(panel_.objective), 1e-9);
    panel_.proven_optimal = panel_.gap <= kPanelGap;
    for (std::uint32_t i = 0; i < candidates_.size(); ++i) (picked_[i] ? seated_ : reserves_).push_back(i);
    std::ranges::sort(seated_, [&](auto a, auto b) {
      return candidates_[a].merit != candidates_[b].merit ? candidates_[a].merit > candidates_[b].merit : a < b;
    });
    std::ranges::sort(reserves_, [&](auto a, auto b) { return value_[a] != value_[b] ? value_[a] > value_[b] : a < b; });
  }

  void report_totals() {
    const std::vector<std::size_t> counts = count_picked(rows_, picked_);
    for (std::size_t i = 0; i < rules_.quotas.size(); ++i) {
      const Quota& quota = rules_.quotas[i];
      QuotaTotal total{.group = quota.group,
                       .place = quota.place,
                       .at_least = {},
                       .at_most = {},
                       .got = counts[i],
                       .candidates = rows_[i].members.size()};
      if (quota.at_least || quota.share_at_least) total.at_least = asked_[i].at_least;
      if (quota.at_most || quota.share_at_most) total.at_most = asked_[i].at_most;
      panel_.quotas.push_back(std::move(total));
    }
    for (std::size_t topic = 0; topic < rules_.topics.size(); ++topic) {
      const std::size_t row = rules_.quotas.size() + topic;
      panel_.coverage.push_back({.topic = rules_.topics[topic],
                                 .asked = asked_[row].at_least,
                                 .got = counts[row],
                                 .candidates = rows_[row].members.size()});
    }
  }

  void report_seats() {
    const auto rows_of = memberships(asked_, candidates_.size());
    for (const std::uint32_t i : seated_) {
      const PanelCandidate& who = candidates_[i];
      PanelSeat seat{.id = who.id,
                     .title = who.title,
                     .country = who.country,
                     .organisation = who.organisation,
                     .constituency = constituency(who),
                     .regions = {},
                     .topics = {},
                     .serves = {},
                     .merit = who.merit,
                     .draw = panel_draw(rules_.seed, who.id),
                     .alternates = {},
                     .no_alternate = {}};
      for (const std::string& group : who.groups) {
        if (const auto region = name_in_kind(group, kRegionKind); !region.empty()) seat.regions.emplace_back(region);
      }
      for (const std::uint32_t row : rows_of[i]) {
        if (asked_[row].rule == PanelRow::Rule::kTopic) seat.topics.push_back(rules_.topics[row - rules_.quotas.size()]);
        if (asked_[row].rule == PanelRow::Rule::kQuota && asked_[row].at_least > 0) seat.serves.push_back(asked_[row].subject);
      }
      panel_.merit += who.merit;
      panel_.seats.push_back(std::move(seat));
    }
  }

  void report_alternates() {
    std::vector<std::string> constituencies, likes;
    for (const PanelCandidate& candidate : candidates_) {
      constituencies.push_back(constituency(candidate));
      likes.push_back(constituencies.back() + like_of(candidate));
    }
    std::vector<std::uint32_t> left = reserves_;
    const std::size_t per_seat = rules_.alternates_per_seat;
    add_alternates(find_alternates(rows_, picked_, seated_, left, per_seat, likes), seated_, true, left);
    std::vector<std::uint32_t> bare;
    for (std::size_t seat = 0; seat < seated_.size(); ++seat)
      if (panel_.seats[seat].alternates.empty()) bare.push_back(seated_[seat]);
    add_alternates(find_alternates(rows_, picked_, bare, left, per_seat, constituencies), bare, false, left);
    for (std::size_t seat = 0; seat < seated_.size(); ++seat) {
      if (per_seat == 0 || !panel_.seats[seat].alternates.empty()) continue;
      ++panel_.seats_without_alternate;
      panel_.seats[seat].no_alternate = why_no_alternate(seated_[seat], left);
    }
  }

  // `found`: of each of `seats`, which are some of those seated. Takes them out of `left`.
  void add_alternates(const std::vector<std::vector<std::uint32_t>>& found, std::span<const std::uint32_t> seats, bool alike,
                      std::vector<std::uint32_t>& left) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto seat = static_cast<std::size_t>(std::ranges::find(seated_, seats[i]) - seated_.begin());
      for (const std::uint32_t who : found[i]) {
        std::erase(left, who);
        panel_.seats[seat].alternates.push_back({.id = candidates_[who].id,
                                                 .title = candidates_[who].title,
                                                 .country = candidates_[who].country,
                                                 .merit = candidates_[who].merit,
                                                 .alike = alike});
      }
    }
  }

  // Of those `left` who are neither seated nor alternates.
  Phrase why_no_alternate(std::uint32_t seat, std::span<const std::uint32_t> left) const {
    const std::string own = constituency(candidates_[seat]);
    const std::pair<std::string, PhraseArgument> whom{
        "whom",
        nested(own.empty() ? Phrase{"panel.nobody"} : Phrase{"panel.nobody_for", {{"constituency", constituency_word(own)}}})};
    const auto rows_of = memberships(rows_, candidates_.size());
    const std::vector<std::size_t> counts = count_picked(rows_, picked_);
    std::size_t others = 0;
    std::map<std::uint32_t, std::size_t> broken;  // by row
    for (const std::uint32_t other : left) {
      if (constituency(candidates_[other]) != own) continue;
      ++others;
      if (const auto row = replacement(rows_, counts, rows_of[seat], rows_of[other]).broken) ++broken[*row];
    }
    const auto most = std::ranges::max_element(broken, {}, [](const auto& one) { return one.second; });
    if (most == broken.end()) return {"panel.nobody_left", {whom}};
    return {"panel.rules_broken",
            {whom,
             {"others", static_cast<std::int64_t>(others)},
             {"broken", static_cast<std::int64_t>(most->second)},
             {"subject", nested(subject_of(rows_[most->first]))}}};
  }

  // Whether of a developed or a developing country, and the gender.
  static std::string like_of(const PanelCandidate& candidate) {
    std::string like;
    for (const std::string& group : candidate.groups)
      if (group == "group:developed" || group == "group:developing" || group.starts_with(kGender)) like += " " + group;
    return like;
  }

  static std::string constituency(const PanelCandidate& candidate) {
    for (const std::string& group : candidate.groups)
      if (const auto name = name_in_kind(group, kConstituencyKind); !name.empty()) return std::string(name);
    return {};
  }

  std::vector<PanelCandidate> candidates_;
  const PanelRules& rules_;
  std::vector<PanelRow> rows_, asked_;  // asked_: as before any gave way
  std::vector<double> value_;
  std::vector<bool> picked_;
  std::vector<std::uint32_t> seated_, reserves_;  // reserves_: best first
  Panel panel_;
};

// "Eastern Africa" -> "eastern-africa"
std::string slug_of(std::string_view title) {
  std::string slug;
  for (const char c : title) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) slug += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (!letter && !slug.empty() && slug.back() != '-') slug += '-';
  }
  return slug;
}

std::string_view constituency_of(const std::vector<Role>& roles) {
  for (const Role role : roles)
    if (std::ranges::find(kConstituencies, name_of(role)) != std::end(kConstituencies)) return name_of(role);
  return kOtherConstituency;
}

}  // namespace

Result<Panel> convene(std::span<const PanelCandidate> candidates, const PanelRules& rules) {
  if (const Status fine = check_panel(candidates, rules); !fine) return tl::unexpected(fine.error());
  std::vector<PanelCandidate> sorted(candidates.begin(), candidates.end());
  std::ranges::sort(sorted, {}, &PanelCandidate::id);
  return PanelComposer(std::move(sorted), rules).compose();
}

double panel_draw(std::uint64_t seed, std::string_view id) {
  return static_cast<double>(split_mix(split_mix(seed) ^ fnv1a(id)) >> 11) * 0x1p-53;
}

std::vector<std::string> panel_groups(const Profile& profile, const Taxonomy& taxonomy) {
  std::vector<std::string> groups{panel_group(kConstituencyKind, constituency_of(profile.roles))};
  for (const std::string& key : taxonomy.country_keys(profile.country)) {
    if (key == profile.country) continue;
    const bool m49 = key.find_first_not_of("0123456789") == key.npos;
    groups.push_back(panel_group(m49 ? kRegionKind : kCountryGroupKind, key));
    if (m49) groups.push_back(panel_group(kRegionKind, slug_of(taxonomy.country_groups.title(key))));
  }
  groups.push_back(panel_group(kGenderKind, profile.gender ? name_of(*profile.gender) : kUnknownGender));
  std::ranges::sort(groups);
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  return groups;
}

}  // namespace counterpart::engine
