#include "index/snapshot/snapshot_builder.h"

#include "index/store/database.h"
#include "tests/index/random_profiles.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

struct Place {
  void put(const std::string& id, const std::string& title) {
    std::vector<Write> writes(1);
    writes[0].profile = draw.profile(id);
    writes[0].profile.title = title;
    writes[0].embedding = quantise(embed_faces(writes[0].profile, embedder), embedder.model());
    for (const Result<Written>& verdict : store->write(writes)) REQUIRE(verdict);
  }
  // What is there at `id`, in place of which `bytes` are put: as if the disk read wrong.
  std::string exchange(Family family, const std::string& id, const std::string& bytes) {
    std::string before = store->database().get(family, id).value().value();
    REQUIRE(store->run_exclusively([&](Database& database) { return database.write({{family, id, bytes}}); }));
    return before;
  }

  TempFolder folder;
  FakeEmbedder embedder{"fake-1"};
  Draw draw{3};
  std::unique_ptr<Store> store = Store::open(folder.path()).value();
};

}  // namespace

TEST_CASE("snapshot builder: a profile that cannot be read stays as it was until it can", "[snapshot_builder]") {
  Place place;
  place.put("p1", "Before");
  place.put("p2", "Before");
  SnapshotBuilder builder(*place.store, real_taxonomy(), {"fake-1", 64});
  REQUIRE(builder.rebuild());
  const Family family = GENERATE(Family::kProfiles, Family::kEmbeddings);
  place.put("p1", "After");
  place.put("p2", "After");
  const std::string right = place.exchange(family, "p1", "?");

  const std::uint64_t before = builder.sequence();
  REQUIRE_FALSE(builder.advance(100));
  CHECK(builder.sequence() == before);
  const auto kept = builder.snapshot();
  CHECK(kept->size() == 2);
  REQUIRE(kept->find("p1"));
  CHECK(kept->title(*kept->find("p1")) == "Before");

  place.exchange(family, "p1", right);
  REQUIRE(builder.advance(100));
  const auto now = builder.snapshot();
  CHECK(now->size() == 2);
  CHECK(now->title(*now->find("p1")) == "After");
  CHECK(now->title(*now->find("p2")) == "After");
}
