// One request to a server: how the command line asks the one that holds a directory, and a follower its owner.
#include "server/http/http_client.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace counterpart::server {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;

constexpr std::size_t kReadPiece = 64 * 1024;

// Ends what a socket is at once it has shown no progress for so long: Asio's blocking calls know no time of their own.
class Watchdog {
 public:
  Watchdog(int socket, std::chrono::milliseconds patience) : patience_(patience) {
    if (patience.count() > 0) thread_ = std::thread([this, socket] { watch(socket); });
  }
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  void progress() {
    const std::lock_guard lock(mutex_);
    moved_ = true;
  }

 private:
  void watch(int socket) {
    std::unique_lock lock(mutex_);
    while (!done_) {
      moved_ = false;
      if (changed_.wait_for(lock, patience_, [this] { return done_; })) return;
      if (!moved_) ::shutdown(socket, SHUT_RDWR);
    }
  }
  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false, moved_ = false;
  std::thread thread_;
};

std::string lower(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

template <class Stream, class Unanswered>
Result<ClientAnswer> exchange(Stream& stream, const http::request<http::string_body>& request, const ClientRequest& asked,
                              Watchdog& watchdog, const Unanswered& unanswered) {
  // A refusal may come before the body is sent, and the sending then fails: the answer is read all the same.
  error_code error;
  http::write(stream, request, error);
  boost::beast::flat_buffer buffer(kReadPiece);  // whatever answers there, memory for its framing is bounded
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  http::read_header(stream, buffer, parser, error);
  if (error) return unanswered(error);
  ClientAnswer answer{
      static_cast<int>(parser.get().result_int()), std::string(parser.get()[http::field::content_type]), {}, {}};
  for (const auto& field : parser.get()) answer.headers.emplace(lower(field.name_string()), field.value());
  const bool to_sink = asked.sink && answer.status / 100 == 2;
  std::string piece(kReadPiece, '\0');
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    http::read(stream, buffer, parser, error);
    if (error == http::error::need_buffer) error = {};
    if (error) return unanswered(error);
    watchdog.progress();
    const std::string_view got(piece.data(), piece.size() - parser.get().body().size);
    to_sink ? asked.sink(got) : static_cast<void>(answer.body.append(got));
  }
  return answer;
}

}  // namespace

Result<ClientAnswer> http_request(const ClientRequest& asked) {
  const std::string place = asked.address + ":" + std::to_string(asked.port);
  const auto unanswered = [&](const error_code& why) {
    return fail(ErrorCode::kUnavailable, place, why.message(), "look whether the server still runs");
  };
  net::io_context io;
  // Whoever answers on this machine's own address is taken for the server: its certificate names other hosts.
  net::ssl::context context(net::ssl::context::tls_client);
  net::ssl::stream<tcp::socket> stream(io, context);
  tcp::socket& socket = stream.next_layer();
  error_code error;
  net::ip::address ip = net::ip::make_address(asked.address, error);
  if (!asked.certificates.empty()) {
    tcp::resolver resolver(io);
    if (error)
      if (const auto found = resolver.resolve(asked.address, std::to_string(asked.port), error); !error && !found.empty())
        ip = found.begin()->endpoint().address();
    if (!error) context.load_verify_file(asked.certificates.string(), error);
    if (error) return unanswered(error);
    stream.set_verify_mode(net::ssl::verify_peer);
    stream.set_verify_callback(net::ssl::host_name_verification(asked.address));
    SSL_set_tlsext_host_name(stream.native_handle(), asked.address.c_str());
  }
  if (!error) socket.open(ip.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (error) return unanswered(error);
  Watchdog watchdog(socket.native_handle(), asked.patience);
  socket.connect({ip, asked.port}, error);
  if (!error && asked.tls) stream.handshake(net::ssl::stream_base::client, error);
  if (error) return unanswered(error);

  http::request<http::string_body> request;
  request.version(11);
  request.method_string(asked.method);
  request.target(asked.target);
  request.set(http::field::host, ip.is_v6() ? "[" + asked.address + "]:" + std::to_string(asked.port) : place);
  if (!asked.body.empty()) request.set(http::field::content_type, asked.content_type);
  for (const auto& [name, value] : asked.headers) request.set(name, value);
  if (!asked.token.empty()) request.set(http::field::authorization, "Bearer " + asked.token);
  request.body() = asked.body;
  request.prepare_payload();
  request.keep_alive(false);
  return asked.tls ? exchange(stream, request, asked, watchdog, unanswered)
                   : exchange(socket, request, asked, watchdog, unanswered);
}

}  // namespace counterpart::server
