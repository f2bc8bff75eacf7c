// Load on an HTTP server of this machine, and what it cost the server: requests answered, latencies, the server's CPU time and
// this program's own, told apart.
//   http_bench PORT BODIES [--path /v1/match] [--pid SERVER] [--connections 4] [--depth 1] [--seconds 5] [--rate 0] [--skip 0]
//     [--once]
// BODIES: a file of one JSON body a line, sent by POST in turn, from line `skip` on, again and again (--once: until they are
// used up); "-": GET of the path. Connections are kept alive. Without a rate each connection sends the next request when an
// answer is there (`depth` requests ahead); with one, requests come at random (Poisson) so many a second, each on a connection
// that has least to wait for, and a latency counts from the moment at which its request was due. One JSON object is printed.
// An answer of 503 is counted as turned away; any other than 200 ends the program with 1.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

struct Options {
  int port = 0;
  std::string bodies, path = "/v1/match";
  long pid = 0;
  std::size_t connections = 4, depth = 1, skip = 0;
  double seconds = 5, rate = 0;
  bool once = false;
};

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "http_bench: %s\n", what.c_str());
  std::exit(1);
}

double own_cpu() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Spent {
  double cpu = 0;     // seconds on a core
  double waited = 0;  // seconds ready for one that other work had
};

// Of all threads of `pid` and of the processes that descend from it, in nanoseconds' precision; threads that have ended
// meanwhile are not in it. Nothing: not asked for.
Spent spent_by(long pid) {
  Spent sum;
  if (pid == 0) return sum;
  std::error_code ignored;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task", ignored)) {
    double cpu = 0, waited = 0;
    std::ifstream(task.path() / "schedstat") >> cpu >> waited;
    sum.cpu += 1e-9 * cpu;
    sum.waited += 1e-9 * waited;
    std::ifstream children(task.path() / "children");
    for (long child = 0; children >> child;) {
      const Spent theirs = spent_by(child);
      sum.cpu += theirs.cpu;
      sum.waited += theirs.waited;
    }
  }
  return sum;
}

struct Connection {
  int socket = -1;
  std::deque<Time> due = {};  // of the requests that wait for an answer
  std::string out = {}, in = {};
};

class Load {
 public:
  explicit Load(const Options& options) : options_(options), next_(options.skip) {
    if (options.bodies == "-") {
      requests_.push_back("GET " + options.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    } else {
      std::ifstream file(options.bodies);
      for (std::string line; std::getline(file, line);)
        requests_.push_back("POST " + options.path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" +
                            "Content-Length: " + std::to_string(line.size()) + "\r\n\r\n" + line);
    }
    if (requests_.empty()) fail("no requests in " + options.bodies);
    for (std::size_t i = 0; i < options.connections; ++i) connections_.push_back({.socket = connect_to(options.port)});
  }

  void run() {
    const Spent server = spent_by(options_.pid);
    const double own = own_cpu();
    start_ = Clock::now();
    end_ = start_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options_.seconds));
    due_ = start_;
    while (turn()) {}
    const double wall = std::chrono::duration<double>(Clock::now() - start_).count();
    const Spent after = spent_by(options_.pid);
    const double ours = own_cpu() - own;
    std::ranges::sort(times_);
    std::printf(
        "{\"answered\": %zu, \"turned_away\": %zu, \"wall_s\": %.4f, \"server_cpu_s\": %.4f, \"server_waited_s\": %.4f, "
        "\"client_cpu_s\": %.4f, \"bytes\": %zu, \"p50_ms\": %.4f, \"p90_ms\": %.4f, \"p99_ms\": %.4f, \"most_ms\": %.4f}\n",
        times_.size(), turned_away_, wall, after.cpu - server.cpu, after.waited - server.waited, ours, bytes_, percentile(0.5),
        percentile(0.9), percentile(0.99), percentile(1));
  }

 private:
  static int connect_to(int port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    if (socket < 0 || ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail(std::string("no connection: ") + std::strerror(errno));
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    return socket;
  }

  bool used_up() const { return options_.once && next_ >= requests_.size(); }

  void send(Connection& to, Time due) {
    to.out += requests_[next_++ % requests_.size()];
    to.due.push_back(due);
    flush(to);
  }

  static void flush(Connection& to) {
    if (to.out.empty()) return;
    const ssize_t sent = ::send(to.socket, to.out.data(), to.out.size(), MSG_NOSIGNAL);
    if (sent > 0)
      to.out.erase(0, static_cast<std::size_t>(sent));
    else if (errno != EAGAIN && errno != EINTR)
      fail(std::string("sending: ") + std::strerror(errno));
  }

  // What is due is sent, what has come is read. False: all is done.
  bool turn() {
    const Time now = Clock::now();
    const bool over = now >= end_ || used_up();
    if (!over) send_due(now);
    std::vector<pollfd> waiting;
    bool open = false;
    for (const Connection& one : connections_) {
      waiting.push_back({one.socket, static_cast<short>(POLLIN | (one.out.empty() ? 0 : POLLOUT)), 0});
      open = open || !one.due.empty();
    }
    if (over && !open) return false;
    timespec patience{0, 200'000'000};
    if (!over && options_.rate > 0) {
      const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(due_ - Clock::now()).count();
      patience.tv_nsec = std::clamp<long>(static_cast<long>(left), 0, 200'000'000);
    }
    if (::ppoll(waiting.data(), waiting.size(), &patience, nullptr) < 0 && errno != EINTR) fail("poll failed");
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i].revents & POLLOUT) flush(connections_[i]);
      if (waiting[i].revents & (POLLIN | POLLHUP | POLLERR)) receive(connections_[i]);
    }
    return true;
  }

  void send_due(Time now) {
    if (options_.rate == 0) {
      for (Connection& one : connections_)
        while (one.due.size() < options_.depth && !used_up()) send(one, now);
      return;
    }
    std::exponential_distribution<double> gap(options_.rate);
    for (; due_ <= now && !used_up();
         due_ += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(gap(random_))))
      send(*std::ranges::min_element(connections_, {}, [](const Connection& one) { return one.due.size(); }), due_);
  }

  void receive(Connection& from) {
    char piece[65'536];
    const ssize_t size = ::recv(from.socket, piece, sizeof piece, 0);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) fail("the server ended a connection");
    from.in.append(piece, static_cast<std::size_t>(size));
    while (take_answer(from)) {}
  }

  // One whole answer from the beginning of what was received. False: there is none yet.
  bool take_answer(Connection& from) {
    const std::size_t head = from.in.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const std::size_t length = whole_length(from.in, head + 4);
    if (length == 0) return false;
    if (from.due.empty()) fail("an answer to nothing");
    const std::string_view status = std::string_view(from.in).substr(9, 3);
    if (status == "200")
      times_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - from.due.front()).count());
    else if (status == "503")
      ++turned_away_;
    else
      fail("answered with " + from.in.substr(0, std::min<std::size_t>(length, 1500)));
    bytes_ += length;
    from.due.pop_front();
    from.in.erase(0, length);
    return true;
  }

  // Of the answer whose body begins at `body`; 0: it is not all there.
  static std::size_t whole_length(const std::string& in, std::size_t body) {
    std::string head = in.substr(0, body);
    std::ranges::transform(head, head.begin(),
                           [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    if (const std::size_t at = head.find("\r\ncontent-length:"); at != std::string::npos) {
      const std::size_t whole = body + std::strtoul(head.c_str() + at + 17, nullptr, 10);
      return in.size() >= whole ? whole : 0;
    }
    if (head.find("\r\ntransfer-encoding: chunked") == std::string::npos) return body;
    for (std::size_t at = body;;) {
      const std::size_t line = in.find("\r\n", at);
      if (line == std::string::npos) return 0;
      const std::size_t chunk = std::strtoul(in.c_str() + at, nullptr, 16);
      at = line + 2 + chunk + 2;
      if (at > in.size()) return 0;
      if (chunk == 0) return at;
    }
  }

  double percentile(double share) const {
    if (times_.empty()) return std::numeric_limits<double>::max();
    return times_[std::min(times_.size() - 1, static_cast<std::size_t>(share * static_cast<double>(times_.size())))];
  }

  const Options& options_;
  std::vector<std::string> requests_;
  std::vector<Connection> connections_;
  std::vector<double> times_;
  std::size_t next_, turned_away_ = 0, bytes_ = 0;
  std::mt19937_64 random_{7};
  Time start_{}, end_{}, due_{};
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (argc < 3) fail("usage: http_bench PORT BODIES [options]; its first lines tell more");
  options.port = std::atoi(argv[1]);
  options.bodies = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--once") {
      options.once = true;
      continue;
    }
    if (i + 1 == argc) fail("no value for " + std::string(name));
    const char* value = argv[++i];
    if (name == "--path")
      options.path = value;
    else if (name == "--pid")
      options.pid = std::atol(value);
    else if (name == "--connections")
      options.connections = std::strtoul(value, nullptr, 10);
    else if (name == "--depth")
      options.depth = std::strtoul(value, nullptr, 10);
    else if (name == "--seconds")
      options.seconds = std::atof(value);
    else if (name == "--rate")
      options.rate = std::atof(value);
    else if (name == "--skip")
      options.skip = std::strtoul(value, nullptr, 10);
    else
      fail("no such option: " + std::string(name));
  }
  Load(options).run();
  return 0;
}
