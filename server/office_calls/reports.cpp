#include <stdexcept>

#include "server/handlers/route.h"
#include "server/office_calls/case_log.h"
#include "server/office_calls/outcomes.h"
#include "server/office_calls/report_answers.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kQuarters = 4;       // this one and those before it
constexpr std::size_t kLinesAtOnce = 100;  // of a streamed log
constexpr std::uint64_t kLeastCount = 3;   // that is told to whoever may not see the cases

Result<Period> period_of(const Call& call) {
  const std::string asked = text_of(call.request, "quarter");
  if (!asked.empty()) return engine::parse_quarter(asked).map([](Quarter quarter) { return Period{quarter, 1}; });
  const Quarter now = engine::quarter_of(static_cast<Day>(call.data.now() / kSecondsOfDay));
  return Period{Quarter{static_cast<int>(now) - static_cast<int>(kQuarters) + 1}, kQuarters};
}

// All cases of the caller's reach to `take`, and what they were: in the answer's `log`.
template <class Take>
Result<json::object> read_log(const Call& call, const Take& take) {
  CaseLog log(call, Right::kReport);
  while (true) {
    const Result<std::optional<LoggedCase>> one = log.next();
    if (!one) return tl::unexpected(one.error());
    if (!*one) return log.told();
    if (!(*one)->of) continue;
    if (Status taken = take(*(*one)->of, (*one)->traits); !taken) return tl::unexpected(std::move(taken.error()));
  }
}

Response with_log(json::object body, json::object log) {
  body["log"] = std::move(log);
  Response response = json_response(200, std::move(body));
  response.headers.emplace_back("Vary", "Authorization");
  return response;
}

Response response_times(const Call& call) {
  const Result<Period> period = period_of(call);
  if (!period) return problem(period.error(), call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Casework work{offices->directory, *offices->clock, call.data.cases.limits()};
  ResponseTimes times(work, *period, call.data.now());
  Result<json::object> log = read_log(call, [&](const Case& of, const auto&) { return times.take(of); });
  if (!log) return problem(log.error(), call.request);
  return with_log(write_response_times(times.rows(), *period, offices->directory, call.speech), std::move(*log));
}

Response funnel(const Call& call) {
  const Result<Period> period = period_of(call);
  if (!period) return problem(period.error(), call.request);
  const std::string count = text_of(call.request, "count", "sent");
  if (count != "sent" && count != "reached")
    return problem({ErrorCode::kInvalid, "count", "neither sent nor reached", "leave it out: those sent in the quarter"},
                   call.request);
  Funnel ways(call.data.taxonomy, life_cycles(), *period, count == "sent" ? Funnel::Count::kSent : Funnel::Count::kReached);
  Result<json::object> log =
      read_log(call, [&](const Case& of, const std::array<PartyTraits, 2>& traits) { return ways.take(of, traits); });
  if (!log) return problem(log.error(), call.request);
  const bool sees_cases = call.caller.reach(Right::kCasework) != Reach::kNone;
  return with_log(write_funnel(ways.rows(), *period, count == "sent" ? Funnel::Count::kSent : Funnel::Count::kReached,
                               sees_cases ? 1 : kLeastCount, call.data.programmes, call.speech),
                  std::move(*log));
}

Response case_log(const Call& call) {
  Response response;
  response.content_type = std::string(kLines);
  response.stream = [log = std::make_shared<CaseLog>(call, Right::kCaseLog)](std::string& piece) {
    for (std::size_t i = 0; i < kLinesAtOnce; ++i) {
      const Result<std::optional<LoggedCase>> one = log->next();
      if (!one) throw std::runtime_error("case log");  // a damaged one ends the answer before its end
      if (!*one) return false;
      piece += (*one)->line + "\n";
    }
    return true;
  };
  return response;
}

constexpr std::string_view kQuarter = R"({"type":"string","pattern":"^[0-9]{4}Q[1-4]$"})";
constexpr Parameter kOfQuarter[] = {{"quarter", kQuarter, "as in 2026Q4; without it this one and the three before it"}};
constexpr Parameter kOfFunnel[] = {kOfQuarter[0],
                                   {"count", R"({"type":"string","enum":["sent","reached"],"default":"sent"})",
                                    "sent: how far those came that were sent in the quarter; reached: how many came to each "
                                    "stage in it, whenever they were sent"}};
constexpr Answer kTimes[] = {{200, kJson, "ResponseTimes", "all offices together, then each"}};
constexpr Answer kFunnel[] = {{200, kJson, "Funnel", "all, by programme, by group of countries, women-led"}};
constexpr Answer kLog[] = {{200, kLines, {}, "a case a line, in order of their ids; then those that were erased"}};
constexpr Answer kPairs[] = {{200, kLines, {}, "a file of known pairs"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/reports/response-times", response_times, Right::kReport, "How long offices take to answer interests",
     kOfQuarter, kTimes},
    {"GET", "/v1/reports/funnel", funnel, Right::kReport, "How far interests come", kOfFunnel, kFunnel},
    {"GET",
     "/v1/reports/cases",
     case_log,
     Right::kCaseLog,
     "The log that reports are made of, without what anybody wrote: figures can be recomputed from it",
     {},
     kLog},
    {"GET",
     "/v1/outcomes",
     outcomes,
     Right::kCaseLog,
     "Pairs that were accepted, declined or concluded, in the form that `evaluate` learns from",
     {},
     kPairs}};

}  // namespace

std::span<const Route> report_routes() { return kRoutes; }

}  // namespace counterpart::server
