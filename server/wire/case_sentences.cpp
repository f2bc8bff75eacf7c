// Why a case is due when it is.
#include "engine/cycles/life_cycles.h"
#include "server/wire/cases.h"

namespace counterpart::server {
namespace {

Phrase on_day(std::string_view key, Day day, PhraseArguments more = {}) {
  more.emplace_back("day", OnDay{day});
  return {std::string(key), std::move(more)};
}

Phrase counted(std::string_view key, unsigned days, PhraseArguments more = {}) {
  more.emplace_back("n", std::int64_t{days});
  return {std::string(key), std::move(more)};
}

Title country_of(const std::string& code) { return {Title::List::kCountries, code}; }

// Weekends are no news, unless they are another country's.
void add_free_days(const Due& due, Values& parts) {
  for (const FreeDay& free : due.skipped) {
    const bool usual = falls_on(free.day, saturday_and_sunday());
    if (free.why == FreeDay::Why::kWeekend && usual) continue;
    PhraseArguments where{{"country", country_of(free.country)}};
    if (free.why == FreeDay::Why::kOwn) where.emplace_back("name", free.name);
    static constexpr std::string_view kKeys[] = {"due.weekend", "due.is_holiday", "due.closed"};  // by FreeDay::Why
    parts.words.emplace_back(nested(on_day(kKeys[static_cast<std::size_t>(free.why)], free.day, std::move(where))));
  }
  for (const Due::Unknown& one : due.unknown)
    parts.words.emplace_back(nested(on_day("due.holidays_unknown", one.since, {{"country", country_of(one.country)}})));
}

}  // namespace

Phrase sentence_of(const Due& due, Step step, std::string_view limit) {
  Values parts;
  if (due.working_days == 0) {
    const LimitRow* row = life_cycles().limit(limit);
    parts.words.emplace_back(nested(row && row->days > 0 ? counted("due.before_end", row->days) : Phrase{"due.end"}));
    return on_day("due.on", due.due, {{"parts", std::move(parts)}});
  }
  parts.words.emplace_back(nested(counted("due.working_days", due.working_days, {{"start", OnDay{due.from}}})));
  if (due.acted != due.from) parts.words.emplace_back(nested(on_day("due.first_after", due.acted)));
  add_free_days(due, parts);
  Phrase sentence = on_day("due.on", due.due, {{"parts", std::move(parts)}});
  if (step == Step::kOwner) return sentence;
  return on_day("due.passed_on", due.acted,
                {{"due", nested(std::move(sentence))}, {"step", Term{"step." + std::string(engine::name_of(step))}}});
}

}  // namespace counterpart::server
