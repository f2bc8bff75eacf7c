#include "server/http/http_admission.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace counterpart::server {
namespace {

// The first two parts of a path; a file's name is none of them, for all files of a folder are of one kind: of hundreds of names
// one would sooner or later share its place with a kind that takes long, and be turned away for it.
std::string_view kind_of(std::string_view path) {
  const std::size_t first = path.find('/', 1);
  if (first == path.npos) return path;
  const std::string_view two = path.substr(0, path.find('/', first + 1));
  return two.find('.', first) == two.npos ? two : path.substr(0, first);
}

}  // namespace

void WaitingClients::waits(HttpSession* session, Listing& listing, ClientWait what) {
  const MutexLock lock(mutex_);
  if (listing.list) lists_[static_cast<std::size_t>(*listing.list)].erase(listing.at);
  auto& list = lists_[static_cast<std::size_t>(what)];
  listing.at = list.insert(list.end(), {session, Clock::now(), &listing});
  listing.list = what;
}

void WaitingClients::busy(Listing& listing) {
  const MutexLock lock(mutex_);
  if (listing.list) lists_[static_cast<std::size_t>(*listing.list)].erase(listing.at);
  listing.list.reset();
}

HttpSession* WaitingClients::take_longest(ClientWait first, ClientWait last) {
  for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i) {
    auto& list = lists_[i];
    if (list.empty()) continue;
    const auto what = static_cast<ClientWait>(i);
    const bool patient = what == ClientWait::kBody || what == ClientWait::kAnswerTaken;
    if (patient && Clock::now() - list.front().since < kPatience) continue;
    HttpSession* session = list.front().session;
    list.front().listing->list.reset();
    list.pop_front();
    return session;
  }
  return nullptr;
}

std::optional<WorkQueue::Ticket> WorkQueue::enter(std::string_view method, std::string_view path, double expected) {
  const std::hash<std::string_view> hash;
  const auto microseconds = static_cast<std::int64_t>(1000 * std::clamp(expected, 0.0, 1e6));
  const auto magnitude = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(microseconds)));
  const std::size_t kind = (hash(method) ^ hash(kind_of(path)) ^ magnitude) % kinds_.size();
  // A write waits mostly for the disk, and those that wait together are synced together: many are hardly slower than one.
  const bool shares = method == "PUT" || method == "DELETE" || (method == "POST" && path == "/v1/profiles");
  const std::int64_t known = kinds_[kind].mean.load(std::memory_order_relaxed);
  const std::int64_t core = kinds_[kind].core.load(std::memory_order_relaxed);
  const Lane lane = (core >= 0 ? core : microseconds) >= kLong ? Lane::kLong : Lane::kSmall;
  const Ticket ticket{kind, shares ? std::min(known, kQuick) : known, lane};

  Waiting& others = lanes_[static_cast<std::size_t>(lane)];
  const std::size_t before = others.waiting.fetch_add(1);
  const std::int64_t work = others.work.fetch_add(ticket.cost) + ticket.cost;
  const bool short_wait = work / workers_ <= std::max(kShortWait, ticket.cost + ticket.cost / 2);
  const bool few = before < std::max(2U, workers_);
  if (before < most_ && (short_wait || few || ticket.cost <= kQuick)) return ticket;
  began(ticket);
  return std::nullopt;
}

void WorkQueue::began(const Ticket& ticket) {
  Waiting& others = lanes_[static_cast<std::size_t>(ticket.lane)];
  --others.waiting;
  others.work -= ticket.cost;
}

void WorkQueue::worked(const Ticket& ticket, std::chrono::steady_clock::duration time,
                       std::optional<std::chrono::nanoseconds> core) {
  const std::int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  const std::int64_t sample = std::min(micros, kLongWork);
  // Lost updates do no harm: it is an estimate.
  Kind& kind = kinds_[ticket.kind];
  const std::int64_t known = kind.mean.load(std::memory_order_relaxed);
  kind.mean.store(known == 0 ? sample : known + (sample - known) / 16, std::memory_order_relaxed);
  if (!core) return;
  const std::int64_t took = std::chrono::duration_cast<std::chrono::microseconds>(*core).count();
  const std::int64_t before = kind.core.load(std::memory_order_relaxed);
  kind.core.store(before < 0 ? took : before + (took - before) / 16, std::memory_order_relaxed);
}

bool BodyBudget::take(std::size_t bytes) {
  if (taken_.fetch_add(bytes) + bytes <= most_) return true;
  taken_ -= bytes;
  return false;
}

}  // namespace counterpart::server
