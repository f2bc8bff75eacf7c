// HTTP/1.1 over Asio: listener, sessions, limits, shutdown. Beside http_client.cpp, only http_server.cpp includes Beast.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

struct HttpOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  unsigned io_threads = 2;    // so that one busy with a flood is not all there is
  unsigned workers = 0;       // 0: one a core, at least 2; as many again for long requests, so that these are in nobody's way
  std::size_t queue = 256;    // requests waiting for a worker, at most; fewer where they take long: 503 with Retry-After
  std::size_t max_connections = 1024;           // beyond: the one that has waited longest for its client gives way
  std::size_t body_memory = 256 * 1024 * 1024;  // of all bodies together; over it: 503
  // A call that needs no worker and tells whether we live: answered at once, also when everything else is taken.
  std::string probe = "/healthz";
  std::size_t header_limit = 16 * 1024;
  std::size_t body_limit = 64 * 1024 * 1024;  // an import; handlers of small bodies refuse earlier by route
  std::chrono::seconds header_time{10}, body_time{60}, work_time{60}, write_time{60}, idle_time{60};
  std::chrono::seconds drain{10};
  std::filesystem::path tls_certificate = {}, tls_key = {};  // PEM; both or none, none: no TLS
  std::vector<std::string> trusted_proxies = {};             // addresses whose X-Forwarded-For is believed
  // What a request will take, in milliseconds of a core, roughly; absent: none is long. Called before it is queued.
  std::function<double(const Request&)> cost_of = {};
  // Is a large body of this caller worth reading? Called when the header is known; absent: yes. If not, and it is over
  // kStrangersBody, the handler answers without it and the connection ends.
  std::function<bool(const Request& head)> welcomes = {};
  // Is it too early for this request, which has waited so long? Asked every few milliseconds before it is queued, and no worker
  // waits meanwhile; absent: it never is. Must be quick, and end by itself.
  std::function<bool(const Request&, std::chrono::steady_clock::duration waited)> too_early = {};
  // Puts a refusal into the language of its reader. Called on every problem document that leaves, a handler's too.
  std::function<void(Response&, const Request&)> put_into_language = {};
};
inline constexpr std::size_t kStrangersBody = 64 * 1024;

// What the listener can tell of itself, for /metrics and /readyz.
struct HttpFigures {
  std::size_t waiting = 0;      // requests in the queue for a worker
  std::size_t connections = 0;  // open ones
  std::uint64_t refused = 0;    // requests and connections turned away before a handler saw them, since the start
  bool stopping = false;
  std::int64_t certificate_ends = 0;  // seconds since 1970-01-01; 0: no TLS
};

// One listening server. start() returns when the port is open; stop() drains and joins; both from any thread.
class HttpServer {
 public:
  // kUnavailable: the address is in use or not ours. kInvalid: certificate or key cannot be used.
  // `body_limit_of` gives the limit for a method and path before the body is read (413 beyond it).
  static Result<std::unique_ptr<HttpServer>> start(
      const HttpOptions& options, Handler handler,
      std::function<std::size_t(std::string_view method, std::string_view path)> body_limit_of);
  ~HttpServer();
  std::uint16_t port() const;
  HttpFigures figures() const;
  // Blocks until SIGINT or SIGTERM, then stops accepting, drains, cancels. Calls `ready` as soon as such a signal ends it in
  // this way, not the process at once.
  void run_until_signal(const std::function<void()>& ready);
  void stop();

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace counterpart::server
