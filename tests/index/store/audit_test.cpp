// The audit log: written with what it tells of, and whatever is changed in it afterwards is found.
#include "index/store/audit.h"

#include "index/base/codec.h"
#include "index/store/store.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

struct Place {
  TempFolder folder;
  std::unique_ptr<Store> store = Store::open(folder.path()).value();

  Result<Written> write(Write::Kind kind, const std::string& id, const std::string& title, const std::string& who) {
    Write one;
    one.kind = kind;
    one.profile.id = id;
    one.profile.title = title;
    one.profile.country = "KE";
    one.who = who;
    return store->write({&one, 1}).front();
  }
  std::vector<AuditEntry> all() const { return store->audit().list(0, 1000).value(); }
  void change(Family family, const std::string& key, std::optional<std::string> value) {
    REQUIRE(store->run_exclusively([&](Database& database) { return database.write({{family, key, value}}); }));
  }
};

}  // namespace

TEST_CASE("audit: each write is told with who, what, which profile and version; what changed nothing is not", "[audit]") {
  Place place;
  REQUIRE(place.write(Write::Kind::kPut, "a", "Pumps", "alice"));
  REQUIRE(place.write(Write::Kind::kPut, "a", "Pumps", "bob"));  // unchanged
  REQUIRE(place.write(Write::Kind::kPut, "a", "Better pumps", "bob"));
  CHECK_FALSE(place.write(Write::Kind::kErase, "b", "", "bob"));
  REQUIRE(place.write(Write::Kind::kErase, "a", "", "carol"));
  REQUIRE(place.store->write_audited({}, {.who = "dora", .what = "read private", .subject = "a"}));
  const auto entries = place.all();
  REQUIRE(entries.size() == 4);
  const auto is = [&](std::size_t i, const char* who, const char* what, std::uint64_t version) {
    CHECK(entries[i].number == i + 1);
    CHECK(entries[i].who == who);
    CHECK(entries[i].what == what);
    CHECK(entries[i].subject == "a");
    CHECK(entries[i].version == version);
    CHECK(entries[i].at > 1'700'000'000);
  };
  is(0, "alice", "put", 1);
  is(1, "bob", "put", 2);
  is(2, "carol", "erase", 3);
  is(3, "dora", "read private", 0);
  CHECK(place.store->audit().list(2, 1).value().front().number == 3);
  CHECK(place.store->audit().list(0, 10, "b")->empty());
}

TEST_CASE("audit: the chain goes on after the store was closed, and an earlier head is found on it", "[audit]") {
  Place place;
  REQUIRE(place.write(Write::Kind::kPut, "a", "1", "alice"));
  const std::string head = place.store->audit().verify()->head;
  place.store.reset();
  place.store = Store::open(place.folder.path()).value();
  REQUIRE(place.write(Write::Kind::kPut, "a", "2", "alice"));
  const auto verdict = place.store->audit().verify(head).value();
  CHECK(verdict.broken_at == 0);
  CHECK(verdict.entries == 2);
  CHECK(verdict.head != head);
  CHECK(place.store->audit().verify(std::string(64, '0'))->broken_at == 0);  // the head of an empty log
  CHECK(place.store->audit().verify(std::string(64, 'a'))->broken_at != 0);
}

TEST_CASE("audit: a changed, missing, swapped, added or cut-off entry is found, and where", "[audit]") {
  Place place;
  for (const char* title : {"1", "2", "3", "4"}) REQUIRE(place.write(Write::Kind::kPut, "a", title, "alice"));
  const auto value = [&](std::uint64_t number) {
    return *place.store->database().get(Family::kAudit, big_endian(number)).value();
  };
  const auto broken_at = [&] { return place.store->audit().verify()->broken_at; };
  const std::string second = value(2), third = value(3), fourth = value(4);
  CHECK(broken_at() == 0);
  std::string changed = second;
  changed.replace(changed.find("alice"), 5, "mally");
  place.change(Family::kAudit, big_endian(2), changed);
  CHECK(broken_at() == 2);
  place.change(Family::kAudit, big_endian(2), third);
  CHECK(broken_at() == 2);
  place.change(Family::kAudit, big_endian(2), second);
  place.change(Family::kAudit, big_endian(3), {});
  CHECK(broken_at() == 3);
  place.change(Family::kAudit, big_endian(3), third);
  place.change(Family::kAudit, big_endian(4), {});
  CHECK(broken_at() == 4);
  place.change(Family::kAudit, big_endian(4), fourth);
  place.change(Family::kAudit, big_endian(5), fourth);
  CHECK(broken_at() == 5);
  place.change(Family::kAudit, big_endian(5), {});
  CHECK(broken_at() == 0);
}

}  // namespace counterpart::index
