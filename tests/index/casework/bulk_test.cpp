// Many cases at once, and back; and calls that are repeated.
#include "index/caseload/remembered.h"
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

const BulkCall kBySalem{.verb = "hand_over", .desk = "salem", .office = "riyadh", .who = "token"};

std::string holder(Casebook& book, const std::string& id) {
  return std::get<OpenItem>(book.cases->get(id, book.now).value().standing).task.owner.desk;
}

}  // namespace

TEST_CASE("bulk: each case has its verdict, and one undoing puts back what nobody has touched since", "[casework]") {
  Casebook book;
  const std::string first = book.send(),
                    second = book.cases->act(book.sending("awa", "sn:dairy", "sa:fund"), book.now)->after.id;
  const std::string third = book.cases->act(book.sending("awa", "sn:solar", "sa:works"), book.now)->after.id;
  REQUIRE(book.act(second, "omar", "claim"));
  std::vector<ActRequest> requests;
  for (const std::string& id : {first, second, third, std::string("i-none")})
    requests.push_back(book.acting(id, "salem", "hand_over", with_desk("salem")));
  requests[2].last = 7;  // seen by nobody
  const BulkDone done = book.cases->act_in_bulk(requests, kBySalem, book.now).value();
  REQUIRE(done.verdicts.size() == 4);
  CHECK(done.verdicts[0]);
  CHECK(done.verdicts[1]);
  CHECK(done.verdicts[2].error().code == ErrorCode::kConflict);
  CHECK(done.verdicts[3].error().code == ErrorCode::kNotFound);
  CHECK(holder(book, first) == "salem");
  CHECK(holder(book, second) == "salem");

  // Another office's is not there, and another day it still is.
  CHECK(book.cases->undo(done.bulk.id, {.desk = "awa", .office = "dakar", .who = "token"}, book.now).error().code ==
        ErrorCode::kNotFound);
  book.open();
  const BulkDone undone = book.cases->undo(done.bulk.id, kBySalem, book.now).value();
  REQUIRE(undone.verdicts.size() == 4);
  CHECK(undone.verdicts[0]);
  CHECK(undone.verdicts[1]);
  CHECK(undone.verdicts[2].error().code == ErrorCode::kConflict);
  CHECK(holder(book, first) == "noura");  // into the inbox, which the head looks after
  CHECK(std::get<OpenItem>(book.cases->get(first, book.now).value().standing).task.inbox);
  CHECK(holder(book, second) == "omar");
  CHECK(book.cases->undo(done.bulk.id, kBySalem, book.now).error().code == ErrorCode::kConflict);
  CHECK(book.cases->verify({}, book.now).value().differences.empty());
}

TEST_CASE("bulk: what somebody has acted on since stays as it is, and what changed no owner cannot be put back", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  const ActRequest claim = book.acting(id, "salem", "claim");
  const BulkDone done = book.cases->act_in_bulk({&claim, 1}, kBySalem, book.now).value();
  REQUIRE(book.act(id, "omar", "note", with_note("mine")));
  CHECK(book.cases->undo(done.bulk.id, kBySalem, book.now)->verdicts[0].error().code == ErrorCode::kConflict);
  CHECK(holder(book, id) == "salem");

  const ActRequest remind = book.acting(id, "salem", "remind");
  const BulkDone reminded = book.cases->act_in_bulk({&remind, 1}, kBySalem, book.now).value();
  REQUIRE(reminded.verdicts[0]);
  CHECK(book.cases->undo(reminded.bulk.id, kBySalem, book.now)->verdicts[0].error().code == ErrorCode::kConflict);
}

TEST_CASE("bulk: an operation is forgotten after thirty days", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  const ActRequest claim = book.acting(id, "salem", "claim");
  const std::string old = book.cases->act_in_bulk({&claim, 1}, kBySalem, book.now)->bulk.id;
  REQUIRE(book.cases->bulk(old));
  book.now += kBulksKept + 1;
  const ActRequest again = book.acting(id, "salem", "remind");
  REQUIRE(book.cases->act_in_bulk({&again, 1}, kBySalem, book.now));
  CHECK(book.cases->bulk(old).error().code == ErrorCode::kNotFound);
}

TEST_CASE("repeats: a call with the key of an earlier one finds what that one did; another request with it is refused",
          "[casework]") {
  Casebook book;
  ActRequest sending = book.sending("awa", "sn:solar", "sa:fund");
  sending.repeat = RepeatKey{std::string(32, 'k'), std::string(32, 'r')};
  const Acted first = book.cases->act(sending, book.now).value();
  CHECK_FALSE(first.repeated);
  REQUIRE(book.act(first.after.id, "omar", "claim"));
  book.open();
  const std::size_t letters = book.letters().size();
  const Acted again = book.cases->act(sending, book.now).value();
  CHECK(again.repeated);
  CHECK(again.after.id == first.after.id);
  CHECK(again.after.log.size() == 2);
  CHECK(book.letters().size() == letters);
  sending.repeat->request = std::string(32, 's');
  CHECK(book.cases->act(sending, book.now).error().place == "Idempotency-Key");

  // A key is known for a week: then the call is a new one, which finds its case open.
  book.now += kRepeatsKept + 1;
  ActRequest other = book.sending("awa", "sn:dairy", "sa:fund");
  other.repeat = RepeatKey{std::string(32, 'l'), std::string(32, 'r')};
  REQUIRE(book.cases->act(other, book.now));
  CHECK(book.cases->act(sending, book.now).error().place == "case");
  CHECK(count_repeats(book.store->database()).value() == 1);
}

TEST_CASE("repeats: a bulk call is done once", "[casework]") {
  Casebook book;
  const ActRequest claim = book.acting(book.send(), "salem", "claim");
  BulkCall call = kBySalem;
  call.repeat = RepeatKey{std::string(32, 'k'), std::string(32, 'r')};
  const BulkDone first = book.cases->act_in_bulk({&claim, 1}, call, book.now).value();
  const BulkDone again = book.cases->act_in_bulk({&claim, 1}, call, book.now).value();
  CHECK(again.repeated);
  CHECK(again.bulk.id == first.bulk.id);
  CHECK(book.cases->get(claim.case_id, book.now)->of.log.size() == 2);
}

TEST_CASE("outbox: an office is told which letters did not leave, and no longer when they did", "[casework]") {
  Casebook book;
  book.send();
  const std::uint64_t number = book.letters().front().number;
  CHECK(book.cases->stuck_letters("riyadh", 10)->empty());
  const Delivery failed{.number = number, .outcome = Delivery::Outcome::kFailed, .words = "later"};
  REQUIRE(book.cases->delivered({&failed, 1}, book.now));
  REQUIRE(book.cases->stuck_letters("riyadh", 10)->size() == 1);
  CHECK(book.cases->stuck_letters("vienna", 10)->empty());
  const Delivery refused{.number = number, .outcome = Delivery::Outcome::kRefused, .words = "no such mailbox"};
  REQUIRE(book.cases->delivered({&refused, 1}, book.now));
  book.open();
  REQUIRE(book.cases->stuck_letters("dakar", 10)->size() == 1);
  CHECK(book.cases->stuck_letters("dakar", 10)->front().words == "no such mailbox");
  REQUIRE(book.cases->retry(number, "token", book.now));
  CHECK(book.cases->stuck_letters("dakar", 10)->empty());
}

}  // namespace counterpart::index
