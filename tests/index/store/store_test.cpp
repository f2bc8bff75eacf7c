#include "index/store/store.h"

#include <atomic>
#include <set>
#include <thread>

#include "index/store/database.h"
#include "tests/support/catch.h"
#include "tests/support/fake_embedder.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

Profile profile(std::string id, std::string title = "Solar pumps") {
  Profile made;
  made.id = std::move(id);
  made.title = std::move(title);
  made.offers = "pumps";
  made.country = "KE";
  return made;
}

Write put(Profile made) {
  Write write;
  write.profile = std::move(made);
  return write;
}

Write embedded(Profile made, const FakeEmbedder& embedder = FakeEmbedder()) {
  Write write = put(std::move(made));
  write.embedding = quantise(embed_faces(write.profile, embedder), embedder.model());
  return write;
}

Write erase(std::string id) {
  Write write;
  write.kind = Write::Kind::kErase;
  write.profile.id = std::move(id);
  return write;
}

Result<Written> one(Store& store, Write write) { return store.write({&write, 1}).front(); }

std::unique_ptr<Store> open(const TempFolder& folder) {
  auto store = Store::open(folder.path() / "data");
  REQUIRE(store);
  return std::move(*store);
}

}  // namespace

TEST_CASE("store: what was written is there after it is opened again", "[store]") {
  const TempFolder folder;
  {
    const auto store = open(folder);
    const auto written = one(*store, embedded(profile("a")));
    REQUIRE(written);
    CHECK(written->created);
    CHECK(written->version == 1);
    CHECK(written->sequence == 1);
  }
  const auto store = open(folder);
  CHECK(store->size() == 1);
  CHECK(store->sequence() == 1);
  CHECK(store->get("a")->profile.title == "Solar pumps");
  CHECK((*store->embedding("a"))->model == "fake-1");
  CHECK(store->get("b").error().code == ErrorCode::kNotFound);
}

TEST_CASE("store: writing the same profile again changes nothing", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  REQUIRE(one(*store, embedded(profile("a"))));
  for (const auto& again : {put(profile("a")), embedded(profile("a"))}) {
    const auto written = one(*store, again);
    REQUIRE(written);
    CHECK(written->unchanged);
    CHECK(written->version == 1);
    CHECK(written->sequence == 1);
  }
  CHECK(store->sequence() == 1);
  CHECK(store->syncs() == 1);
}

TEST_CASE("store: vectors of another model are a change, but no new version", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  REQUIRE(one(*store, embedded(profile("a"))));
  const auto written = one(*store, embedded(profile("a"), FakeEmbedder("fake-2")));
  REQUIRE(written);
  CHECK_FALSE(written->unchanged);
  CHECK(written->version == 1);
  CHECK(written->sequence == 2);
  CHECK((*store->embedding("a"))->model == "fake-2");
}

TEST_CASE("store: a put without vectors drops those of the older text and keeps those of the same", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  REQUIRE(one(*store, embedded(profile("a"))));
  Profile reached = profile("a");
  reached.contact.phone = "+254 1";
  REQUIRE(one(*store, put(reached)));
  CHECK(store->embedding("a")->has_value());
  REQUIRE(one(*store, put(profile("a", "Wind pumps"))));
  CHECK_FALSE(store->embedding("a")->has_value());
}

TEST_CASE("store: an expected version that is not the stored one is a conflict", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  Write first = put(profile("a"));
  first.expect_version = 1;
  CHECK(one(*store, first).error().code == ErrorCode::kConflict);
  first.expect_version = 0;
  REQUIRE(one(*store, first));
  CHECK(one(*store, first).error().code == ErrorCode::kConflict);
  Write second = put(profile("a", "Wind pumps"));
  second.expect_version = 1;
  CHECK(one(*store, second)->version == 2);
  CHECK(one(*store, second).error().code == ErrorCode::kConflict);
  CHECK(store->get("a")->version == 2);
}

TEST_CASE("store: a refused write does not stop its neighbours", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  std::vector<Write> writes{put(profile("a")), put(profile("")), erase("nobody"), put(profile("b"))};
  const auto verdicts = store->write(writes);
  REQUIRE(verdicts.size() == 4);
  CHECK(verdicts[0]);
  CHECK(verdicts[1].error().code == ErrorCode::kInvalid);
  CHECK(verdicts[2].error().code == ErrorCode::kNotFound);
  CHECK(verdicts[3]->sequence == 2);
  CHECK(store->size() == 2);
  CHECK(store->syncs() == 1);
}

TEST_CASE("store: a later write of one call sees the earlier one", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  Write update = put(profile("a", "Second"));
  update.expect_version = 1;
  std::vector<Write> writes{put(profile("a", "First")), update, put(profile("a", "Second")), erase("a"),
                            put(profile("a", "Third"))};
  const auto verdicts = store->write(writes);
  REQUIRE(verdicts[1]);
  CHECK(verdicts[1]->version == 2);
  CHECK(verdicts[2]->unchanged);
  CHECK(verdicts[4]->created);
  CHECK(store->get("a")->profile.title == "Third");
  CHECK(store->size() == 1);
  CHECK(store->changes(0, 10)->size() == 1);
}

TEST_CASE("store: an erased profile leaves a tombstone and its versions go on", "[store]") {
  const TempFolder folder;
  {
    const auto store = open(folder);
    REQUIRE(one(*store, embedded(profile("a"))));
    REQUIRE(one(*store, erase("a")));
    CHECK(one(*store, erase("a")).error().code == ErrorCode::kNotFound);
    CHECK(store->get("a").error().code == ErrorCode::kNotFound);
    CHECK_FALSE(store->embedding("a")->has_value());
    CHECK(store->size() == 0);
    const auto changes = store->changes(0, 10);
    REQUIRE(changes->size() == 1);
    CHECK(changes->front().erased);
    CHECK(changes->front().sequence == 2);
  }
  const auto store = open(folder);
  Write again = put(profile("a"));
  again.expect_version = 0;
  const auto written = one(*store, again);
  REQUIRE(written);
  CHECK(written->created);
  CHECK(written->version == 3);
  CHECK(store->changes(0, 10)->size() == 1);
  CHECK_FALSE(store->changes(0, 10)->front().erased);
}

TEST_CASE("store: the change log keeps the newest change of each profile, in order", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  REQUIRE(one(*store, put(profile("a"))));
  REQUIRE(one(*store, put(profile("b"))));
  REQUIRE(one(*store, put(profile("a", "Wind pumps"))));
  const auto all = store->changes(0, 10);
  REQUIRE(all->size() == 2);
  CHECK(all->at(0).id == "b");
  CHECK(all->at(1).id == "a");
  CHECK(all->at(1).sequence == 3);
  CHECK(store->changes(2, 10)->size() == 1);
  CHECK(store->changes(0, 1)->size() == 1);
  CHECK(store->changes(3, 10)->empty());
}

TEST_CASE("store: private members are given only where asked for, and lie apart from the rest", "[store]") {
  const TempFolder folder;
  Profile made = profile("a");
  made.contact.email = "someone@example.org";
  made.organisation.legal_name = "Hidden Ltd";
  {
    const auto store = open(folder);
    REQUIRE(one(*store, put(made)));
    CHECK(store->get("a")->profile.contact.empty());
    CHECK_FALSE(store->get("a")->profile.organisation.legal_name);
    CHECK(store->get("a", true)->profile.contact.email == "someone@example.org");
    CHECK(store->get("a", true)->profile.organisation.legal_name == "Hidden Ltd");
    std::string seen;
    REQUIRE(store->for_each(false, [&](const StoredProfile& stored, const auto&) {
      seen += stored.profile.contact.email;
      return true;
    }));
    CHECK(seen.empty());
  }
  const auto database = Database::open(folder.path() / "data" / "store");
  REQUIRE(database);
  for (const auto family : {Family::kMeta, Family::kProfiles, Family::kEmbeddings, Family::kChanges}) {
    Database::Cursor cursor(**database, family);
    for (cursor.first(); cursor.valid(); cursor.next()) {
      CHECK(cursor.value().find("someone@example.org") == std::string_view::npos);
      CHECK(cursor.value().find("Hidden Ltd") == std::string_view::npos);
    }
  }
}

TEST_CASE("store: for_each gives every live profile in order of id, with its vectors", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  std::vector<Write> writes{embedded(profile("c")), put(profile("a")), embedded(profile("b")), put(profile("d"))};
  store->write(writes);
  REQUIRE(one(*store, erase("d")));
  std::string seen;
  REQUIRE(store->for_each(true, [&](const StoredProfile& stored, const std::optional<Embedding>& embedding) {
    seen += stored.profile.id + (embedding ? "+" : "-");
    return stored.profile.id != "c";
  }));
  CHECK(seen == "a-b+c+");
  std::string heads;
  REQUIRE(store->for_each_head([&](std::string_view id, std::uint64_t sequence) {
    heads += std::string(id) + std::to_string(sequence);
    return true;
  }));
  CHECK(heads == "a2b3c1");
}

TEST_CASE("store: a walk sees one state, whatever is written meanwhile", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  std::vector<Write> writes{put(profile("a")), put(profile("b"))};
  store->write(writes);
  std::string seen;
  REQUIRE(store->for_each(false, [&](const StoredProfile& stored, const auto&) {
    if (stored.profile.id == "a") {
      CHECK(one(*store, erase("b")));
      CHECK(one(*store, put(profile("c"))));
    }
    seen += stored.profile.id;
    return true;
  }));
  CHECK(seen == "ab");
}

TEST_CASE("store: new vectors take a sequence if the profile is still at that version", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  REQUIRE(one(*store, put(profile("a"))));
  const FakeEmbedder embedder;
  const auto embedding = quantise(embed_faces(profile("a"), embedder), embedder.model());
  CHECK(store->set_embedding("a", 2, embedding).error().code == ErrorCode::kConflict);
  CHECK(store->set_embedding("b", 1, embedding).error().code == ErrorCode::kConflict);
  REQUIRE(store->set_embedding("a", 1, embedding));
  CHECK(store->get("a")->version == 1);
  CHECK(store->get("a")->sequence == 2);
  CHECK((*store->embedding("a"))->values == embedding.values);
}

TEST_CASE("store: the listener hears of each acknowledged group, and of nothing else", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  std::vector<std::uint64_t> heard;
  store->on_commit([&](std::uint64_t sequence) { heard.push_back(sequence); });
  std::vector<Write> writes{put(profile("a")), put(profile("b"))};
  store->write(writes);
  store->write(writes);
  CHECK(one(*store, erase("nobody")).error().code == ErrorCode::kNotFound);
  REQUIRE(one(*store, erase("a")));
  CHECK(heard == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("store: writers at the same time share syncs and lose nothing", "[store]") {
  const TempFolder folder;
  constexpr int kThreads = 8;
  constexpr int kEach = 40;
  std::atomic<int> accepted{0};
  std::atomic<int> counter_wins{0};
  {
    const auto store = open(folder);
    // The first group's listener waits until all the others queue up, so sharing does not hang on timing.
    std::atomic<int> started{0};
    store->on_commit([&](std::uint64_t) {
      while (started < kThreads) std::this_thread::yield();
    });
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([&, t] {
        ++started;
        for (int i = 0; i < kEach; ++i) {
          if (one(*store, put(profile("p" + std::to_string(t) + "-" + std::to_string(i))))) ++accepted;
          Write counted = put(profile("counter", "count " + std::to_string(t) + " " + std::to_string(i)));
          const auto now = store->get("counter");
          counted.expect_version = now ? now->version : 0;
          if (one(*store, counted)) ++counter_wins;
        }
      });
    for (auto& thread : threads) thread.join();
    CHECK(store->syncs() < static_cast<std::uint64_t>(accepted + counter_wins));
    CHECK(store->get("counter")->version == static_cast<std::uint64_t>(counter_wins));
  }
  const auto store = open(folder);
  CHECK(accepted == kThreads * kEach);
  CHECK(store->size() == kThreads * kEach + 1);
  CHECK(store->sequence() == static_cast<std::uint64_t>(accepted + counter_wins));
}

TEST_CASE("store: consent is asked of what is there when the write's turn comes", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  Profile moved = profile("a");
  moved.office = "tokyo";
  Write theirs = erase("a");
  std::vector<std::string> asked;
  theirs.consent = [&](const Present& present) -> Status {
    asked.push_back(present.profile ? present.profile->office : "nobody's");
    if (present.profile && present.profile->office == "rome") return {};
    return fail(ErrorCode::kForbidden, "id", "not of rome");
  };
  Profile ours = profile("a");
  ours.office = "rome";
  REQUIRE(one(*store, put(ours)));
  Write both[] = {put(moved), theirs};  // it was rome's when it was looked at
  const auto verdicts = store->write(both);
  CHECK(verdicts[0]);
  REQUIRE_FALSE(verdicts[1]);
  CHECK(verdicts[1].error().code == ErrorCode::kForbidden);
  CHECK(store->get("a")->profile.office == "tokyo");
  REQUIRE(one(*store, put(ours)));
  CHECK(one(*store, theirs));
  CHECK_FALSE(one(*store, theirs));
  CHECK(asked == std::vector<std::string>{"tokyo", "rome", "nobody's"});
}

TEST_CASE("store: a life ends with each erasure, and is counted over restarts", "[store]") {
  const TempFolder folder;
  {
    const auto store = open(folder);
    REQUIRE(one(*store, put(profile("a"))));
    CHECK(store->life("a").value() == 0);
    REQUIRE(one(*store, erase("a")));
    REQUIRE(one(*store, put(profile("a"))));
  }
  const auto store = open(folder);
  CHECK(store->life("a").value() == 1);
  CHECK(store->life("b").value() == 0);
  Write twice[] = {erase("a"), put(profile("a")), erase("a")};
  for (const auto& verdict : store->write(twice)) CHECK(verdict);
  CHECK(store->life("a").value() == 3);
}

TEST_CASE("store: private members that a put leaves out are removed, kept, or kept untold", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  Profile whole = profile("a");
  whole.contact.person = "Person One";
  whole.organisation.legal_name = "One Ltd";
  const auto kept = [&] {
    const Profile now = store->get("a", true)->profile;
    return now.contact.person + "/" + now.organisation.legal_name.value_or("");
  };
  const auto write = [&](Profile made, PrivateMembers rule, PrivateRemoved removed = {}) {
    Write one_write = put(std::move(made));
    one_write.private_members = rule;
    one_write.removed = removed;
    return one(*store, std::move(one_write)).value();
  };
  write(whole, PrivateMembers::kReplace);
  CHECK(write(profile("a"), PrivateMembers::kKeep).unchanged);
  CHECK(write(profile("a"), PrivateMembers::kUnseen).unchanged);
  CHECK(kept() == "Person One/One Ltd");
  CHECK(write(whole, PrivateMembers::kKeep).unchanged);
  CHECK_FALSE(write(whole, PrivateMembers::kUnseen).unchanged);  // nor is a wrong guess
  Profile other = profile("a");
  other.contact.person = "Person Two";
  CHECK_FALSE(write(other, PrivateMembers::kUnseen).unchanged);
  CHECK(kept() == "Person Two/One Ltd");
  CHECK_FALSE(write(profile("a"), PrivateMembers::kKeep, {.members = {"organisation.legal_name"}}).unchanged);
  CHECK(kept() == "Person Two/");
  CHECK_FALSE(write(profile("a"), PrivateMembers::kReplace).unchanged);
  CHECK(kept() == "/");
  // Nothing comes back from a life before.
  write(whole, PrivateMembers::kReplace);
  REQUIRE(one(*store, erase("a")));
  write(profile("a"), PrivateMembers::kKeep);
  CHECK(kept() == "/");
}

TEST_CASE("store: what is written together is there as a whole or not at all", "[store]") {
  const TempFolder folder;
  const auto store = open(folder);
  REQUIRE(one(*store, put(profile("a"))));
  const auto beside = [](std::vector<Database::Edit>& edits, std::vector<AuditEntry>&) -> Status {
    edits.push_back({Family::kMeta, "mark", "there"});
    return {};
  };
  Write wrong[] = {erase("a"), erase("b")};
  CHECK(store->write_together(wrong, beside).error().code == ErrorCode::kNotFound);
  CHECK(store->get("a"));
  CHECK_FALSE(store->database().get(Family::kMeta, "mark").value());
  Write right[] = {erase("a")};
  CHECK(store->write_together(right, beside));
  CHECK_FALSE(store->get("a"));
  CHECK(store->database().get(Family::kMeta, "mark").value() == "there");
}
