#include "index/snapshot/publisher.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>

#include "index/snapshot/snapshot_verify.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
using namespace std::chrono_literals;

namespace {

// A store with its publisher, either of which may be closed and opened again.
struct Place {
  Place() { reopen(); }

  void reopen() {
    publisher.reset();
    store.reset();
    store = Store::open(folder.path()).value();
    follow();
  }
  void follow() {
    publisher.reset();
    publisher = Publisher::open(*store, real_taxonomy(), embedder, &report).value();
  }

  std::uint64_t put(const std::vector<Profile>& profiles) {
    std::vector<Write> writes;
    for (const Profile& profile : profiles)
      writes.push_back({Write::Kind::kPut, profile, quantise(embed_faces(profile, embedder), embedder.model()), {}});
    return written(writes);
  }
  std::uint64_t erase(const std::string& id) {
    std::vector<Write> writes(1);
    writes[0].kind = Write::Kind::kErase;
    writes[0].profile.id = id;
    return written(writes);
  }
  std::uint64_t written(std::vector<Write>& writes) {
    for (const Result<Written>& verdict : store->write(writes)) REQUIRE(verdict);
    return store->sequence();
  }
  std::vector<Profile> draw_many(std::size_t count, const std::string& prefix = "p") {
    return draw_profiles(draw, count, prefix).profiles;
  }
  void check_equal_to_store() const {
    const auto verified = publisher->verify();
    REQUIRE(verified);
    INFO((verified->differences.empty() ? "" : verified->differences[0]));
    CHECK(verified->difference_count == 0);
    CHECK(verified->stored == store->size());
    CHECK(verified->indexed + verified->awaiting == verified->stored);
  }
  // The same answers as a rebuild, under another directory's eyes.
  std::vector<std::string> answers() const {
    Search search;
    search.seeker = embed_faces(probe, embedder);
    search.exact = true;
    search.wanted = 50;
    std::vector<std::string> ids;
    const auto corpus = publisher->current();
    for (const Candidate& candidate : corpus->search(search).candidates) ids.emplace_back(corpus->id(candidate.row));
    return ids;
  }

  TempFolder folder;
  FakeEmbedder embedder{"fake-1"};
  Draw draw{11};
  Profile probe = draw.profile("probe");
  OpenReport report;
  std::unique_ptr<Store> store;
  std::unique_ptr<Publisher> publisher;
};

}  // namespace

TEST_CASE("publisher: a write is found soon after it is acknowledged, an erased profile no more", "[publisher]") {
  Place place;
  REQUIRE(place.publisher->wait_for(place.put(place.draw_many(30)), 5s));
  CHECK(place.publisher->current()->size() == 30);

  Profile changed = place.draw.profile("p3");
  changed.title = "A new title";
  REQUIRE(place.publisher->wait_for(place.put({changed}), 5s));
  const auto corpus = place.publisher->current();
  CHECK(corpus->size() == 30);
  CHECK(corpus->title(*corpus->find("p3")) == "A new title");

  REQUIRE(place.publisher->wait_for(place.erase("p3"), 5s));
  CHECK_FALSE(place.publisher->current()->find("p3"));
  CHECK(place.publisher->current()->size() == 29);
  CHECK(corpus->find("p3"));  // a snapshot in use stays as it is
  place.check_equal_to_store();
}

TEST_CASE("publisher: waiting ends when patience does", "[publisher]") {
  Place place;
  CHECK_FALSE(place.publisher->wait_for(1'000'000, 1ms));
  CHECK(place.publisher->wait_for(0, 0ms));
}

TEST_CASE("publisher: a start without a file rebuilds, one with a file catches up", "[publisher]") {
  Place place;
  place.put(place.draw_many(200));
  place.reopen();
  CHECK(place.report.rebuilt);
  CHECK(place.report.what == "no snapshot: rebuilt from the store");
  CHECK(place.publisher->current()->size() == 200);

  REQUIRE(place.publisher->save());
  place.reopen();
  CHECK_FALSE(place.report.rebuilt);
  CHECK(place.report.caught_up == 0);

  place.put(place.draw_many(20, "later"));
  place.erase("p7");
  place.reopen();
  CHECK_FALSE(place.report.rebuilt);
  CHECK(place.report.caught_up == 21);
  CHECK(place.publisher->current()->size() == 219);
  CHECK_FALSE(place.publisher->current()->find("p7"));
  place.check_equal_to_store();
  const auto caught_up = place.answers();

  std::filesystem::remove_all(place.folder.path() / "index");
  place.reopen();
  CHECK(place.report.rebuilt);
  CHECK(place.answers() == caught_up);
}

TEST_CASE("publisher: a damaged, short, foreign or too new file is never served", "[publisher]") {
  Place place;
  place.publisher->wait_for(place.put(place.draw_many(300)), 5s);
  REQUIRE(place.publisher->save());
  const auto expected = place.answers();
  const std::filesystem::path index = place.folder.path() / "index";
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::directory_iterator(index))
    if (entry.path().extension() == ".seg") file = entry.path();
  REQUIRE(std::filesystem::exists(file));

  const auto check_rebuilt = [&](const std::string& reason) {
    place.reopen();
    CHECK(place.report.rebuilt);
    CHECK_THAT(place.report.what, Catch::Contains(reason));
    CHECK(place.answers() == expected);
    place.check_equal_to_store();
    std::filesystem::remove_all(index);
    place.reopen();
    REQUIRE(place.publisher->save());
  };

  SECTION("a flipped byte") {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(static_cast<std::streamoff>(std::filesystem::file_size(file) / 2));
    stream.put('\x55').put('\xaa');
    stream.close();
    check_rebuilt("damaged (checksum of the");
  }
  SECTION("a short file") {
    std::filesystem::resize_file(file, 5000);
    check_rebuilt("damaged (the file is short");
  }
  SECTION("an absent file") {
    std::filesystem::remove(file);
    check_rebuilt("damaged (the file is absent");
  }
  SECTION("newer than the store") {
    const std::filesystem::path copy = place.folder.path() / "kept";
    std::filesystem::copy(index, copy);
    Place other;
    other.publisher->wait_for(other.put(place.draw_many(5)), 5s);
    const auto fewer = other.answers();
    std::filesystem::copy(copy, other.folder.path() / "index");
    other.reopen();
    CHECK(other.report.rebuilt);
    CHECK_THAT(other.report.what, Catch::Contains("newer than the store"));
    CHECK(other.answers() == fewer);
  }
  SECTION("of other profiles at a lower sequence") {
    const std::filesystem::path copy = place.folder.path() / "kept";
    std::filesystem::copy(index, copy);
    Place other;
    for (int i = 0; i < 5; ++i) other.put(other.draw_many(100, "other"));
    other.publisher->wait_for(other.store->sequence(), 5s);
    const auto theirs = other.answers();
    std::filesystem::remove_all(other.folder.path() / "index");
    std::filesystem::copy(copy, other.folder.path() / "index");
    other.reopen();
    CHECK(other.answers() == theirs);
    other.check_equal_to_store();
  }
}

TEST_CASE("publisher: vectors of another model are left out and made anew", "[publisher]") {
  Place place;
  place.publisher->wait_for(place.put(place.draw_many(40)), 5s);
  REQUIRE(place.publisher->save());
  const FakeEmbedder newer("fake-2");
  place.publisher.reset();
  OpenReport report;
  const auto publisher = Publisher::open(*place.store, real_taxonomy(), newer, &report).value();
  CHECK(report.rebuilt);
  CHECK_THAT(report.what, Catch::Contains("of another text model"));
  const std::uint64_t start = place.store->sequence();
  // Each profile's new vectors are one change.
  std::uint64_t target = start;
  while (publisher->awaiting_embedding() > 0) {
    REQUIRE(publisher->wait_for(++target, 10s));
    REQUIRE(target <= start + 40);
  }
  CHECK(publisher->current()->size() == 40);
  const auto verified = publisher->verify();
  REQUIRE(verified);
  CHECK(verified->difference_count == 0);
  CHECK(verified->awaiting == 0);
}

TEST_CASE("publisher: a profile stored without vectors waits until it has them", "[publisher]") {
  Place place;
  std::vector<Write> writes;
  for (const Profile& profile : place.draw_many(3)) writes.push_back({Write::Kind::kPut, profile, std::nullopt, {}});
  const std::uint64_t stored = place.written(writes);
  REQUIRE(place.publisher->wait_for(stored + 3, 10s));  // one change more each: its vectors
  CHECK(place.publisher->awaiting_embedding() == 0);
  CHECK(place.publisher->current()->size() == 3);
  place.check_equal_to_store();
}

TEST_CASE("publisher: while the base is made anew, changes go on and none is lost", "[publisher]") {
  Place place;
  for (int round = 0; round < 12; ++round) {
    place.put(place.draw_many(1000, "r" + std::to_string(round) + "-"));
    place.erase("r" + std::to_string(round) + "-5");
    if (round > 0) place.put(place.draw_many(50, "r" + std::to_string(round - 1) + "-"));
    REQUIRE(place.publisher->wait_for(place.store->sequence(), 10s));
  }
  CHECK(place.publisher->current()->size() == place.store->size());
  place.check_equal_to_store();
  REQUIRE(place.publisher->save());
  const auto before = place.answers();
  place.reopen();
  CHECK_FALSE(place.report.rebuilt);
  CHECK(place.answers() == before);
}

TEST_CASE("publisher: verify names a profile whose index differs from the store", "[publisher]") {
  Place place;
  const std::vector<Profile> profiles = place.draw_many(20);
  place.put(profiles);
  const auto check_found = [&](const std::string& what, const std::function<void(Profile&, Embedding&)>& plant) {
    SegmentBuilder builder(64);
    for (const Profile& profile : profiles) {
      const StoredProfile stored = place.store->get(profile.id).value();
      Profile indexed = stored.profile;
      Embedding vectors = place.store->embedding(profile.id).value().value();
      if (profile.id == "p11") plant(indexed, vectors);
      builder.add(indexed, {stored.sequence, stored.version}, vectors, real_taxonomy(), accepted_day(stored.accepted_at));
    }
    const Snapshot snapshot({"fake-1", 64}, place.store->sequence(), {{builder.build(), nullptr}});
    VerifyReport counts;
    const auto found = compare_with_store(snapshot, *place.store, real_taxonomy(), counts);
    REQUIRE(found);
    if (what.empty()) {
      CHECK(found->empty());
      return;
    }
    REQUIRE(found->size() == (what == "is stored but not indexed" ? 2 : 1));
    CHECK(found->front().id == "p11");
    CHECK(found->front().what == what);
  };
  check_found("", [](Profile&, Embedding&) {});
  check_found("has another title", [](Profile& profile, Embedding&) { profile.title += "!"; });
  check_found("has other traits", [](Profile& profile, Embedding&) { profile.trl = 5; });
  check_found("has other vectors", [](Profile&, Embedding& vectors) { vectors.values[70] ^= 1; });
  check_found("is found under a key that it does not have", [](Profile& profile, Embedding&) { profile.products = {"09"}; });
  check_found("is stored but not indexed", [](Profile& profile, Embedding&) { profile.id = "p11x"; });
}

TEST_CASE("publisher: fine vectors follow in the background, stay over a restart, and never mix with other models'",
          "[publisher]") {
  Place place;
  const FakeEmbedder fine("fine-1"), other("fine-2");
  const auto follow = [&](const Embedder* model) {
    place.publisher.reset();
    place.publisher = Publisher::open(*place.store, real_taxonomy(), place.embedder, &place.report, model).value();
  };
  const auto refined = [&] {
    for (int i = 0; i < 2000 && place.publisher->awaiting_fine() > 0; ++i) {
      const std::uint64_t now = place.store->sequence();
      place.publisher->wait_for(now + 1, 10ms);
    }
    return place.publisher->awaiting_fine() == 0;
  };
  follow(&fine);
  place.publisher->wait_for(place.put(place.draw_many(20)), 10s);
  REQUIRE(refined());
  place.check_equal_to_store();
  const std::uint64_t after = place.store->sequence();
  const auto seeker = place.publisher->current()->faces(0);
  REQUIRE(seeker.fine_offers.size() == 64);
  CHECK_FALSE(std::isnan(place.publisher->current()->compare(seeker, 1).fine_forward));

  REQUIRE(place.publisher->save());
  follow(&fine);
  CHECK(place.publisher->awaiting_fine() == 0);
  CHECK(place.store->sequence() == after);  // nothing was made twice

  follow(nullptr);
  place.check_equal_to_store();
  CHECK(std::isnan(place.publisher->current()->compare(seeker, 1).fine_forward));
  follow(&other);
  REQUIRE(refined());
  CHECK(place.store->sequence() > after);
  place.check_equal_to_store();
}
