// A store and one that follows it: batch for batch the same, or told that it is not; and who may write.
#include "index/replica/replication.h"

#include <chrono>
#include <fstream>
#include <thread>

#include "engine/base/hex.h"
#include "index/backup/backup.h"
#include "index/base/files.h"
#include "index/replica/checkpoint.h"
#include "index/replica/published.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace counterpart::index;

namespace {

Write put(std::string id, std::string title) {
  Write write;
  write.profile.id = std::move(id);
  write.profile.title = std::move(title);
  write.profile.offers = "pumps";
  write.profile.country = "KE";
  write.profile.contact.email = "somebody@mail.example";
  return write;
}

Result<Written> one(Store& store, Write write) { return store.write({&write, 1}).front(); }

// Every key and value of every family.
std::string contents(const Store& store) {
  std::string all;
  for (std::size_t f = 0; f < kFamilies; ++f) {
    Database::Cursor at(store.database(), static_cast<Family>(f));
    for (at.first(); at.valid(); at.next())
      all.append(std::to_string(f)).append(at.key()).append("=").append(at.value()).append("\n");
  }
  return all;
}

struct Opened {
  explicit Opened(const std::filesystem::path& folder, bool serves = true)
      : store(Store::open(folder).value()), replication(Replication::open(*store, serves).value()) {
    replication->begin();
  }
  std::unique_ptr<Store> store;
  std::unique_ptr<Replication> replication;
  TailPosition position() const { return store->database().tail().position(); }
};

// A copy of the owner's directory, as a follower's.
void copy(Opened& owner, const std::filesystem::path& to) {
  const auto source = CheckpointSource::make(*owner.store);
  REQUIRE(source);
  const auto sink = CheckpointSink::make(to / "replica-stage");
  REQUIRE(sink);
  for (bool more = true; more;) {
    std::string piece;
    const auto next = (*source)->next(piece);
    REQUIRE(next);
    more = *next;
    for (std::size_t at = 0; at < piece.size(); at += 1000) (*sink)->add(std::string_view(piece).substr(at, 1000));
  }
  REQUIRE((*sink)->finish());
  REQUIRE(write_role(to, {ReplicaRole::Kind::kFollower, "http://owner", "f1", 0, false, 0}));
  REQUIRE(take_checkpoint(to / "replica-stage", to));
  std::filesystem::copy_file(owner.store->key_file(), to / "MASTER-KEY", std::filesystem::copy_options::skip_existing);
}

// One question of the follower to its owner. The batches that came.
Result<std::size_t> follow(Opened& owner, Opened& copy, bool stands_by = false) {
  const auto bytes = owner.replication->tail({copy.position(), "f1", {}, stands_by});
  if (!bytes) return tl::unexpected(bytes.error());
  const auto batches = read_batches(*bytes);
  REQUIRE(batches);
  if (!batches->empty())
    if (Status taken = copy.store->follow(*batches); !taken) return tl::unexpected(taken.error());
  copy.replication->show(copy.position().number);
  return batches->size();
}

}  // namespace

TEST_CASE("replica: a copy and its tail are the owner's store, byte for byte", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  REQUIRE(one(*owner.store, put("a", "Solar pumps")));
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  CHECK(contents(*owner.store) == contents(*follower.store));
  CHECK(follower.position() == owner.position());

  for (int i = 0; i < 20; ++i) REQUIRE(one(*owner.store, put("p" + std::to_string(i), "Title " + std::to_string(i))));
  Write gone;
  gone.kind = Write::Kind::kErase;
  gone.profile.id = "p3";
  REQUIRE(one(*owner.store, gone));
  CHECK(owner.replication->has_news(follower.position()));
  REQUIRE(follow(owner, follower));
  CHECK(contents(*owner.store) == contents(*follower.store));
  CHECK(follower.store->sequence() == owner.store->sequence());
  CHECK(follower.store->size() == owner.store->size());
  CHECK(follower.store->get("p4", true)->profile.contact.email == "somebody@mail.example");
  CHECK(follower.replication->shown() == owner.position().number);
  CHECK(follower.replication->has(owner.position().number));
  CHECK_FALSE(follower.replication->has(owner.position().number + 1));

  // What is there and not shown yet can be read all the same.
  REQUIRE(one(*owner.store, put("q", "Later")));
  const auto later = read_batches(*owner.replication->tail({follower.position(), "f1", {}, false}));
  REQUIRE(follower.store->follow(*later));
  CHECK(follower.replication->shown() < owner.position().number);
  CHECK(follower.replication->stored() == owner.position().number);

  // What is on disk at the copy survives it being opened again.
  const TailPosition stands = follower.position();
  follower.replication.reset();
  follower.store.reset();
  Opened again(folder.path() / "copy");
  CHECK(again.position() == stands);
  CHECK(again.store->audit().verify()->broken_at == 0);
}

TEST_CASE("replica: a copy takes nothing of its own and nothing out of turn", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  const std::string before = contents(*follower.store);
  const auto refused = one(*follower.store, put("a", "Mine"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().place == "owner");
  CHECK(contents(*follower.store) == before);

  REQUIRE(one(*owner.store, put("a", "First")));
  REQUIRE(one(*owner.store, put("b", "Second")));
  auto batches = read_batches(*owner.replication->tail({follower.position(), "f1", {}, false}));
  REQUIRE(batches);
  REQUIRE(batches->size() == 2);
  CHECK(follower.store->follow(std::span(*batches).last(1)).error().code == ErrorCode::kConflict);
  TailBatch changed = batches->front();
  changed.edits.back() ^= 1;
  CHECK(follower.store->follow({&changed, 1}).error().code == ErrorCode::kConflict);
  CHECK(contents(*follower.store) == before);
  REQUIRE(follower.store->follow(*batches));
  CHECK(follower.store->follow(*batches).error().code == ErrorCode::kConflict);
  CHECK(contents(*follower.store) == contents(*owner.store));
}

TEST_CASE("replica: whoever is not on the owner's way, or too far behind, is told to take a new copy", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  REQUIRE(one(*owner.store, put("a", "First")));
  REQUIRE(follow(owner, follower));
  TailPosition other = follower.position();
  other.hash.front() ^= 1;
  CHECK(owner.replication->tail({other, "f1", {}, false}).error().code == ErrorCode::kConflict);

  owner.store->database().tail().keep(1);  // one batch at most
  for (int i = 0; i < 3; ++i) REQUIRE(one(*owner.store, put("p" + std::to_string(i), "Title")));
  CHECK_FALSE(owner.store->database().tail().after(follower.position(), 1000).known);

  // An owner that was opened again keeps none, and whoever stands where it does goes on.
  owner.replication.reset();
  owner.store.reset();
  Opened again(folder.path() / "owner");
  CHECK(follow(again, follower).error().code == ErrorCode::kConflict);
}

TEST_CASE("replica: with a standby nothing is confirmed that it has not, and without its answer nothing is written",
          "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  REQUIRE(follow(owner, follower, true));  // from now on it is the standby
  CHECK_FALSE(follower.replication->is_safe());
  REQUIRE(follow(owner, follower, true));
  CHECK(follower.replication->is_safe());
  REQUIRE(one(*owner.store, put("a", "First")));
  const std::uint64_t number = owner.position().number;
  CHECK_FALSE(owner.replication->is_confirmed(number));
  REQUIRE(follow(owner, follower));
  CHECK_FALSE(owner.replication->is_confirmed(number));
  REQUIRE(follow(owner, follower));  // it asks for what comes after it
  CHECK(owner.replication->is_confirmed(number));

  // The owner comes back and has not heard of it.
  owner.replication.reset();
  owner.store.reset();
  Opened again(folder.path() / "owner");
  CHECK(one(*again.store, put("b", "Second")).error().place == "owner");
  REQUIRE(follow(again, follower));
  CHECK(one(*again.store, put("b", "Second")));
}

TEST_CASE("replica: a directory that names a standby can be opened without it, and one that is restored names none",
          "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  {
    Opened follower(folder.path() / "copy");
    REQUIRE(follow(owner, follower, true));
    REQUIRE(follow(owner, follower, true));
    REQUIRE(owner.replication->state().standby);
    REQUIRE(make_backup(*owner.store, folder.path() / "backups"));
  }
  owner.replication.reset();
  owner.store.reset();
  for (const bool serves : {true, false}) {
    const auto store = Store::open(folder.path() / "owner").value();
    const auto replication = Replication::open(*store, serves).value();
    std::this_thread::sleep_for(std::chrono::milliseconds(250));  // what watches for the standby has looked
    CHECK(one(*store, put(serves ? "a" : "b", "While it is opened")));
    CHECK_FALSE(replication->may_write());
    replication->begin();
    CHECK(one(*store, put("c", "After that")).error().place == "owner");
  }
  REQUIRE(restore_backup(folder.path() / "backups", {}, folder.path() / "restored"));
  Opened restored(folder.path() / "restored");
  CHECK_FALSE(restored.replication->state().standby);
  CHECK(one(*restored.store, put("d", "Goes on alone")));
  // Whoever may never write does not while it is opened either.
  const auto store = Store::open(folder.path() / "copy").value();
  const auto replication = Replication::open(*store, true).value();
  CHECK_FALSE(one(*store, put("a", "Mine")));
}

TEST_CASE("replica: who takes over begins an epoch, and the old owner is fenced and told what it alone had", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  REQUIRE(one(*owner.store, put("a", "Both have it")));
  REQUIRE(follow(owner, follower));
  REQUIRE(one(*owner.store, put("b", "Only the old owner has it")));
  CHECK(follower.replication->promote(false, "test").error().code == ErrorCode::kForbidden);
  const auto takeover = follower.replication->promote(true, "test");
  REQUIRE(takeover);
  CHECK(takeover->epoch == 2);
  CHECK(one(*follower.store, put("c", "Of the new owner")));
  CHECK(follower.position().epoch == 2);

  CHECK(follower.replication->fence(1, "http://old", std::nullopt).error().code == ErrorCode::kConflict);
  const auto fenced = owner.replication->fence(2, "http://new", *takeover);
  REQUIRE(fenced);
  CHECK(fenced->left_behind == 1);
  const auto told = read_file(folder.path() / "owner" / "LEFT-BEHIND");
  REQUIRE(told);
  CHECK(told->find("\"b\"") != told->npos);
  CHECK(told->find("\"a\"") == told->npos);
  CHECK(one(*owner.store, put("d", "Too late")).error().remedy.find("--follow http://new") != std::string::npos);
  CHECK_FALSE(owner.replication->has(takeover->after.number));
  CHECK(follower.replication->tail({owner.position(), "f1", {}, false}).error().code == ErrorCode::kConflict);

  owner.replication.reset();
  owner.store.reset();
  Opened again(folder.path() / "owner");
  CHECK(again.replication->role().kind == ReplicaRole::Kind::kFenced);
  CHECK_FALSE(one(*again.store, put("d", "Too late")));

  follower.replication.reset();
  follower.store.reset();
  Opened owns(folder.path() / "copy");
  CHECK(owns.replication->state().takeover->epoch == 2);
  CHECK(one(*owns.store, put("e", "Goes on")));
}

TEST_CASE("replica: who follows is not put out of force, and is no safe standby while a new copy is due", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  {
    Opened follower(folder.path() / "copy");
    REQUIRE(follow(owner, follower, true));
    const auto bytes = owner.replication->tail({follower.position(), "f1", {}, true});
    REQUIRE(follower.store->follow(*read_batches(*bytes)));
    CHECK(follower.replication->is_safe());  // its record came, and is not shown yet
    const auto role = follower.replication->fence(7, "http://other", std::nullopt);
    REQUIRE(role);
    CHECK(role->kind == ReplicaRole::Kind::kFollower);
    CHECK(read_role(folder.path() / "copy")->kind == ReplicaRole::Kind::kFollower);
    CHECK(follower.replication->role().epoch == 0);
  }
  REQUIRE(write_role(folder.path() / "copy", {ReplicaRole::Kind::kFollower, "http://owner", "f1", 1, true, 0}));
  Opened due(folder.path() / "copy");
  CHECK_FALSE(due.replication->is_safe());
  CHECK(due.replication->promote(false, "test").error().code == ErrorCode::kForbidden);
}

TEST_CASE("replica: of two that went on by themselves the one that is told stops, and what it acknowledged is told",
          "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  REQUIRE(one(*owner.store, put("a", "Both have it")));
  REQUIRE(follow(owner, follower, true));
  REQUIRE(follow(owner, follower, true));  // it stands by from here on
  const auto takeover = follower.replication->promote(true, "test");
  REQUIRE(takeover);
  REQUIRE(owner.replication->promote(false, "test"));  // lets its standby go: of the same epoch
  CHECK(owner.position().epoch == follower.position().epoch);
  REQUIRE(one(*owner.store, put("b", "Of the old owner")));
  REQUIRE(one(*follower.store, put("c", "Of the new owner")));

  CHECK(owner.replication->fence(2, "http://a-follower", std::nullopt).error().code == ErrorCode::kConflict);
  const auto fenced = owner.replication->fence(2, "http://new", *takeover);
  REQUIRE(fenced);
  CHECK(fenced->kind == ReplicaRole::Kind::kFenced);
  CHECK(fenced->left_behind >= 1);
  CHECK_FALSE(one(*owner.store, put("d", "Too late")));
  CHECK(owner.replication->fence(2, "http://new", *takeover));  // told again, as after a restart
  CHECK(one(*follower.store, put("e", "Goes on")));
}

TEST_CASE("replica: a promotion that was cut off is gone on with", "[replica]") {
  const TempFolder folder;
  {
    Opened owner(folder.path() / "owner");
    copy(owner, folder.path() / "copy");
  }
  // Its role is written, its first batch is not.
  REQUIRE(write_role(folder.path() / "copy", {ReplicaRole::Kind::kPromoted, "http://owner", "f1", 2, false, 0}));
  Opened owns(folder.path() / "copy");
  CHECK(owns.position().epoch == 2);
  CHECK(owns.replication->state().takeover->epoch == 2);
  CHECK(one(*owns.store, put("a", "Goes on")));
}

TEST_CASE("replica: who stands by lacks something all the time where others write all the time", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  copy(owner, folder.path() / "copy");
  Opened follower(folder.path() / "copy");
  REQUIRE(one(*owner.store, put("a", "Written a moment before it asks")));
  REQUIRE(*follow(owner, follower, true) == 1);
  REQUIRE(owner.replication->state().standby);
  CHECK_FALSE(follower.replication->is_safe());  // that it is the standby is the next thing that it learns
  CHECK_FALSE(owner.replication->is_confirmed(owner.position().number));
  REQUIRE(follow(owner, follower, true));
  CHECK(follower.replication->is_safe());
  REQUIRE(follow(owner, follower, true));
  CHECK(owner.replication->is_confirmed(owner.position().number));
}

TEST_CASE("replica: a promotion that a failing disk cut off writes nothing until it is given again", "[replica]") {
  const TempFolder folder;
  {
    Opened owner(folder.path() / "owner");
    copy(owner, folder.path() / "copy");
  }
  Opened owns(folder.path() / "copy");
  // No store takes anything whose directory has lost this file; its role is written beside it all the same.
  const auto mark = folder.path() / "copy" / "FORMAT", away = folder.path() / "FORMAT";
  std::filesystem::rename(mark, away);
  REQUIRE_FALSE(owns.replication->promote(true, "test"));
  std::filesystem::rename(away, mark);
  CHECK(owns.replication->role().kind == ReplicaRole::Kind::kPromoted);
  CHECK_FALSE(owns.replication->may_write());
  CHECK(one(*owns.store, put("a", "Before the epoch")).error().remedy.find("counterpart promote") != std::string::npos);
  CHECK(owns.position().epoch == 1);

  const auto again = owns.replication->promote(false, "test");
  REQUIRE(again);
  CHECK(again->epoch == 2);
  CHECK(owns.position().epoch == 2);
  CHECK(owns.replication->state().takeover->epoch == 2);
  CHECK(one(*owns.store, put("a", "Goes on")));
  CHECK(owns.replication->promote(false, "test").error().code == ErrorCode::kConflict);
}

TEST_CASE("replica: a copy that is cut short or changed is refused", "[replica]") {
  const TempFolder folder;
  Opened owner(folder.path() / "owner");
  REQUIRE(one(*owner.store, put("a", "First")));
  std::string bytes;
  {
    const auto source = CheckpointSource::make(*owner.store);
    REQUIRE(source);
    CHECK(CheckpointSource::make(*owner.store).error().code == ErrorCode::kConflict);
    while (*(*source)->next(bytes)) {}
  }
  const auto taken = [&](const std::string& sent) {
    const auto sink = CheckpointSink::make(folder.path() / "stage");
    REQUIRE(sink);
    (*sink)->add(sent);
    return (*sink)->finish();
  };
  CHECK(taken(bytes));
  CHECK_FALSE(taken(bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(taken(bytes.substr(0, bytes.size() / 2)));
  CHECK_FALSE(taken({}));
  std::string changed = bytes;
  changed[changed.size() / 2] ^= 1;
  CHECK_FALSE(taken(changed));
  CHECK_FALSE(taken(bytes + "x"));
  CHECK_FALSE(is_whole_checkpoint(folder.path() / "stage"));
  std::string outside;
  outside.push_back(7);
  outside.append("../evil");
  outside.push_back(0);
  CHECK_FALSE(taken(outside));
  CHECK_FALSE(std::filesystem::exists(folder.path() / "evil"));
}

TEST_CASE("replica: what is published beside the store is known by its name, and nothing else is", "[replica]") {
  for (const char* name : {"index/space", "runs/itpo/000012/manifest", "runs/global-alliance/1/matches"})
    CHECK(is_published_name(name));
  for (const char* name : {"", "MASTER-KEY", "store/CURRENT", "runs/itpo/000012", "runs/../000012/x", "runs/itpo/../x",
                           "runs/itpo/12/../../../MASTER-KEY", "runs/itpo/12/.x", "/etc/passwd", "index/space/x"})
    CHECK_FALSE(is_published_name(name));
}
