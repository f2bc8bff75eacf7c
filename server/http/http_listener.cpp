#include "server/http/http_listener.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <csignal>
#include <future>

#include "engine/base/barrier.h"
#include "engine/base/hex.h"
#include "index/base/crypto.h"

namespace counterpart::server {
namespace {

using boost::system::error_code;

constexpr int kSocketBuffer = 128 * 1024;      // either way; the kernel doubles it for its own needs
constexpr std::size_t kTurnedAway = 64;        // connections over the limit that are asked_to_stop so; those beyond are closed
constexpr std::chrono::milliseconds kLook{4};  // between two questions of await_done()
constexpr int kRounds = 100;                   // half of them for nothing but others' turns, the others 500 microseconds each

// As many connections as asked for, and what the store keeps open.
void allow_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

unsigned workers_of(const HttpOptions& options) {
  return options.workers > 0 ? options.workers : std::max(2U, std::thread::hardware_concurrency());
}

}  // namespace

net::awaitable<void> await_done(std::function<bool()> done) {
  net::steady_timer pause(co_await net::this_coro::executor);
  while (!done()) {
    pause.expires_after(kLook);
    co_await pause.async_wait(kTuple);
  }
}

bool has_left(tcp::socket& socket) {
  pollfd look{socket.native_handle(), POLLRDHUP, 0};
  return poll(&look, 1, 0) > 0 && (look.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

HttpServer::Impl::Impl(const HttpOptions& given, Handler handle, BodyLimit limit)
    : options(given), handler(std::move(handle)), body_limit_of(std::move(limit)), run_name(hex(random_bytes(4))),
      pool(workers_of(given)), long_pool(workers_of(given)), queue(given.queue, workers_of(given)), bodies(given.body_memory) {}

HttpFigures HttpServer::Impl::figures() const {
  return {queue.waiting(), connections + turned_away, refused.load(), stopping.load(),
          certificate ? certificate->expires() : 0};
}

void HttpServer::Impl::enter(HttpSession* session, bool turn_away) {
  const MutexLock lock(mutex);
  sessions.insert(session);
  ++(turn_away ? turned_away : connections);
}

void HttpServer::Impl::leave(HttpSession* session, bool turn_away) {
  clients.busy(session->listing);
  const MutexLock lock(mutex);
  sessions.erase(session);
  --(turn_away ? turned_away : connections);
  ended.notify_all();
}

// Whoever was made to end is through after a few rounds; where the machine is busy, after some milliseconds.
net::awaitable<void> HttpServer::Impl::until_below(const std::atomic<std::size_t>& count, std::size_t most) {
  net::steady_timer pause(acceptor.get_executor());
  for (int i = 0; i < kRounds && count >= most; ++i) {
    if (i < kRounds / 2) {
      co_await net::post(acceptor.get_executor(), net::use_awaitable);
    } else {
      pause.expires_after(std::chrono::microseconds(500));
      co_await pause.async_wait(kTuple);
    }
  }
}

net::awaitable<void> HttpServer::Impl::accept() {
  while (!stopping) {
    try {
      co_await accept_one();
    } catch (...) {  // that connection is closed; the next one may find memory again
      spdlog::error("a connection could not be taken: {}", describe(caught("http")));
    }
  }
  const MutexLock lock(mutex);
  accepting = false;
  ended.notify_all();
}

net::awaitable<void> HttpServer::Impl::accept_one() {
  auto [error, socket] = co_await acceptor.async_accept(net::make_strand(io), kTuple);
  if (stopping) co_return;
  if (error) {  // out of file descriptors, or the peer is gone already
    if (error == net::error::no_descriptors) make_room();
    net::steady_timer pause(acceptor.get_executor(), std::chrono::milliseconds(50));
    co_await pause.async_wait(kTuple);
    co_return;
  }
  if (connections >= options.max_connections && make_room()) co_await until_below(connections, options.max_connections);
  const bool turn_away = connections >= options.max_connections;
  // A flood that is being asked_to_stop so must not keep the next one from being asked_to_stop, or a probe from being answered.
  if (turn_away && turned_away >= kTurnedAway &&
      clients.turned_away_gives_way([](HttpSession& session) { session.wind_up(true); }))
    co_await until_below(turned_away, kTurnedAway);
  if (turn_away && turned_away >= kTurnedAway) {
    ++refused;
    co_return;
  }
  open_session(std::move(socket), turn_away);
}

bool HttpServer::Impl::make_room() {
  if (!clients.give_way([](HttpSession& session) { session.wind_up(true); })) return false;
  ++refused;
  return true;
}

void HttpServer::Impl::stop() {
  MutexLock lock(mutex);
  if (stopped) return;
  stopped = true;
  stopping = true;
  net::post(acceptor.get_executor(), [this] {
    error_code ignored;
    acceptor.close(ignored);
  });
  for (HttpSession* session : sessions) session->wind_up(false);
  const auto all_gone = [this]() REQUIRES(mutex) { return !accepting && sessions.empty(); };
  if (!ended.wait_for(lock, options.drain, all_gone)) {
    spdlog::warn("{} connections cut after draining", sessions.size());
    for (HttpSession* session : sessions) session->wind_up(true);
    ended.wait(lock, all_gone);  // handlers under way are never abandoned: they hold references
  }
  lock.unlock();
  pool.join();
  long_pool.join();
  io.stop();
  for (std::thread& thread : threads) thread.join();
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() { stop(); }
void HttpServer::stop() { impl_->stop(); }
HttpFigures HttpServer::figures() const { return impl_->figures(); }

Result<std::unique_ptr<HttpServer>> HttpServer::start(const HttpOptions& options, Handler handler, BodyLimit body_limit_of) {
  auto impl = std::make_unique<Impl>(options, std::move(handler), std::move(body_limit_of));
  allow_descriptors();
  const std::string place = options.address + ":" + std::to_string(options.port);
  if (!options.tls_certificate.empty()) {
    auto certificate = TlsCertificate::open(options.tls_certificate, options.tls_key);
    if (!certificate) return tl::unexpected(certificate.error());
    impl->certificate = std::move(*certificate);
  }
  error_code error;
  const net::ip::address address = net::ip::make_address(options.address, error);
  if (error) return fail(ErrorCode::kUnavailable, place, "not an IP address", "give one, e.g. 127.0.0.1");
  const tcp::endpoint endpoint(address, options.port);
  impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.set_option(net::socket_base::reuse_address(true), error);
  // Connections inherit these. The kernel would let each grow to megabytes, and a thousand clients that take no answers
  // would leave it none for the others.
  if (!error) impl->acceptor.set_option(net::socket_base::send_buffer_size(kSocketBuffer), error);
  if (!error) impl->acceptor.set_option(net::socket_base::receive_buffer_size(kSocketBuffer), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (!error) impl->acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorCode::kUnavailable, place, error.message(), "choose another address or port");
  impl->port = impl->acceptor.local_endpoint().port();
  net::co_spawn(impl->acceptor.get_executor(), impl->accept(), net::detached);
  for (unsigned i = 0; i < std::max(1U, options.io_threads); ++i)
    impl->threads.emplace_back([io = &impl->io] {
      const auto guard = net::make_work_guard(*io);
      // What a handler throws ends its connection; run() may be called again at once.
      for (Status ran; !(ran = guarded("http", [&]() -> Status { return io->run(), Status(); }));)
        spdlog::error("a connection was cut: {}", describe(ran.error()));
    });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const { return impl_->port; }

void HttpServer::run_until_signal(const std::function<void()>& ready) {
  std::promise<void> signalled;
  net::signal_set signals(impl_->io, SIGINT, SIGTERM);
  signals.async_wait([&](error_code, int) { signalled.set_value(); });
  ready();
  signalled.get_future().wait();
  stop();
}

}  // namespace counterpart::server
