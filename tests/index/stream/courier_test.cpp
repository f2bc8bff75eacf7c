// A courier whose mailbox loses, repeats and delays: in the end every office has what each has published.
#include "index/stream/courier.h"

#include <deque>
#include <random>

#include "tests/index/network/office.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::index {
namespace {

// What lies between the offices; one for all.
struct Post {
  std::map<std::string, std::deque<std::string>> waiting;
  std::mt19937 random{7};
  bool reliable = true;
  bool down = false;
  int sent = 0;
};

class FakeMailbox final : public Mailbox {
 public:
  FakeMailbox(Post& post, std::string office) : post_(post), office_(std::move(office)) {}
  Status send(const std::string& office, std::string_view bundle) override {
    if (post_.down) return fail(ErrorCode::kUnavailable, "network", "is down");
    ++post_.sent;
    if (!post_.reliable && post_.random() % 4 == 0) return {};  // acknowledged, and lost
    std::deque<std::string>& box = post_.waiting[office];
    if (!post_.reliable && post_.random() % 4 == 0)
      box.emplace_front(bundle);  // before those that were sent earlier
    else
      box.emplace_back(bundle);
    return {};
  }
  Status fetch(std::chrono::milliseconds, const std::function<bool(std::string_view)>& take) override {
    if (post_.down) return fail(ErrorCode::kUnavailable, "network", "is down");
    std::deque<std::string>& box = post_.waiting[office_];
    for (int i = 0; i < 4 && !box.empty(); ++i) {
      const bool done = take(box.front());
      if (!done) break;
      if (post_.reliable || post_.random() % 4 != 0) box.pop_front();  // else its acknowledgement was lost
    }
    return {};
  }

 private:
  Post& post_;
  std::string office_;
};

struct Served {
  Served(const std::filesystem::path& folder, Post& post, const std::string& id, std::chrono::milliseconds again)
      : office(folder / id, id), receiving(office.receiving()),
        rounds(receiving, {std::chrono::milliseconds(0), again}, [](const Error&) {}), mailbox(post, id) {}
  TestOffice office;
  Receiving receiving;
  CourierRounds rounds;
  FakeMailbox mailbox;
};

struct Pair {
  explicit Pair(std::chrono::milliseconds again = std::chrono::hours(1))
      : rome(folder.path(), post, "rome", again), lagos(folder.path(), post, "lagos", again) {
    rome.office.meet(lagos.office);
    lagos.office.meet(rome.office);
  }
  bool settled() const {
    return rome.office.other("lagos").confirmed.position == rome.office.head() &&
           lagos.office.other("rome").confirmed.position == lagos.office.head();
  }
  int rounds_until_settled(int most) {
    for (int i = 0; i < most; ++i) {
      if (settled()) return i;
      (void)rome.rounds.round(rome.mailbox);
      (void)lagos.rounds.round(lagos.mailbox);
    }
    return most;
  }
  TempFolder folder;
  Post post;
  Served rome, lagos;
};

}  // namespace

TEST_CASE("courier: what is new goes once, and when all is confirmed nothing more goes", "[courier]") {
  Pair pair;
  REQUIRE(pair.rome.office.write(TestOffice::put("a", "solar pumps")));
  REQUIRE(pair.rounds_until_settled(6) < 6);
  CHECK(pair.lagos.office.received_of("rome") == pair.rome.office.published());
  for (int i = 0; i < 3; ++i) (void)pair.rounds_until_settled(1);
  const auto quiet = [&] {
    for (int i = 0; i < 3; ++i) {
      REQUIRE(pair.rome.rounds.round(pair.rome.mailbox));
      REQUIRE(pair.lagos.rounds.round(pair.lagos.mailbox));
    }
  };
  quiet();
  const int sent = pair.post.sent;
  quiet();
  CHECK(pair.post.sent == sent);
  REQUIRE(pair.rome.office.write(TestOffice::put("b", "boats")));
  REQUIRE(pair.rome.office.erase("a"));
  REQUIRE(pair.rounds_until_settled(6) < 6);
  CHECK(pair.lagos.office.received_of("rome") == pair.rome.office.published());
}

TEST_CASE("courier: a series goes on where the last one ended, before that is confirmed", "[courier]") {
  Pair pair;
  REQUIRE(pair.rounds_until_settled(6) < 6);
  for (int i = 0; i < 3; ++i) {
    REQUIRE(pair.rome.office.write(TestOffice::put("p" + std::to_string(i), "pumps")));
    REQUIRE(pair.rome.rounds.round(pair.rome.mailbox));  // Lagos does not answer
  }
  pair.lagos.rounds.forget();
  REQUIRE(pair.lagos.rounds.round(pair.lagos.mailbox));
  CHECK(pair.lagos.office.received_of("rome") == pair.rome.office.published());
  CHECK(pair.lagos.office.other("rome").received == pair.rome.office.head());
}

TEST_CASE("courier: what is lost, repeated or late comes in the end, and so after the carrier was away", "[courier]") {
  Pair pair(std::chrono::milliseconds(0));
  pair.post.reliable = false;
  for (int i = 0; i < 24; ++i) {
    Served& one = i % 2 == 0 ? pair.rome : pair.lagos;
    const std::string id = one.office.id + std::to_string(i % 8);
    if (i % 5 == 4)
      (void)one.office.remove(id);
    else
      REQUIRE(one.office.write(TestOffice::put(id, "text " + std::to_string(i))));
    pair.post.down = i % 7 == 6;
    if (pair.post.down) pair.rome.rounds.forget();
    if (i == 12) pair.post.waiting.clear();  // the stream was deleted
    (void)pair.rome.rounds.round(pair.rome.mailbox);
    (void)pair.lagos.rounds.round(pair.lagos.mailbox);
  }
  pair.post.down = false;
  REQUIRE(pair.rounds_until_settled(200) < 200);
  CHECK(pair.lagos.office.received_of("rome") == pair.rome.office.published());
  CHECK(pair.rome.office.received_of("lagos") == pair.lagos.office.published());
}

TEST_CASE("courier: whatever goes to one office, the others have theirs and what comes is taken in", "[courier]") {
  Pair pair;
  Served cairo(pair.folder.path(), pair.post, "cairo", std::chrono::hours(1));
  CourierRounds::Pace slow{.fetch = std::chrono::milliseconds(0), .again = std::chrono::hours(1), .bundles = 2};
  slow.limits.operations = 1;
  CourierRounds rounds(pair.rome.receiving, slow, [](const Error&) {});
  for (int i = 0; i < 7; ++i) REQUIRE(pair.rome.office.write(TestOffice::put("p" + std::to_string(i), "pumps")));
  pair.rome.office.meet(cairo.office);
  cairo.office.meet(pair.rome.office);
  REQUIRE(pair.lagos.office.write(TestOffice::put("boat", "boats")));
  REQUIRE(pair.lagos.rounds.round(pair.lagos.mailbox));
  REQUIRE(rounds.round(pair.rome.mailbox));
  CHECK(pair.post.waiting["lagos"].size() == 2);
  CHECK(pair.post.waiting["cairo"].size() == 2);
  CHECK(pair.rome.office.received_of("lagos") == pair.lagos.office.published());
  // The carrier goes and comes back: the series goes on where it was.
  rounds.forget();
  for (int i = 0; i < 3; ++i) REQUIRE(rounds.round(pair.rome.mailbox));
  CHECK(pair.post.waiting["cairo"].size() < 9);
  for (int i = 0; i < 4; ++i) REQUIRE(cairo.rounds.round(cairo.mailbox));
  CHECK(cairo.office.received_of("rome") == pair.rome.office.published());
}

TEST_CASE("courier: to an office that is not heard of less and less goes, and all of it once it is heard", "[courier]") {
  Pair pair(std::chrono::milliseconds(0));
  CourierRounds::Pace quick{.fetch = std::chrono::milliseconds(0), .again = std::chrono::milliseconds(1)};
  CourierRounds rounds(pair.rome.receiving, quick, [](const Error&) {});
  REQUIRE(pair.rome.office.write(TestOffice::put("a", "solar pumps")));
  // Each mailbox is gone as soon as it has taken something.
  for (int i = 0; i < 200; ++i) {
    rounds.forget();
    REQUIRE(rounds.round(pair.rome.mailbox));
  }
  CHECK(pair.post.waiting["lagos"].size() < 30);
  pair.post.waiting["lagos"].clear();  // and all was lost
  REQUIRE(pair.lagos.rounds.round(pair.lagos.mailbox));
  for (int i = 0; i < 3; ++i) {
    REQUIRE(rounds.round(pair.rome.mailbox));
    REQUIRE(pair.lagos.rounds.round(pair.lagos.mailbox));
  }
  CHECK(pair.lagos.office.received_of("rome") == pair.rome.office.published());
}

TEST_CASE("courier: whoever may not write takes nothing from those who may", "[courier]") {
  Pair pair;
  REQUIRE(pair.lagos.office.write(TestOffice::put("boat", "boats")));
  REQUIRE(pair.lagos.rounds.round(pair.lagos.mailbox));
  bool may = false;
  pair.rome.receiving.may_write = [&]() -> Status {
    return may ? Status() : Status(fail(ErrorCode::kUnavailable, "store", "another server owns it"));
  };
  CHECK_FALSE(pair.rome.rounds.round(pair.rome.mailbox));
  CHECK(pair.post.waiting["rome"].size() == 1);
  may = true;
  REQUIRE(pair.rome.rounds.round(pair.rome.mailbox));
  CHECK(pair.rome.office.received_of("lagos") == pair.lagos.office.published());
}

}  // namespace counterpart::index
