#include "engine/report/funnel.h"

#include <algorithm>
#include <iterator>

namespace counterpart::engine {
namespace {

constexpr std::string_view kGroups[] = {"developed", "developing", "LDC", "LLDC", "SIDS"};
constexpr std::string_view kWhose[] = {"asking", "answering", "either"};
constexpr std::string_view kConcludes = "concluded";
constexpr std::size_t kWomenLed = std::size(kGroups);  // after the groups
constexpr std::size_t kGroupRows = (kWomenLed + 1) * std::size(kWhose);

std::size_t stage_place(std::string_view stage) {
  return static_cast<std::size_t>(std::ranges::find(stages(), stage) - stages().begin());
}

std::optional<Concluded> conclusion_in(const Act& act) {
  const Facts& facts = act.said.facts;
  if (!facts.amount) return std::nullopt;
  return Concluded{facts.currency, 1, *facts.amount, facts.jobs.value_or(0)};
}

void add_conclusion(const Concluded& one, std::vector<Concluded>& all) {
  auto found = std::ranges::lower_bound(all, one.currency, {}, &Concluded::currency);
  if (found == all.end() || found->currency != one.currency) found = all.insert(found, {one.currency, 0, 0, 0});
  found->conclusions += one.conclusions;
  found->amount += one.amount;
  found->jobs += one.jobs;
}

}  // namespace

std::uint32_t Funnel::groups_of(const std::array<PartyTraits, 2>& traits) const {
  std::uint32_t bits = 0;
  const auto set = [&](std::size_t row, std::size_t side) {
    bits |= 1U << (row * std::size(kWhose) + side) | 1U << (row * std::size(kWhose) + 2);
  };
  for (const Side side : kSides) {
    const PartyTraits& party = traits[index_of(side)];
    const auto keys = taxonomy_.country_keys(party.country);
    for (std::size_t group = 0; group < std::size(kGroups); ++group)
      if (std::ranges::find(keys, kGroups[group]) != keys.end()) set(group, index_of(side));
    if (party.women_led) set(kWomenLed, index_of(side));
  }
  return bits;
}

std::uint16_t Funnel::programme_of(const std::string& programme) {
  const auto found = std::ranges::find(programmes_, programme);
  if (found == programmes_.end()) return programmes_.push_back(programme), static_cast<std::uint16_t>(programmes_.size() - 1);
  return static_cast<std::uint16_t>(found - programmes_.begin());
}

Status Funnel::take(const Case& of, const std::array<PartyTraits, 2>& traits) {
  if (std::ranges::find(stage_rows(), of.kind, &StageRow::kind) == stage_rows().end()) return {};
  Way& way = ways_[of.origin.empty() ? of.id : of.origin];
  way.programme = programme_of(of.programme);
  way.groups = groups_of(traits);
  std::string_view state;
  const auto watch = [&](const Act& act, const ActRow&, const Progress& after) {
    if (!after.state || after.state->state == state) return;
    state = after.state->state;
    for (const StageRow& row : stage_rows()) {
      if (row.kind != of.kind || row.state != state) continue;
      std::int64_t& at = way.at[stage_place(row.stage)];
      if (at == 0) at = act.at;
      if (row.stage == kConcludes) way.concluded = conclusion_in(act);
    }
  };
  if (const Result<Progress> read = progress_of(of, table_, watch); !read) return tl::unexpected(read.error());
  return {};
}

void Funnel::add(const Way& way, std::size_t stage, std::size_t place, std::vector<FunnelRow>& cells) const {
  const std::size_t width = 1 + programmes_.size() + kGroupRows;
  const auto count = [&](std::size_t column) {
    FunnelRow& row = cells[place * width + column];
    ++row.reached[stage];
    if (stages()[stage] == kConcludes && way.concluded) add_conclusion(*way.concluded, row.concluded);
  };
  count(0);
  count(1 + way.programme);
  for (std::size_t group = 0; group < kGroupRows; ++group)
    if (way.groups >> group & 1U) count(1 + programmes_.size() + group);
}

std::vector<FunnelRow> Funnel::rows() const {
  std::vector<FunnelRow> cells;
  for (std::size_t place = 0; place < period_.places(); ++place) {
    const std::string quarter = period_.name(place);
    cells.push_back({quarter, "all", {}, {}});
    for (const std::string& programme : programmes_) cells.push_back({quarter, "programme", programme, {}});
    for (std::size_t row = 0; row <= kWomenLed; ++row)
      for (const std::string_view whose : kWhose)
        cells.push_back({quarter, row == kWomenLed ? "women_led" : "country_group",
                         row == kWomenLed ? "true" : std::string(kGroups[row]), std::string(whose)});
  }
  for (const auto& [id, way] : ways_)
    for (std::size_t stage = 0; stage < kStages; ++stage) {
      const std::int64_t at = way.at[stage] == 0 ? 0 : count_ == Count::kSent ? way.at.front() : way.at[stage];
      const auto place = period_.place_of(quarter_of(static_cast<Day>(at / kSecondsOfDay)));
      if (at == 0 || !place) continue;
      add(way, stage, *place, cells);
      if (period_.places() > period_.quarters) add(way, stage, period_.quarters, cells);
    }
  std::erase_if(cells, [](const FunnelRow& row) {
    return std::ranges::all_of(row.reached, [](std::uint64_t number) { return number == 0; });
  });
  // Programmes stand in the order in which they came.
  const auto same = [](const FunnelRow& a, const FunnelRow& b) { return a.quarter == b.quarter && a.by == b.by; };
  for (auto from = cells.begin(); from != cells.end();) {
    const auto to = std::find_if(from, cells.end(), [&](const FunnelRow& row) { return !same(*from, row); });
    if (from->by == "programme") std::ranges::sort(from, to, {}, &FunnelRow::value);
    from = to;
  }
  return cells;
}

}  // namespace counterpart::engine
