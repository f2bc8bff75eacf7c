#include "server/post/smtp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

namespace counterpart::server {
namespace {

// A mail server on a port that the kernel chose: one connection, and an answer for each command, "250 ok" where none is given.
class FakeMailServer {
 public:
  explicit FakeMailServer(std::map<std::string, std::string> answers = {}) : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url_ = "smtp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeMailServer() { finish(); }
  FakeMailServer(const FakeMailServer&) = delete;
  FakeMailServer& operator=(const FakeMailServer&) = delete;

  const std::string& url() const { return url_; }
  // What was said, once the client has gone.
  const std::vector<std::string>& heard() {
    finish();
    return heard_;
  }

 private:
  void finish() {
    if (!thread_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  void serve() {
    const int connection = ::accept(listener_, nullptr, nullptr);
    if (connection < 0) return;
    const auto answer = [&](const std::string& text) {
      const std::string line = text + "\r\n";
      return ::send(connection, line.data(), line.size(), MSG_NOSIGNAL) > 0;
    };
    bool data = false;
    answer("220 fake");
    for (std::string line; read_line(connection, line);) {
      heard_.push_back(line);
      if (data && line != ".") continue;
      const std::string command = data ? "." : line.substr(0, line.find(' '));
      data = command == "DATA";
      const auto found = answers_.find(command);
      if (!answer(found != answers_.end() ? found->second : data ? "354 go on" : "250 ok") || command == "QUIT") break;
    }
    ::close(connection);
  }
  static bool read_line(int connection, std::string& line) {
    line.clear();
    for (char c = 0; ::recv(connection, &c, 1, 0) == 1;) {
      if (c == '\n') return true;
      if (c != '\r') line += c;
    }
    return false;
  }

  std::map<std::string, std::string> answers_;
  int listener_ = -1;
  std::string url_;
  std::vector<std::string> heard_;
  std::thread thread_;
};

const Outgoing& letter() {
  static const Outgoing mail{{1}, "dakar@example.org", "riyadh@example.org", "Subject: one\r\n\r\nText\r\n.hidden\r\n"};
  return mail;
}

Carried sent(const std::string& url) {
  return Smtp::open({.url = url, .user = {}, .password_file = {}, .mail_from = {}}).value()->carry(letter());
}

}  // namespace

TEST_CASE("smtp: a letter reaches the server whole, from and to the addresses of its message", "[post]") {
  FakeMailServer server;
  const Carried carried = sent(server.url());
  CHECK(carried.outcome == Delivery::Outcome::kSent);
  CHECK(carried.words.empty());
  const std::vector<std::string>& heard = server.heard();
  const auto said = [&](const char* line) { return std::ranges::count(heard, line); };
  CHECK(said("MAIL FROM:<dakar@example.org>") == 1);
  CHECK(said("RCPT TO:<riyadh@example.org>") == 1);
  CHECK(said("Subject: one") == 1);
  CHECK(said("..hidden") == 1);  // a line that begins with a point does not end the letter
}

TEST_CASE("smtp: what the server refuses for good is refused in its words, what it puts off is tried again", "[post]") {
  struct Answer {
    std::string command, words;
    Delivery::Outcome outcome;
  };
  for (const auto& [command, words, outcome] : {Answer{"RCPT", "550 5.1.1 no such mailbox here", Delivery::Outcome::kRefused},
                                                Answer{".", "554 5.7.1 looks like spam", Delivery::Outcome::kRefused},
                                                Answer{"RCPT", "451 4.2.0 come back later", Delivery::Outcome::kFailed}}) {
    INFO(words);
    const std::map<std::string, std::string> answers{{command, words}};
    FakeMailServer server(answers);
    const Carried carried = sent(server.url());
    CHECK(carried.outcome == outcome);
    CHECK(carried.words == words);
  }
}

TEST_CASE("smtp: a server that is not there is a letter that waits, in words", "[post]") {
  std::string url;
  {
    FakeMailServer server;
    url = server.url();
  }
  const Carried carried = sent(url);
  CHECK(carried.outcome == Delivery::Outcome::kFailed);
  CHECK_THAT(carried.words, Catch::Matchers::Contains("connect"));
}

TEST_CASE("smtp: a password goes over no connection that is not encrypted", "[post]") {
  const TempFolder folder;
  FakeMailServer server;
  auto smtp = Smtp::open({.url = server.url(),
                          .user = "itpo",
                          .password_file = folder.file("password", "planted\n"),
                          .mail_from = "post@example.org"})
                  .value();
  CHECK(smtp->sender() == "post@example.org");
  CHECK(smtp->carry(letter()).outcome == Delivery::Outcome::kFailed);
  smtp.reset();
  for (const std::string& line : server.heard()) CHECK_FALSE(line.starts_with("AUTH"));
}

TEST_CASE("smtp: settings that cannot be right are refused by name", "[post]") {
  const auto place = [](SmtpSettings settings) { return Smtp::open(settings).error().place; };
  CHECK(place({.url = "http://mail.example.org", .user = {}, .password_file = {}, .mail_from = {}}) == "smtp_url");
  CHECK(place({.url = "smtp://mail.example.org", .user = {}, .password_file = {}, .mail_from = "a b"}) == "mail_from");
  CHECK(place({.url = "smtp://mail.example.org", .user = "u", .password_file = {}, .mail_from = {}}) == "smtp_password_file");
}

}  // namespace counterpart::server
