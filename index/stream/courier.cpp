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
bool same(const Confirmation& one, const Confirmation& other) {
  return one.position == other.position && one.clean == other.clean && one.ahead == other.ahead;
}

}  // namespace

void CourierRounds::forget() {
  std::erase_if(sent_, [](const auto& one) { return one.second.next.empty(); });
}

std::chrono::milliseconds CourierRounds::pause(const Listening& office) const {
  std::chrono::milliseconds pause = pace_.again;
  for (int i = 1; i < office.told && pause < pace_.longest; ++i) pause *= 2;
  return std::min(pause, std::max(pace_.longest, pace_.again));
}

std::optional<std::string> CourierRounds::due(const OtherOffice& office, const Position& head, const Confirmation& confirmed) {
  const Clock::time_point now = Clock::now();
  Listening& listening = listening_[office.card.office];
  if (listening.heard_at != office.heard_at) {
    listening.heard_at = office.heard_at;
    listening.told = 0;
  }
  if (listening.has != office.confirmed.position) {
    listening.has = office.confirmed.position;
    listening.moved = now;
  }
  const bool lacks = office.confirmed.position != head;
  const auto sent = sent_.find(office.card.office);
  if (sent != sent_.end()) {
    const bool late = lacks && now - std::max(listening.moved, listening.since) > pause(listening);
    // What nobody asks for may have been lost as well, on either side.
    const bool silent = !lacks && now - sent->second.at > pace_.word;
    if (!late && !silent) {
      if (sent->second.head == head && same(sent->second.confirmed, confirmed)) return std::nullopt;
      return sent->second.end;
    }
  } else if (listening.told > 2 && now - listening.since < pause(listening)) {
    return std::nullopt;  // what mailboxes before this one have taken for it
  }
  if (lacks) ++listening.told;
  return std::string();
}

Status CourierRounds::send_to(Mailbox& mailbox, const OtherOffice& office, const Position& head) {
  const std::string& id = office.card.office;
  const Result<Confirmation> confirmed = confirmation_for(receiving_.store, office);
  if (!confirmed) return tl::unexpected(confirmed.error());
  Sent series{.head = head, .confirmed = *confirmed, .whole = false, .next = {}, .end = {}, .at = Clock::now()};
  const auto sent = sent_.find(id);
  if (sent != sent_.end() && !sent->second.next.empty() && sent->second.head.epoch == head.epoch) {
    series = sent->second;
    series.confirmed = *confirmed;
  } else {
    std::optional<std::string> from = due(office, head, *confirmed);
    if (!from) return {};
    series.next = std::move(*from);
    series.whole = series.next.empty();
  }
  const Clock::time_point began = Clock::now();
  for (int i = 0; i < pace_.bundles && series.at - began < pace_.sending; ++i) {
    Result<Sending> sending = next_bundle(receiving_.store, id, series.next, pace_.limits);
    if (!sending) return tl::unexpected(sending.error());
    if (Status gone = mailbox.send(id, sending->bytes); !gone) return gone;
    series.next = std::move(sending->next);
    series.end = std::move(sending->end);
    series.at = Clock::now();
    sent_[id] = series;
    if (series.next.empty()) break;
  }
  if (series.whole && series.next.empty()) listening_[id].since = series.at;
  return {};
}

bool CourierRounds::take(std::string_view bundle) {
  const Result<Received> received = receive(receiving_, bundle);
  if (!received) {
    told_(received.error());
    return received.error().code != ErrorCode::kStorage && received.error().code != ErrorCode::kUnavailable;
  }
  if (received->trouble) told_(*received->trouble);
  // Whoever tells what we have, or what we cannot take, does not know it: they are answered, by the next piece where a series
  // is under way.
  const auto sent = sent_.find(received->from);
  if ((received->trouble || received->repeated > 0 || received->astray) && sent != sent_.end() && sent->second.next.empty())
    sent_.erase(sent);
  return true;
}

// What waits for something here: a calendar, a desk, a profile.
Status CourierRounds::look_beside() {
  const Clock::time_point now = Clock::now();
  if (beside_at_ && now - *beside_at_ < pace_.beside) return {};
  beside_at_ = now;
  return take_beside(receiving_);
}

Status CourierRounds::round(Mailbox& mailbox) {
  if (receiving_.may_write)
    if (Status may = receiving_.may_write(); !may) return may;
  const Database& database = receiving_.store.database();
  const Result<std::vector<OtherOffice>> offices = read_offices(database);
  if (!offices) return tl::unexpected(offices.error());
  if (Status done = look_beside(); !done) return done;
  if (Status told = tell_cases(receiving_.store); !told) return told;
  const Result<std::optional<Position>> head = read_network_head(database);
  if (!head) return tl::unexpected(head.error());
  // What cannot go to one office holds up neither the others nor what comes; where two fail, it is the mailbox.
  Status sent;
  int failed = 0;
  for (const OtherOffice& office : *offices)
    if (*head && failed < 2)
      if (Status gone = send_to(mailbox, office, **head); !gone && ++failed == 1) sent = std::move(gone);
  const Status fetched = mailbox.fetch(pace_.fetch, [this](std::string_view bundle) { return take(bundle); });
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
