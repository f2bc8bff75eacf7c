// In which order a search by words finds profiles, over an index of the real kind.
#include "server/service/service_search.h"

#include <set>

#include "engine/base/language_tag.h"
#include "index/segment/segment.h"
#include "index/snapshot/snapshot.h"
#include "index/vector/embedding.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {
namespace {

struct Entry {
  std::string id, title, offers;
};

class Index {
 public:
  explicit Index(const std::vector<Entry>& profiles) {
    SegmentBuilder builder(static_cast<std::uint32_t>(embedder_.dimensions()));
    for (const auto& [id, title, offers] : profiles) {
      Profile profile;
      profile.id = id;
      profile.title = title;
      profile.offers = offers;
      profile.country = "KE";
      profile.lang = "en";
      builder.add(profile, {1, 1}, quantise(embed_faces(profile, embedder_), embedder_.model()), real_taxonomy());
    }
    snapshot_.emplace(SnapshotModels{embedder_.model(), static_cast<std::uint32_t>(embedder_.dimensions())}, 1,
                      std::vector<LiveSegment>{{builder.build(), nullptr}});
  }

  SearchAnswer search(SearchCall call) const {
    const auto answer = search_profiles(*snapshot_, real_taxonomy(), embedder_, call, 0);
    REQUIRE(answer);
    return *answer;
  }
  std::vector<std::string> ids(const std::string& q) const {
    SearchCall call;
    call.q = q;
    std::vector<std::string> ids;
    for (const SearchHit& hit : search(call).hits) ids.push_back(hit.id);
    return ids;
  }

 private:
  FakeEmbedder embedder_;
  std::optional<Snapshot> snapshot_;
};

std::vector<Entry> some() {
  return {{"k:1", "Lakeshore Cold Ltd", "ice makers for boats"},
          {"k:2", "Lakeshore Mills", "lakeshore cold storage of grain"},
          {"k:3", "Shore Logistics", "we serve lakeshore and cold"},
          {"k:4", "Énergie d'Avenir SARL", "solar pumps"},
          {"k:5", "Gazprom Export", "gas"},
          {"k:6", "ice", "zirconium crucibles"}};
}

}  // namespace

TEST_CASE("search: whom the words name comes first, then whose text holds them, then who is like them", "[search]") {
  const Index index(some());
  CHECK(index.ids("Lakeshore Cold").front() == "k:1");
  CHECK(index.ids("LAKESHORE COLD LTD.").front() == "k:1");
  CHECK(index.ids("lakeshor cold").front() == "k:1");
  CHECK(index.ids("energie d’avenir").front() == "k:4");
  CHECK(index.ids("E\u0301nergie d'Avenir").front() == "k:4");
  CHECK(index.ids("газпром экспорт").front() == "k:5");
  CHECK(index.ids("k:5").front() == "k:5");
  CHECK(index.ids("K:5").front() == "k:5");
  CHECK(index.ids("zirconium").front() == "k:6");
  CHECK(index.ids("crucible").front() == "k:6");
  SearchCall call;
  call.q = "lakeshore cold";
  const SearchAnswer answer = index.search(call);
  REQUIRE(answer.hits.size() == 6);
  CHECK(answer.total == 6);
  CHECK(answer.hits[0].found_by == "name");
  CHECK(answer.hits[1].found_by == "words");
  CHECK(answer.hits[2].found_by == "words");
  CHECK(answer.hits[3].found_by == "meaning");
}

TEST_CASE("search: pages of a search by words neither repeat nor skip", "[search]") {
  std::vector<Entry> many = some();
  for (int i = 0; i < 60; ++i)
    many.push_back({"m:" + std::to_string(i), i % 3 == 0 ? "Lakeshore Unit " + std::to_string(i) : "Unit " + std::to_string(i),
                    i % 2 == 0 ? "cold rooms" : "mills of lakeshore"});
  const Index index(many);
  for (const std::string q : {"lakeshore cold", "lakeshor", "pumps"}) {
    SearchCall call;
    call.q = q;
    call.limit = 250;
    const SearchAnswer whole = index.search(call);
    call.limit = 7;
    std::vector<std::string> walked;
    do {
      const SearchAnswer page = index.search(call);
      for (const SearchHit& hit : page.hits) walked.push_back(hit.id);
      call.cursor = page.next_cursor;
    } while (!call.cursor.empty());
    std::vector<std::string> at_once;
    for (const SearchHit& hit : whole.hits) at_once.push_back(hit.id);
    CHECK(walked == at_once);
    CHECK(std::set(walked.begin(), walked.end()).size() == many.size());
  }
}

TEST_CASE("search: a page goes on as it began, though a name has come meanwhile", "[search]") {
  SearchCall call;
  call.q = "lakeshor cold";
  call.limit = 1;
  const SearchAnswer first = Index(some()).search(call);
  call.cursor = first.next_cursor;
  call.limit = 20;
  std::vector<Entry> more = some();
  more.push_back({"k:7", "Lakeshor Bakery", "bread"});  // now the word is no slip of the pen
  std::set<std::string> rest;
  for (const SearchHit& hit : Index(more).search(call).hits) rest.insert(hit.id);
  for (const char* id : {"k:2", "k:3", "k:4", "k:5", "k:6"}) CHECK(rest.contains(id));
  CHECK_FALSE(rest.contains(first.hits.front().id));
}

}  // namespace counterpart::server
