// Who gives way and who may wait, without sockets.
#include "server/http/http_admission.h"

#include <optional>

#include "tests/support/catch.h"

namespace counterpart::server {
namespace {

using std::chrono::milliseconds;

// How many requests may wait behind one another when each takes `work`.
std::size_t admitted(milliseconds work, unsigned workers, std::size_t most) {
  WorkQueue queue(most, workers);
  for (int i = 0; i < 200; ++i) {
    const auto ticket = queue.enter("POST", "/v1/match");
    REQUIRE(ticket);
    queue.began(*ticket);
    queue.worked(*ticket, work);
  }
  std::size_t in = 0;
  while (in < 10 * most && queue.enter("POST", "/v1/match")) ++in;
  CHECK(queue.waiting() == in);
  return in;
}

}  // namespace

TEST_CASE("admission: the queue is as long as the work is short", "[admission]") {
  CHECK(admitted(milliseconds(0), 2, 256) == 256);
  CHECK(admitted(milliseconds(1), 2, 256) == 256);
  CHECK(admitted(milliseconds(2), 2, 256) == 5);
  CHECK(admitted(milliseconds(50), 2, 256) == 3);
  CHECK(admitted(milliseconds(50), 8, 256) == 12);
  CHECK(admitted(milliseconds(5000), 1, 256) == 2);
  CHECK(admitted(milliseconds(2), 2, 3) == 3);
}

TEST_CASE("admission: a quick request waits behind long ones rather than to be turned away", "[admission]") {
  WorkQueue queue(256, 2);
  using Took = std::pair<const char*, milliseconds>;
  for (const auto& [path, work] : {Took("/v1/match", 100), Took("/style.css", 0)}) {
    const auto ticket = queue.enter("GET", path);
    REQUIRE(ticket);
    queue.began(*ticket);
    queue.worked(*ticket, work);
  }
  while (queue.enter("GET", "/v1/match")) {}
  for (int i = 0; i < 20; ++i) CHECK(queue.enter("GET", "/style.css"));
  CHECK_FALSE(queue.enter("GET", "/v1/match/or/another"));
}

TEST_CASE("admission: all files of a folder are of one kind, whatever they are called", "[admission]") {
  WorkQueue queue(1'000, 2);
  const std::size_t kind = queue.enter("GET", "/assets/start.js").value().kind;
  for (int i = 0; i < 500; ++i) REQUIRE(queue.enter("GET", "/assets/chunk-" + std::to_string(i) + ".js").value().kind == kind);
  CHECK(queue.enter("GET", "/v1/match").value().kind != kind);
  CHECK(queue.enter("GET", "/v1/profiles/a.b").value().kind == queue.enter("GET", "/v1/profiles/c").value().kind);
}

TEST_CASE("admission: long requests queue for themselves, by what is expected or by what their kind took", "[admission]") {
  using Lane = WorkQueue::Lane;
  WorkQueue queue(256, 2);
  const auto lane = [&](const char* path, double expected) {
    const auto ticket = queue.enter("POST", path, expected);
    REQUIRE(ticket);
    queue.began(*ticket);
    return ticket->lane;
  };
  const auto took = [&](const char* path, double expected, std::optional<milliseconds> core) {
    const auto ticket = queue.enter("POST", path, expected);
    REQUIRE(ticket);
    queue.began(*ticket);
    queue.worked(*ticket, milliseconds(1), core);
  };
  CHECK(lane("/v1/match", 5) == Lane::kSmall);
  CHECK(lane("/v1/match", 2000) == Lane::kLong);  // the same call with a long text
  took("/v1/panels", 50, milliseconds(3));
  CHECK(lane("/v1/panels", 50) == Lane::kSmall);  // said to be long, and is not
  for (int i = 0; i < 8; ++i) took("/v1/panels", 50, milliseconds(300));
  CHECK(lane("/v1/panels", 50) == Lane::kLong);  // and then it is
  took("/v1/profiles:import", 100, std::nullopt);
  CHECK(lane("/v1/profiles:import", 100) == Lane::kLong);  // a stream's work comes later
  // A crowd of long ones fills no place of a small one.
  for (int i = 0; i < 100; ++i) took("/v1/long", 100, milliseconds(250));
  while (queue.enter("POST", "/v1/long", 100)) {}
  for (int i = 0; i < 100; ++i) CHECK(queue.enter("POST", "/v1/match", 5));
}

TEST_CASE("admission: writes are not turned away for waiting together: they share the disk's time", "[admission]") {
  WorkQueue queue(256, 2);
  for (int i = 0; i < 200; ++i) {
    const auto ticket = queue.enter("PUT", "/v1/profiles/a");
    REQUIRE(ticket);
    queue.began(*ticket);
    queue.worked(*ticket, milliseconds(20));
  }
  std::size_t in = 0;
  while (in < 1000 && queue.enter("PUT", "/v1/profiles/b")) ++in;
  CHECK(in == 256);
}

TEST_CASE("admission: those without a request give way first, then the longest", "[admission]") {
  WaitingClients clients;
  std::array<char, 3> bytes{};
  const auto session = [&](std::size_t i) { return reinterpret_cast<HttpSession*>(&bytes[i]); };  // never followed
  std::array<WaitingClients::Listing, 3> places;
  const auto next = [&] {
    HttpSession* told = nullptr;
    clients.give_way([&](HttpSession& one) { told = &one; });
    return told;
  };
  CHECK(next() == nullptr);
  clients.waits(session(0), places[0], ClientWait::kHeader);
  clients.waits(session(1), places[1], ClientWait::kRequest);
  clients.waits(session(2), places[2], ClientWait::kRequest);
  CHECK(next() == session(1));
  CHECK(next() == session(2));
  CHECK(next() == session(0));
  CHECK(next() == nullptr);  // nobody gives way twice
  clients.busy(places[1]);
  clients.waits(session(0), places[0], ClientWait::kBody);
  CHECK(next() == nullptr);  // it has its time
  clients.waits(session(0), places[0], ClientWait::kTurnedAway);
  CHECK(next() == nullptr);  // makes no room for one who is to be served
  HttpSession* refused = nullptr;
  CHECK(clients.turned_away_gives_way([&](HttpSession& one) { refused = &one; }));
  CHECK(refused == session(0));
  clients.busy(places[0]);
  CHECK_FALSE(clients.turned_away_gives_way([](HttpSession&) {}));
}

TEST_CASE("admission: what bodies took and gave back can be taken again", "[admission]") {
  BodyBudget budget(10);
  CHECK(budget.take(6));
  CHECK_FALSE(budget.take(5));
  budget.give(6);
  CHECK(budget.take(10));
}

}  // namespace counterpart::server
