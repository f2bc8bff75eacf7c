// A profile that is erased leaves nothing in the cases that it was a side of, and the other side is told.
#include <algorithm>

#include "index/erasure/erasures.h"
#include "index/store/commit_hook.h"
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

const std::string kPlanted = "the xylophonic valves of our partner leak";

bool anywhere(const Casebook& book, const std::string& word) {
  for (const auto& [key, value] : book.everything())
    if (key.find(word) != std::string::npos || value.find(word) != std::string::npos) return true;
  return false;
}

bool in_a_file(const std::filesystem::path& folder, const std::string& word) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && read_file(entry.path()).value().find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("cases: of an erased profile nothing is left, and the other side sees why and is told", "[casework][erasure]") {
  Casebook book;
  const std::string introduction = book.released(with_note(kPlanted));
  const std::string other = book.send("sn:dairy", "sa:fund");
  REQUIRE(anywhere(book, kPlanted));
  book.erase("sn:solar");
  CHECK_FALSE(anywhere(book, kPlanted));
  CHECK(book.cases->get(introduction, book.now).error().code == ErrorCode::kNotFound);
  const ErasedCase left = book.cases->erased(introduction).value().value();
  CHECK(left.kind == "introduction");
  CHECK(left.office == "riyadh");
  CHECK(left.desk == "omar");
  CHECK(left.profile == "sa:fund");
  CHECK(book.told(introduction) == std::vector<std::string>{"ended_by_erasure -> omar"});
  CHECK(book.told("i-000001").empty());  // it was closed
  CHECK(book.cases->open_cases() == 1);
  CHECK(book.cases->places_taken("sa:fund") == 0);
  CHECK(book.cases->desk("omar", book.now)->mine.count + book.cases->desk("omar", book.now)->waiting.count == 0);
  CHECK(book.sound());
  book.open();
  CHECK(book.cases->get(other, book.now));
  CHECK(book.cases->letters_to_send(book.now + 1, 100)->size() == book.letters().size());
  book.erase("sa:fund");
  CHECK(book.told(introduction).empty());  // nobody is left to be told
  CHECK(book.told(other) == std::vector<std::string>{"ended_by_erasure -> awa"});
  CHECK(book.cases->erased(introduction).value()->profile.empty());
  CHECK(book.sound());
  book.put("sn:solar", "dakar", 3);
  CHECK(book.send("sn:solar", "sa:works") == "i-000004");
}

TEST_CASE("cases: an erasure that is refused leaves them as they were", "[casework][erasure]") {
  struct Refusing : CommitHook {
    Status before_commit(const WriteGroup&, std::vector<Database::Edit>&) override {
      return fail(ErrorCode::kStorage, "test", "refused");
    }
  } refusing;
  Casebook book;
  const std::string id = book.send();
  const auto before = book.everything();
  book.store->add_commit_hook(refusing);
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = "sn:solar";
  CHECK_FALSE(book.store->write({&write, 1}).front());
  book.store->remove_commit_hook(refusing);
  CHECK(book.everything() == before);
  CHECK(book.cases->desk("noura", book.now)->mine.count == 1);
  CHECK(book.send("sn:dairy") == "i-000002");
  CHECK(book.act(id, "omar", "accept"));
}

TEST_CASE("cases: an erasure for good searches the files for what was said in cases, and finds nothing",
          "[casework][erasure]") {
  Casebook book;
  book.released(with_note(kPlanted));
  const auto erasures =
      Erasures::open(*book.store, {[] { return Status(); }, [](const std::string&) { return false; }, {}}).value();
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = "sa:fund";
  const auto erase = [&] {
    return erasures
        ->erase(
            {{"sa:fund", write}}, [](const ErasedProfile&, const std::string&) { return true; }, "token")
        .value();
  };
  CHECK(in_a_file(book.data, kPlanted));
  std::ofstream(book.data / "notes.txt") << kPlanted;
  CHECK_FALSE(erase().complete);
  std::filesystem::remove(book.data / "notes.txt");
  const ErasureReceipt receipt = erase();
  CHECK(receipt.complete);
  CHECK(std::ranges::any_of(receipt.places, [](const ErasurePlace& place) {
    return place.place.find("cases") != std::string::npos && place.verdict == "removed";
  }));
  CHECK_FALSE(in_a_file(book.data, kPlanted));
}

}  // namespace counterpart::index
