// Vectors that are made in the background while profiles are replaced or the text model fails; faults.cpp has the disk that
// refuses.
#include <atomic>
#include <mutex>
#include <new>
#include <stdexcept>

#include "index/snapshot/publisher.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/gated_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;
using namespace std::chrono_literals;

namespace {

// A text model that fails so many times, in one of the ways in which a library does.
class FailingEmbedder : public FakeEmbedder {
 public:
  FailingEmbedder(std::string model, int times) : FakeEmbedder(std::move(model)), left_(times) {}

  std::vector<float> embed(std::string_view text, std::string_view language) const override {
    if (const int left = left_--; left > 0) left % 2 == 0 ? throw std::bad_alloc() : throw std::runtime_error("private words");
    return FakeEmbedder::embed(text, language);
  }

 private:
  mutable std::atomic<int> left_;
};

struct Place {
  std::uint64_t put(const Profile& profile, bool vectors = true) {
    std::vector<Write> writes(1);
    writes[0].profile = profile;
    if (vectors) writes[0].embedding = quantise(embed_faces(profile, fast), fast.model());
    for (const Result<Written>& verdict : store->write(writes)) REQUIRE(verdict);
    return store->sequence();
  }
  std::unique_ptr<Publisher> follow(const Embedder& model, const Embedder* fine) {
    return Publisher::open(*store, real_taxonomy(), model, nullptr, fine).value();
  }

  TempFolder folder;
  FakeEmbedder fast{"fake-1"};
  Draw draw{5};
  std::unique_ptr<Store> store = Store::open(folder.path()).value();
};

// Until nobody waits for vectors, or for ten seconds.
bool all_made(const Publisher& publisher, const Store& store) {
  for (int i = 0; i < 1000; ++i) {
    if (publisher.awaiting_fine() + publisher.awaiting_embedding() == 0) return true;
    publisher.wait_for(store.sequence() + 1, 10ms);
  }
  return false;
}

}  // namespace

TEST_CASE("publisher: a profile replaced while its fine vectors are made gets those of its new text", "[publisher]") {
  Place place;
  GatedEmbedder fine("fine-1");
  const auto publisher = place.follow(place.fast, &fine);
  Profile profile = place.draw.profile("p1");
  profile.offers = "solar pumps";
  REQUIRE(publisher->wait_for(place.put(profile), 10s));
  REQUIRE(fine.somebody_waits());
  profile.offers = "diesel mills";
  REQUIRE(publisher->wait_for(place.put(profile), 10s));
  fine.open();

  REQUIRE(all_made(*publisher, *place.store));
  const auto vectors = place.store->embedding("p1").value().value();
  Embedding expected = quantise(embed_faces(place.store->get("p1")->profile, place.fast), "fake-1");
  add_fine(expected, embed_faces(place.store->get("p1")->profile, FakeEmbedder("fine-1")), "fine-1");
  CHECK(vectors.fine_values == expected.fine_values);
  CHECK(publisher->verify()->difference_count == 0);
}

TEST_CASE("publisher: a profile replaced while its first vectors are made is matched by its new text", "[publisher]") {
  Place place;
  GatedEmbedder model("fake-1");
  const auto publisher = place.follow(model, nullptr);
  Profile profile = place.draw.profile("p1");
  REQUIRE(publisher->wait_for(place.put(profile, false), 10s));
  REQUIRE(model.somebody_waits());
  profile.offers = "diesel mills";
  REQUIRE(publisher->wait_for(place.put(profile, false), 10s));
  model.open();

  REQUIRE(all_made(*publisher, *place.store));
  CHECK(publisher->current()->find("p1"));
  CHECK(publisher->verify()->difference_count == 0);
}

TEST_CASE("publisher: a text model that throws ends nothing, and is asked again", "[publisher]") {
  Place place;
  const FailingEmbedder model("fake-1", 3), fine("fine-1", 3);
  const auto publisher = place.follow(model, &fine);
  std::mutex mutex;
  std::vector<Error> told;
  publisher->on_trouble([&](const Error& error) {
    const std::scoped_lock lock(mutex);
    told.push_back(error);
  });
  place.put(place.draw.profile("p1"), false);
  place.put(place.draw.profile("p2"));
  REQUIRE(publisher->wait_for(place.store->sequence(), 10s));
  CHECK(all_made(*publisher, *place.store));
  CHECK(publisher->current()->size() == 2);
  publisher->on_trouble({});
  const std::scoped_lock lock(mutex);
  CHECK(told.size() >= 2);
  for (const Error& error : told) CHECK(describe(error).find("private words") == std::string::npos);
}

TEST_CASE("publisher: refine() counts those alone that have their vectors, and ends where it can make none", "[publisher]") {
  Place place;
  for (int i = 0; i < 20; ++i) place.put(place.draw.profile("p" + std::to_string(i)));
  const FailingEmbedder fine("fine-1", 5);
  const auto publisher =
      Publisher::open(*place.store, real_taxonomy(), place.fast, nullptr, &fine, Refining::kWhenAsked).value();
  const auto go_on = [](std::uint64_t, std::uint64_t) { return true; };
  const std::uint64_t first = publisher->refine(go_on);
  CHECK(first < 20);
  CHECK(publisher->awaiting_fine() == 20 - first);
  std::uint64_t made = first;
  for (int i = 0; i < 10 && made < 20; ++i) made += publisher->refine(go_on);
  CHECK(made == 20);
  CHECK(publisher->awaiting_fine() == 0);
}

TEST_CASE("publisher: references get vectors of their own, and a changed one those of its profile anew", "[publisher]") {
  Place place;
  const FakeEmbedder fine("fine-1");
  const auto publisher = place.follow(place.fast, &fine);
  Profile one = place.draw.profile("p1"), other = place.draw.profile("p2");
  one.references = {{"ice plant", "", "", {}, ""}, {"dam", "a dam of earth", "", {}, ""}};
  other.references = {{"mill", "", "", {}, ""}};
  place.put(one);
  REQUIRE(publisher->wait_for(place.put(other), 10s));
  REQUIRE(all_made(*publisher, *place.store));
  const Embedding before = place.store->embedding("p1").value().value();
  const Embedding others = place.store->embedding("p2").value().value();
  REQUIRE(before.references.size() == 2);
  CHECK(others.references.size() == 1);
  CHECK(publisher->verify()->difference_count == 0);

  const std::uint64_t sequence = place.store->get("p2")->sequence;
  one.references[1].text = "a dam of concrete";
  REQUIRE(publisher->wait_for(place.put(one), 10s));
  REQUIRE(all_made(*publisher, *place.store));
  const Embedding after = place.store->embedding("p1").value().value();
  REQUIRE(after.references.size() == 2);
  CHECK(after.references[0] == before.references[0]);
  CHECK(after.references[1] != before.references[1]);
  CHECK(place.store->get("p2")->sequence == sequence);
  CHECK(publisher->verify()->difference_count == 0);

  one.references.clear();
  REQUIRE(publisher->wait_for(place.put(one), 10s));
  REQUIRE(all_made(*publisher, *place.store));
  CHECK(place.store->embedding("p1").value().value().references.empty());
  CHECK(publisher->verify()->difference_count == 0);
}
