// Makes the golden data directory of the present format: make_golden DIRECTORY. Run once when kStoreFormat is raised, into
// tests/index/golden/v<format>; OPTIONS-* and LOCK, which RocksDB makes anew, are then removed. What it holds is checked by
// golden_test.cpp, which opens each format's directory for good.
#include <iostream>

#include "index/standing/standing_queries.h"
#include "index/store/store.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"

using namespace counterpart::index;

namespace {

Write put(const std::string& id, const std::string& offers, const FakeEmbedder& embedder) {
  Write write;
  write.profile.id = id;
  write.profile.title = "Golden " + id;
  write.profile.country = "KE";
  write.profile.offers = offers;
  write.profile.contact.email = id + "@example.org";
  write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model());
  return write;
}

// g0..g9, of which g3 is replaced twice and g4 is withdrawn; g0 fits the standing query before, g5 after it is kept.
bool fill(Store& store) {
  const FakeEmbedder embedder;
  Programmes programmes;
  programmes["open"].slug = "open";
  const auto standing = StandingQueries::open(store, real_taxonomy(), programmes, embedder);
  if (!standing) return false;
  const auto stored = [&](Write write) { return store.write({&write, 1}).front().has_value(); };
  bool done = stored(put("g0", "solar pumps", embedder));
  StandingQuery query;
  query.text = "solar pumps";
  done = done && (*standing)->add(query);
  for (int i = 1; i < 10; ++i)
    done = done &&
           stored(put("g" + std::to_string(i), i == 5 ? "solar pumps" : "legal advice no. " + std::to_string(i), embedder));
  done = done && stored(put("g3", "legal advice, second", embedder)) && stored(put("g3", "legal advice, third", embedder));
  Write gone;
  gone.kind = Write::Kind::kErase;
  gone.profile.id = "g4";
  return done && stored(gone);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto store = Store::open(argv[1]);
  const bool done = store && fill(**store);
  std::cout << (done ? "made\n" : "failed\n");
  return done ? 0 : 1;
}
