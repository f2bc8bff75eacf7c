#include "server/http/http_server.h"

#include <spdlog/spdlog.h>

#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/core/demangle.hpp>
#include <typeinfo>

#include "engine/base/threads.h"
#include "server/http/http_listener.h"
#include "server/http/http_message.h"
#include "server/http/problem.h"

namespace counterpart::server {
namespace {

namespace http = boost::beast::http;
using TlsStream = net::ssl::stream<tcp::socket>;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadPiece = 64 * 1024;
constexpr std::size_t kWritePiece = 256 * 1024;        // so that a slow reader's deadline is per piece, not per answer
constexpr std::size_t kDeadlineBytes = 1024 * 1024;    // a body earns its time anew with every such piece
constexpr std::size_t kFairBytes = 64 * 1024;          // a client that has sent so many is not the one to give way
constexpr std::size_t kLingerBytes = 8 * 1024 * 1024;  // of a refused body, read and thrown away
constexpr std::chrono::seconds kLingerTime{2}, kRetryAfter{1};
constexpr std::chrono::milliseconds kGlance{500};  // between two looks whether the client is still there

// One connection. All of it runs on one strand, but for the handler, which runs on the pool while the session waits.
// `Server` is HttpServer::Impl, which has no name out here; `Stream` is tcp::socket or TlsStream.
template <class Server, class Stream>
class Session : public HttpSession, public std::enable_shared_from_this<Session<Server, Stream>> {
 public:
  Session(Server& server, Stream stream, bool turn_away)
      : server_(server), stream_(std::move(stream)), timer_(stream_.get_executor()),
        buffer_(kReadPiece + server.options.header_limit), turn_away_(turn_away) {
    error_code ignored;
    peer_ = socket().remote_endpoint(ignored).address();
    server_.enter(this, turn_away_);
  }
  ~Session() override {
    server_.bodies.give(body_bytes_);
    server_.leave(this, turn_away_);
  }

  static net::awaitable<void> run(std::shared_ptr<Session> self) {
    error_code ignored;
    self->socket().set_option(tcp::no_delay(true), ignored);
    if (co_await self->shake_hands()) {
      while (co_await self->one_request()) {}
      self->disarm();
      co_await self->stop_sending();
    }
    self->server_.clients.busy(self->listing);
    self->disarm();
    self->socket().close(ignored);
  }

  tcp::socket::executor_type executor() { return stream_.get_executor(); }

  void wind_up(bool force) override {
    net::post(stream_.get_executor(), [weak = this->weak_from_this(), force] {
      const auto self = weak.lock();
      if (self && (self->idle_ || force)) self->cut();
    });
  }

 private:
  using Parser = http::request_parser<http::string_body>;

  // The socket's operations end with an error when the time is over. Timers rather than Beast's own, because those
  // close the socket, and a client that was too slow is still owed a 408.
  void arm(std::chrono::steady_clock::duration time) {
    timed_out_ = false;
    timer_.expires_after(time);
    timer_.async_wait([weak = this->weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (error || !self || self->timer_.expiry() > Clock::now()) return;
      self->timed_out_ = true;
      self->socket().cancel(error);
    });
  }
  void disarm() { timer_.cancel(); }
  // While a handler works: whoever looks at the request's stop token learns that nobody will take the answer.
  void watch(Clock::time_point deadline) {
    timer_.expires_after(kGlance);
    timer_.async_wait([weak = this->weak_from_this(), deadline](error_code error) {
      const auto self = weak.lock();
      if (error || !self || self->timer_.expiry() > Clock::now()) return;
      if (Clock::now() >= deadline || has_left(self->socket()))
        self->stop_.request_stop();
      else
        self->watch(deadline);
    });
  }
  void waits(ClientWait what) { server_.clients.waits(this, this->listing, turn_away_ ? ClientWait::kTurnedAway : what); }
  void cut() {
    cut_ = true;
    stop_.request_stop();
    error_code ignored;
    timer_.cancel();
    socket().cancel(ignored);
    socket().close(ignored);
  }

  tcp::socket& socket() {
    if constexpr (std::is_same_v<Stream, TlsStream>)
      return stream_.next_layer();
    else
      return stream_;
  }
  net::awaitable<bool> shake_hands() {
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      arm(server_.options.header_time);
      waits(ClientWait::kHeader);
      auto [error] = co_await stream_.async_handshake(net::ssl::stream_base::server, kTuple);
      disarm();
      co_return !error;
    }
    co_return true;
  }
  net::awaitable<void> stop_sending() {
    error_code ignored;
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      if (cut_) co_return;
      arm(kLingerTime);
      co_await stream_.async_shutdown(kTuple);
      disarm();
    }
    socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  // False: the connection ends.
  net::awaitable<bool> one_request() {
    if (!co_await await_first_byte()) co_return false;
    Parser parser;
    parser.header_limit(static_cast<std::uint32_t>(server_.options.header_limit));
    parser.body_limit(boost::none);  // checked against the route's limit once the header is known
    arm(server_.options.header_time);
    waits(ClientWait::kHeader);
    const auto [error, unused] = co_await http::async_read_header(stream_, buffer_, parser, kTuple);
    if (error) co_return co_await refuse_header(error, parser);
    if (turn_away_ && parser.get().target() != server_.options.probe)
      co_return co_await refuse(Refusal::kTooManyConnections, parser);

    auto request = std::make_shared<Request>();
    const unsigned version = parser.get().version();
    std::optional<Refusal> refused = take_header(parser, *request);
    const bool keep = parser.get().keep_alive();  // of the header: what a trailer says of the connection is not heard
    if (!refused) refused = co_await read_body(parser, *request);
    const bool unread = stranger_ && refused == Refusal::kBodyTooLarge;
    if (refused && !unread) co_return co_await refuse(*refused, parser, request->id);
    if (cut_) co_return false;
    disarm();
    server_.clients.busy(this->listing);

    if (const auto& early = server_.options.too_early)
      co_await await_done([&, from = Clock::now()] { return cut_ || !early(*request, Clock::now() - from); });
    Response response = co_await work(request);
    if (const auto settle = std::exchange(response.settle, {})) co_await await_done([&] { return cut_ || settle(response); });
    const bool stay = keep && !server_.stopping && !cut_ && !turn_away_ && !unread && (version == 11 || !response.stream);
    const bool sent = co_await write(std::move(response), *request, version, stay);
    if (sent && unread) co_await read_away();
    request.reset();
    server_.bodies.give(std::exchange(body_bytes_, 0));
    co_return sent&& stay;
  }

  net::awaitable<bool> await_first_byte() {
    if (buffer_.size() > 0) {  // pipelined
      // Who was told to come again in a second and has sent the next request already waits here for it.
      if (std::exchange(shed_, false)) co_await pause(kRetryAfter);
      co_return !cut_ && !server_.stopping;
    }
    shed_ = false;
    arm(first_ ? std::chrono::seconds(server_.options.header_time) : server_.options.idle_time);
    first_ = false;
    idle_ = true;
    waits(ClientWait::kRequest);
    if (server_.stopping) co_return false;
    auto [error, bytes] = co_await stream_.async_read_some(buffer_.prepare(4096), kTuple);
    idle_ = false;
    if (error) co_return false;
    buffer_.commit(bytes);
    co_return true;
  }

  net::awaitable<void> pause(std::chrono::seconds time) {
    waits(ClientWait::kRequest);
    idle_ = true;
    timer_.expires_after(time);
    co_await timer_.async_wait(kTuple);
    idle_ = false;
  }

  net::awaitable<bool> refuse_header(error_code error, const Parser& parser) {
    Parser none;
    if (cut_ || error == http::error::end_of_stream) co_return false;
    if (timed_out_) co_return co_await refuse(Refusal::kSlowHeader, none);
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
      co_return co_await refuse(parser.get().target().empty() ? Refusal::kTargetTooLong : Refusal::kHeaderTooLarge, none);
    if (is_of_http(error)) co_return co_await refuse(Refusal::kMalformed, none);
    co_return false;  // the peer went away
  }
  static bool is_of_http(error_code error) {
    return error.category() == http::make_error_code(http::error::bad_method).category() &&
           error != http::error::partial_message;
  }

  // Answers and ends the connection: what is left of the request is not known to be a request's beginning.
  net::awaitable<bool> refuse(Refusal why, const Parser& parser, std::string id = {}) {
    ++server_.refused;
    Request request;
    request.id = id.empty() ? server_.next_id() : std::move(id);
    request.method = std::string(parser.get().method_string());
    request.headers["accept-language"] = std::string(parser.get()[http::field::accept_language]);
    Response response = refusal(why, request.id, why == Refusal::kBodyTooLarge ? limit_ : server_.options.header_limit);
    const bool invented = parser.get().method() == http::verb::unknown;  // such a one has no place in the log
    spdlog::info("id={} method={} route=none status={}", request.id, invented ? "-" : request.method, response.status);
    if (co_await write(std::move(response), request, 11, false)) co_await read_away();
    co_return false;
  }
  // Closing with unread bytes resets the connection, and the client would lose the answer: read on for a while.
  net::awaitable<void> read_away() {
    error_code error;
    socket().shutdown(tcp::socket::shutdown_send, error);  // under TLS too: the whole answer is out
    arm(kLingerTime);
    waits(ClientWait::kRequest);
    for (std::size_t read = 0; !error && read < kLingerBytes;) {
      buffer_.clear();
      auto [failed, bytes] = co_await socket().async_read_some(buffer_.prepare(kReadPiece), kTuple);
      error = failed;
      read += bytes;
    }
  }

  // Fills everything but the body, or says what is wrong.
  std::optional<Refusal> take_header(const Parser& parser, Request& request) {
    const auto& message = parser.get();
    request.id = server_.next_id();
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    for (const auto& field : message) add_field(request.headers, field.name_string(), field.value());
    if (const auto fault = head_fault(request, message.version())) return fault;
    request.client = client_of(request, peer_, server_.options.trusted_proxies);
    limit_ = server_.body_limit_of(request.method, request.path);
    const auto& welcomes = server_.options.welcomes;
    stranger_ = limit_ > kStrangersBody && welcomes && !welcomes(request);
    if (stranger_) limit_ = kStrangersBody;
    return parser.content_length().value_or(0) > limit_ ? std::optional(Refusal::kBodyTooLarge) : std::nullopt;
  }

  // Reads the body into `request`, or says what is wrong. When the peer went away, cut_ is set.
  net::awaitable<std::optional<Refusal>> read_body(Parser& parser, Request& request) {
    if (!parser.is_done() && request.headers.contains("expect"))
      if (!co_await send("HTTP/1.1 100 Continue\r\n\r\n")) cut_ = true;
    arm(server_.options.body_time);
    waits(ClientWait::kBody);
    std::size_t deadline_at = kDeadlineBytes, fair_at = kFairBytes, taken = 0;
    parser.eager(true);  // all of the buffer at once, however small the chunks are
    while (!cut_ && !parser.is_done()) {
      auto [error, bytes] = co_await http::async_read_some(stream_, buffer_, parser, kTuple);
      taken += bytes;
      const std::size_t size = parser.get().body().size();
      if (error == http::error::buffer_overflow || taken - size > framing_limit(size)) co_return Refusal::kTooMuchFraming;
      if (size > limit_) co_return Refusal::kBodyTooLarge;
      if (!server_.bodies.take(size - body_bytes_)) co_return Refusal::kQueueFull;
      body_bytes_ = size;
      if (size >= fair_at) {
        fair_at = size + kFairBytes;
        waits(ClientWait::kBody);
      }
      if (error && timed_out_) co_return Refusal::kSlowBody;
      if (error && is_of_http(error)) co_return Refusal::kMalformed;
      if (error) cut_ = true;
      if (size >= deadline_at) {
        deadline_at = size + kDeadlineBytes;
        arm(server_.options.body_time);
      }
    }
    request.body = std::move(parser.get().body());
    co_return std::nullopt;
  }

  net::awaitable<Response> work(std::shared_ptr<Request> request) {
    const bool probe = request->path == server_.options.probe;
    const double expected = server_.options.cost_of && !probe ? server_.options.cost_of(*request) : 0;
    const auto ticket = probe ? WorkQueue::Ticket{} : server_.queue.enter(request->method, request->path, expected);
    if (!ticket) {
      ++server_.refused;
      shed_ = true;
      co_return refusal(Refusal::kQueueFull, request->id);
    }
    try {
      if (probe) co_return server_.handler(*request);
      stop_ = std::stop_source();
      request->stop = stop_.get_token();
      watch(Clock::now() + server_.options.work_time);
      lane_ = ticket->lane;
      Response response = co_await net::co_spawn(server_.pool_of(lane_), call(server_, request, *ticket), net::use_awaitable);
      disarm();
      co_return response;
    } catch (const std::exception& error) {
      // Its kind alone: its text could quote what a profile says.
      spdlog::error("id={} internal fault: {}", request->id, boost::core::demangle(typeid(error).name()));
    } catch (...) {
      spdlog::error("id={} internal fault", request->id);
    }
    co_return problem({ErrorCode::kInternal, {}, {}, {}}, *request);
  }
  static net::awaitable<Response> call(Server& server, std::shared_ptr<Request> request, WorkQueue::Ticket ticket) {
    server.queue.began(ticket);
    if (ticket.lane == WorkQueue::Lane::kLong && request->stop.stop_requested())
      co_return refusal(Refusal::kGivenUp, request->id);
    const auto start = Clock::now();
    const auto core = core_time();
    Response response = server.handler(*request);
    const auto took = core_time() - core;
    server.queue.worked(ticket, Clock::now() - start, response.stream ? std::nullopt : std::optional(took));
    co_return response;
  }
  static net::awaitable<bool> next_piece(Response& response, std::string& piece) { co_return response.stream(piece); }

  net::awaitable<bool> write(Response response, const Request& request, unsigned version, bool stay) {
    const bool chunked = response.stream && version == 11;
    if (response.status >= 400 && server_.options.put_into_language) server_.options.put_into_language(response, request);
    std::string head = head_of(response, request, stay, chunked);
    if (is_bodiless(response, request)) co_return co_await send(std::move(head));
    if (response.stream) co_return co_await send_stream(std::move(head), response, chunked);
    if (head.size() + response.body.size() <= kWritePiece) co_return co_await send(head + response.body);
    if (!co_await send(std::move(head))) co_return false;
    for (std::size_t at = 0; at < response.body.size(); at += kWritePiece)
      if (!co_await send(response.body.substr(at, kWritePiece))) co_return false;
    co_return true;
  }

  net::awaitable<bool> send(std::string bytes) {
    if (cut_) co_return false;
    arm(server_.options.write_time);
    waits(ClientWait::kAnswerTaken);
    const error_code error = std::get<0>(co_await net::async_write(stream_, net::buffer(bytes), kTuple));
    server_.clients.busy(this->listing);
    disarm();
    co_return !error;
  }

  // A piece that fails ends the connection without the last chunk, which tells the client that the answer is cut.
  net::awaitable<bool> send_stream(std::string head, Response& response, bool chunked) {
    if (!co_await send(std::move(head))) co_return false;
    for (bool more = true; more;) {
      std::string piece;
      bool failed = false;
      try {
        more = co_await net::co_spawn(server_.pool_of(lane_), next_piece(response, piece), net::use_awaitable);
      } catch (...) {
        spdlog::error("internal fault in the middle of an answer");
        failed = true;
      }
      if (failed) co_return false;
      if (piece.empty()) continue;
      if (chunked) piece = chunk_of(std::move(piece));
      if (!co_await send(std::move(piece))) co_return false;
    }
    co_return !chunked || co_await send("0\r\n\r\n");
  }

  Server& server_;
  Stream stream_;
  net::steady_timer timer_;
  boost::beast::flat_buffer buffer_;  // never larger than one piece and one header
  net::ip::address peer_;
  const bool turn_away_;
  std::size_t limit_ = 0;       // of the present request's body
  std::size_t body_bytes_ = 0;  // taken of the server's budget
  bool first_ = true, idle_ = false, timed_out_ = false, cut_ = false;
  bool shed_ = false;                               // the last request was turned away
  bool stranger_ = false;                           // of the present request: a large body is not worth reading
  WorkQueue::Lane lane_ = WorkQueue::Lane::kSmall;  // of the present request
  std::stop_source stop_{std::nostopstate};         // the same
};

}  // namespace

void HttpServer::Impl::open_session(tcp::socket socket, bool turn_away) {
  const auto start = [&](auto stream) {
    using Here = Session<Impl, decltype(stream)>;
    auto session = std::make_shared<Here>(*this, std::move(stream), turn_away);
    const auto strand = session->executor();
    net::co_spawn(strand, Here::run(std::move(session)), net::detached);
  };
  if (certificate)
    start(TlsStream(std::move(socket), *certificate->current()));
  else
    start(std::move(socket));
}

}  // namespace counterpart::server
