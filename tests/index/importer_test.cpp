#include "index/importer.h"

#include <atomic>

#include "index/store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart;

namespace {

std::string row(const std::string& id, const std::string& title = "Solar pumps", const std::string& more = "") {
  const std::string member = id.empty() ? "" : "\"id\":\"" + id + "\",";
  return "{" + member + "\"kind\":\"company\",\"title\":\"" + title + "\",\"offers\":\"pumps\",\"country\":\"KE\"" +
         more + "}\n";
}

class CountingEmbedder : public FakeEmbedder {
 public:
  std::vector<float> embed(std::string_view text, std::string_view hint) const override {
    ++embedded;
    return FakeEmbedder::embed(text, hint);
  }
  std::string detect(std::string_view) const override { return language; }
  std::string language = "en";
  mutable std::atomic<int> embedded{0};
};

struct Place {
  Place() : store(std::move(Store::open(folder.path() / "data")).value()) {}
  Result<ImportProgress> import(const std::string& name, const std::string& text, ImportOptions options = {},
                                ImportProgress* progress = nullptr) {
    refused.clear();
    options.on_refused = [this](std::uint64_t line, const Error& error) { refused.emplace_back(line, error.place); };
    return import_file(folder.file(name, text), *store, real_taxonomy(), embedder, options, progress);
  }
  TempFolder folder;
  std::unique_ptr<Store> store;
  CountingEmbedder embedder;
  std::vector<std::pair<std::uint64_t, std::string>> refused;
};

}  // namespace

TEST_CASE("import: rows are accepted or refused one by one, with line and member", "[import]") {
  Place place;
  const auto done = place.import("a.jsonl", row("a") + row("b", "Pumps", ",\"colour\":1") + "\nnot json\n" + row("c"));
  REQUIRE(done);
  CHECK(done->accepted == 2);
  CHECK(done->created == 2);
  CHECK(done->refused == 2);
  CHECK(done->bytes_read == done->bytes_total);
  REQUIRE(place.refused.size() == 2);
  CHECK(place.refused[0] == std::pair<std::uint64_t, std::string>(2, "colour"));
  CHECK(place.refused[1].first == 4);
  CHECK(place.store->size() == 2);
  CHECK((*place.store->embedding("c"))->model == "fake-1");
  CHECK(place.store->get("a")->profile.lang == "en");
}

TEST_CASE("import: the same file again changes nothing and embeds nothing", "[import]") {
  Place place;
  std::string text;
  for (int i = 0; i < 700; ++i) text += row("p" + std::to_string(i), "Pump " + std::to_string(i));
  text += row("", "Without an id");
  REQUIRE(place.import("a.jsonl", text));
  const auto sequence = place.store->sequence();
  place.embedder.embedded = 0;
  const auto again = place.import("a.jsonl", text);
  REQUIRE(again);
  CHECK(again->unchanged == 701);
  CHECK(again->accepted == 701);
  CHECK(place.embedder.embedded == 0);
  CHECK(place.store->sequence() == sequence);
}

TEST_CASE("import: a changed row replaces its profile", "[import]") {
  Place place;
  REQUIRE(place.import("a.jsonl", row("a") + row("b")));
  const auto done = place.import("a.jsonl", row("a", "Wind pumps") + row("b"));
  CHECK(done->replaced == 1);
  CHECK(done->unchanged == 1);
  CHECK(place.store->get("a")->version == 2);
}

TEST_CASE("import: of rows with one id the last one stays, with its vectors", "[import]") {
  Place place;
  REQUIRE(place.import("a.jsonl", row("a", "First")));
  const auto done = place.import("a.jsonl", row("a", "Second") + row("a", "First") + row("b"));
  REQUIRE(done);
  CHECK(done->accepted == 3);
  CHECK(place.store->get("a")->profile.title == "First");
  CHECK(place.store->get("a")->version == 3);
  CHECK(place.store->embedding("a")->has_value());
  REQUIRE(place.import("b.jsonl", row("a", "Second") + row("a", "First") + row("a", "Third")));
  CHECK(place.store->get("a")->profile.title == "Third");
}

TEST_CASE("import: rows are written in the order of the file", "[import]") {
  Place place;
  std::string text;
  for (int i = 0; i < 1000; ++i) text += row("p" + std::to_string(i));
  REQUIRE(place.import("a.jsonl", text, {.threads = 4}));
  const auto changes = place.store->changes(0, 2000);
  REQUIRE(changes->size() == 1000);
  bool ordered = true;
  for (std::size_t i = 0; i < 1000; ++i) ordered = ordered && changes->at(i).id == "p" + std::to_string(i);
  CHECK(ordered);
  CHECK(place.store->syncs() < 100);
}

TEST_CASE("import: a new model embeds everything anew without new versions", "[import]") {
  Place place;
  REQUIRE(place.import("a.jsonl", row("a")));
  REQUIRE(import_file(place.folder.path() / "a.jsonl", *place.store, real_taxonomy(), FakeEmbedder("fake-2")));
  CHECK((*place.store->embedding("a"))->model == "fake-2");
  CHECK(place.store->get("a")->version == 1);
}

TEST_CASE("import: a language that cannot be told stays empty, a stated one is kept", "[import]") {
  Place place;
  place.embedder.language = "und";
  REQUIRE(place.import("a.jsonl", row("a") + row("b", "Pumps", ",\"lang\":\"fr\"")));
  CHECK(place.store->get("a")->profile.lang.empty());
  CHECK(place.store->get("b")->profile.lang == "fr");
}

TEST_CASE("import: a dry run counts, refuses and writes nothing", "[import]") {
  Place place;
  REQUIRE(place.import("a.jsonl", row("a")));
  place.embedder.embedded = 0;
  const auto sequence = place.store->sequence();
  const auto done = place.import("b.jsonl", row("a") + row("b") + row("c", ""), {.dry_run = true});
  REQUIRE(done);
  CHECK(done->unchanged == 1);
  CHECK(done->created == 1);
  CHECK(done->refused == 1);
  CHECK(place.embedder.embedded == 0);
  CHECK(place.store->sequence() == sequence);
}

TEST_CASE("import: a fault of the file ends it after the rows before", "[import]") {
  Place place;
  ImportProgress progress;
  const auto done = place.import("a.xml",
                                 "<iati-activities><iati-activity><iati-identifier>X</iati-identifier><title>"
                                 "<narrative>Pumps</narrative></title><description><narrative>More pumps</narrative>"
                                 "</description><recipient-country code='KE'/></iati-activity><broken",
                                 {}, &progress);
  REQUIRE_FALSE(done);
  CHECK(done.error().place == "a.xml, line 1");
  CHECK(progress.created == 1);
  CHECK(place.store->get("iati:X"));
  CHECK(place.import("a.txt", "").error().code == ErrorCode::kUnsupported);
}

TEST_CASE("import: stops when it is cancelled, and what was counted is stored", "[import]") {
  Place place;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += row("p" + std::to_string(i));
  int asked = 0;
  const auto done = place.import("a.jsonl", text, {.cancelled = [&] { return ++asked > 3; }});
  REQUIRE(done);
  CHECK(done->accepted > 0);
  CHECK(done->accepted < 5000);
  CHECK(place.store->size() == done->accepted);
}

TEST_CASE("import: a public export taken in again keeps what it could not hold", "[import]") {
  Place place;
  const std::string contact = R"(,"contact":{"person":"Person One"},"organisation":{"legal_name":"One Ltd"})";
  const auto kept = [&] {
    const Profile now = place.store->get("a", true)->profile;
    return now.contact.person + "/" + now.organisation.legal_name.value_or("");
  };
  REQUIRE(place.import("a.jsonl", row("a", "Solar pumps", contact)));
  CHECK(place.import("b.jsonl", row("a"))->unchanged == 1);
  CHECK(place.import("b.jsonl", row("a", "Wind pumps"))->replaced == 1);
  CHECK(kept() == "Person One/One Ltd");
  CHECK(place.import("c.csv", "id,kind,title,country,offers\na,company,Wind pumps,KE,valves\n")->replaced == 1);
  CHECK(kept() == "Person One/One Ltd");
  CHECK(place.import("d.jsonl", row("a", "Wind pumps", R"(,"contact":null)"))->replaced == 1);
  CHECK(kept() == "/One Ltd");
  CHECK(place.import("d.jsonl", row("a", "Wind pumps"), {.replace_private = true})->replaced == 1);
  CHECK(kept() == "/");
}
