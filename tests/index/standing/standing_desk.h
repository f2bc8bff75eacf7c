// A store with standing queries beside it, for their tests: profiles and queries in a line each.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "index/standing/standing_marks.h"
#include "index/standing/standing_queries.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {

constexpr std::int32_t kToday = 20'000;  // 2024-10-04

inline const Programmes& programmes() {
  static const Programmes loaded = load_programmes(COUNTERPART_SOURCE_DIR "/datasets/programmes", real_taxonomy()).value();
  return loaded;
}

inline Profile profile(std::string id, std::string offers = "solar pumps", std::string country = "KE") {
  Profile made;
  made.id = std::move(id);
  made.title = "Pumps";
  made.offers = std::move(offers);
  made.country = std::move(country);
  made.contact.phone = "+254 700";
  return made;
}

inline StandingQuery seeking(std::string text, Conditions where = {}) {
  StandingQuery query;
  query.text = std::move(text);
  query.where = std::move(where);
  return query;
}

inline Condition condition(std::string field, std::vector<std::string> values) {
  return {std::move(field), std::move(values), false, Condition::Owner::kRequest};
}

// A directory, its store and its queries, opened again at will.
struct Desk {
  TempFolder folder;
  FakeEmbedder embedder;
  std::int32_t today = kToday;
  std::unique_ptr<Store> store;
  std::unique_ptr<StandingQueries> standing;

  explicit Desk(std::string model = "fake-1") : embedder(std::move(model)) { open(); }
  ~Desk() { standing.reset(); }
  void open(bool with_queries = true) {
    standing.reset();
    store.reset();
    store = std::move(Store::open(folder.path() / "data").value());
    if (with_queries) watch();
  }
  void watch() {
    standing =
        std::move(StandingQueries::open(*store, real_taxonomy(), programmes(), embedder, [this] { return today; }).value());
  }

  Embedding vectors(const Profile& made) const { return quantise(embed_faces(made, embedder), embedder.model()); }
  Write write(Profile made, bool with_vectors = true) const {
    Write write;
    write.profile = std::move(made);
    if (with_vectors) write.embedding = vectors(write.profile);
    return write;
  }
  Written put(Profile made, bool with_vectors = true) {
    Write one = write(std::move(made), with_vectors);
    const auto written = store->write({&one, 1}).front();
    REQUIRE(written);
    return *written;
  }
  void erase(std::string id) {
    Write one;
    one.kind = Write::Kind::kErase;
    one.profile.id = std::move(id);
    REQUIRE(store->write({&one, 1}).front());
  }
  // Erased and put again in one batch.
  void renew(Profile made, bool with_vectors = true) {
    std::vector<Write> both{{}, write(std::move(made), with_vectors)};
    both[0].kind = Write::Kind::kErase;
    both[0].profile.id = both[1].profile.id;
    for (const auto& written : store->write(both)) REQUIRE(written);
  }
  std::string add(StandingQuery query) {
    const auto added = standing->add(std::move(query));
    REQUIRE(added);
    return added->query.id;
  }
  std::vector<Alert> alerts(std::string_view query = {}) const {
    const auto page = standing->alerts(query, 0, 1'000'000);
    REQUIRE(page);
    return page->alerts;
  }
  std::size_t marks() const {
    std::size_t count = 0;
    MarkCursor marks(store->database());
    for (; marks.valid(); marks.next()) ++count;
    REQUIRE(marks.status());
    return count;
  }
};

}  // namespace counterpart::index
