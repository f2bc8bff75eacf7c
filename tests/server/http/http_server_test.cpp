// The listener with handlers of a line or two: limits, deadlines, queue, framing, shutdown.
#include "server/http/http_server.h"

#include <deque>
#include <future>
#include <stop_token>
#include <thread>

#include "server/http/http_client.h"
#include "tests/server/http/raw_client.h"
#include "tests/support/catch.h"

namespace counterpart::server {
namespace {

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

Response echo(const Request& request) { return text(request.method + " " + request.path + " " + request.body); }

std::unique_ptr<HttpServer> serve(HttpOptions options, Handler handler, std::size_t limit = 1000) {
  options.port = 0;
  options.drain = std::chrono::seconds(5);
  auto server = HttpServer::start(options, std::move(handler), [limit](std::string_view, std::string_view) { return limit; });
  REQUIRE(server);
  return std::move(*server);
}

// A handler that says when it is inside and stays there until it is let go.
struct Gate {
  std::promise<void> entered, open;
  std::shared_future<void> opened{open.get_future()};
  Handler handler() {
    return [this](const Request& request) {
      if (request.path == "/wait") {
        entered.set_value();
        opened.wait();
      }
      return echo(request);
    };
  }
};

const std::string kGet = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string kGetLast = "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

}  // namespace

TEST_CASE("http: a request is answered with its id, and the target is decoded", "[http]") {
  const auto server = serve({}, [](const Request& request) {
    return text(request.path + "|" + request.query.find("q")->second + "|" + request.headers.at("x-a"));
  });
  const std::string answer =
      RawClient(server->port()).send("GET /a%20b?q=x+y%2Bz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nX-a: 2\r\n\r\n").answer();
  CHECK(status_of_answer(answer) == 200);
  CHECK(has(answer, "X-Request-Id: "));
  CHECK(has(answer, "/a b|x y+z|1, 2"));
}

TEST_CASE("http: pipelined requests are answered in order on one connection", "[http]") {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: x\r\n\r\n" + kGetLast);
  CHECK(has(client.answer(), "POST /1 abc"));
  CHECK(has(client.answer(), "GET /2 "));
  CHECK(has(client.rest(), "GET /a "));
}

TEST_CASE("http: a chunked body arrives whole", "[http]") {
  const auto server = serve({}, echo);
  const std::string answer =
      RawClient(server->port())
          .send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
          .answer();
  CHECK(has(answer, "POST /c abcde"));
}

TEST_CASE("http: HEAD has the length of the answer and no body", "[http]") {
  const auto server = serve({}, [](const Request&) { return text("12345"); });
  const std::string answer = RawClient(server->port()).send("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").rest();
  CHECK(has(answer, "Content-Length: 5\r\n"));
  CHECK(answer.ends_with("\r\n\r\n"));
}

TEST_CASE("http: a body over its limit is refused before it is read", "[http]") {
  const auto server = serve({}, echo, 10);
  const auto refused = [&](const std::string& request) {
    const std::string answer = RawClient(server->port()).send(request).rest();
    CHECK(status_of_answer(answer) == 413);
    CHECK(has(answer, "application/problem+json"));
    CHECK(has(answer, "\"remedy\""));
  };
  refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n");
  refused("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n12345678901\r\n");
  CHECK(has(RawClient(server->port()).send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n1234567890").answer(),
            "1234567890"));
}

TEST_CASE("http: Expect: 100-continue is answered before the body is sent", "[http]") {
  const auto server = serve({}, echo);
  RawClient client(server->port());
  client.send("POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.answer() == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(has(client.send("ab").answer(), "POST /e ab"));
  // Of HTTP/1.0 it is not heard: such a client does not know what 100 means.
  const std::string old = "POST /e HTTP/1.0\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab";
  CHECK(status_of_answer(RawClient(server->port()).send(old).rest()) == 200);
}

TEST_CASE("http: what is no HTTP is refused with 400", "[http]") {
  const auto server = serve({}, echo);
  for (const std::string request :
       {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    INFO(request);
    const std::string answer = RawClient(server->port()).send(request).rest();
    CHECK(status_of_answer(answer) == 400);
    CHECK(has(answer, "/problems/malformed"));
  }
}

TEST_CASE("http: what one proxy may read as a body and another as the next request is refused, and nothing behind it is read",
          "[http]") {
  const auto server = serve({}, echo);
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  for (const auto& [head, status] : std::vector<std::pair<std::string, int>>{
           {post + "Transfer-Encoding: squashed\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked, identity\r\n\r\n2\r\nab\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding:\r\n\r\n", 400},
           {post + "Transfer-Encoding: deflate, chunked\r\n\r\n0\r\n\r\n", 501},
           {post + "Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nab", 400},
           {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked\n\n0\r\n\r\n", 400},
           {post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\na", 400},
           {post + "Content-Length: 1, 1\r\n\r\na", 400},
           {post + "Content-Length: +1\r\n\r\na", 400},
           {post + "Content-Length: 18446744073709551617\r\n\r\na", 400},
           {post + "Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\na\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked\r\n\r\n1\na\n0\n\n\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n", 400},
           {post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 9\r\n\r\n", 400}}) {
    INFO(head);
    const std::string answer = RawClient(server->port()).send(head + kGet + kGet).rest();
    CHECK(status_of_answer(answer) == status);
    CHECK_FALSE(has(answer, "HTTP/1.1 200"));
    CHECK(has(answer, "Connection: close"));
  }
}

TEST_CASE("http: what frames a chunked body takes no memory, however much comes", "[http]") {
  const auto server = serve({}, echo);
  const std::string head = "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", much(4'000'000, '0');
  std::string extensions;
  for (int i = 0; i < 50; ++i) extensions += "1;" + std::string(2000, 'a') + "\r\nx\r\n";
  for (const std::string& frames : {"1;" + much, "1;a=\"" + much, much, much + "1\r\nx\r\n", "0\r\nX-A: " + much, "0;" + much,
                                    extensions + "0\r\n\r\n", "0\r\nX-A: " + std::string(30'000, 'a') + "\r\n\r\n"}) {
    INFO(frames.substr(0, 20));
    const std::string answer = RawClient(server->port()).send(head + frames).rest();
    CHECK(status_of_answer(answer) == 400);
    CHECK(has(answer, "chunk"));
  }
  std::string small;
  for (int i = 0; i < 900; ++i) small += "1;a\r\nx\r\n";
  CHECK(has(RawClient(server->port()).send(head + small + "0\r\n\r\n").answer(), "POST /c " + std::string(900, 'x')));
}

TEST_CASE("http: what a trailer says is not taken for a header", "[http]") {
  const auto server =
      serve({}, [](const Request& request) { return text(request.headers.contains("x-a") ? "heard" : "not heard"); });
  RawClient client(server->port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: 1\r\nConnection: close\r\n\r\n" +
              kGet);
  CHECK(has(client.answer(), "not heard"));
  CHECK(has(client.answer(), "not heard"));
}

TEST_CASE("http: a target over the header's limit is refused with 414", "[http]") {
  const auto server = serve({}, echo);
  CHECK(status_of_answer(
            RawClient(server->port()).send("GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n").rest()) == 414);
}

TEST_CASE("http: a large body of somebody who may not send it is not read", "[http]") {
  HttpOptions options;
  options.welcomes = [](const Request& head) { return head.headers.contains("x-known"); };
  const auto server = serve(options, echo, 1'000'000);
  const std::string post = "POST /b HTTP/1.1\r\nHost: x\r\n", size = "Content-Length: 100000\r\n\r\n";
  const std::string answer = RawClient(server->port()).send(post + "Expect: 100-continue\r\n" + size).rest();
  CHECK(has(answer, "POST /b "));  // the handler says no; it saw no body
  CHECK(has(answer, "Connection: close"));
  const std::string chunk = "Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + std::string(100'000, 'x') + "\r\n0\r\n\r\n";
  CHECK_FALSE(has(RawClient(server->port()).send(post + chunk).rest(), "xxx"));
  CHECK(has(RawClient(server->port()).send(post + "X-Known: 1\r\n" + size + std::string(100'000, 'x')).answer(),
            std::string(100'000, 'x')));
  CHECK(has(RawClient(server->port()).send(post + "Content-Length: 3\r\n\r\nxyz").answer(), "POST /b xyz"));
}

TEST_CASE("http: long requests have workers of their own, and small ones pass them", "[http]") {
  HttpOptions options;
  options.workers = 1;
  options.cost_of = [](const Request& request) { return request.path == "/wait" ? 1000.0 : 1.0; };
  Gate gate;
  const auto server = serve(options, gate.handler());
  RawClient busy(server->port());
  busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
  gate.entered.get_future().wait();
  for (int i = 0; i < 3; ++i) CHECK(status_of_answer(RawClient(server->port()).send(kGet).answer()) == 200);
  gate.open.set_value();
  CHECK(status_of_answer(busy.answer()) == 200);
}

TEST_CASE("http: a handler is told when its client has left, and when its time is over", "[http]") {
  std::promise<void> entered;
  std::promise<bool> left;
  const Handler handler = [&](const Request& request) {
    std::promise<void> told;
    const std::stop_callback tell(request.stop, [&] { told.set_value(); });
    if (request.path == "/leave") entered.set_value();
    const bool stopped = told.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready;
    if (request.path == "/leave") left.set_value(stopped);
    return text(stopped ? "given up" : "not told");
  };
  HttpOptions options;
  options.work_time = std::chrono::seconds(1);
  CHECK(has(RawClient(serve(options, handler)->port()).send(kGet).answer(), "given up"));
  const auto patient = serve({}, handler);
  {
    RawClient client(patient->port());
    client.send("GET /leave HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);  // what it has sent besides does not hide that it goes
    entered.get_future().wait();
  }
  CHECK(left.get_future().get());
}

TEST_CASE("http: a header over its limit is refused with 431", "[http]") {
  HttpOptions options;
  options.header_limit = 1024;
  const auto server = serve(options, echo);
  const std::string answer =
      RawClient(server->port()).send("GET / HTTP/1.1\r\nHost: x\r\nX-A: " + std::string(2000, 'a') + "\r\n\r\n").rest();
  CHECK(status_of_answer(answer) == 431);
}

TEST_CASE("http: a header that never ends is refused with 408, a body likewise", "[http]") {
  HttpOptions options;
  options.header_time = options.body_time = std::chrono::seconds(1);
  const auto server = serve(options, echo);
  RawClient header(server->port()), body(server->port());
  header.send("GET / HTTP/1.1\r\nHos");
  body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nab");
  CHECK(status_of_answer(header.rest()) == 408);
  CHECK(status_of_answer(body.rest()) == 408);
}

TEST_CASE("http: an idle connection is closed without a word", "[http]") {
  HttpOptions options;
  options.idle_time = std::chrono::seconds(1);
  const auto server = serve(options, echo);
  RawClient client(server->port());
  CHECK(status_of_answer(client.send(kGet).answer()) == 200);
  CHECK(client.rest().empty());
}

TEST_CASE("http: a full queue answers 503 and says when to come again", "[http]") {
  HttpOptions options;
  options.workers = 1;
  options.queue = 0;
  const auto none = serve(options, echo);
  const std::string answer = RawClient(none->port()).send(kGet).answer();
  CHECK(status_of_answer(answer) == 503);
  CHECK(has(answer, "Retry-After: 1"));
  CHECK(none->figures().refused == 1);
}

TEST_CASE("http: over the limit the connection that has waited longest gives way", "[http]") {
  HttpOptions options;
  options.max_connections = 2;
  const auto server = serve(options, echo);
  RawClient first(server->port()), second(server->port());
  CHECK(status_of_answer(first.send(kGet).answer()) == 200);
  CHECK(status_of_answer(second.send(kGet).answer()) == 200);
  RawClient third(server->port());
  CHECK(status_of_answer(third.send(kGet).answer()) == 200);
  CHECK(first.rest().empty());
  CHECK(status_of_answer(second.send(kGet).answer()) == 200);
  CHECK(server->figures().refused == 1);
}

TEST_CASE("http: a header that comes slowly gives way, too", "[http]") {
  HttpOptions options;
  options.max_connections = 1;
  const auto server = serve(options, echo);
  RawClient slow(server->port());
  slow.send("GET / HTTP/1.1\r\nHo");
  CHECK(status_of_answer(RawClient(server->port()).send(kGet).answer()) == 200);
  CHECK(slow.rest().empty());
}

TEST_CASE("http: when all connections are at work, a new one is told 503 and the probe is answered", "[http]") {
  HttpOptions options;
  options.max_connections = 1;
  options.workers = 1;
  Gate gate;
  const auto server = serve(options, gate.handler());
  RawClient busy(server->port());
  busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.entered.get_future().wait();
  CHECK(status_of_answer(RawClient(server->port()).send(kGet).rest()) == 503);
  CHECK(status_of_answer(RawClient(server->port()).send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").rest()) == 200);
  gate.open.set_value();
  CHECK(status_of_answer(busy.answer()) == 200);
}

TEST_CASE("http: those that were refused and do not go do not keep the next one from an answer", "[http]") {
  HttpOptions options;
  options.max_connections = 1;
  options.workers = 1;
  Gate gate;
  const auto server = serve(options, gate.handler());
  RawClient busy(server->port());
  busy.send("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.entered.get_future().wait();
  std::deque<RawClient> crowd;
  for (int i = 0; i < 200; ++i) {
    INFO(i);
    CHECK(status_of_answer(
              crowd.emplace_back(server->port()).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n").answer()) ==
          503);
  }
  CHECK(status_of_answer(RawClient(server->port()).send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").rest()) == 200);
  gate.open.set_value();
  CHECK(status_of_answer(busy.answer()) == 200);
}

TEST_CASE("http: a compressed body is refused before it is read", "[http]") {
  const auto server = serve({}, echo);
  const std::string answer = RawClient(server->port())
                                 .send("POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 900\r\n\r\n")
                                 .answer();
  CHECK(status_of_answer(answer) == 415);
  CHECK(has(answer, "Content-Encoding"));
}

TEST_CASE("http: bodies that together are more than the memory for them are turned away", "[http]") {
  HttpOptions options;
  options.body_memory = 500;
  const auto server = serve(options, echo);
  RawClient client(server->port());
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\n";
  for (int i = 0; i < 3; ++i) CHECK(status_of_answer(client.send(head + std::string(400, 'x')).answer()) == 200);
  const std::string more = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 501\r\n\r\n";
  CHECK(status_of_answer(client.send(more + std::string(501, 'x')).answer()) == 503);
}

TEST_CASE("http: a handler that throws gives 500 and tells nothing", "[http]") {
  const auto server = serve({}, [](const Request&) -> Response { throw std::runtime_error("secret"); });
  const std::string answer = RawClient(server->port()).send(kGet).answer();
  CHECK(status_of_answer(answer) == 500);
  CHECK_FALSE(has(answer, "secret"));
  CHECK(has(answer, "application/problem+json"));
}

TEST_CASE("http: a long answer comes in pieces, and a fault in the middle is seen as one", "[http]") {
  const auto server = serve({}, [](const Request& request) {
    Response response;
    response.stream = [&request, n = 0](std::string& piece) mutable {
      if (n == 2 && request.path == "/fault") throw std::runtime_error("secret");
      piece = std::string(1000, static_cast<char>('a' + n));
      return ++n < 3;
    };
    return response;
  });
  const auto whole = http_request({"127.0.0.1", server->port()});
  REQUIRE(whole);
  CHECK(whole->body == std::string(1000, 'a') + std::string(1000, 'b') + std::string(1000, 'c'));
  std::string taken;
  REQUIRE(
      http_request({.address = "127.0.0.1", .port = server->port(), .sink = [&](std::string_view piece) { taken += piece; }}));
  CHECK(taken == whole->body);
  CHECK_FALSE(http_request({"127.0.0.1", server->port(), "GET", "/fault"}));
}

TEST_CASE("http: a large answer and a large body pass through", "[http]") {
  const std::string large(5'000'000, 'x');
  const auto server = serve(
      {}, [&](const Request& request) { return text(request.body); }, 6'000'000);
  const auto answer = http_request({"127.0.0.1", server->port(), "POST", "/", large});
  REQUIRE(answer);
  CHECK(answer->body == large);
}

TEST_CASE("http: the client gets the answer to a body that is refused unread", "[http]") {
  const auto server = serve({}, echo, 10);
  const auto answer = http_request({"127.0.0.1", server->port(), "POST", "/", std::string(3'000'000, 'x')});
  REQUIRE(answer);
  CHECK(answer->status == 413);
}

TEST_CASE("http: stopping finishes what is under way and closes what is idle", "[http]") {
  Gate gate;
  HttpOptions options;
  options.workers = 1;
  const auto server = serve(options, gate.handler());
  RawClient idle(server->port()), busy(server->port());
  CHECK(status_of_answer(idle.send(kGet).answer()) == 200);
  busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + kGet);
  gate.entered.get_future().wait();
  std::thread stopper([&] { server->stop(); });
  CHECK(idle.rest().empty());  // closed by now, so stop() is draining
  CHECK(server->figures().stopping);
  gate.open.set_value();
  const std::string answer = busy.rest();
  stopper.join();
  CHECK(has(answer, "GET /wait"));
  CHECK(has(answer, "Connection: close"));
  CHECK_FALSE(has(answer, "GET /a"));  // the next one belongs to the server that follows
  CHECK(server->figures().connections == 0);
  CHECK_FALSE(http_request({"127.0.0.1", server->port()}));
}

TEST_CASE("http: an address that is taken is refused", "[http]") {
  const auto first = serve({}, echo);
  HttpOptions options;
  options.port = first->port();
  const auto second = HttpServer::start(options, echo, [](std::string_view, std::string_view) { return std::size_t{0}; });
  REQUIRE_FALSE(second);
  CHECK(second.error().code == ErrorCode::kUnavailable);
}

TEST_CASE("http: nobody listening is an error, not an exception", "[http]") {
  auto server = serve({}, echo);
  const std::uint16_t port = server->port();
  server.reset();
  const auto answer = http_request({"127.0.0.1", port});
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::kUnavailable);
}

}  // namespace counterpart::server
