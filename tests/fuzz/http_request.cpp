// Raw bytes to a listening server, as one connection's requests. Whatever comes is answered in HTTP or not at all, and
// the connection ends once the client has said all it has to say.
#include <spdlog/spdlog.h>

#include <boost/asio.hpp>

#include "server/http/http_server.h"
#include "tests/fuzz/target.h"

namespace {

using namespace counterpart::server;

std::unique_ptr<HttpServer> server() {
  spdlog::set_level(spdlog::level::off);
  HttpOptions options;
  options.port = 0;
  options.workers = 1;
  const Handler handler = [](const Request& request) {
    Response response;
    response.body = std::to_string(request.body.size() + request.query.size());
    if (request.path == "/s")
      response.stream = [left = 3](std::string& piece) mutable {
        piece += "piece";
        return --left > 0;
      };
    return response;
  };
  return HttpServer::start(options, handler, [](std::string_view, std::string_view) { return std::size_t{1000}; }).value();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace net = boost::asio;
  static const std::unique_ptr<HttpServer> listening = server();
  net::io_context io;
  net::ip::tcp::socket socket(io);
  socket.connect({net::ip::address_v4::loopback(), listening->port()});
  socket.set_option(net::socket_base::linger(true, 0));  // else ports run out: each input is a connection
  boost::system::error_code ended;
  net::write(socket, net::buffer(data, size), ended);
  socket.shutdown(net::socket_base::shutdown_send, ended);
  std::string answer;
  net::read(socket, net::dynamic_buffer(answer), ended);
  must(answer.empty() || answer.starts_with("HTTP/1.1 "), "an answer that is not HTTP", answer);
  // 501, 505: what we do not speak.
  for (std::size_t at = answer.find("HTTP/1.1 5"); at != std::string::npos; at = answer.find("HTTP/1.1 5", at + 1))
    must(answer.compare(at + 9, 3, "501") == 0 || answer.compare(at + 9, 3, "505") == 0, "a fault of ours", answer);
  // Whoever was refused has been told that nothing more is read.
  const std::size_t closed = answer.find("Connection: close");
  must(closed == std::string::npos || answer.find("HTTP/1.1 ", closed) == std::string::npos, "an answer behind the last one",
       answer);
  return 0;
}
