// Offices and desks, and who sits in for whom: work never waits for somebody who is away, and never has nobody.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/calendar/calendar.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

struct Office {
  std::string id;  // a slug
  std::string name;
  std::vector<std::string> languages;  // BCP 47; the first is the office's own
  std::string mail;
  WorkingTime working_time;           // and the country
  std::string head;                   // a desk
  std::vector<std::string> deputies;  // desks, in the order in which they are asked
  bool duty = false;                  // takes what every other office has left lying; one office does
  bool reviews = false;               // what is given for a profile of its is held back until it is reviewed
  bool operator==(const Office&) const = default;
};

struct Absence {
  Day from = 0, until = 0;  // both included
  std::string deputy;       // a desk of the same office
  bool operator==(const Absence&) const = default;
};

struct Desk {
  std::string id;  // a slug
  std::string name;
  std::string language;  // BCP 47
  std::string office;
  std::string organisation;  // whose profiles it may not review; empty: none
  std::string deputy;        // a desk of the same office, asked before the office's own deputies; empty: those
  std::optional<Absence> absence;
  std::optional<Day> ends;  // from this day on its work is its heir's
  std::string heir;         // a desk of the same office; there is one where it ends
  bool operator==(const Desk&) const = default;
};

// Why work did not stay with a desk.
enum class Gone : std::uint8_t { kAway, kEnded, kNoDesk };
template <>
struct Vocabulary<Gone> {
  static constexpr std::array<std::string_view, 3> kNames{"away", "ended", "unknown"};
};

struct Passed {
  std::string desk;
  Gone why = Gone::kNoDesk;
  Day until = 0;  // the last day, of one who is away
  bool operator==(const Passed&) const = default;
};

// All offices and desks at one moment, consistent by construction: what it names is there, one office is on duty, and no
// absence or end, on any day, leads to nobody or round in a circle. A value; safe from several threads.
class Directory {
 public:
  // One of no offices at all is consistent too. kInvalid: the place is the office or desk and its member ("desk
  // awa.absence.deputy").
  static Result<Directory> make(std::vector<Office> offices, std::vector<Desk> desks);

  const Office* office(std::string_view id) const;
  const Desk* desk(std::string_view id) const;
  // The one on duty. There must be offices.
  const Office& duty() const { return offices_[duty_]; }
  // The office of that id; where there is none (any more), the one on duty. There must be offices.
  const Office& office_or_duty(std::string_view id) const;
  const std::vector<Office>& offices() const { return offices_; }  // by id
  const std::vector<Desk>& desks() const { return desks_; }        // by id

 private:
  Directory() = default;
  Status check() const;

  std::vector<Office> offices_;
  std::vector<Desk> desks_;
  std::size_t duty_ = 0;
};

struct Responsible {
  std::string desk, office;
  std::vector<Passed> way;  // from the desk that was asked for to this one
};

// Who has the work of `desk` on that day: itself, its deputy while it is away, its heir when it has ended, and so on. Where
// none of them is there (or there is no such desk): the first who is there of `office`'s head and deputies, then of the duty
// office's; at last the duty office's head, there or not. There must be offices.
Responsible responsible(std::string_view desk, std::string_view office, Day day, const Directory& directory);

}  // namespace counterpart::engine
