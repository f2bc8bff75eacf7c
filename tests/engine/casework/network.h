// Three offices, Dakar, Riyadh and Vienna (on duty), their desks, and the cases between them.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/casework/case.h"
#include "engine/casework/standing.h"
#include "tests/engine/calendar/offices.h"

namespace counterpart::engine {

inline Desk desk_of(std::string id, std::string office, std::string language, std::string deputy = {}) {
  return {.id = id,
          .name = "Desk " + id,
          .language = std::move(language),
          .office = std::move(office),
          .organisation = {},
          .deputy = std::move(deputy),
          .absence = {},
          .ends = {},
          .heir = {}};
}

inline Office office_of(std::string id, WorkingTime time, std::string head, std::vector<std::string> deputies,
                        bool duty = false) {
  return {.id = id,
          .name = "ITPO " + id,
          .languages = {"en"},
          .mail = id + "@example.org",
          .working_time = std::move(time),
          .head = std::move(head),
          .deputies = std::move(deputies),
          .duty = duty,
          .reviews = false};
}

inline std::vector<Office> three_offices() {
  return {office_of("dakar", {"SN", "Africa/Dakar"}, "mbaye", {"sow"}),
          office_of("riyadh", {"SA", "Asia/Riyadh"}, "noura", {"salem"}),
          office_of("vienna", {"AT", "Europe/Vienna"}, "huber", {"maier"}, true)};
}

// awa, sow and mbaye (head) in Dakar; omar, salem and noura (head) in Riyadh; maier and huber (head) in Vienna.
inline std::vector<Desk> their_desks() {
  return {desk_of("awa", "dakar", "fr"),    desk_of("sow", "dakar", "fr"),
          desk_of("mbaye", "dakar", "fr"),  desk_of("omar", "riyadh", "ar", "salem"),
          desk_of("salem", "riyadh", "ar"), desk_of("noura", "riyadh", "ar"),
          desk_of("maier", "vienna", "en"), desk_of("huber", "vienna", "en")};
}

inline Desk& named(std::vector<Desk>& desks, std::string_view id) { return *std::ranges::find(desks, id, &Desk::id); }

// A directory, its calendars, and cases that are acted on.
struct Network {
  explicit Network(std::vector<Desk> desks = their_desks(), std::vector<Office> offices = three_offices())
      : directory(Directory::make(std::move(offices), std::move(desks)).value()),
        clock(OfficeCalendars::make(directory, shipped_world()).value()) {}
  Network(const Network&) = delete;

  Casework work() const { return {directory, clock, limits}; }

  Act act(std::string_view desk, std::string_view verb, std::int64_t at, Said said = {}) const {
    return {.number = 0,
            .at = at,
            .by = By::kDesk,
            .desk = std::string(desk),
            .office = directory.desk(desk)->office,
            .side = Side::kAsking,
            .verb = std::string(verb),
            .said = std::move(said)};
  }
  Result<Applied> try_to(const Case& before, std::string_view desk, std::string_view verb, std::int64_t at,
                         Said said = {}) const {
    return apply(before, act(desk, verb, at, std::move(said)), work(), places);
  }
  Case after(const Case& before, std::string_view desk, std::string_view verb, std::int64_t at, Said said = {}) const {
    return try_to(before, desk, verb, at, std::move(said)).value().changed;
  }
  Standing standing(const Case& of, std::int64_t now) const { return standing_of(of, work(), now).value(); }
  OpenItem open(const Case& of, std::int64_t now) const { return std::get<OpenItem>(standing(of, now)); }
  std::string state(const Case& of) const { return std::string(progress_of(of, life_cycles()).value().state->state); }

  Directory directory;
  OfficeCalendars clock;
  Limits limits;
  std::array<PlacesOf, 2> places{PlacesOf{0, 5}, PlacesOf{0, 5}};
};

inline Case interest_between(std::string from_office, std::string to_office) {
  return {.id = "i1",
          .kind = "interest",
          .programme = "itpo",
          .origin = {},
          .asking = {.profile = "sn:solar", .office = std::move(from_office), .desk = {}, .organisation = {}},
          .answering = {.profile = "sa:fund", .office = std::move(to_office), .desk = {}, .organisation = {}},
          .log = {}};
}

inline Said cooperation_wanted() {
  Said said;
  said.facts.cooperation = Cooperation::kJointVenture;
  return said;
}
inline Said with_reason(std::string reason) { return {.reason = std::move(reason), .note = {}, .facts = {}}; }
inline Said with_note(std::string note) { return {.reason = {}, .note = std::move(note), .facts = {}}; }
inline Said with_desk(std::string desk) {
  Said said;
  said.facts.desk = std::move(desk);
  return said;
}

// awa of Dakar asks Riyadh on Thursday 26 November 2026 at 10:00 UTC; omar has claimed it at once.
inline Case asked(const Network& network) {
  const Case sent =
      network.after(interest_between("dakar", "riyadh"), "awa", "send", utc("2026-11-26", 10), cooperation_wanted());
  return network.after(sent, "omar", "claim", utc("2026-11-26", 10));
}

// The introduction that salem's acceptance opens at that time.
inline Case agreed(const Network& network, std::int64_t at = utc("2026-11-30", 9)) {
  const Applied accepted = network.try_to(asked(network), "omar", "accept", at).value();
  return network.after(follows(accepted.changed, "n1", accepted.opens), "omar", "agree", at);
}

inline std::vector<std::string> told(const std::vector<Letter>& letters) {
  std::vector<std::string> whom;
  for (const Letter& letter : letters) whom.push_back(letter.letter + " -> " + letter.desk + letter.profile);
  return whom;
}

}  // namespace counterpart::engine
