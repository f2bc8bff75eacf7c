// Drafts without an account: what opens them, how long they live, and that nothing of them is left.
#include "index/draft/own_drafts.h"

#include <filesystem>
#include <set>

#include "index/base/crypto.h"
#include "index/base/files.h"
#include "index/base/time.h"
#include "index/erasure/erasures.h"
#include "tests/index/casework/casebook.h"

namespace counterpart::index {
namespace {

const std::string kWords =
    R"({"title":"hydraulic ram pumps with xylophonic valves","contact":{"email":"planted@mail.example"}})";

struct Drafts {
  Drafts() {
    open();
    drafts->allow(3);
  }
  void open() {
    drafts.reset();
    book.open();
    drafts = OwnDrafts::open(*book.store).value();
  }
  OwnDrafts::Begun begin(const std::string& json = kWords) { return drafts->begin(json, "fr", book.now).value(); }
  Status ask(const std::string& id, const std::string& mail = "planted@mail.example") {
    return drafts->ask_confirmation(id, mail, "dakar", *book.cases, book.now).map([](const OwnDraft&) {});
  }
  bool in_a_file(const std::string& bytes) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(book.data))
      if (entry.is_regular_file() && read_file(entry.path()).value().find(bytes) != std::string::npos) return true;
    return false;
  }
  Casebook book;
  std::unique_ptr<OwnDrafts> drafts;
};

ErrorCode code_of(const auto& result) { return result ? ErrorCode::kInternal : result.error().code; }

}  // namespace

TEST_CASE("drafts: a secret opens its draft, also after a restart, and stands nowhere", "[drafts]") {
  Drafts site;
  const OwnDrafts::Begun begun = site.begin(), other = site.begin();
  site.open();
  CHECK(site.drafts->id_of(begun.secret).value() == begun.draft.id);
  CHECK(site.drafts->get(begun.draft.id).value() == begun.draft);
  for (std::string wrong : {begun.secret + "x", begun.secret.substr(0, begun.secret.size() - 1), std::string("cpd_"),
                            "cpd_" + begun.draft.id + "_", std::string(1000, 'x'), std::string()})
    CHECK(code_of(site.drafts->id_of(wrong)) == ErrorCode::kUnauthenticated);
  std::string mixed = begun.secret;
  mixed.replace(mixed.find(begun.draft.id), begun.draft.id.size(), other.draft.id);
  CHECK(code_of(site.drafts->id_of(mixed)) == ErrorCode::kUnauthenticated);
  CHECK(site.in_a_file(digest_of(begun.secret)));
  CHECK_FALSE(site.in_a_file(begun.secret));
  CHECK_FALSE(site.in_a_file("xylophonic"));  // sealed
}

TEST_CASE("drafts: as many wait as may, and none where none is allowed", "[drafts]") {
  Drafts site;
  for (int i = 0; i < 3; ++i) site.begin();
  CHECK(code_of(site.drafts->begin("{}", "en", 0)) == ErrorCode::kUnavailable);
  site.open();
  CHECK(site.drafts->waiting() == 3);
  CHECK(code_of(site.drafts->begin("{}", "en", 0)) == ErrorCode::kForbidden);
  CHECK(code_of(site.drafts->save("p-0", "{}", "en", {}, 0)) == ErrorCode::kNotFound);
}

TEST_CASE("drafts: what is saved counts, what is saved again does not, and who is overtaken is told", "[drafts]") {
  Drafts site;
  const std::string id = site.begin().draft.id;
  CHECK(site.drafts->save(id, kWords, "fr", {}, site.book.now).value().version == 1);
  CHECK(site.drafts->save(id, "{}", "fr", 1, site.book.now).value().version == 2);
  CHECK(code_of(site.drafts->save(id, kWords, "fr", 1, site.book.now)) == ErrorCode::kConflict);
  CHECK(code_of(site.drafts->save(id, std::string(kMaxDraftBytes + 1, ' '), "fr", {}, 0)) == ErrorCode::kTooLarge);
}

TEST_CASE("drafts: a mailbox is confirmed by the code of the last letter, once and in time", "[drafts]") {
  Drafts site;
  const std::string id = site.begin().draft.id;
  REQUIRE(site.ask(id));
  CHECK(code_of(site.ask(id)) == ErrorCode::kTooMany);  // in one breath
  const std::string first = site.drafts->get(id).value().code;
  site.book.now += kConfirmationPause;
  REQUIRE(site.ask(id));
  CHECK(code_of(site.drafts->confirm(id, first, site.book.now)) == ErrorCode::kInvalid);
  const std::string second = site.drafts->get(id).value().code;
  CHECK(code_of(site.drafts->confirm(id, second, site.book.now + kCodeDays * kDay)) == ErrorCode::kInvalid);
  CHECK(code_of(site.drafts->confirm("p-0", second, site.book.now)) == ErrorCode::kInvalid);
  REQUIRE(site.drafts->confirm(id, second, site.book.now));
  CHECK(site.drafts->get(id).value().confirmed == "planted@mail.example");
  CHECK(code_of(site.drafts->confirm(id, second, site.book.now)) == ErrorCode::kInvalid);
  CHECK(code_of(site.ask(id)) == ErrorCode::kConflict);  // there is nothing to confirm
  const auto letters = site.book.cases->letters({.case_id = id}, 0, 10).value();
  CHECK(letters.size() == 2);
  CHECK(site.book.cases->verify({}, site.book.now).value().differences.empty());
}

TEST_CASE("drafts: no more letters leave than a few", "[drafts]") {
  Drafts site;
  const std::string id = site.begin().draft.id;
  for (unsigned i = 0; i < kMostConfirmations; ++i) {
    REQUIRE(site.ask(id));
    site.book.now += kConfirmationPause;
  }
  CHECK(code_of(site.ask(id)) == ErrorCode::kTooMany);
}

TEST_CASE("drafts: what was never handed in expires with its letters and its hash, the rest stays", "[drafts]") {
  Drafts site;
  const OwnDrafts::Begun old = site.begin(), saved = site.begin(), handed = site.begin();
  REQUIRE(site.ask(old.draft.id));
  REQUIRE(site.drafts->handed_in(handed.draft.id, 1));
  site.book.now += kDraftDays * kDay - 1;
  CHECK(site.drafts->expire(*site.book.cases, site.book.now).value() == 0);
  REQUIRE(site.drafts->save(saved.draft.id, "{}", "fr", {}, site.book.now));
  site.book.now += 1;
  CHECK(site.drafts->expire(*site.book.cases, site.book.now).value() == 1);
  CHECK(code_of(site.drafts->id_of(old.secret)) == ErrorCode::kUnauthenticated);
  CHECK(site.drafts->id_of(saved.secret));
  CHECK(site.drafts->id_of(handed.secret));
  CHECK(site.book.cases->letters({.case_id = old.draft.id}, 0, 10).value().empty());
  CHECK(site.book.cases->letters_to_send(site.book.now, 10).value().empty());
  CHECK(site.book.cases->verify({}, site.book.now).value().differences.empty());
  CHECK_FALSE(site.in_a_file(digest_of(old.secret)));
}

TEST_CASE("drafts: one that is erased for good leaves a receipt and no byte", "[drafts]") {
  Drafts site;
  const OwnDrafts::Begun begun = site.begin();
  REQUIRE(site.ask(begun.draft.id));
  const auto erasures = Erasures::open(*site.book.store, {[] { return Status(); }, [](const std::string&) { return false; },
                                                          [&] { return site.book.cases->clear_spool(); }})
                            .value();
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = begun.draft.id;
  const auto never = [](const ErasedProfile&, const std::string&) { return false; };
  const Result<ErasureReceipt> receipt = erasures->erase({{begun.draft.id, write}}, never, "draft");
  REQUIRE(receipt);
  CHECK(receipt->complete);
  CHECK(code_of(site.drafts->id_of(begun.secret)) == ErrorCode::kUnauthenticated);
  CHECK(site.drafts->waiting() == 0);
  CHECK_FALSE(site.in_a_file(digest_of(begun.secret)));
  CHECK(site.book.cases->letters({.case_id = begun.draft.id}, 0, 10).value().empty());
  CHECK(site.book.cases->letters_to_send(site.book.now, 10).value().empty());
}

}  // namespace counterpart::index
