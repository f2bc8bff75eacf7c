#include "index/import/importer.h"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <future>
#include <span>
#include <thread>

#include "index/import/import_seen.h"
#include "index/store/store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/taxonomy.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

std::string row(const std::string& id, const std::string& title = "Solar pumps", const std::string& more = "") {
  const std::string member = id.empty() ? "" : "\"id\":\"" + id + "\",";
  return "{" + member + "\"kind\":\"company\",\"title\":\"" + title + "\",\"offers\":\"pumps\",\"country\":\"KE\"" + more +
         "}\n";
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
    options.on_refused = [this](std::uint64_t line, std::span<const Error> faults) {
      refused.emplace_back(line, faults.front().place);
    };
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

TEST_CASE("import: of rows with one id in a file the first counts and the others are refused, in every format", "[import]") {
  const std::string csv = "id,kind,title,country,offers\na,company,First,KE,p\na,company,Second,KE,p\nb,company,B,KE,p\n";
  const std::string activity =
      "<iati-activity><iati-identifier>a</iati-identifier><title><narrative>T</narrative></title><description><narrative>D"
      "</narrative></description><recipient-country code='KE'/></iati-activity>";
  const auto [name, text] = GENERATE_COPY(table<std::string, std::string>({
      {"a.jsonl", row("a", "First") + row("a", "Second") + row("b")},
      {"a.csv", csv},
      {"a.xml", "<iati-activities>" + activity + activity + "</iati-activities>"},
  }));
  CAPTURE(name);
  Place place;
  const auto dry = place.import(name, text, {.dry_run = true});
  const auto told = place.refused;
  const auto done = place.import(name, text);
  REQUIRE(done);
  CHECK(place.refused.size() == 1);
  CHECK(place.refused == told);
  CHECK(place.refused[0].second == "id");
  CHECK(done->created == dry->created);
  CHECK(done->refused == dry->refused);
  if (name != "a.xml") CHECK(place.store->get("a")->profile.title == "First");
}

TEST_CASE("import: in what a file was read is told, even where its first row is refused", "[import]") {
  Place place;
  std::vector<std::string> told;
  const auto done = place.import("a.csv", "kind;title;country;offers\ncompany;Fa\xE7on cr\xEApe;XX;p\ncompany;B;KE;p\n",
                                 {.on_remark = [&](std::uint64_t, std::span<const Error> errors) {
                                   for (const Error& error : errors) told.push_back(describe(error));
                                 }});
  CHECK(done->refused == 1);
  CHECK(done->remarked == 0);
  REQUIRE(told.size() == 1);
  CHECK_THAT(told[0], Catch::Contains("windows-1252"));
}

TEST_CASE("import: a second row of an id is taken where the first was refused, and in another file", "[import]") {
  Place place;
  CHECK(place.import("a.jsonl", row("a", "First", ",\"colour\":1") + row("a", "Second"))->created == 1);
  CHECK(place.import("b.jsonl", row("a", "Third"))->replaced == 1);
}

TEST_CASE("import: rows without an id that say the same are one, unless their private members differ", "[import]") {
  Place place;
  const std::string same = row("", "Pumps"), other = row("", "Pumps", ",\"contact\":{\"person\":\"Somebody\"}");
  const auto dry = place.import("a.jsonl", same + same + other, {.dry_run = true});
  const auto done = place.import("a.jsonl", same + same + other);
  CHECK(done->created == 1);
  CHECK(done->unchanged == 1);
  CHECK(done->refused == 1);
  CHECK(place.refused[0].first == 3);
  CHECK(dry->created == 1);
  CHECK(dry->unchanged == 1);
  CHECK(dry->refused == 1);
}

TEST_CASE("import: a dry run over several files counts as the run does", "[import]") {
  const std::string first = row("a") + row("b"), second = row("a", "Wind pumps") + row("b") + row("c");
  Place place;
  RowsMet rehearsed;
  CHECK(place.import("a.jsonl", first, {.dry_run = true, .rehearsed = &rehearsed})->created == 2);
  const auto dry = place.import("b.jsonl", second, {.dry_run = true, .rehearsed = &rehearsed});
  REQUIRE(place.import("a.jsonl", first));
  const auto done = place.import("b.jsonl", second);
  for (const auto* counts : {&*dry, &*done}) {
    CHECK(counts->replaced == 1);
    CHECK(counts->unchanged == 1);
    CHECK(counts->created == 1);
  }
}

TEST_CASE("import: what was mended or is to be known of a row is told, and the row taken", "[import]") {
  Place place;
  std::vector<std::pair<std::uint64_t, std::string>> remarks;
  const auto done = place.import("a.jsonl", row("a") + row("b", "Solar\\u0092s pumps", ",\"valid_until\":\"2001-01-01\""),
                                 {.on_remark = [&](std::uint64_t line, std::span<const Error> errors) {
                                   for (const Error& error : errors) remarks.emplace_back(line, error.place);
                                 }});
  CHECK(done->accepted == 2);
  CHECK(done->remarked == 1);
  CHECK(place.store->get("b")->profile.title == "Solars pumps");
  CHECK(remarks == std::vector<std::pair<std::uint64_t, std::string>>{{2, "title"}, {2, "valid_until"}});
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
  const auto done = place.import("a.jsonl", text, {.threads = 2, .cancelled = [&] { return place.embedder.embedded > 600; }});
  REQUIRE(done);
  CHECK(done->accepted < 5000);
  CHECK(place.store->size() == done->accepted);
}

TEST_CASE("import: a pipe is read as it comes, and stops at once when nothing comes any more", "[import]") {
  Place place;
  const auto pipe = place.folder.path() / "pipe.jsonl";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::promise<void> read;
  std::atomic<bool> written = false;
  std::thread writer([&] {
    std::ofstream out(pipe, std::ios::binary);
    out << row("a") << "{\"id\":\"torn";
    out.flush();
    written = true;
    read.get_future().wait();  // the pipe stays open, and nothing more comes
  });
  const auto done = import_file(pipe, *place.store, real_taxonomy(), place.embedder,
                                {.threads = 1, .cancelled = [&] { return written.load(); }});
  read.set_value();
  writer.join();
  REQUIRE(done);
  CHECK(done->accepted <= 1);
  CHECK(done->refused == 0);  // a row that was torn is neither
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
