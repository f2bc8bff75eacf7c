// What must not leave, or not twice: letters that were erased, and those of a directory made of a backup.
#include <algorithm>
#include <limits>

#include "index/backup/backup.h"
#include "index/erasure/erasures.h"
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

namespace fs = std::filesystem;

struct SpoolBook : Casebook {
  SpoolBook() : spool(data / kSpool) {
    for (const char* part : {"tmp", "new", "cur"}) fs::create_directories(spool / part);
  }
  // As the server writes it.
  void lay(const std::string& part, const std::vector<std::uint64_t>& letters, const std::string& flags = {}) const {
    std::ofstream(spool / part / (spool_name(letters) + flags)) << "a letter";
  }
  // Where the letter's file is; empty: nowhere.
  std::string place_of(std::uint64_t number) const {
    for (const char* part : {"tmp", "new", "cur"}) {
      const std::vector<SpooledFile> files = spooled_files(spool, part).value();
      for (const SpooledFile& one : files)
        if (std::ranges::find(one.letters, number) != one.letters.end()) return part;
    }
    return {};
  }
  void note_sent(const std::vector<std::uint64_t>& numbers) {
    std::vector<Delivery> sent;
    for (const std::uint64_t number : numbers) sent.push_back({.number = number});
    REQUIRE(cases->delivered(sent, now));
  }
  std::uint64_t first_letter(const std::string& id) const { return letters(id).front().number; }
  std::vector<std::string> waiting() const {
    std::vector<std::string> names;
    const std::vector<StoredLetter> letters = cases->letters_to_send(std::numeric_limits<std::int64_t>::max(), 100).value();
    for (const StoredLetter& letter : letters) names.push_back(letter.letter.case_id + " " + letter.letter.letter);
    std::ranges::sort(names);
    return names;
  }
  fs::path spool;
};

using Words = std::vector<std::string>;
using Numbers = std::vector<std::uint64_t>;

std::string detail_on(const ErasureReceipt& receipt, std::string_view place) {
  for (const ErasurePlace& one : receipt.places)
    if (one.place == place) return one.verdict + ": " + one.detail;
  return "not named";
}

}  // namespace

TEST_CASE("spool: with a profile the files of its letters go, wherever they lie, and no others", "[casework][spool]") {
  SpoolBook book;
  const std::uint64_t kept = book.first_letter(book.send("sn:dairy", "sa:works"));
  const std::string id = book.send();
  const std::uint64_t in_new = book.first_letter(id);
  REQUIRE(book.act(id, "awa", "remind"));
  REQUIRE(book.act(id, "awa", "remind"));
  const std::vector<StoredLetter> all = book.letters(id);
  REQUIRE(all.size() == 3);
  book.lay("new", {kept});
  book.lay("new", {in_new});
  book.lay("cur", {all[1].number}, ":2,S");
  book.lay("tmp", {all[2].number}, ".tmp");
  std::ofstream(book.spool / "new" / "somebody.else") << "not ours";
  CHECK(book.cases->clear_spool()->empty());
  CHECK_FALSE(book.cases->spool_is_stale());
  book.erase("sa:fund");
  CHECK(book.cases->spool_is_stale());
  CHECK(book.cases->clear_spool()->size() == 3);
  for (const StoredLetter& letter : all) CHECK(book.place_of(letter.number).empty());
  CHECK(book.place_of(kept) == "new");
  CHECK(fs::exists(book.spool / "new" / "somebody.else"));
}

TEST_CASE("spool: of a digest that goes with an erased letter the others are queued again, once", "[casework][spool]") {
  SpoolBook book;
  const std::string erased = book.send(), kept = book.send("sn:dairy", "sa:works");
  const std::uint64_t gone = book.first_letter(erased), other = book.first_letter(kept);
  const bool taken = GENERATE(false, true);
  book.lay(taken ? "cur" : "new", {gone, other});
  book.note_sent({gone, other});
  book.erase("sa:fund");
  CHECK(*book.cases->clear_spool() == std::set<std::uint64_t>{gone});
  CHECK(book.place_of(other).empty());
  const auto again = std::ranges::count(book.waiting(), kept + " interest_received");
  CHECK(again == (taken ? 0 : 1));  // a mail program that has taken it has told the others
  CHECK(book.letters(kept).front().state == (taken ? LetterState::kSent : LetterState::kQueued));
  CHECK((book.letters(kept).front().number == other) == taken);
  CHECK(book.cases->clear_spool()->empty());
  book.open();
  CHECK(std::ranges::count(book.waiting(), kept + " interest_received") == again);
  CHECK(book.sound());
}

TEST_CASE("spool: an erasure for good says how many letters lay there, and goes on after a crash", "[casework][spool]") {
  SpoolBook book;
  const std::string id = book.send();
  REQUIRE(book.act(id, "awa", "remind"));
  const std::vector<StoredLetter> all = book.letters(id);
  REQUIRE(all.size() == 2);
  book.lay("new", {all[0].number});
  book.note_sent({all[0].number, all[1].number});  // the second one was taken and deleted by a mail program
  Status saving = fail(ErrorCode::kStorage, "index", "no space left");
  const auto erase = [&] {
    const auto erasures = Erasures::open(*book.store, {[&] { return saving; }, [](const std::string&) { return false; },
                                                       [&] { return book.cases->clear_spool(); }})
                              .value();
    Write write;
    write.kind = Write::Kind::kErase;
    write.profile.id = "sn:solar";
    return erasures
        ->erase(
            {{"sn:solar", write}}, [](const ErasedProfile&, const std::string&) { return true; }, "token")
        .value();
  };
  SECTION("at once") {
    saving = {};
    CHECK(detail_on(erase(), "letters in the outbox") ==
          "not reached: of 2 that were sent 1 lay there and were deleted, 1 had been taken by a mail program or a mail server");
  }
  SECTION("after a crash") {
    REQUIRE_FALSE(erase().complete);
    book.lay("new", {all[1].number});  // as if it had been cut off before
    book.open();
    saving = {};
    CHECK(erase().complete);
  }
  for (const StoredLetter& letter : all) CHECK(book.place_of(letter.number).empty());
}

TEST_CASE("restored: no letter that may have left leaves by itself, and which did is known by the old outbox",
          "[casework][spool][backup]") {
  SpoolBook book;
  const std::string first = book.send(), second = book.send("sn:dairy", "sa:works");
  book.note_sent({1});
  const fs::path backups = book.folder.path() / "backups";
  REQUIRE(make_backup(*book.store, backups));
  // Since then the second letter left, and an act was done that is lost.
  book.lay("cur", {2}, ":2,S");
  REQUIRE(book.act(second, "omar", "decline", with_reason("too_small")));
  book.lay("new", {3});
  CHECK(restore_backup(backups, {}, book.folder.path() / "new", {}, book.folder.path() / "none").error().code ==
        ErrorCode::kNotFound);
  const bool known = GENERATE(false, true);
  const RestoredBackup restored =
      restore_backup(backups, {}, book.folder.path() / "new", {}, known ? book.spool : fs::path()).value();
  CHECK(restored.letters.sent == (known ? Numbers{2} : Numbers{}));
  CHECK(restored.letters.lost == (known ? Numbers{3} : Numbers{}));

  book.data = book.folder.path() / "new";
  book.now += 14 * 86'400;  // reminders, and moves to the deputy, were told meanwhile
  book.open();
  CHECK(book.waiting().empty());
  CHECK(book.letters(first).front().state == LetterState::kSent);
  CHECK(book.letters(second).front().state == (known ? LetterState::kSent : LetterState::kRefused));
  const std::vector<StoredLetter> all = book.letters();
  CHECK(all.size() > 4);
  for (const StoredLetter& letter : all) {
    if (letter.state == LetterState::kRefused) CHECK(letter.words.find("may have left since 20") == 0);
    if (letter.number > 2) CHECK(letter.number > 2 + kNumbersLeftOut);
  }
  CHECK(book.cases->get(second, book.now)->of.log.size() == 1);
  CHECK(book.store->audit().list(0, 1'000)->back().what == "restore");
  CHECK(book.sound());

  // From now on it is like any other: what is new leaves, and what was held back when somebody says so.
  const std::string next = book.send("sn:dairy", "at:pumps");
  CHECK(next == "i-010003");
  book.open();
  CHECK(book.waiting() == Words{next + " interest_received"});
  if (!known) {
    REQUIRE(book.cases->retry(2, "token", book.now));
    CHECK(book.waiting().size() == 2);
  }
}

TEST_CASE("restored: a directory without casework is as it was backed up", "[casework][backup]") {
  Casebook book;
  const fs::path backups = book.folder.path() / "backups";
  REQUIRE(make_backup(*book.store, backups));
  REQUIRE(restore_backup(backups, {}, book.folder.path() / "new"));
  book.data = book.folder.path() / "new";
  book.open();
  CHECK(book.send() == "i-000001");
}

}  // namespace counterpart::index
