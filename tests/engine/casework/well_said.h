// What an act must say, made up at random.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/engine/casework/network.h"

namespace counterpart::engine {

// Facts of the kinds that programmes run.
inline void complete_of_programme(Facts& facts, std::string_view fact, std::int64_t now, const std::string& helper) {
  const Day today = static_cast<Day>(now / 86'400);
  const std::pair<std::string_view, std::string Facts::*> texts[] = {
      {"plan", &Facts::plan}, {"outcome", &Facts::outcome}, {"know_how", &Facts::know_how}, {"tier", &Facts::tier}};
  for (const auto& [name, member] : texts)
    if (fact == name) facts.*member = "said";
  const std::pair<std::string_view, std::string Facts::*> named[] = {{"implementer", &Facts::implementer},
                                                                     {"adviser", &Facts::adviser},
                                                                     {"mentor", &Facts::mentor},
                                                                     {"investor", &Facts::investor}};
  for (const auto& [name, member] : named)
    if (fact == name) facts.*member = helper;
  if (fact == "starts") facts.starts = today;
  if (fact == "ends") facts.ends = today + 200;
  if (fact == "ticket_min") facts.ticket_min = 1;
  if (fact == "ticket_max") facts.ticket_max = 2;
  if (fact == "instruments") facts.instruments = {Cooperation::kEquity};
  if (fact == "marks") facts.marks = {{"innovation", 3}};
  if (fact == "duration_months") facts.duration_months = 12;
  if (fact == "staff_hours") facts.staff_hours = 40;
}

// All that the table asks for with `says`. `below`: a number from 0 on below its argument. `helper`: a profile that is named.
inline void complete(Said& made, std::string_view says, std::int64_t now, const std::function<std::size_t(std::size_t)>& below,
                     const std::string& helper = "helper") {
  const std::vector<std::string_view> reasons = life_cycles().reasons_of(says);
  made.reason = reasons.empty() ? "" : reasons[below(reasons.size())];
  made.note = "said";
  const std::vector<std::string> desks{"awa", "sow", "omar", "noura", "huber"};
  for (const SaidRow& row : life_cycles().saids) {
    if (row.says != says) continue;
    if (row.fact == "cooperation") made.facts.cooperation = Cooperation::kLicence;
    if (row.fact == "desk") made.facts.desk = desks[below(desks.size())];
    if (row.fact == "scores") made.facts.scores = says == "hold" ? Scores{0, 1, 1, 1} : Scores{3, 3, 3, 3};
    if (row.fact == "valid_until") made.facts.valid_until = static_cast<Day>(now / 86'400 + 20 + static_cast<Day>(below(60)));
    if (row.fact == "comments") made.facts.comments = {{"offers", "more"}};
    if (row.fact == "amount") made.facts.amount = 1;
    if (row.fact == "currency") made.facts.currency = "EUR";
    if (row.fact == "instrument") made.facts.instrument = Cooperation::kLoan;
    if (row.fact == "jobs") made.facts.jobs = 1;
    if (row.fact == "sdg") made.facts.sdg = "9";
    if (row.fact == "survivor") made.facts.survivor = helper;
    complete_of_programme(made.facts, row.fact, now, helper);
  }
}

}  // namespace counterpart::engine
