#include "server/office_calls/report_answers.h"

#include <cmath>
#include <string>

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr double kHour = 3600;

// To hundredths: what a program in another language makes of the same log is the same to the digit.
double hundredths(double value) { return std::round(value * 100) / 100; }

json::object write_row(const AnsweringTimes& row, const Directory& directory, const Speech& speech) {
  json::object out{{"quarter", row.quarter}};
  if (!row.office.empty()) out["office"] = row.office;
  const Office* office = directory.office(row.office);
  out["name"] = row.office.empty() ? speech.term("report.all_offices") : office ? office->name : row.office;
  out["n"] = row.counted();
  out["answered"] = row.answered;
  out["ended"] = row.ended;
  out["overdue"] = row.overdue;
  out["waiting"] = row.waiting;
  out["reopened"] = row.reopened;
  out["in_time"] = row.enough() ? json::value(row.in_time) : json::value();
  out["share_in_time"] = row.enough()
                             ? json::value(hundredths(static_cast<double>(row.in_time) / static_cast<double>(row.counted())))
                             : json::value();
  out["median_hours"] = row.median ? json::value(hundredths(static_cast<double>(*row.median) / kHour)) : json::value();
  if (!row.enough())
    out["note"] = speech.say({"report.too_few", {{"least", std::int64_t{kLeastForFigures}}}});
  else if (!row.median)
    out["note"] = speech.term("report.middle_unanswered");
  return out;
}

std::string title_of(const FunnelRow& row, const Programmes& programmes, const Speech& speech) {
  if (row.by == "country_group") return speech.word(Title{Title::List::kCountryGroups, row.value});
  if (row.by == "women_led") return speech.term("report.women_led");
  if (row.by != "programme") return speech.term("report.all_cases");
  const auto found = programmes.find(row.value);
  return found != programmes.end() ? speech.authored(found->second.name) : row.value;
}

json::array write_conclusions(const std::vector<Concluded>& all, std::uint64_t least) {
  json::array out;
  for (const Concluded& one : all) {
    json::object conclusions{{"currency", one.currency}, {"conclusions", one.conclusions}};
    const bool shown = one.conclusions >= least;
    if (!shown) conclusions["conclusions"] = nullptr;
    conclusions["amount"] = shown ? json::value(one.amount) : json::value();
    conclusions["jobs"] = shown ? json::value(one.jobs) : json::value();
    out.push_back(std::move(conclusions));
  }
  return out;
}

}  // namespace

json::object write_response_times(const std::vector<AnsweringTimes>& rows, const Period& period, const Directory& directory,
                                  const Speech& speech) {
  json::array list;
  for (const AnsweringTimes& row : rows) list.push_back(write_row(row, directory, speech));
  return {{"quarters", period.name(period.places() - 1)},
          {"definition", speech.say({"report.response_times.definition", {{"least", std::int64_t{kLeastForFigures}}}})},
          {"rows", std::move(list)}};
}

json::object write_funnel(const std::vector<FunnelRow>& rows, const Period& period, Funnel::Count count, std::uint64_t least,
                          const Programmes& programmes, const Speech& speech) {
  json::array list;
  for (const FunnelRow& row : rows) {
    json::object out{{"quarter", row.quarter}, {"by", row.by}};
    if (!row.value.empty()) out["value"] = row.value;
    out["title"] = title_of(row, programmes, speech);
    if (!row.side.empty()) out["side"] = row.side;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
      const std::uint64_t number = row.reached[stage];
      out[stages()[stage]] = number > 0 && number < least ? json::value() : json::value(number);
    }
    out["conclusions"] = write_conclusions(row.concluded, least);
    list.push_back(std::move(out));
  }
  const bool sent = count == Funnel::Count::kSent;
  return {{"quarters", period.name(period.places() - 1)},
          {"count", sent ? "sent" : "reached"},
          {"definition", speech.term(sent ? "report.funnel.sent" : "report.funnel.reached")},
          {"rows", std::move(list)}};
}

}  // namespace counterpart::server
