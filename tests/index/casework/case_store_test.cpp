// An act is on disk with all that it causes, or it has not been.
#include "index/casework/case_store.h"

#include <thread>

#include "tests/index/casework/casebook.h"

namespace counterpart::index {

TEST_CASE("cases: an act is there after a restart, with its letters, what it opened and who did it", "[casework]") {
  Casebook book;
  const Acted sent = book.cases->act(book.sending("awa", "sn:solar", "sa:fund"), book.now).value();
  CHECK(sent.after.id == "i-000001");
  CHECK(sent.after.asking.office == "dakar");
  CHECK(sent.after.answering.office == "riyadh");
  CHECK(std::get<OpenItem>(sent.standing).task.side == Side::kAnswering);
  const Acted accepted = book.act("i-000001", "omar", "accept").value();
  REQUIRE(accepted.others == std::vector<std::string>{"i-000002"});
  const auto before = book.told();
  CHECK(before.size() >= 3);

  book.open();
  CHECK(book.cases->get("i-000001", book.now)->of == accepted.after);
  const CaseNow introduction = book.cases->get("i-000002", book.now).value();
  CHECK(introduction.of.kind == "introduction");
  CHECK(introduction.of.origin == "i-000001");
  CHECK_FALSE(introduction.released);
  CHECK(book.told() == before);
  CHECK(book.cases->open_cases() == 1);
  const auto log = book.store->audit().list(0, 100, "i-000002").value();
  REQUIRE(log.size() == 1);
  CHECK(log.front().what == "case agree");
  CHECK(log.front().who == "token");
  CHECK(book.send("sn:dairy") == "i-000003");
  CHECK(book.sound());
}

TEST_CASE("cases: what is refused has changed nothing, and a preview neither", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  const auto before = book.everything();
  CHECK(book.act(id, "awa", "accept").error().code == ErrorCode::kForbidden);
  CHECK(book.act(id, "omar", "decline").error().place == "reason");
  CHECK(book.act(id, "nobody", "accept").error().code == ErrorCode::kForbidden);
  CHECK(book.act("i-000009", "omar", "accept").error().code == ErrorCode::kNotFound);
  CHECK(book.cases->act(book.sending("awa", "sn:dairy", "no:such"), book.now).error().place == "to.profile");
  CHECK(book.cases->act(book.sending("awa", "sn:solar", "sa:fund"), book.now).error().message.find(id) != std::string::npos);
  const Acted seen = book.cases->preview(book.acting(id, "omar", "accept"), book.now).value();
  CHECK(seen.letters.size() >= 2);
  CHECK(book.everything() == before);
  CHECK(book.cases->open_cases() == 1);
}

TEST_CASE("cases: where nothing can be written, nothing is told to be done", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  const Case before = book.cases->get(id, book.now)->of;
  std::filesystem::rename(book.data, book.folder.path() / "elsewhere");
  CHECK(book.act(id, "omar", "accept").error().code == ErrorCode::kStorage);
  CHECK(book.cases->get(id, book.now)->of == before);
  CHECK(book.cases->desk("noura", book.now)->mine.rows.front().case_id == id);
  CHECK(book.cases->open_cases() == 1);
  std::filesystem::rename(book.folder.path() / "elsewhere", book.data);
}

TEST_CASE("cases: of two who act on what they saw, one is told that it is no longer so", "[casework]") {
  Casebook book;
  const std::string id = book.send();
  for (int round = 0; round < 20; ++round) {
    const unsigned last = static_cast<unsigned>(book.cases->get(id, book.now)->of.log.size());
    std::vector<Result<Acted>> verdicts(2, fail(ErrorCode::kInternal, {}, {}));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 2; ++i)
      threads.emplace_back([&, i] {
        ActRequest request = book.acting(id, i == 0 ? "omar" : "awa", "note", with_note("seen"));
        request.last = last;
        verdicts[i] = book.cases->act(request, book.now);
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(verdicts[0].has_value() != verdicts[1].has_value());
    const auto& refused = verdicts[0] ? verdicts[1] : verdicts[0];
    CHECK(refused.error().code == ErrorCode::kConflict);
    CHECK(refused.error().message.find("`note`") != std::string::npos);
    CHECK(book.cases->get(id, book.now)->of.log.size() == last + 1);
  }
}

TEST_CASE("cases: of many acts in one batch each has its verdict, and a later one sees the earlier", "[casework]") {
  Casebook book(1);
  const std::uint64_t entries = book.store->audit().list(0, 1'000)->size();
  const std::vector<ActRequest> requests{
      book.sending("awa", "sn:solar", "sa:fund"), book.sending("awa", "sn:solar", "sa:works"),
      book.sending("awa", "sn:solar", "sa:fund"), book.sending("awa", "sn:dairy", "sa:works")};
  const auto verdicts = book.cases->act(requests, book.now);
  REQUIRE(verdicts.size() == 4);
  CHECK(verdicts[0]);
  CHECK(verdicts[1].error().place == "from.capacity");
  CHECK(verdicts[2].error().code == ErrorCode::kConflict);
  CHECK(verdicts[3]);
  CHECK(book.store->audit().list(0, 1'000)->size() == entries + 2);
  CHECK(book.cases->places_taken("sn:solar") == 1);
  CHECK(book.cases->places_taken("sa:fund") == 0);  // an introduction takes a place of both, an interest of who asks
}

TEST_CASE("cases: capacity counts what is open, after a restart too, and is free again afterwards", "[casework]") {
  Casebook book(1);
  const std::string id = book.send();
  CHECK(book.cases->act(book.sending("awa", "sn:solar", "sa:works"), book.now).error().code == ErrorCode::kConflict);
  book.open();
  CHECK(book.cases->act(book.sending("awa", "sn:solar", "sa:works"), book.now).error().code == ErrorCode::kConflict);
  REQUIRE(book.act(id, "omar", "decline", with_reason("too_small")));
  CHECK(book.cases->act(book.sending("awa", "sn:solar", "sa:works"), book.now));
}

TEST_CASE("cases: a profile of no office is answered for by the one on duty", "[casework]") {
  Casebook book;
  CHECK(book.cases->get(book.send("sn:solar", "xx:lost"), book.now)->of.answering.office == "vienna");
}

TEST_CASE("cases: contacts are for the offices of both sides, when both have turned their keys, and each reading is noted",
          "[casework]") {
  Casebook book;
  const std::string id = book.act(book.send(), "omar", "accept")->others.front();
  CHECK(book.cases->contacts_of(id, "dakar", "token").error().code == ErrorCode::kForbidden);
  REQUIRE(book.act(id, "awa", "release"));
  CHECK(book.cases->contacts_of(id, "dakar", "token").error().place == "keys");
  REQUIRE(book.act(id, "omar", "release"));
  CHECK(book.cases->get(id, book.now)->released);
  CHECK(book.cases->contacts_of(id, "vienna", "token").error().place == "office");
  CHECK(book.store->audit().list(0, 100, "sa:fund")->size() == 1);  // put
  const auto contacts = book.cases->contacts_of(id, "dakar", "token").value();
  REQUIRE(contacts.size() == 2);
  CHECK(contacts[1].contact.email == "sa:fund@example.org");
  const auto noted = book.store->audit().list(0, 100, "sa:fund").value();
  REQUIRE(noted.size() == 2);
  CHECK(noted.back().what == "contacts released in " + id + " to dakar");
  CHECK(noted.back().who == "token");
  // Dropped and begun anew, both keys are to be turned anew.
  REQUIRE(book.act(id, "awa", "drop", with_reason("plans_changed")));
  REQUIRE(book.act(id, "omar", "reopen", with_note("they came back")));
  CHECK(book.cases->contacts_of(id, "dakar", "token").error().place == "keys");
  for (const auto& [key, value] : book.everything()) CHECK(value.find("fund@example.org") == std::string::npos);
}

TEST_CASE("cases: they are listed by kind, profile and office, page by page", "[casework]") {
  Casebook book;
  const std::string introduction = book.released();
  const std::string other = book.send("sn:dairy", "at:pumps");
  const auto ids = [&](const CaseFilter& filter, std::string_view after = {}, std::size_t limit = 10) {
    std::vector<std::string> found;
    const std::vector<Case> listed = book.cases->list(filter, after, limit).value();
    for (const Case& of : listed) found.push_back(of.id);
    return found;
  };
  using Ids = std::vector<std::string>;
  CHECK(ids({}) == Ids{"i-000001", introduction, other});
  CHECK(ids({}, "i-000001", 1) == Ids{introduction});
  CHECK(ids({.kind = "interest"}) == Ids{"i-000001", other});
  CHECK(ids({.profile = "sa:fund"}) == Ids{"i-000001", introduction});
  CHECK(ids({.profile = "sa:fund", .open = true}) == Ids{introduction});
  CHECK(ids({.office = "vienna"}) == Ids{other});
}

}  // namespace counterpart::index
