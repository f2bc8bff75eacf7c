// A data directory with three offices, six profiles and cases between them, and a clock that a test moves.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "index/base/files.h"
#include "index/casework/case_store.h"
#include "tests/engine/casework/network.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {

inline DirectoryChange three_offices_and_desks() {
  DirectoryChange change;
  for (const Office& office : three_offices()) change.offices.push_back({office.id, office});
  for (const Desk& desk : their_desks()) change.desks.push_back({desk.id, desk});
  return change;
}

struct Casebook {
  explicit Casebook(int capacity = 3) : data(folder.path() / "data") {
    open();
    REQUIRE(cases->change_offices(three_offices_and_desks(), "test", now));
    for (const auto& [id, office] : {std::pair("sn:solar", "dakar"),
                                     {"sn:dairy", "dakar"},
                                     {"sa:fund", "riyadh"},
                                     {"sa:works", "riyadh"},
                                     {"at:pumps", "vienna"},
                                     {"xx:lost", "nowhere"}})
      put(id, office, capacity);
  }
  void open() {
    cases.reset();
    store.reset();
    store = Store::open(data).value();
    cases = CaseStore::open(*store, clocks_of(shipped_world()), {}, now).value();
  }
  void put(const std::string& id, const std::string& office, int capacity) {
    Write write;
    write.profile.id = id;
    write.profile.title = "Title of " + id;
    write.profile.country = "KE";
    write.profile.office = office;
    write.profile.capacity = capacity;
    write.profile.roles = {Role::kAdviser, Role::kMentor, Role::kNetworkMember, Role::kInvestor};
    write.profile.contact.email = id + "@example.org";
    REQUIRE(store->write({&write, 1}).front());
  }
  void erase(const std::string& id) {
    Write write;
    write.kind = Write::Kind::kErase;
    write.profile.id = id;
    REQUIRE(store->write({&write, 1}).front());
  }

  static ActRequest sending(const std::string& desk, const std::string& from, const std::string& to) {
    ActRequest request;
    request.opens = NewCase{.kind = "interest", .programme = "itpo", .from = from, .to = to};
    request.desk = desk;
    request.verb = "send";
    request.said = cooperation_wanted();
    request.who = "token";
    return request;
  }
  static ActRequest acting(const std::string& id, const std::string& desk, const std::string& verb, Said said = {}) {
    ActRequest request;
    request.case_id = id;
    request.desk = desk;
    request.verb = verb;
    request.said = std::move(said);
    request.who = "token";
    return request;
  }
  Result<Acted> act(const std::string& id, const std::string& desk, const std::string& verb, Said said = {}) {
    return cases->act(acting(id, desk, verb, std::move(said)), now);
  }
  // The id of an interest of awa's in Dakar.
  std::string send(const std::string& from = "sn:solar", const std::string& to = "sa:fund") {
    return cases->act(sending("awa", from, to), now).value().after.id;
  }
  // The id of an introduction that came of it, both keys turned.
  std::string released(Said note = {}) {
    const std::string interest = send();
    if (!note.note.empty()) REQUIRE(act(interest, "awa", "note", note));
    const Acted accepted = act(interest, "omar", "accept").value();
    const std::string introduction = accepted.others.front();
    REQUIRE(act(introduction, "awa", "release"));
    REQUIRE(act(introduction, "omar", "release"));
    return introduction;
  }

  std::vector<StoredLetter> letters(const std::string& id = {}) const {
    return cases->letters({.case_id = id}, 0, 10'000).value();
  }
  std::vector<std::string> told(const std::string& id = {}) const {
    std::vector<std::string> whom;
    for (const StoredLetter& letter : letters(id))
      whom.push_back(letter.letter.letter + " -> " + letter.letter.desk + letter.letter.profile);
    return whom;
  }
  // Everything that is kept, of whatever family.
  std::set<std::pair<std::string, std::string>> everything() const {
    std::set<std::pair<std::string, std::string>> all;
    for (std::size_t i = 0; i < kFamilies; ++i) {
      Database::Cursor cursor(store->database(), static_cast<Family>(i));
      for (cursor.first(); cursor.valid(); cursor.next()) all.emplace(cursor.key(), cursor.value());
    }
    return all;
  }
  bool sound() const {
    const VerifyReport report = cases->verify({}, now).value();
    for (const std::string& difference : report.differences) UNSCOPED_INFO(difference);
    return report.difference_count == 0;
  }

  TempFolder folder;
  std::filesystem::path data;
  std::int64_t now = utc("2026-11-26", 10);
  std::unique_ptr<Store> store;
  std::unique_ptr<CaseStore> cases;
};

}  // namespace counterpart::index
