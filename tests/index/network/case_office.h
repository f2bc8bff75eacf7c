// An office of a network that works on cases: its desks, its clock, and what it hands to the others.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "index/casework/case_store.h"
#include "index/network/beside.h"
#include "tests/engine/casework/network.h"
#include "tests/index/casework/casebook.h"
#include "tests/index/network/office.h"
#include "tests/support/catch.h"

namespace counterpart::index {

class CaseOffice : public TestOffice {
 public:
  // Its desks are NAME-a, who is its head, and NAME-b.
  CaseOffice(const std::filesystem::path& data, const std::string& name, WorkingTime time) : TestOffice(data, name) {
    open_cases();
    DirectoryChange change;
    Office office = office_of(name, std::move(time), name + "-a", {name + "-b"}, true);
    change.offices.push_back({name, office});
    for (const char* one : {"-a", "-b"}) change.desks.push_back({name + one, desk_of(name + one, name, "en")});
    REQUIRE(cases->change_offices(change, "test", now));
  }

  void open_cases() { cases = CaseStore::open(*store, clocks_of(shipped_world()), {}, now).value(); }
  void restart() {
    cases.reset();
    close();
    open();
    open_cases();
  }
  void keep_copy(const std::filesystem::path& copy) {
    cases.reset();
    copy_to(copy);
    open_cases();
  }
  void go_back_to(const std::filesystem::path& copy) {
    cases.reset();
    restore(copy);
    open_cases();
  }

  Receiving receiving() {
    Receiving with = TestOffice::receiving();
    with.cases = cases.get();
    with.now = [this] { return now; };
    return with;
  }
  Result<Received> take(const std::string& sealed) { return index::receive(receiving(), sealed); }

  void publish(const std::string& profile) {
    Write one = put(profile, "pumps of " + profile);
    one.profile.office = id;
    one.profile.capacity = 50;
    REQUIRE(write(std::move(one)));
  }
  Result<Acted> send(const std::string& from, const std::string& to, const std::string& desk) {
    return cases->act(Casebook::sending(desk, from, to), now);
  }
  Result<Acted> act(const std::string& case_id, const std::string& desk, const std::string& verb, Said said = {}) {
    return cases->act(Casebook::acting(case_id, desk, verb, std::move(said)), now);
  }
  std::vector<Case> all() const { return cases->list({}, {}, 1000).value(); }
  // The only one of its kind.
  Case only(const std::string& kind) const {
    std::vector<Case> found = cases->list({.kind = kind}, {}, 1000).value();
    REQUIRE(found.size() == 1);
    return found.front();
  }
  std::string state(const Case& of) const {
    return std::string(std::visit([](const auto& item) { return item.state; }, cases->get(of.id, now)->standing));
  }
  SharedCase shared(const Case& of) const { return shared_of(store->database(), of.id).value().value(); }
  std::vector<std::string> waiting() const {
    std::vector<std::string> reasons;
    const std::vector<NoteOf> notes = read_notes(store->database(), Note::kBeside).value();
    for (const NoteOf& note : notes) reasons.push_back(note.reason);
    return reasons;
  }
  std::vector<std::string> told() const {
    std::vector<std::string> whom;
    const std::vector<StoredLetter> letters = cases->letters({}, 0, 10'000).value();
    for (const StoredLetter& letter : letters)
      whom.push_back(letter.letter.letter + " -> " + letter.letter.desk + letter.letter.profile);
    return whom;
  }

  std::unique_ptr<CaseStore> cases;
  std::int64_t now = utc("2026-11-26", 10);  // a Thursday
};

// One way, all that is to be said now.
inline void hand_over(CaseOffice& from, CaseOffice& to) {
  for (const std::string& sealed : from.bundles_for(to.id)) {
    const Result<Received> received = to.take(sealed);
    REQUIRE(received);
  }
}

// Both ways until nothing is left to say.
inline bool settle(CaseOffice& one, CaseOffice& other) {
  for (int round = 0; round < 20; ++round) {
    hand_over(one, other);
    hand_over(other, one);
    const bool told = untold_cases(one.store->database())->empty() && untold_cases(other.store->database())->empty();
    if (told && one.other(other.id).confirmed.position == one.head() &&
        other.other(one.id).confirmed.position == other.head() && other.other(one.id).received == one.head() &&
        one.other(other.id).received == other.head())
      return true;
  }
  return false;
}

}  // namespace counterpart::index
