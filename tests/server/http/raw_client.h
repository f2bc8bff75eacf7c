// A bare TCP client, for requests that no well-behaved client would send.
#pragma once

#include <boost/asio.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace counterpart::server {

// One connection to 127.0.0.1. Not thread-safe.
class RawClient {
 public:
  explicit RawClient(std::uint16_t port) { socket_.connect({boost::asio::ip::address_v4::loopback(), port}); }

  RawClient& send(std::string_view bytes) {
    boost::system::error_code ignored;  // the server may have refused and closed already
    boost::asio::write(socket_, boost::asio::buffer(bytes.data(), bytes.size()), ignored);
    return *this;
  }
  // Everything until the server closes.
  std::string rest() {
    std::string bytes = std::move(buffer_);
    boost::system::error_code end;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(bytes), end);
    return bytes;
  }
  // One answer that has a Content-Length (or neither it nor a body).
  std::string answer() {
    boost::system::error_code end;
    const std::size_t head = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), "\r\n\r\n", end);
    if (end) return {};
    const std::size_t at = buffer_.find("Content-Length: ");
    const std::size_t length = at < head ? std::stoul(buffer_.substr(at + 16)) : 0;
    if (buffer_.size() < head + length)
      boost::asio::read(socket_, boost::asio::dynamic_buffer(buffer_),
                        boost::asio::transfer_exactly(head + length - buffer_.size()), end);
    std::string whole = buffer_.substr(0, head + length);
    buffer_.erase(0, head + length);
    return whole;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::string buffer_;
};

inline int status_of_answer(const std::string& answer) {
  return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

inline bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace counterpart::server
