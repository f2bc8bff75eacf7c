#include "index/standing/standing_check.h"

#include <set>
#include <string>
#include <utility>

#include "index/base/codec.h"
#include "index/standing/standing_marks.h"
#include "index/standing/standing_query.h"

namespace counterpart::index {
namespace {

class Checker {
 public:
  Checker(const Database& database, VerifyReport report) : database_(database), view_(database), report_(std::move(report)) {}

  Result<VerifyReport> run() {
    const Result<StandingCounters> counters = standing_counters(database_, &view_);
    if (!counters) return tl::unexpected(counters.error());
    counters_ = *counters;
    for (const auto step : {&Checker::check_queries, &Checker::check_alerts})
      if (Status walked = (this->*step)(); !walked) return tl::unexpected(walked.error());
    return std::move(report_);
  }

 private:
  Status check_queries() {
    Database::Cursor queries(database_, Family::kStandingQueries, &view_);
    for (queries.first(); queries.valid(); queries.next()) {
      std::uint64_t number = 0;
      if (!parse_big_endian(queries.key(), number)) {
        report_.differs("the number of a standing query does not decode");
        continue;
      }
      queries_.insert(number);
      if (!decode_standing(number, queries.value()))
        report_.differs("standing query `" + standing_id(number) + "` does not decode");
      if (number > counters_.query) report_.differs("standing query `" + standing_id(number) + "` has a number not yet given");
    }
    return queries.status();
  }

  Status check_alerts() {
    Database::Cursor keys(database_, Family::kAlerts, &view_);
    for (keys.first(); keys.valid(); keys.next()) {
      std::uint64_t number = 0;
      std::string_view profile;
      if (parse_alert_key(keys.key(), number))
        check_alert(number, keys.value());
      else if (!parse_mark_key(keys.key(), profile, number))
        report_.differs("a mark of a profile does not decode");
      else if (Status checked = check_mark(std::string(profile), number); !checked)
        return checked;
    }
    return keys.status();
  }

  void check_alert(std::uint64_t number, std::string_view bytes) {
    const std::string name = "alert " + std::to_string(number);
    const Result<Alert> alert = decode_alert(number, bytes);
    if (!alert) return report_.differs(name + " does not decode");
    if (number > counters_.alert) report_.differs(name + " has a number not yet given");
    if (!queries_.contains(standing_number(alert->query).value_or(0)))
      report_.differs(name + " is of standing query `" + alert->query + "`, which is gone");
  }

  Status check_mark(const std::string& profile, std::uint64_t query) {
    if (!queries_.contains(query))
      report_.differs("profile `" + profile + "` is marked with standing query `" + standing_id(query) + "`, which is gone");
    if (profile == stored_) return {};
    const auto bytes = database_.get(Family::kProfiles, profile, &view_);
    if (!bytes) return tl::unexpected(bytes.error());
    stored_ = profile;
    if (!*bytes) report_.differs("profile `" + profile + "` is marked with standing queries, but gone");
    return {};
  }

  const Database& database_;
  Database::View view_;
  StandingCounters counters_;
  std::set<std::uint64_t> queries_;
  std::string stored_;  // the profile looked up last
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> check_standing(const Database& database, VerifyReport report) {
  return Checker(database, std::move(report)).run();
}

}  // namespace counterpart::index
