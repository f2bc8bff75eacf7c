#include "engine/report/case_line.h"

#include <utility>

#include "engine/casework/case_json.h"

namespace counterpart::engine {
namespace {

Said without_words(const Said& said) {
  Said kept;
  kept.reason = said.reason;
  kept.facts.cooperation = said.facts.cooperation;
  kept.facts.amount = said.facts.amount;
  kept.facts.currency = said.facts.currency;
  kept.facts.instrument = said.facts.instrument;
  kept.facts.jobs = said.facts.jobs;
  kept.facts.sdg = said.facts.sdg;
  return kept;
}

// Codes alone: nothing in it needs to be escaped.
std::string traits_json(const PartyTraits& traits) {
  std::string out = "{";
  if (!traits.country.empty()) out += "\"country\":\"" + traits.country + "\",";
  return out + "\"women_led\":" + (traits.women_led ? "true}" : "false}");
}

}  // namespace

std::string case_line(const Case& of, const std::array<PartyTraits, 2>& traits) {
  Case kept = of;
  for (Party* party : {&kept.asking, &kept.answering}) {
    party->desk.clear();
    party->organisation.clear();
  }
  for (Act& act : kept.log) {
    act.desk.clear();
    act.said = without_words(act.said);
  }
  std::string line = to_json(kept);
  line.pop_back();
  return line + ",\"traits\":{\"from\":" + traits_json(traits[0]) + ",\"to\":" + traits_json(traits[1]) + "}}";
}

}  // namespace counterpart::engine
