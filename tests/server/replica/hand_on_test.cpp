// What stands before the calls of a follower and of an owner: who waits, for how long, and on whose thread.
#include "server/replica/hand_on.h"

#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "engine/base/hex.h"
#include "index/replica/checkpoint.h"
#include "index/tail/batch.h"
#include "server/http/http_server.h"
#include "server/http/problem.h"
#include "server/replica/tail_call.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

using namespace std::chrono_literals;

Status put(Store& store, std::string id) {
  Write write;
  write.profile.id = std::move(id);
  write.profile.title = "Solar pumps";
  write.profile.offers = "pumps";
  write.profile.country = "KE";
  return store.write({&write, 1}).front().map([](const Written&) {});
}

struct Side {
  explicit Side(const std::filesystem::path& folder)
      : store(Store::open(folder).value()), replication(Replication::open(*store, true).value()) {
    replication->begin();
  }
  std::unique_ptr<Store> store;
  std::unique_ptr<Replication> replication;
  OwnerCalls calls;
  HandOn hand_on;
  TailPosition position() const { return store->database().tail().position(); }
};

Request request_of(std::string method, const std::string& target) {
  Request request;
  request.method = std::move(method);
  request.target = target;
  REQUIRE(split_target(request));
  return request;
}

Response here(const Request&) {
  Response response;
  response.body = "of this one";
  return response;
}

std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

// The answer as it leaves.
Response settled(Response response) {
  const auto settle = std::exchange(response.settle, {});
  while (settle && !settle(response)) std::this_thread::sleep_for(1ms);
  return response;
}

// An owner's server that answers when it is let.
struct SlowOwner {
  std::promise<void> open;
  std::shared_future<void> opened{open.get_future()};
  std::atomic<int> asked{0};
  std::unique_ptr<HttpServer> server;
  SlowOwner() {
    HttpOptions options;
    options.port = 0;
    options.workers = 2 * OwnerCalls::kMost;
    server = std::move(*HttpServer::start(
        options,
        [this](const Request&) {
          ++asked;
          opened.wait();
          Response response;
          response.body = "of the owner";
          return response;
        },
        [](std::string_view, std::string_view) { return std::size_t{1000}; }));
  }
  OwnerLink link(const TempFolder& folder) const {
    const auto token = folder.file("token", "cp_token\n");
    return OwnerLink::open({"http://127.0.0.1:" + std::to_string(server->port()), token.string(), {}, false}).value();
  }
};

}  // namespace

TEST_CASE("hand on: what waits for an owner that hangs is on no worker, and is bounded", "[replica][hand_on]") {
  const TempFolder folder;
  std::filesystem::create_directories(folder.path() / "copy");
  REQUIRE(write_role(folder.path() / "copy", {ReplicaRole::Kind::kFollower, "http://owner", "f1", 0, false, 0}));
  SlowOwner owner;
  const OwnerLink link = owner.link(folder);
  Side copy(folder.path() / "copy");
  copy.hand_on.watch(*copy.replication, &link, copy.calls, "key");

  std::vector<Response> waiting;
  for (std::size_t i = 0; i < OwnerCalls::kMost; ++i)
    waiting.push_back(copy.hand_on.answer(request_of("PUT", "/v1/profiles/a"), here));  // at once: nobody answers there
  for (Response& response : waiting) CHECK_FALSE(response.settle(response));
  const Response refused = copy.hand_on.answer(request_of("PUT", "/v1/profiles/a"), here);
  CHECK(refused.status == 503);
  CHECK_FALSE(refused.settle);
  // Reads go on, those that the owner would rather answer as well.
  CHECK(copy.hand_on.answer(request_of("GET", "/v1/profiles/a"), here).body == "of this one");
  const Response runs = copy.hand_on.answer(request_of("GET", "/v1/runs"), here);
  CHECK(runs.body == "of this one");
  CHECK_FALSE(runs.settle);

  owner.open.set_value();
  for (Response& response : waiting) CHECK(settled(std::move(response)).body == "of the owner");
  CHECK(owner.asked == static_cast<int>(OwnerCalls::kMost));
  CHECK(settled(copy.hand_on.answer(request_of("PUT", "/v1/profiles/a"), here)).body == "of the owner");
}

TEST_CASE("hand on: calls under way end when their server does", "[replica][hand_on]") {
  const TempFolder folder;
  SlowOwner owner;
  const OwnerLink link = owner.link(folder);
  std::atomic<bool> ended{false};
  {
    OwnerCalls calls;
    REQUIRE(calls.begin([&](const std::stop_token& stop) {
      ClientRequest request;
      request.given_up = [&stop] { return stop.stop_requested(); };
      CHECK_FALSE(link.call(std::move(request), true));
      ended = true;
      return Response{};
    }));
    while (owner.asked == 0) std::this_thread::sleep_for(1ms);
  }
  CHECK(ended);
  owner.open.set_value();
}

TEST_CASE("hand on: a standby's question is answered at once where it confirms something", "[replica][hand_on]") {
  const TempFolder folder;
  Side owner(folder.path() / "owner");
  owner.hand_on.watch(*owner.replication, nullptr, owner.calls, "key");
  const auto asks = [&] { return request_of("GET", target_of({owner.position(), "f1", {}, true})); };
  REQUIRE(owner.replication->tail({owner.position(), "f1", {}, true}));  // it stands by from now on
  REQUIRE(owner.replication->state().standby);

  // It has all, and says so for the first time: whoever wrote waits for that.
  CHECK_FALSE(owner.replication->is_confirmed(owner.position().number));
  CHECK_FALSE(owner.hand_on.too_early(asks(), 0ms));
  REQUIRE(owner.replication->tail({owner.position(), "f1", {}, true}));
  CHECK(owner.replication->is_confirmed(owner.position().number));
  // Asked again there is nothing to tell, and it waits for what comes next.
  CHECK(owner.hand_on.too_early(asks(), 0ms));
  CHECK_FALSE(owner.hand_on.too_early(asks(), kTailPatience));
  // Who only follows confirms nothing.
  REQUIRE(put(*owner.store, "a"));
  // Whoever was told of that batch was told so by another owner: it is confirmed here by nobody.
  Request told = request_of("GET", "/v1/profiles/a");
  told.headers["x-counterpart-sequence"] = std::to_string(owner.position().number);
  CHECK(owner.hand_on.too_early(told, 0ms));
  CHECK(owner.hand_on.answer(told, here).status == 503);
  told.headers["x-counterpart-sequence"] = std::to_string(owner.position().number - 1);
  CHECK_FALSE(owner.hand_on.too_early(told, 0ms));
  // Nor does it know what is there, once its standby is silent.
  const Handler absent = [](const Request& asked) { return problem({ErrorCode::kNotFound, {}, "no such profile", {}}, asked); };
  CHECK(owner.hand_on.answer(request_of("DELETE", "/v1/profiles/b"), absent).status == 404);
  owner.replication->fence(7, "http://new", std::nullopt).value();
  CHECK(owner.hand_on.answer(request_of("DELETE", "/v1/profiles/b"), absent).status == 503);
  CHECK(owner.hand_on.answer(request_of("GET", "/v1/profiles/b"), absent).status == 404);
  CHECK(owner.hand_on.too_early(request_of("GET", target_of({owner.position(), "f2", {}, false})), 0ms));
  CHECK_FALSE(owner.hand_on.too_early(asks(), 0ms));
}

TEST_CASE("hand on: an answer's sequence is no lower than that of what was read for it", "[replica][hand_on]") {
  const TempFolder folder;
  REQUIRE(Store::open(folder.path() / "owner"));
  std::filesystem::copy(folder.path() / "owner", folder.path() / "copy", std::filesystem::copy_options::recursive);
  Side owner(folder.path() / "owner");
  const TailPosition before = owner.position();
  owner.store->database().tail().keep();
  REQUIRE(put(*owner.store, "a"));
  const auto bytes = owner.replication->tail({before, "f1", {}, false});
  REQUIRE(bytes);

  SlowOwner elsewhere;
  elsewhere.open.set_value();
  const OwnerLink link = elsewhere.link(folder);
  REQUIRE(write_role(folder.path() / "copy", {ReplicaRole::Kind::kFollower, "http://owner", "f1", 0, false, 0}));
  Side copy(folder.path() / "copy");
  copy.hand_on.watch(*copy.replication, &link, copy.calls, "key");
  // A batch is on disk, and its indexes have not followed: a record of it is read all the same.
  const Response response = copy.hand_on.answer(request_of("GET", "/v1/profiles/a"), [&](const Request& request) {
    REQUIRE(copy.store->follow(*read_batches(*bytes)));
    CHECK(copy.store->get("a", false));
    return here(request);
  });
  CHECK(copy.replication->shown() < copy.position().number);
  CHECK(header_of(response, kSequenceHeader) == std::to_string(copy.position().number));
}

}  // namespace counterpart::server
