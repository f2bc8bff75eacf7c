// What http_server.cpp (sessions) and http_listener.cpp (accepting, stopping) share: the insides of HttpServer.
#pragma once

#include <atomic>
#include <boost/asio.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/thread_safety.h"
#include "server/http/http_admission.h"
#include "server/http/http_server.h"
#include "server/http/tls.h"
#include "server/layer.h"

namespace counterpart::server {

namespace net = boost::asio;
using tcp = net::ip::tcp;
using BodyLimit = std::function<std::size_t(std::string_view, std::string_view)>;

// Returns once `done`, which is asked every few milliseconds.
net::awaitable<void> await_done(std::function<bool()> done);
// Has the other side of a connection closed? One that has only said its last word looks the same, and is taken to have left.
bool has_left(tcp::socket& socket);

// No exceptions in the normal course of a connection: each operation yields (error, result).
inline constexpr auto kTuple = net::as_tuple(net::use_awaitable);

// One connection; in the listener's set from its first to its last moment.
class HttpSession {
 public:
  HttpSession() = default;
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;
  virtual ~HttpSession() = default;
  // From any thread: an idle connection ends now; a busy one after its answer, or at once if `force`.
  virtual void wind_up(bool force) = 0;

  WaitingClients::Listing listing;  // the listener's
};

struct HttpServer::Impl {
  Impl(const HttpOptions& options, Handler handler, BodyLimit body_limit_of);

  net::awaitable<void> accept();
  net::awaitable<void> accept_one();
  net::awaitable<void> until_below(const std::atomic<std::size_t>& count, std::size_t most);
  // Makes the connection that has waited longest for its client end, in a moment. False: none waits.
  bool make_room();
  void open_session(tcp::socket socket, bool turn_away);  // in http_server.cpp
  void stop();
  HttpFigures figures() const;
  std::string next_id() { return run_name + "-" + std::to_string(++requests); }
  void enter(HttpSession* session, bool turn_away);
  void leave(HttpSession* session, bool turn_away);

  HttpOptions options;
  Handler handler;
  BodyLimit body_limit_of;
  std::string run_name;  // of this start, the first half of each request's id

  std::unique_ptr<TlsCertificate> certificate;  // null: plain HTTP

  net::io_context io;
  tcp::acceptor acceptor{net::make_strand(io)};  // used on its strand alone, once it listens
  std::uint16_t port = 0;
  net::thread_pool pool, long_pool;  // by WorkQueue::Lane
  net::thread_pool& pool_of(WorkQueue::Lane lane) { return lane == WorkQueue::Lane::kLong ? long_pool : pool; }
  std::vector<std::thread> threads;

  WaitingClients clients;
  WorkQueue queue;
  BodyBudget bodies;
  std::atomic<std::size_t> connections{0}, turned_away{0};  // those that are served, and those that are told 503
  std::atomic<std::uint64_t> refused{0}, requests{0};
  std::atomic<bool> stopping{false};
  Mutex mutex;
  ConditionVariable ended;
  std::set<HttpSession*> sessions GUARDED_BY(mutex);
  bool accepting GUARDED_BY(mutex) = true;
  bool stopped GUARDED_BY(mutex) = false;
};

}  // namespace counterpart::server
