// How far expressions of interest come: sent, answered, accepted, introduced, promoted, in negotiation, concluded, operational;
// by programme, by group of countries, by who leads them, by quarter. From the logs of cases.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/standing.h"
#include "engine/report/quarter.h"
#include "engine/report/report_table.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// What reports ask of a profile as it is now. Of one that is not there any more nothing is known.
struct PartyTraits {
  std::string country;     // ISO 3166-1 alpha-2; empty: not known
  bool women_led = false;  // led or owned by women
};

// Conclusions in one currency: money of several is never added up.
struct Concluded {
  std::string currency;  // ISO 4217
  std::uint64_t conclusions = 0;
  double amount = 0;
  std::int64_t jobs = 0;
};

struct FunnelRow {
  std::string quarter;
  std::string by;                                // "all", "programme", "country_group", "women_led"
  std::string value;                             // the programme's or the group's; "true"; of all: empty
  std::string side;                              // whose: "asking", "answering", "either"; of all and of programmes: empty
  std::array<std::uint64_t, kStages> reached{};  // in the order of stages()
  std::vector<Concluded> concluded = {};         // by currency
};

// Takes the cases one by one, an interest before the introduction that came of it, and keeps a few bytes of each. Not
// thread-safe.
class Funnel {
 public:
  // What is counted in a quarter.
  enum class Count : std::uint8_t {
    kSent,     // those sent in it, however late they came to a stage
    kReached,  // those that reached the stage in it, whenever they were sent
  };
  // Borrowed: both must outlive it. Quarters are those of UTC.
  Funnel(const Taxonomy& taxonomy, const LifeCycles& table, Period period, Count count)
      : taxonomy_(taxonomy), table_(table), period_(period), count_(count) {}

  // `of` both sides. Errors: of progress_of().
  Status take(const Case& of, const std::array<PartyTraits, 2>& traits);

  // By quarter, then the whole period: all, by programme, by group, women-led. Those of which there are none are not there.
  std::vector<FunnelRow> rows() const;

 private:
  // An interest and the introduction that came of it.
  struct Way {
    std::uint16_t programme = 0;              // in programmes_
    std::uint32_t groups = 0;                 // a bit for each of group_rows()
    std::array<std::int64_t, kStages> at{};   // when it came there first, 0: never
    std::optional<Concluded> concluded = {};  // as said last
  };
  std::uint32_t groups_of(const std::array<PartyTraits, 2>& traits) const;
  std::uint16_t programme_of(const std::string& programme);
  void add(const Way& way, std::size_t stage, std::size_t place, std::vector<FunnelRow>& cells) const;

  const Taxonomy& taxonomy_;
  const LifeCycles& table_;
  Period period_;
  Count count_;
  std::vector<std::string> programmes_;
  std::map<std::string, Way, std::less<>> ways_;  // by the interest's id
};

}  // namespace counterpart::engine
