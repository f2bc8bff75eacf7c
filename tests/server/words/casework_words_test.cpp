// THE table of life cycles and the catalogue of words: what one has the other says, and nothing more.
#include <set>
#include <string>

#include "engine/casework/standing.h"
#include "engine/cycles/life_cycles.h"
#include "engine/match/refusal_help.h"
#include "index/casework/case_erasing.h"
#include "index/casework/case_plan.h"
#include "server/words/catalogue.h"
#include "server/words/words.h"
#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {
namespace {

constexpr char kShipped[] = COUNTERPART_SOURCE_DIR "/datasets/words";

std::string key_of(std::string_view room, std::string_view part, std::string_view name) {
  return std::string(room) + "." + std::string(part) + "." + std::string(name);
}

// Codes of all letters that the table, the passing of time and the store write.
std::set<std::string_view> letter_codes() {
  std::set<std::string_view> codes{"moved_here", "moved_away", "moved_on", kEndedByErasure, kNotDoneThere};
  for (const LetterRow& row : life_cycles().letters) codes.insert(row.letter);
  for (const ReminderRow& row : life_cycles().reminders) codes.insert(row.letter);
  return codes;
}

// Words of casework that take nothing.
std::set<std::string> terms_of_table() {
  std::set<std::string> keys;
  const LifeCycles& table = life_cycles();
  for (const KindRow& row : table.kinds) keys.insert(key_of("case", "kind", row.kind));
  for (const StateRow& row : table.states) keys.insert(key_of(row.kind, "state", row.state));
  for (const ActRow& row : table.acts) keys.insert(key_of(row.kind == "*" ? "case" : row.kind, "act", row.verb));
  for (const ReasonRow& row : table.reasons) keys.insert(key_of(row.says, "reason", row.reason));
  for (const LimitRow& row : table.limits) keys.insert("limit." + std::string(row.limit));
  for (const std::string_view step : Vocabulary<Step>::kNames) keys.insert("step." + std::string(step));
  for (const std::string_view criterion : {"advantages", "clarity", "cooperation", "rules"})
    keys.insert(key_of("review", "criterion", criterion));
  for (int mark = 0; mark <= 5; ++mark) keys.insert(key_of("review", "mark", std::to_string(mark)));
  return keys;
}

std::set<std::string> letters_of_table() {
  std::set<std::string> keys;
  for (const std::string_view code : letter_codes())
    for (const std::string_view part : {"subject", "body"}) keys.insert(key_of("letter", code, part));
  return keys;
}

}  // namespace

TEST_CASE("casework words: every kind, state, act, reason, limit and step of the table is a word in six languages", "[words]") {
  const auto words = Words::load(kShipped, real_taxonomy()).value();
  for (const std::string& key : terms_of_table()) {
    INFO(key);
    CHECK(words->has(key));
    CHECK(words->takes(key).empty());
  }
}

TEST_CASE("casework words: every letter that the table sends has a subject and a body", "[words]") {
  const auto words = Words::load(kShipped, real_taxonomy()).value();
  for (const std::string& key : letters_of_table()) {
    INFO(key);
    CHECK(words->has(key));
  }
}

TEST_CASE("casework words: what is said with a refusal has its words for every reason", "[words]") {
  const auto words = Words::load(kShipped, real_taxonomy()).value();
  for (const RefusalRow& row : refusal_rows()) {
    INFO(row.reason);
    CHECK(words->has("instead.meets." + std::string(row.reason)) == (row.meets != nullptr));
    CHECK(words->has("condition_offer." + std::string(row.reason)) == (row.state != nullptr));
  }
}

TEST_CASE("casework words: the catalogue says nothing that the table does not have", "[words]") {
  std::set<std::string> known = terms_of_table();
  known.merge(letters_of_table());
  // What stands around the body of every letter.
  for (const std::string_view part :
       {"greeting", "case", "programme", "due", "due_there", "next", "open_case", "signature", "received", "received_as_of"})
    known.insert("letter." + std::string(part));
  known.insert("letter.digest.subject");
  const Catalogue catalogue = read_catalogue(kShipped).value();
  for (const auto& [key, message] : catalogue) {
    const std::string& place = message.places[0];
    if (!place.starts_with("cases") && !place.starts_with("letters")) continue;
    if (key.starts_with("desk.")) continue;  // lists of a desk
    INFO(key << " at " << place);
    CHECK(known.contains(key));
  }
}

}  // namespace counterpart::server
