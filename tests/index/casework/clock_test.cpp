// What time brings is done once, whenever the clock is asked and wherever it was cut off.
#include <algorithm>

#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

constexpr std::int64_t kDayLong = 86'400;

std::size_t times(const std::vector<std::string>& told, std::string_view letter) {
  return static_cast<std::size_t>(std::ranges::count_if(told, [&](const std::string& one) { return one.starts_with(letter); }));
}

}  // namespace

TEST_CASE("clock: an interest that nobody answers moves on, each told once, and lapses", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  std::uint64_t letters = 0, acts = 0;
  for (int day = 0; day < 40; ++day, book.now += kDayLong) {
    const Ticked ticked = book.cases->tick(book.now).value();
    CHECK(ticked.failed.empty());
    CHECK(ticked.next > book.now);
    letters += ticked.letters;
    acts += ticked.acts;
    CHECK(book.cases->tick(book.now)->letters == 0);
    if (day % 7 == 3) book.open();
  }
  CHECK(acts == 1);
  CHECK(std::get<ClosedItem>(book.cases->get(id, book.now)->standing).state == "lapsed");
  const auto told = book.told(id);
  CHECK(times(told, "due_soon") == 1);
  CHECK(times(told, "moved_here") == 2);  // noura, the head, had it as the inbox; then salem, then Vienna
  CHECK(times(told, "interest_lapsed") == 2);
  CHECK(std::ranges::find(told, "moved_here -> huber") != told.end());
  CHECK(book.store->audit().list(0, 100, id)->back().who == "clock");
  CHECK(book.cases->open_cases() == 0);
  CHECK(book.sound());
}

TEST_CASE("clock: who looks once after weeks finds the same as who looked every hour", "[casework]") {
  const auto letters_after = [](std::int64_t step) {
    Casebook book;
    const std::string id = book.send();
    const std::int64_t end = book.now + 20 * kDayLong;
    while (book.now < end) {
      book.now = std::min(end, book.now + step);
      REQUIRE(book.cases->tick(book.now));
    }
    return book.told(id);
  };
  std::vector<std::string> hourly = letters_after(3'600), once = letters_after(20 * kDayLong);
  std::erase_if(hourly, [](const std::string& one) { return one.starts_with("due_soon"); });  // it is past by then
  CHECK(hourly == once);
}

TEST_CASE("clock: it says when it has something to do, and has nothing before", "[casework]") {
  Casebook book;
  book.send();
  for (int i = 0; i < 4; ++i) {
    const std::int64_t next = book.cases->tick(book.now)->next;
    book.now = next - 1;
    const Ticked early = book.cases->tick(book.now).value();
    CHECK(early.letters + early.acts == 0);
    CHECK(early.next == next);
    book.now = next;
    const Ticked then = book.cases->tick(book.now).value();
    if (i < 1) CHECK(then.letters > 0);
  }
}

TEST_CASE("clock: it stops between batches when it is told to", "[casework]") {
  Casebook book(100);
  book.send();
  CHECK(book.cases->tick(book.now + 30 * kDayLong, [] { return true; })->letters == 0);
  CHECK(book.cases->tick(book.now + 30 * kDayLong)->letters > 0);
}

TEST_CASE("outbox: a letter is tried again ever more seldom, and what the server said is kept", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  const auto first = book.cases->letters_to_send(book.now, 10).value();
  REQUIRE(first.size() == 1);
  const std::uint64_t number = first.front().number;
  CHECK(first.front().letter.letter == "interest_received");
  CHECK(book.cases->next_letter() == book.now);
  std::int64_t waited = 0;
  for (unsigned i = 1; i < kMostTries; ++i) {
    const Delivery failed{number, Delivery::Outcome::kFailed, "451 try later"};
    REQUIRE(book.cases->delivered({&failed, 1}, book.now));
    CHECK(book.cases->letters_to_send(book.now, 10)->empty());
    CHECK(book.cases->next_letter() - book.now >= waited);
    waited = book.cases->next_letter() - book.now;
    book.now = book.cases->next_letter();
    if (i == 2) book.open();
    REQUIRE(book.cases->letters_to_send(book.now, 10)->size() == 1);
  }
  const Delivery last{number, Delivery::Outcome::kFailed, "550 no such mailbox"};
  REQUIRE(book.cases->delivered({&last, 1}, book.now));
  CHECK(book.cases->letters({.state = LetterState::kRefused, .office = "dakar"}, 0, 10)->front().words ==
        "550 no such mailbox");
  CHECK(book.cases->letters({.state = LetterState::kRefused, .office = "vienna"}, 0, 10)->empty());
  CHECK(book.cases->next_letter() > book.now);
  REQUIRE(book.cases->retry(number, "token", book.now));
  CHECK(book.cases->retry(number, "token", book.now).error().code == ErrorCode::kConflict);
  const Delivery sent{number, Delivery::Outcome::kSent, {}};
  REQUIRE(book.cases->delivered({&sent, 1}, book.now));
  REQUIRE(book.cases->delivered({&last, 1}, book.now));  // too late: it is sent
  const StoredLetter done = book.letters(id).front();
  CHECK(done.state == LetterState::kSent);
  CHECK(done.tries == 0);
  CHECK(book.sound());
}

}  // namespace counterpart::index
