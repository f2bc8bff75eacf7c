#include "server/replica/following.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "engine/base/barrier.h"
#include "index/erasure/erasure_keys.h"
#include "index/store/versions.h"
#include "server/replica/copying.h"
#include "server/replica/tail_call.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kHandOverPatience = 30s;
constexpr std::chrono::milliseconds kFirstPause = 200ms, kLongestPause = 5s, kGlance = 5ms, kFencePause = 1s;

// What in memory is another than before.
struct Touched {
  bool tokens = false, cases = false, standing = false, drafts = false, files = false, erased = false;
};

Touched touched_by(std::span<const TailBatch> batches) {
  Touched touched;
  for (const TailBatch& batch : batches)
    (void)for_each_edit(batch.edits, kFamilies, [&](std::uint8_t family, const std::string& key, const auto& value) {
      switch (static_cast<Family>(family)) {
        case Family::kTokens: touched.tokens = true; break;
        case Family::kCases:
        case Family::kLetters:
        case Family::kOffices: touched.cases = true; break;
        case Family::kStandingQueries: touched.standing = true; break;
        case Family::kVersions:
          if (!is_version_key(key)) touched.drafts = touched.cases = true;  // drafts without an account, aliases
          break;
        case Family::kMeta:
          if (key == kPublishedKey) touched.files = true;
          if (key.starts_with(kErasureOf) && value) touched.erased = true;
          break;
        default: break;
      }
    });
  return touched;
}

Status read_anew(const OpenedData& data, const Touched& touched) {
  Status read;
  if (touched.tokens) read = data.tokens.read_anew();
  if (read && touched.tokens) read = data.sessions.read_anew();
  if (read && touched.cases) read = data.cases.read_anew(data.now());
  if (read && touched.standing) read = data.standing.read_anew();
  if (read && touched.drafts) read = data.drafts.read_anew();
  return read;
}

std::uint64_t number_in(const ClientAnswer& answer, const char* name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? 0 : std::strtoull(found->second.c_str(), nullptr, 10);
}

std::string role_in(const ClientAnswer& answer) {
  const std::optional<json::object> told = object_in(answer);
  const json::value* role = told ? told->if_contains("role") : nullptr;
  return role && role->is_string() ? std::string(role->as_string()) : std::string();
}

// Of an old owner's answer; nothing: it is none.
std::optional<std::uint64_t> left_behind_in(const ClientAnswer& answer) {
  const std::string role = role_in(answer);
  if (role != "fenced" && role != "follower") return std::nullopt;
  const std::optional<json::object> told = object_in(answer);
  const json::value* left = told->if_contains("left_behind");
  return left && left->is_int64() ? static_cast<std::uint64_t>(left->as_int64()) : 0;
}

ClientRequest get(std::string target) {
  ClientRequest request;
  request.target = std::move(target);
  return request;
}

ClientRequest fence_call(std::uint64_t epoch, const std::string& url, const std::optional<Takeover>& takeover) {
  ClientRequest request;
  request.method = "POST";
  request.target = "/v1/replica:fence";
  json::object body{{"epoch", epoch}, {"url", url}};
  if (takeover) body["audit_entries"] = takeover->audit_entries;
  request.body = json::serialize(body);
  return request;
}

}  // namespace

Follower::Follower(Service& service, const OwnerLink& link, bool stands_by, std::string own_url, std::function<void()> restart)
    : service_(service), link_(link), stands_by_(stands_by), own_url_(std::move(own_url)), restart_(std::move(restart)),
      cleaning_(service) {
  service_.data().replication.promote_with({[this](bool accept_loss) { return hand_over(accept_loss); }, restart_});
  start();
}

void Follower::start() {
  stop_ = false;
  following_ = std::thread([this] { follow(); });
  showing_ = std::thread([this] { show_what_is_ready(); });
}

void Follower::show_what_is_ready() {
  const OpenedData& data = service_.data();
  std::chrono::milliseconds pause = kFirstPause;
  bool told = false;  // what stands in the way, once
  while (!stop_) {
    std::this_thread::sleep_for(kGlance);
    std::uint64_t number = 0, sequence = 0;
    {
      const MutexLock lock(mutex_);
      number = number_;
      sequence = sequence_;
    }
    if (files_.exchange(false)) {
      const Status fetched = guarded("replica", [&] { return fetch_published(link_, data.store.directory()); });
      if (!fetched) {
        if (!std::exchange(told, true))
          spdlog::warn("replica: what is published did not come: {}; it is tried again", describe(fetched.error()));
        files_ = true;
        rest(pause);
        pause = std::min(2 * pause, kLongestPause);
        continue;
      }
      told = false;
      pause = kFirstPause;
      data.read_space();
    }
    if (number > data.replication.shown() && data.corpus()->sequence() >= sequence) data.replication.show(number);
  }
}

void Follower::rest(std::chrono::milliseconds time) const {
  for (auto waited = 0ms; waited < time && !stop_; waited += kFirstPause) std::this_thread::sleep_for(kFirstPause);
}

Follower::~Follower() {
  service_.data().replication.promote_with({});
  stop();
}

void Follower::stop() {
  stop_ = true;
  for (std::thread* thread : {&following_, &showing_})
    if (thread->joinable() && thread->get_id() != std::this_thread::get_id()) thread->join();
}

Result<bool> Follower::take_next() {
  const OpenedData& data = service_.data();
  Replication& replication = data.replication;
  const TailCall call{data.store.database().tail().position(), replication.role().id, {}, stands_by_};
  const Result<ClientAnswer> answer = link_.ask(get(target_of(call)));
  if (!answer) return tl::unexpected(answer.error());
  replication.owner_stands(number_in(*answer, "x-counterpart-sequence"));
  const Result<std::vector<TailBatch>> batches = read_batches(answer->body);
  if (!batches) return tl::unexpected(batches.error());
  if (batches->empty()) return false;
  const Touched touched = touched_by(*batches);
  const auto take = [&] { return data.store.follow(*batches); };
  if (Status taken = touched.erased ? cleaning_.take(take) : take(); !taken) return tl::unexpected(taken.error());
  if (Status read = read_anew(data, touched); !read) return tl::unexpected(read.error());
  if (touched.files) files_ = true;
  const MutexLock lock(mutex_);
  number_ = data.store.database().tail().position().number;
  sequence_ = data.store.sequence();
  return true;
}

// The next start takes it. What is here and not at the owner goes only where that is agreed to, at that start.
Status Follower::ask_for_new_copy() {
  const OpenedData& data = service_.data();
  const TailPosition own = data.store.database().tail().position();
  const Status replaces = check_replaces(link_, own);
  if (!replaces && replaces.error().code != ErrorCode::kForbidden) return replaces;
  ReplicaRole role = data.replication.role();
  role.epoch = own.epoch;
  role.copy_due = replaces.has_value();
  role.left_behind = replaces ? 0 : 1;
  const Status noted = write_role(data.store.directory(), role);
  return noted ? replaces : noted;
}

void Follower::follow() {
  std::chrono::milliseconds pause = kFirstPause;
  std::optional<ErrorCode> told;  // what stands in the way, said once
  while (!stop_) {
    const Result<bool> taken = guarded("replica", [this] { return take_next(); });
    if (taken) {
      if (std::exchange(told, std::nullopt)) spdlog::info("replica: follows {} again", link_.url());
      pause = kFirstPause;
      continue;
    }
    Error why = taken.error();
    if (why.code == ErrorCode::kConflict) {
      const Status replaced = guarded("replica", [this] { return ask_for_new_copy(); });
      if (replaced) {
        spdlog::warn("replica: {} has gone on without this one ({}): a new copy is taken", link_.url(), why.message);
        return restart_();
      }
      why = replaced.error();
    }
    if (std::exchange(told, why.code) != why.code)
      spdlog::warn("replica: {} cannot be followed: {}; it is tried again", link_.url(), describe(why));
    rest(pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

// The owner writes no more from the moment it answers, and all that it has is taken before this one goes on in its place.
Status Follower::hand_over(bool accept_loss) {
  const Replication& replication = service_.data().replication;
  const std::uint64_t epoch = service_.data().store.database().tail().position().epoch + 1;
  Result<ClientAnswer> fenced = link_.ask(fence_call(epoch, own_url_, std::nullopt));
  if (fenced && role_in(*fenced) != "fenced")  // it owns nothing itself, and whoever does has not been asked
    fenced =
        fail(ErrorCode::kUnavailable, "--follow", "`" + link_.url() + "` is no owner", "follow the server that has taken over");
  if (!fenced && fenced.error().code == ErrorCode::kConflict) return tl::unexpected(fenced.error());  // it has a later epoch
  if (!fenced && !replication.is_safe() && !accept_loss)
    return fail(ErrorCode::kForbidden, "role",
                "the owner does not answer, and this one is not its standby: the owner may have acknowledged what is not here",
                "with --accept-loss what is missing here is given up, and told where the old owner comes back");
  stop();
  stop_ = false;  // take_next() is called here from now on, by nobody else
  if (!fenced) {
    spdlog::warn("replica: the owner does not answer: {}", describe(fenced.error()));
    return {};
  }
  Status drained = guarded("replica", [&] { return drain(json::parse(fenced->body).at("number").to_number<std::uint64_t>()); });
  if (!drained && !accept_loss) start();
  return drained || accept_loss ? Status() : drained;
}

Status Follower::drain(std::uint64_t number) {
  const OpenedData& data = service_.data();
  const auto until = Clock::now() + kHandOverPatience;
  while (data.store.database().tail().position().number < number) {
    const Result<bool> taken = take_next();
    if (taken && (*taken || Clock::now() < until)) continue;
    if (data.replication.is_safe()) return {};
    return fail(ErrorCode::kUnavailable, "owner", "the owner is fenced, but did not hand over all that it has",
                "try again; the owner writes nothing meanwhile. If it is lost: --accept-loss");
  }
  return {};
}

Fencing::Fencing(Replication& replication, const OwnerLink& old_owner, std::string own_url) {
  thread_ = std::thread([this, &replication, link = old_owner, url = std::move(own_url)] {
    while (!stop_) {
      if (!replication.owns()) return;  // the other was told first
      const ReplicationState state = replication.state();
      const Result<ClientAnswer> fenced = link.ask(fence_call(state.position.epoch, url, state.takeover));
      const std::optional<std::uint64_t> left = fenced ? left_behind_in(*fenced) : std::nullopt;
      if (left) {
        spdlog::warn("replica: the old owner {} is fenced; {} acts of its audit log never came here (its DATA/LEFT-BEHIND)",
                     link.url(), *left);
        return;
      }
      if (!fenced && fenced.error().code == ErrorCode::kConflict) {
        spdlog::error("replica: {} has a later epoch: {}; one of the two must follow the other", link.url(),
                      describe(fenced.error()));
        return;
      }
      for (auto waited = 0ms; waited < kFencePause && !stop_; waited += kFirstPause) std::this_thread::sleep_for(kFirstPause);
    }
  });
}

Fencing::~Fencing() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

}  // namespace counterpart::server
