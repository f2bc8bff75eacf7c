// One request to a server on this machine: how the command line asks the one that holds a directory.
#include "server/http/http_client.h"

#include <algorithm>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <chrono>

namespace counterpart::server {
namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = net::ip::tcp;

constexpr std::size_t kReadPiece = 64 * 1024;
constexpr std::chrono::milliseconds kGlance{100};

// Steps of one conversation, none of which takes longer than `patience`; 0: as long as they like, or until `given_up`.
class Steps {
 public:
  Steps(net::io_context& io, tcp::socket& socket, std::chrono::milliseconds patience, const std::function<bool()>& given_up)
      : io_(io), socket_(socket), patience_(patience), given_up_(given_up) {}

  // `start` begins a step, and is given what takes its end.
  template <class Start>
  error_code take(const Start& start) {
    error_code error = net::error::timed_out;
    bool done = false;
    start([&](const error_code& ended, auto&&...) {
      error = ended;
      done = true;
    });
    io_.restart();
    run(done);
    if (done) return error;
    error_code ignored;
    socket_.close(ignored);
    io_.restart();
    io_.run();
    return net::error::timed_out;
  }

 private:
  void run(const bool& done) {
    if (!given_up_) return static_cast<void>(patience_.count() > 0 ? io_.run_for(patience_) : io_.run());
    const auto until = std::chrono::steady_clock::now() + patience_;
    while (!done && !given_up_() && (patience_.count() == 0 || std::chrono::steady_clock::now() < until)) io_.run_for(kGlance);
  }

  net::io_context& io_;
  tcp::socket& socket_;
  std::chrono::milliseconds patience_;
  const std::function<bool()>& given_up_;
};

std::string lower(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// `context` and `stream` take nobody but the one whom these certificates vouch for.
error_code trust(net::ssl::context& context, net::ssl::stream<tcp::socket>& stream, const ClientRequest& asked) {
  error_code error;
  context.load_verify_file(asked.certificates.string(), error);
  stream.set_verify_mode(net::ssl::verify_peer);
  stream.set_verify_callback(net::ssl::host_name_verification(asked.address));
  SSL_set_tlsext_host_name(stream.native_handle(), asked.address.c_str());
  return error;
}

template <class Stream, class Unanswered>
Result<ClientAnswer> exchange(Stream& stream, Steps& steps, const http::request<http::string_body>& request,
                              const ClientRequest& asked, const Unanswered& unanswered) {
  // A refusal may come before the body is sent, and the sending then fails: the answer is read all the same.
  error_code error = steps.take([&](auto end) { http::async_write(stream, request, end); });
  boost::beast::flat_buffer buffer(kReadPiece);  // whatever answers there, memory for its framing is bounded
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  error = steps.take([&](auto end) { http::async_read_header(stream, buffer, parser, end); });
  if (error) return unanswered(error);
  ClientAnswer answer{
      static_cast<int>(parser.get().result_int()), std::string(parser.get()[http::field::content_type]), {}, {}};
  for (const auto& field : parser.get()) answer.headers.emplace(lower(field.name_string()), field.value());
  const bool to_sink = asked.sink && answer.status / 100 == 2;
  std::string piece(kReadPiece, '\0');
  while (!parser.is_done()) {
    parser.get().body().data = piece.data();
    parser.get().body().size = piece.size();
    error = steps.take([&](auto end) { http::async_read(stream, buffer, parser, end); });
    if (error == http::error::need_buffer) error = {};
    if (error) return unanswered(error);
    const std::string_view got(piece.data(), piece.size() - parser.get().body().size);
    to_sink ? asked.sink(got) : static_cast<void>(answer.body.append(got));
  }
  return answer;
}

}  // namespace

Result<ClientAnswer> http_request(const ClientRequest& asked, bool* connected) {
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
  Steps steps(io, socket, asked.patience, asked.given_up);
  net::ip::address ip = net::ip::make_address(asked.address, error);
  if (error && !asked.certificates.empty())
    if (const auto found = tcp::resolver(io).resolve(asked.address, std::to_string(asked.port), error);
        !error && !found.empty())
      ip = found.begin()->endpoint().address();
  if (!error && !asked.certificates.empty()) error = trust(context, stream, asked);
  Steps first(io, socket, asked.connect_patience.count() > 0 ? asked.connect_patience : asked.patience, asked.given_up);
  if (!error) error = first.take([&](auto end) { socket.async_connect({ip, asked.port}, end); });
  if (!error && asked.tls) error = first.take([&](auto end) { stream.async_handshake(net::ssl::stream_base::client, end); });
  if (error) return unanswered(error);
  if (connected) *connected = true;

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
  return asked.tls ? exchange(stream, steps, request, asked, unanswered) : exchange(socket, steps, request, asked, unanswered);
}

}  // namespace counterpart::server
