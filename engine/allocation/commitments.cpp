#include "engine/allocation/commitments.h"

#include <algorithm>

#include "engine/base/date.h"
#include "engine/taxonomy/money.h"

namespace counterpart::engine {
namespace {

constexpr std::string_view kDollars = "USD";
// From when on money is promised in writing.
constexpr std::string_view kPromised[] = {"concluded", "operational"};

const Facts* last_said(const Case& of, bool (*states)(const Facts&)) {
  for (auto act = of.log.rbegin(); act != of.log.rend(); ++act)
    if (states(act->said.facts)) return &act->said.facts;
  return nullptr;
}

Commitment commitment_of(const CaseStanding& now, const Profile& project, const std::string& currency,
                         const Taxonomy& taxonomy) {
  const Case& of = *now.of;
  const bool promised = std::ranges::find(kPromised, now.state) != std::end(kPromised);
  Commitment one{.case_id = of.id,
                 .counterpart = of.asking.profile == project.id ? of.answering.profile : of.asking.profile,
                 .state = std::string(now.state),
                 .committed = promised   ? Committed::kYes
                              : now.open ? Committed::kInTalks
                                         : Committed::kNo,
                 .amount = {},
                 .currency = {},
                 .own = {},
                 .instrument = {}};
  if (!of.log.empty()) one.since = static_cast<Day>(of.log.back().at / kSecondsOfDay);
  const Facts* said = last_said(of, [](const Facts& facts) { return facts.amount.has_value(); });
  if (!said) return one;
  one.amount = said->amount;
  one.currency = said->currency;
  one.instrument = said->instrument;
  one.own = converted(*said->amount, said->currency, currency, taxonomy);
  return one;
}

void count(Commitments& of, const Commitment& one) {
  if (one.committed != Committed::kYes || !one.amount) return;
  auto row = std::ranges::find(of.instruments, one.instrument, &InstrumentMoney::instrument);
  if (row == of.instruments.end()) row = of.instruments.insert(row, {.instrument = one.instrument});
  ++row->partners;
  if (!one.own) {
    ++of.unconverted;
    return;
  }
  row->committed += *one.own;
  of.committed += *one.own;
}

void add_days(Commitments& of, const CaseStanding& now, Day today) {
  const auto add = [&](std::optional<Day> day, std::string_view what) {
    if (day && *day >= today) of.calendar.push_back({*day, what, now.of->id});
  };
  if (now.open) add(now.due, "due");
  if (const Facts* said = last_said(*now.of, [](const Facts& facts) { return facts.starts || facts.ends; })) {
    add(said->starts, "starts");
    add(said->ends, "ends");
  }
}

}  // namespace

Commitments commitments_of(const Profile& project, std::span<const CaseStanding> cases, Day today, const Taxonomy& taxonomy) {
  Commitments all;
  const std::optional<Finance>& sought = project.finance_sought;
  all.currency = sought && !sought->currency.empty() ? sought->currency : std::string(kDollars);
  if (sought) {
    all.budget = sought->max.value_or(sought->min.value_or(0));
    for (const Cooperation instrument : sought->instruments)
      all.instruments.push_back({.instrument = instrument, .sought = true});
  }
  for (const CaseStanding& now : cases) {
    add_days(all, now, today);
    if (now.of->asking.profile == now.of->answering.profile) continue;
    all.partners.push_back(commitment_of(now, project, all.currency, taxonomy));
    count(all, all.partners.back());
  }
  all.open = std::max(0.0, all.budget - all.committed);
  if (const Result<std::int32_t> end = parse_date(project.valid_until); !project.valid_until.empty() && end && *end >= today)
    all.calendar.push_back({*end, "valid_until", {}});
  std::ranges::stable_sort(all.calendar, {}, &ProjectDay::day);
  return all;
}

}  // namespace counterpart::engine
