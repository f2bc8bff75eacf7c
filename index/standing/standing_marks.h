// Which profiles fit which standing queries, as stored, and the alerts: the alerts column family.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "index/layer.h"
#include "index/standing/standing_query.h"
#include "index/standing/standing_table.h"
#include "index/store/database.h"

namespace counterpart::index {

// Keys: "a" + number -> alert; "m" + profile's id + NUL + query's number -> nothing. A NUL is in no id.
std::string alert_key(std::uint64_t number);
std::string mark_key(std::string_view profile, std::uint64_t query);
// False: not the key of an alert, of a mark.
bool parse_alert_key(std::string_view key, std::uint64_t& number);
bool parse_mark_key(std::string_view key, std::string_view& profile, std::uint64_t& query);

// The last numbers given to a query and to an alert, in the meta family.
struct StandingCounters {
  std::uint64_t query = 0, alert = 0;
};
Database::Edit edit_of(const StandingCounters& counters);
// kCorrupt: they do not decode. Zeros: nothing was given yet.
Result<StandingCounters> standing_counters(const Database& database, const Database::View* view = nullptr);

// Every marked pair, by profile's id and then query's number. Not thread-safe.
class MarkCursor {
 public:
  explicit MarkCursor(const Database& database, const Database::View* view = nullptr);
  void seek(std::string_view profile);  // to the first mark of this profile or of one behind
  bool valid();                         // at a mark; kCorrupt keys end it too, see status()
  void next() { cursor_.next(); }
  std::string_view profile() const { return profile_; }
  std::uint64_t query() const { return query_; }
  Status status() const;

 private:
  Database::Cursor cursor_;
  std::string_view profile_;
  std::uint64_t query_ = 0;
  bool damaged_ = false;
};

// The queries that `profile` is marked with, ascending.
Result<std::vector<std::uint64_t>> marks_of(const Database& database, std::string_view profile);

// What has to change so that the marks are those of `fits`; both ascending by query.
struct MarkChanges {
  std::vector<StandingFit> gained;
  std::vector<std::uint64_t> lost;
};
MarkChanges compare_marks(const std::vector<std::uint64_t>& marks, const std::vector<StandingFit>& fits);

}  // namespace counterpart::index
