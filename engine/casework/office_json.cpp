#include "engine/casework/office_json.h"

#include <array>
#include <charconv>

#include "engine/base/date.h"
#include "engine/casework/case_values.h"

namespace counterpart::engine {
namespace {

using LanguageTag = Line<64, Form::kLanguage, check_language_tag>;

// "09:30" in JSON, minutes after midnight in the struct; "24:00" is its end.
struct Minutes {
  using Field = int;
  static constexpr ValueShape kShape{.form = Form::kLine, .max_length = 5};
  static Status read(const boost::json::value& value, int& field, const Rules&);
  static void write(int field, JsonOut& json) {
    const auto two = [](int number) { return std::string(number < 10 ? "0" : "") + std::to_string(number); };
    json.text(two(field / 60) + ":" + two(field % 60));
  }
  static bool stated(int) { return true; }
};

Status Minutes::read(const boost::json::value& value, int& field, const Rules&) {
  const boost::json::string* given = value.if_string();
  if (!given) return wrong_shape("a text", value);
  const std::string_view text(given->data(), given->size());
  const auto digits = [&](std::size_t at) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, number);
    return error == std::errc{} && end == text.data() + at + 2 ? number : -1;
  };
  if (text.size() == 5 && text[2] == ':' && digits(0) >= 0 && digits(3) >= 0 && digits(3) < 60)
    if (const int minutes = digits(0) * 60 + digits(3); minutes <= kMinutesOfDay) {
      field = minutes;
      return {};
    }
  return refuse(quoted(text) + " is no time of the day", "as in 09:00");
}

// A list of weekdays.
struct FreeWeekdays {
  using Field = Weekdays;
  static constexpr std::array<std::string_view, 7> kNames{"sunday",   "monday", "tuesday", "wednesday",
                                                          "thursday", "friday", "saturday"};
  static constexpr ValueShape kShape{.form = Form::kWord, .max_entries = 7, .words = kNames};
  static Status read(const boost::json::value& value, Weekdays& field, const Rules&) {
    const boost::json::array* given = value.if_array();
    if (!given) return wrong_shape("a list", value);
    for (const boost::json::value& entry : *given) {
      const boost::json::string* text = entry.if_string();
      if (!text) return wrong_shape("a list of texts", value);
      const std::string_view word(text->data(), text->size());
      const auto* found = std::ranges::find(kNames, word);
      if (found == kNames.end()) return tl::unexpected(wrong_word(word, kNames));
      field.set(static_cast<std::size_t>(found - kNames.begin()));
    }
    return {};
  }
  static void write(Weekdays field, JsonOut& json) {
    json.out += '[';
    for (std::size_t day = 0; day < kNames.size(); ++day) {
      if (!field.test(day)) continue;
      if (json.out.back() != '[') json.out += ',';
      json.text(kNames[day]);
    }
    json.out += ']';
  }
  static bool stated(Weekdays) { return true; }
};

struct ClosedDay {
  Day day = 0;
  std::string name;
  bool operator==(const ClosedDay&) const = default;
};
constexpr auto kClosedDay = table<ClosedDay>("ClosedDay", {
                                                              member<&ClosedDay::day, Date>("day", kRequired),
                                                              member<&ClosedDay::name, Line<kMaxDayName>>("name", kRequired),
                                                          });

// A list in JSON, another container in the struct.
template <class Entries, class Container, class ToEntry, class FromEntry>
struct Listing {
  using Field = Container;
  static constexpr ValueShape kShape = Entries::kShape;
  static Status read(const boost::json::value& value, Container& field, const Rules& rules) {
    typename Entries::Field entries;
    if (Status status = Entries::read(value, entries, rules); !status) return status;
    field.clear();
    for (const auto& entry : entries) field.insert(FromEntry{}(entry));
    return {};
  }
  static void write(const Container& field, JsonOut& json) {
    typename Entries::Field entries;
    for (const auto& each : field) entries.push_back(ToEntry{}(each));
    Entries::write(entries, json);
  }
  static bool stated(const Container& field) { return !field.empty(); }
};

struct ToClosedDay {
  ClosedDay operator()(const std::pair<const Day, std::string>& each) const { return {each.first, each.second}; }
};
struct FromClosedDay {
  std::pair<Day, std::string> operator()(const ClosedDay& entry) const { return {entry.day, entry.name}; }
};
using ClosedOn = Listing<List<Nested<kClosedDay>, kMaxOwnDays>, std::map<Day, std::string>, ToClosedDay, FromClosedDay>;
using OpenOn = Listing<List<Date, kMaxOwnDays>, std::set<Day>, std::identity, std::identity>;

// clang-format off
constexpr auto kWorkingTime = table<WorkingTime>("WorkingTime", {
    member<&WorkingTime::country,   Country>("country", {.required = true, .help = "where it is, whose holidays it has"}),
    member<&WorkingTime::time_zone, ShortLine>("time_zone", {.required = true, .remedy = "as in `Africa/Dakar`"}),
    member<&WorkingTime::opens,     Minutes>("opens", {.help = "as in 09:00"}),
    member<&WorkingTime::closes,    Minutes>("closes"),
    member<&WorkingTime::free,      Maybe<FreeWeekdays>>("free", {.help = "absent: the country's"}),
    member<&WorkingTime::closed_on, ClosedOn>("closed_on", {.help = "on which it is free as well, and why"}),
    member<&WorkingTime::open_on,   OpenOn>("open_on", {.help = "on which it works all the same"}),
});

constexpr auto kOffice = table<Office>("Office", {
    member<&Office::id,           Slug>("id", kRequired),
    member<&Office::name,         ShortLine>("name", kRequired),
    member<&Office::languages,    List<LanguageTag, 16>>("languages", {.required = true, .help = "the office's own first"}),
    member<&Office::mail,         Line<500, Form::kEmail, check_email>>("mail"),
    member<&Office::working_time, Nested<kWorkingTime>>("working_time", kRequired),
    member<&Office::head,         Slug>("head", {.required = true, .remedy = "a desk of the office"}),
    member<&Office::deputies,     List<Slug, 16>>("deputies", {.help = "desks, in the order in which they are asked"}),
    member<&Office::duty,         BooleanOr<false>>("duty", {.help = "takes what other offices leave lying"}),
    member<&Office::reviews,      BooleanOr<false>>("reviews", {.help = "true: what is sent for its profiles is published once it is reviewed"}),
});

constexpr auto kAbsence = table<Absence>("Absence", {
    member<&Absence::from,   Date>("from", kRequired),
    member<&Absence::until,  Date>("until", {.required = true, .remedy = "the last day of the absence"}),
    member<&Absence::deputy, Slug>("deputy", {.required = true, .remedy = "the desk that sits in"}),
});

constexpr auto kDesk = table<Desk>("Desk", {
    member<&Desk::id,           Slug>("id", kRequired),
    member<&Desk::name,         ShortLine>("name", kRequired),
    member<&Desk::language,     LanguageTag>("language", kRequired),
    member<&Desk::office,       Slug>("office", kRequired),
    member<&Desk::organisation, ShortLine>("organisation", {.help = "whose profiles it may not review"}),
    member<&Desk::deputy,       Slug>("deputy", {.help = "asked before the office's own deputies"}),
    member<&Desk::absence,      Maybe<Nested<kAbsence>>>("absence"),
    member<&Desk::ends,         Maybe<Date>>("ends", {.help = "from this day on its work is its heir's"}),
    member<&Desk::heir,         Slug>("heir"),
});
// clang-format on

}  // namespace

Status Date::read(const boost::json::value& value, Day& field, const Rules&) {
  const boost::json::string* text = value.if_string();
  if (!text) return wrong_shape("a date", value);
  const Result<Day> day = parse_date({text->data(), text->size()});
  if (!day) return tl::unexpected(day.error());
  field = *day;
  return {};
}

void Date::write(Day field, JsonOut& json) { json.text(iso_date(field)); }

std::span<const Member> office_members() { return kOffice.rows; }
std::span<const Member> desk_members() { return kDesk.rows; }

Result<Office> read_office(const boost::json::value& json, const Taxonomy& taxonomy) {
  return read_whole<Office>(kOffice.rows, json, taxonomy);
}
Result<Absence> read_absence(const boost::json::value& json, const Taxonomy& taxonomy) {
  return read_whole<Absence>(kAbsence.rows, json, taxonomy);
}
Result<Desk> read_desk(const boost::json::value& json, const Taxonomy& taxonomy) {
  return read_whole<Desk>(kDesk.rows, json, taxonomy);
}
std::string to_json(const Office& office) { return write_whole(kOffice.rows, office); }
std::string to_json(const Desk& desk) { return write_whole(kDesk.rows, desk); }
Result<Office> decode_office(std::string_view json) { return decode_whole<Office>(kOffice.rows, json, "office"); }
Result<Desk> decode_desk(std::string_view json) { return decode_whole<Desk>(kDesk.rows, json, "desk"); }

}  // namespace counterpart::engine
