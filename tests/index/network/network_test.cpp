// What one office publishes is at the others, once and as it is, and nobody there changes it; what is private stays.
#include <algorithm>
#include <fstream>

#include "engine/base/file.h"
#include "index/network/network_check.h"
#include "index/network/receipts.h"
#include "index/store/aliases.h"
#include "index/store/vault.h"
#include "tests/index/network/office.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

struct Two {
  Two() : rome(folder.path() / "rome", "rome"), lagos(folder.path() / "lagos", "lagos") {
    rome.meet(lagos);
    lagos.meet(rome);
  }
  TempFolder folder;
  TestOffice rome, lagos;
};

std::vector<Operation> told(const TestOffice& office) {
  std::vector<Operation> operations;
  REQUIRE(for_each_operation(office.store->database(), 0, nullptr, [&](const KeptOperation& kept) {
    operations.push_back(kept.operation);
    return true;
  }));
  return operations;
}

bool in_a_file(const std::filesystem::path& data, const std::string& bytes) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data))
    if (entry.is_regular_file() && read_file(entry.path()).value().find(bytes) != std::string::npos) return true;
  return false;
}

}  // namespace

TEST_CASE("network: an operation is told of each change of what is published, and of no other", "[network]") {
  const Two two;
  const TestOffice& rome = two.rome;
  REQUIRE(rome.write(TestOffice::put("a", "solar pumps")));
  Write same = TestOffice::put("a", "solar pumps");
  same.profile.contact.phone = "+39 06 1234567";
  REQUIRE(rome.write(same));
  CHECK(rome.store->get("a")->version == 2);
  CHECK(told(rome).size() == 1);  // that a contact changed is nobody else's business
  REQUIRE(rome.write(TestOffice::put("a", "wind pumps")));
  Write stating;
  stating.kind = Write::Kind::kCheck;
  stating.profile.id = "a";
  stating.check = Check{.status = CheckStatus::kExcluded, .reason = "r", .office = "rome", .desk = "d", .at = 1, .number = 1};
  REQUIRE(rome.write(stating));
  stating.check->status = CheckStatus::kChecked;
  stating.check->number = 2;
  REQUIRE(rome.write(stating));
  REQUIRE(rome.remove("a"));
  std::vector<int> kinds;
  Position at = first_of(1);
  for (const Operation& operation : told(rome)) {
    kinds.push_back(operation.kind);
    CHECK(operation.sequence == at.sequence + 1);
    at = after(at, operation);
  }
  CHECK(kinds == std::vector<int>{1, 1, 2, 1, 2});
  CHECK(at == rome.head());
}

TEST_CASE("network: what an office publishes arrives, marked as its own, and its private members do not", "[network]") {
  const Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  const std::vector<std::string> sealed = two.rome.bundles_for("lagos");
  REQUIRE(sealed.size() == 1);
  CHECK(sealed.front().find("solar") == std::string::npos);
  const SecretKeys keys = own_keys(*two.lagos.store).value();
  const Bundle open = open_bundle(sealed.front(), two.lagos.card, keys, two.rome.card).value();
  CHECK(encode(open).find("solar") != std::string::npos);
  CHECK(encode(open).find("secret") == std::string::npos);
  CHECK(encode(open).find("Hidden") == std::string::npos);
  const Received received = two.lagos.receive(sealed.front()).value();
  CHECK_FALSE(received.trouble);
  CHECK(received.operations == 1);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
  CHECK(two.lagos.published().empty());
  CHECK(told(two.lagos).empty());  // what was received is not told on
  CHECK(two.lagos.store->get("a", true)->profile.contact.empty());
  CHECK(two.lagos.other("rome").as_of != 0);
  CHECK(two.lagos.store->embedding("a").value());
}

TEST_CASE("network: what was received is changed by its office alone", "[network]") {
  const Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(two.lagos.receive(two.rome.bundles_for("lagos").front()));
  for (const auto& refused : {two.lagos.write(TestOffice::put("a", "diesel pumps")), two.lagos.remove("a")}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kForbidden);
    CHECK(refused.error().message.find("`rome`") != std::string::npos);
  }
  CHECK_FALSE(two.lagos.erase("a"));
  Write alias;
  alias.kind = Write::Kind::kAlias;
  alias.profile.id = "a";
  alias.alias.survivor = "b";
  CHECK_FALSE(two.lagos.write(alias));
  // What this office states of it stands beside it.
  Write stating;
  stating.kind = Write::Kind::kCheck;
  stating.profile.id = "a";
  stating.check = Check{.status = CheckStatus::kExcluded, .reason = "r", .office = "lagos", .desk = "d", .at = 1, .number = 1};
  CHECK(two.lagos.write(stating));
  CHECK(two.lagos.received_of("rome") == two.rome.published());
}

TEST_CASE("network: a bundle is taken in once, however often it comes", "[network]") {
  Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  const std::string first = two.rome.bundles_for("lagos").front();
  REQUIRE(two.lagos.receive(first));
  const std::uint64_t sequence = two.lagos.store->sequence();
  const Received again = two.lagos.receive(first).value();
  CHECK(again.operations == 0);
  CHECK(two.lagos.store->sequence() == sequence);
  REQUIRE(settle(two.rome, two.lagos) < 3);
  CHECK(told(two.rome).empty());  // what everybody has confirmed is let go
  REQUIRE(two.rome.write(TestOffice::put("a", "wind pumps")));
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  const std::string second = two.rome.bundles_for("lagos").front();
  CHECK(two.lagos.receive(second)->operations == 2);
  const Received third = two.lagos.receive(second).value();
  CHECK(third.operations == 0);
  CHECK(third.repeated == 2);
  CHECK_FALSE(third.trouble);
  CHECK(two.lagos.receive(first)->operations == 0);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
}

TEST_CASE("network: where a bundle is missing the next one is refused, and what is missing is sent", "[network]") {
  Two two;
  REQUIRE(settle(two.rome, two.lagos) < 3);
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  const std::vector<std::string> series = two.rome.bundles_for("lagos", {.operations = 1});
  REQUIRE(series.size() == 2);
  const Received early = two.lagos.receive(series[1]).value();
  REQUIRE(early.trouble);
  CHECK(early.trouble->code == ErrorCode::kConflict);
  CHECK(two.lagos.received_of("rome").empty());
  REQUIRE(two.rome.receive(two.lagos.bundles_for("rome").front()));
  CHECK(two.lagos.receive(two.rome.bundles_for("lagos").front())->operations == 2);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
}

TEST_CASE("network: a removal does not wait for its turn, and nothing said before it comes back", "[network]") {
  Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps of a rare make that nobody else has")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  REQUIRE(two.rome.write(TestOffice::put("a", "another text of it, that is never to be seen")));
  const std::vector<std::string> before = two.rome.bundles_for("lagos");
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  REQUIRE(two.rome.erase("a"));
  const std::vector<std::string> series = two.rome.bundles_for("lagos", {.operations = 1});
  REQUIRE(series.size() == 3);
  const Received early = two.lagos.receive(series[2]).value();
  CHECK(early.trouble);
  CHECK(early.removed == 1);
  CHECK(two.lagos.received_of("rome").empty());
  CHECK_FALSE(in_a_file(two.folder.path() / "lagos", "of a rare make that nobody"));
  CHECK(two.lagos.receive(before.front())->operations == 1);
  CHECK(two.lagos.received_of("rome").empty());
  // It is confirmed before its turn.
  ErasureReceipt receipt = two.rome.erase("a").value();
  REQUIRE(add_offices(*two.rome.store, receipt));
  CHECK_FALSE(receipt.complete);
  REQUIRE(two.rome.receive(two.lagos.bundles_for("rome").front()));
  receipt = two.rome.erase("a").value();
  REQUIRE(add_offices(*two.rome.store, receipt));
  CHECK(receipt.complete);
  CHECK(receipt.places.back().place == "office lagos");
  CHECK(receipt.places.back().verdict == "removed");
  REQUIRE(settle(two.rome, two.lagos) < 3);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
  CHECK(read_notes(two.lagos.store->database(), Note::kAhead)->empty());
}

TEST_CASE("network: what is removed and later erased for good is so everywhere, and whoever comes back is there", "[network]") {
  Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps of a rare make that nobody else has")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  REQUIRE(two.rome.remove("a"));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  CHECK(two.lagos.received_of("rome").empty());
  REQUIRE(two.rome.erase("a"));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  CHECK_FALSE(in_a_file(two.folder.path() / "lagos", "of a rare make that nobody"));
  ErasureReceipt receipt = two.rome.erase("a").value();
  REQUIRE(add_offices(*two.rome.store, receipt));
  CHECK(receipt.complete);
  REQUIRE(two.rome.write(TestOffice::put("a", "it is back")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
}

TEST_CASE("network: an office that was restored from an older copy tells everything anew, and so all are equal", "[network]") {
  Two two;
  const std::filesystem::path copy = two.folder.path() / "copy";
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.rome.copy_to(copy);
  REQUIRE(two.rome.write(TestOffice::put("b", "boats, written after the copy")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  REQUIRE(two.lagos.received_of("rome").size() == 2);
  two.rome.restore(copy);
  SECTION("and has written nothing since") {}
  SECTION("and has written as much since") { REQUIRE(two.rome.write(TestOffice::put("c", "others"))); }
  SECTION("and has written more since") {
    for (const char* id : {"c", "d", "e"}) REQUIRE(two.rome.write(TestOffice::put(id, "others")));
  }
  REQUIRE(settle(two.rome, two.lagos) < 4);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
  CHECK(two.rome.head().epoch == 2);
}

TEST_CASE("network: an office that was restored from an older copy is told what it has lost", "[network]") {
  Two two;
  const std::filesystem::path copy = two.folder.path() / "copy";
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.lagos.copy_to(copy);
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  REQUIRE(two.rome.remove("a"));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.lagos.restore(copy);
  CHECK(two.lagos.received_of("rome") != two.rome.published());
  REQUIRE(settle(two.rome, two.lagos) < 4);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
  CHECK(two.rome.head().epoch == 1);
}

TEST_CASE("network: numbers that were given out before a restore do not hide what an office that was restored later says",
          "[network]") {
  Two two;
  const std::filesystem::path rome = two.folder.path() / "copy-rome", lagos = two.folder.path() / "copy-lagos";
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.rome.copy_to(rome);
  two.lagos.copy_to(lagos);
  for (int i = 0; i < 12; ++i) {
    REQUIRE(two.rome.write(TestOffice::put("a", "text " + std::to_string(i))));
    REQUIRE(settle(two.rome, two.lagos) < 3);
  }
  two.rome.restore(rome);
  REQUIRE(settle(two.rome, two.lagos) < 4);
  two.lagos.restore(lagos);
  const Received astray = two.rome.receive(two.lagos.bundles_for("rome").front()).value();
  CHECK(astray.astray);  // so that it is asked where it stands, by a bundle that it can answer
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  REQUIRE(settle(two.rome, two.lagos) < 4);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
}

TEST_CASE("network: whoever has nothing takes what comes after the whole state for no beginning", "[network]") {
  Two two;
  const std::filesystem::path copy = two.folder.path() / "copy";
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.rome.copy_to(copy);
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.rome.restore(copy);
  REQUIRE(settle(two.rome, two.lagos) < 4);
  REQUIRE(two.rome.head() == first_of(2));  // with a profile, and no operation that tells of it
  TestOffice cairo(two.folder.path() / "cairo", "cairo");
  cairo.meet(two.rome);
  two.rome.meet(cairo);
  const Sending lost = next_bundle(*two.rome.store, "cairo", {}).value();
  REQUIRE(two.rome.write(TestOffice::put("c", "cranes")));
  const Received after = cairo.receive(next_bundle(*two.rome.store, "cairo", lost.end)->bytes).value();
  REQUIRE(after.trouble);
  CHECK(after.trouble->code == ErrorCode::kConflict);
  CHECK(cairo.other("rome").received.epoch == 0);
  REQUIRE(settle(two.rome, cairo) < 4);
  CHECK(cairo.received_of("rome") == two.rome.published());
}

TEST_CASE("network: an erasure counts as confirmed by what was said of the operations that there are now", "[network]") {
  Two two;
  const std::filesystem::path copy = two.folder.path() / "copy";
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps of a rare make that nobody else has")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.rome.copy_to(copy);
  for (const char* id : {"b", "c", "d"}) REQUIRE(two.rome.write(TestOffice::put(id, "boats")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  two.rome.restore(copy);
  const std::string said_before = two.lagos.bundles_for("rome").front();
  ErasureReceipt receipt = two.rome.erase("a").value();
  REQUIRE(two.rome.receive(said_before));
  REQUIRE(two.rome.head().epoch == 2);
  REQUIRE(add_offices(*two.rome.store, receipt));
  CHECK_FALSE(receipt.complete);  // Lagos has it still
  CHECK(in_a_file(two.folder.path() / "lagos", "of a rare make that nobody"));
  REQUIRE(settle(two.rome, two.lagos) < 4);
  receipt = two.rome.erase("a").value();
  REQUIRE(add_offices(*two.rome.store, receipt));
  CHECK(receipt.complete);
  CHECK_FALSE(in_a_file(two.folder.path() / "lagos", "of a rare make that nobody"));
}

TEST_CASE("network: what was only set aside leaves the files as well when it is erased", "[network]") {
  Two two;
  REQUIRE(two.lagos.write(TestOffice::put("a", "Lagos has this id too")));
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps of a rare make that nobody else has")));
  REQUIRE(two.lagos.receive(two.rome.bundles_for("lagos").front())->parked == 1);
  REQUIRE(in_a_file(two.folder.path() / "lagos", "of a rare make that nobody"));
  SECTION("and its id is still another's") {}
  SECTION("and its id has become free") { REQUIRE(two.lagos.erase("a")); }
  ErasureReceipt receipt = two.rome.erase("a").value();
  REQUIRE(settle(two.rome, two.lagos) < 4);
  CHECK_FALSE(in_a_file(two.folder.path() / "lagos", "of a rare make that nobody"));
  REQUIRE(add_offices(*two.rome.store, receipt));
  CHECK(receipt.complete);
}

TEST_CASE("network: a clock that was wrong dates nothing once it is right again", "[network]") {
  Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  const std::uint64_t right = two.lagos.other("rome").as_of;
  OtherOffice ahead = two.lagos.other("rome");
  ahead.as_of = right + 365 * 86'400;
  REQUIRE(two.lagos.store->run_exclusively([&](Database& database) { return database.write({edit_of(ahead)}); }));
  REQUIRE(two.rome.write(TestOffice::put("a", "wind pumps")));
  REQUIRE(settle(two.rome, two.lagos) < 3);
  CHECK(two.lagos.other("rome").as_of < right + 86'400);
}

TEST_CASE("network: what cannot be taken in is set aside with the reason, holds up nothing, and is tried again", "[network]") {
  Two two;
  REQUIRE(two.lagos.write(TestOffice::put("a", "Lagos has this id too")));
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  const Received received = two.lagos.receive(two.rome.bundles_for("lagos").front()).value();
  CHECK_FALSE(received.trouble);
  CHECK(received.parked == 1);
  const std::vector<NoteOf> parked = read_notes(two.lagos.store->database(), Note::kParked, "rome").value();
  REQUIRE(parked.size() == 1);
  CHECK(parked.front().profile == "a");
  CHECK(parked.front().reason == "its id is that of a profile of this office's own");
  CHECK(two.lagos.received_of("rome").size() == 1);
  REQUIRE(settle(two.rome, two.lagos) < 3);
  REQUIRE(two.lagos.remove("a"));
  CHECK(retry_parked(two.lagos.receiving()).value() == 1);
  CHECK(two.lagos.received_of("rome") == two.rome.published());
  CHECK(read_notes(two.lagos.store->database(), Note::kParked)->empty());
}

TEST_CASE("network: what a newer program wrote is set aside until it can be read", "[network]") {
  Two two;
  REQUIRE(settle(two.rome, two.lagos) < 3);
  Bundle bundle;
  bundle.from = "rome";
  bundle.to = "lagos";
  bundle.number = 99;
  bundle.part = Bundle::Part::kOperations;
  bundle.start = two.lagos.other("rome").received;
  Position at = bundle.start;
  for (const int kind : {1, 77}) {
    Operation operation;
    operation.sequence = at.sequence + 1;
    operation.id = std::string(kOperationId, static_cast<char>(kind));
    operation.kind = static_cast<std::uint8_t>(kind);
    operation.schema = kPayloadSchema + 1;
    operation.profile = "p" + std::to_string(kind);
    operation.payload = R"({"something":"new"})";
    operation.digest = std::string(32, 'd');
    at = after(at, operation);
    bundle.operations.push_back(operation);
  }
  bundle.head = at;
  const std::string sealed = seal_bundle(bundle, own_keys(*two.rome.store).value(), two.lagos.card.keys);
  const Received received = two.lagos.receive(sealed).value();
  CHECK(received.parked == 2);
  CHECK(received.position == at);
  const std::vector<NoteOf> parked = read_notes(two.lagos.store->database(), Note::kParked).value();
  for (const NoteOf& note : parked) CHECK(note.reason == "it was written by a newer program");
}

TEST_CASE("network: a bundle for somebody else, of nobody known, or changed on its way is refused", "[network]") {
  Two two;
  TestOffice cairo(two.folder.path() / "cairo", "cairo");
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  const std::string sealed = two.rome.bundles_for("lagos").front();
  CHECK(cairo.receive(sealed).error().code == ErrorCode::kForbidden);
  cairo.meet(two.rome);
  CHECK(cairo.receive(sealed).error().message == "is for the office `lagos`");
  CHECK(two.lagos.receive("nothing of the kind").error().code == ErrorCode::kInvalid);
  for (std::size_t at = 0; at < sealed.size(); at += 7) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(two.lagos.receive(changed));
    CHECK_FALSE(two.lagos.receive(sealed.substr(0, at)));
  }
  // Of somebody who calls himself Rome.
  TestOffice false_rome(two.folder.path() / "false", "rome");
  false_rome.meet(two.lagos);
  CHECK(two.lagos.receive(false_rome.bundles_for("lagos").front()).error().message == "is not signed by the office `rome`");
  CHECK(add_office(*two.lagos.store, false_rome.card, "test").error().code == ErrorCode::kConflict);
  CHECK(two.lagos.received_of("rome").empty());
  CHECK(two.lagos.receive(sealed)->operations == 1);
}

TEST_CASE("network: what does not agree with itself is found", "[network]") {
  const Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(two.rome.write(TestOffice::put("b", "boats")));
  REQUIRE(two.lagos.receive(two.rome.bundles_for("lagos").front()));
  const auto found = [](const TestOffice& office) { return check_network(office.store->database())->differences; };
  CHECK(found(two.rome).empty());
  CHECK(found(two.lagos).empty());
  const auto spoil = [](const TestOffice& office, const Database::Edit& edit) {
    REQUIRE(office.store->run_exclusively([&](Database& database) { return database.write({edit}); }));
  };
  spoil(two.lagos, edit_of_origin("gone", "rome"));
  CHECK(found(two.lagos) == std::vector<std::string>{"gone is marked as received and is not there"});
  KeptOperation second{told(two.rome).at(1), two.rome.head()};
  second.operation.at += 1;
  spoil(two.rome, edit_of(second));
  CHECK(found(two.rome) == std::vector<std::string>{"operation 2 for the other offices has another hash"});
  spoil(two.rome, edit_removing_operation(2));
  CHECK(found(two.rome).size() == 1);
}

TEST_CASE("network: a card is read as it was written, and by nobody who changed it", "[network]") {
  const Two two;
  const std::string text = write_card(two.rome.card, own_keys(*two.rome.store).value());
  const OfficeCard read = read_card(text).value();
  CHECK(read.office == "rome");
  CHECK(read.name == "Office of rome");
  CHECK(read.keys == two.rome.card.keys);
  CHECK(fingerprint_of(read) == fingerprint_of(two.rome.card));
  CHECK(fingerprint_of(read) != fingerprint_of(two.lagos.card));
  std::string windows;
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(read_card(windows));
  std::string other = text;
  other.replace(other.find("rome"), 4, "oslo");
  CHECK_FALSE(read_card(other));
  CHECK_FALSE(read_card(text.substr(0, text.size() / 2)));
  CHECK_FALSE(read_card(""));
  CHECK(add_office(*two.rome.store, two.rome.card, "test").error().code == ErrorCode::kConflict);
  CHECK(join_network(*two.rome.store, "oslo", {}, "test").error().code == ErrorCode::kConflict);
  CHECK(join_network(*two.rome.store, "rome", "Rome, anew", "test")->keys == two.rome.card.keys);
  CHECK_FALSE(join_network(*two.rome.store, "Rome!", {}, "test"));
}

TEST_CASE("network: an office that is removed leaves nothing behind, and one that never joined tells nothing", "[network]") {
  const Two two;
  REQUIRE(two.rome.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(two.lagos.receive(two.rome.bundles_for("lagos").front()));
  REQUIRE(remove_office(*two.lagos.store, "rome", "test"));
  CHECK(two.lagos.received_of("rome").empty());
  CHECK(remove_office(*two.lagos.store, "rome", "test").error().code == ErrorCode::kNotFound);
  CHECK(two.lagos.receive(two.rome.bundles_for("lagos").front()).error().code == ErrorCode::kForbidden);
  const TempFolder folder;
  const auto alone = Store::open(folder.path()).value();
  const Ledger ledger(*alone);
  Write write = TestOffice::put("a", "solar pumps");
  REQUIRE(alone->write({&write, 1}).front());
  CHECK_FALSE(read_network_head(alone->database()).value());
  CHECK(next_bundle(*alone, "rome", {}).error().code == ErrorCode::kNotFound);
}

}  // namespace counterpart::index
