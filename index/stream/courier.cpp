#include "index/stream/courier.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "index/network/beside.h"
#include "index/network/ledger.h"
#include "index/network/records.h"

namespace counterpart::index {
namespace {

constexpr std::chrono::milliseconds kFirstPause{500}, kLongestPause{30'000};
// Of one bundle, so that with the removals in front it is below what a mailbox takes.
constexpr SendingLimits kLimits{.operations = 500, .bytes = 1 << 20};

bool same(const Confirmation& one, const Confirmation& other) {
  return one.position == other.position && one.clean == other.clean && one.ahead == other.ahead;
}

}  // namespace

Status CourierRounds::send_to(Mailbox& mailbox, const OtherOffice& office, const Position& head) {
  const std::string& id = office.card.office;
  const Result<Confirmation> confirmed = confirmation_for(receiving_.store, office);
  if (!confirmed) return tl::unexpected(confirmed.error());
  const auto now = std::chrono::steady_clock::now();
  const auto sent = sent_.find(id);
  const bool late = sent != sent_.end() && office.confirmed.position != head && now - sent->second.at > patience_.again;
  // What nobody asks for may have been lost as well, on either side.
  const bool silent = sent != sent_.end() && now - sent->second.at > patience_.word;
  const bool known = sent != sent_.end() && !late && !silent;
  if (known && sent->second.head == head && same(sent->second.confirmed, *confirmed)) return {};
  std::string from = known ? sent->second.end : std::string();
  std::string end;
  do {
    Result<Sending> sending = next_bundle(receiving_.store, id, from, kLimits);
    if (!sending) return tl::unexpected(sending.error());
    if (Status gone = mailbox.send(id, sending->bytes); !gone) return gone;
    from = std::move(sending->next);
    end = std::move(sending->end);
  } while (!from.empty());
  sent_[id] = {head, *confirmed, std::move(end), now};
  return {};
}

void CourierRounds::take(std::string_view bundle) {
  const Result<Received> received = receive(receiving_, bundle);
  if (!received) return told_(received.error());
  if (received->trouble) told_(*received->trouble);
  // Whoever tells what we have, or what we cannot take, does not know it: they are answered.
  if (received->trouble || received->repeated > 0 || received->astray) sent_.erase(received->from);
}

Status CourierRounds::round(Mailbox& mailbox) {
  const Database& database = receiving_.store.database();
  const Result<std::vector<OtherOffice>> offices = read_offices(database);
  if (!offices) return tl::unexpected(offices.error());
  if (Status done = take_beside(receiving_); !done) return done;  // that was cut off, or waited
  if (Status told = tell_cases(receiving_.store); !told) return told;
  const Result<std::optional<Position>> head = read_network_head(database);
  if (!head) return tl::unexpected(head.error());
  // What cannot go to one office holds up neither the others nor what comes; where two fail, it is the mailbox.
  Status sent;
  int failed = 0;
  for (const OtherOffice& office : *offices)
    if (*head && failed < 2)
      if (Status gone = send_to(mailbox, office, **head); !gone && ++failed == 1) sent = std::move(gone);
  const Status fetched = mailbox.fetch(patience_.fetch, [this](std::string_view bundle) { take(bundle); });
  return sent ? fetched : sent;
}

Courier::Courier(Receiving receiving, Open open, std::function<void(const std::string&)> told)
    : receiving_(std::move(receiving)), open_(std::move(open)), told_(std::move(told)), thread_([this] { work(); }) {}

Courier::~Courier() {
  {
    const MutexLock lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool Courier::stopping() const {
  const MutexLock lock(mutex_);
  return stop_;
}

bool Courier::pause(std::chrono::milliseconds longest) {
  MutexLock lock(mutex_);
  changed_.wait_for(lock, longest, [&]() REQUIRES(mutex_) { return stop_; });
  return !stop_;
}

// As long as one mailbox holds.
Status Courier::try_once(CourierRounds& rounds) {
  rounds.forget();
  const Result<std::unique_ptr<Mailbox>> mailbox = open_();
  if (!mailbox) return tl::unexpected(mailbox.error());
  if (!std::exchange(last_told_, {}).empty()) told_({});
  while (!stopping())
    if (Status done = rounds.round(**mailbox); !done) return done;
  return {};
}

void Courier::work() {
  CourierRounds rounds(receiving_, {}, [this](const Error& error) { told_(describe(error)); });
  auto wait = kFirstPause;
  do {
    const auto began = std::chrono::steady_clock::now();
    Status done;
    try {
      done = try_once(rounds);
    } catch (const std::exception& error) {
      done = fail(ErrorCode::kInternal, "network", error.what());
    }
    if (done) return;
    if (const std::string what = describe(done.error()); what != last_told_) told_(last_told_ = what);
    wait = std::chrono::steady_clock::now() - began > kLongestPause ? kFirstPause : std::min(2 * wait, kLongestPause);
  } while (pause(wait));
}

}  // namespace counterpart::index
