// Makes the golden data directory of the present format: make_golden DIRECTORY. Run once when kStoreFormat is raised, into
// tests/index/golden/v<format>; OPTIONS-* and LOCK, which RocksDB makes anew, are then removed. What it holds is checked by
// golden_test.cpp, which opens each format's directory for good. v2-cases is of format 2, as it was when cases came to it.
#include <iostream>

#include "index/casework/case_store.h"
#include "index/standing/standing_queries.h"
#include "index/store/store.h"
#include "tests/engine/casework/network.h"
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
  write.profile.office = id == "g1" || id == "g4" ? "dakar" : id == "g2" ? "riyadh" : id == "g6" ? "vienna" : "";
  write.profile.capacity = 5;
  write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model());
  return write;
}

// Asked, answered and released with both keys; declined; asked and erased; and letters in each state.
class Casework {
 public:
  static std::unique_ptr<Casework> open(Store& store) {
    auto cases = CaseStore::open(store, clocks_of(shipped_world()), {}, kNow);
    if (!cases) return nullptr;
    DirectoryChange change;
    for (const Office& office : three_offices()) change.offices.push_back({office.id, office});
    for (const Desk& desk : their_desks()) change.desks.push_back({desk.id, desk});
    if (!(*cases)->change_offices(change, "golden", kNow)) return nullptr;
    return std::unique_ptr<Casework>(new Casework(std::move(*cases)));
  }
  bool fill() {
    const bool acted = ask("g1", "g2") && act(1, "awa", "note", with_note("a note of gold")) && act(1, "omar", "accept") &&
                       act(2, "awa", "release") && act(2, "omar", "release") && ask("g1", "g6") &&
                       act(3, "maier", "decline", with_reason("too_small")) && ask("g4", "g2");
    return acted && cases_->delivered(std::vector<Delivery>{{1}, {2, Delivery::Outcome::kRefused, "no such user"}}, kNow);
  }
  static inline const std::int64_t kNow = utc("2026-11-26", 10);

 private:
  explicit Casework(std::unique_ptr<CaseStore> cases) : cases_(std::move(cases)) {}
  bool done(ActRequest request, const std::string& desk, const std::string& verb, Said said) {
    request.desk = desk;
    request.verb = verb;
    request.said = std::move(said);
    request.who = "golden";
    return cases_->act(request, kNow).has_value();
  }
  bool ask(const std::string& from, const std::string& to) {
    ActRequest request;
    request.opens = NewCase{.kind = "interest", .programme = "open", .from = from, .to = to};
    return done(std::move(request), "awa", "send", cooperation_wanted());
  }
  bool act(int number, const std::string& desk, const std::string& verb, Said said = {}) {
    ActRequest request;
    request.case_id = "i-00000" + std::to_string(number);
    return done(std::move(request), desk, verb, std::move(said));
  }
  std::unique_ptr<CaseStore> cases_;
};

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
  const std::unique_ptr<Casework> casework = Casework::open(store);
  return done && casework && casework->fill() && stored(gone);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto store = Store::open(argv[1]);
  const bool done = store && fill(**store);
  std::cout << (done ? "made\n" : "failed\n");
  return done ? 0 : 1;
}
