#include "server/replica/hand_on.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "engine/base/hex.h"
#include "server/handlers/scope.h"
#include "server/http/problem.h"
#include "server/replica/tail_call.h"

namespace counterpart::server {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::seconds kWorkPatience{120};  // an import or an erasure takes its time
constexpr std::chrono::seconds kReadPatience{5};    // then it is answered here
// Whoever has answered nothing for so long hangs, and is waited for no longer: it is asked something every second.
constexpr std::chrono::seconds kHangs{15};
constexpr std::size_t kMostWriters = 100'000;
constexpr const char* kGiven = "x-counterpart-sequence";

// Reads that are made by POST: ends of their paths.
constexpr auto kReads =
    std::to_array<std::string_view>({"/v1/match", "/assemble", "/v1/panels", "/v1/panels:check", "/v1/audit:verify"});
// Between two servers alone, or said of the hop that they came by.
constexpr auto kOfTheHop = std::to_array<std::string_view>({"host", "origin", "connection", "keep-alive", "te", "trailer",
                                                            "transfer-encoding", "upgrade", "expect", "content-length",
                                                            "accept-encoding", "server", "date", "content-type"});

bool is_read(const Request& request) {
  if (request.method == "GET" || request.method == "HEAD" || request.method == "OPTIONS") return true;
  if (request.path.starts_with("/v1/replica")) return true;  // of this server itself
  return request.method == "POST" &&
         std::ranges::any_of(kReads, [&](std::string_view end) { return request.path.ends_with(end); });
}

// What goes on at the owner, beside what is stored.
bool tells_what_is_at_work(const Request& request) { return request.method == "GET" && request.path == "/v1/runs"; }

// A page of another site reaches nobody through this server either.
bool is_foreign(const Request& request) {
  const auto origin = request.headers.find("origin"), host = request.headers.find("host");
  return origin != request.headers.end() && host != request.headers.end() && origin->second != "http://" + host->second &&
         origin->second != "https://" + host->second;
}

// The store said that its owner must do it; or nobody here knows who asks, and the owner may since a moment ago.
bool is_the_owners(const Response& response) {
  if (response.status == 401) return true;
  return response.status == 503 && response.body.find(R"("member":"owner")") != response.body.npos;
}

// Says how things stand, which whoever may have been overtaken does not know.
bool is_of_what_stands(const Response& response) {
  return response.status == 404 || response.status == 409 || response.status == 410 || response.status == 412;
}

std::optional<std::uint64_t> sequence_given(const Request& request) {
  const auto given = request.headers.find(kGiven);
  if (given == request.headers.end()) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(given->second.data(), given->second.data() + given->second.size(), number);
  return error == std::errc{} && end == given->second.data() + given->second.size() ? number : ~std::uint64_t{0};
}

Response owner_gone(const Request& request) {
  return problem({ErrorCode::kUnavailable, "owner", "the owner's server does not answer, and this is its to do",
                  "try again; if it is lost, `counterpart promote` makes this one the owner"},
                 request);
}

Response owner_busy(const Request& request) {
  return problem({ErrorCode::kUnavailable, "owner",
                  std::to_string(OwnerCalls::kMost) + " calls wait for the owner's server already, which is slow or hangs",
                  "try again in a few seconds; what is read here is answered meanwhile"},
                 request);
}

Response may_be_done(const Request& request) {
  return problem({ErrorCode::kUnavailable, "owner", "the owner's server was asked and did not answer: it may have done this",
                  "look what is stored before you repeat it, or repeat it with the same Idempotency-Key"},
                 request);
}

Response unconfirmed() {
  return problem(
      {ErrorCode::kUnavailable, "owner",
       "this was written here, but the standby has not confirmed it: it may stay, or be lost if the standby takes over",
       "look what is stored before you repeat it, or repeat it with the same Idempotency-Key"},
      Request{});
}

}  // namespace

void HandOn::watch(Replication& replication, const OwnerLink* link, OwnerCalls& calls, std::string local_key) {
  link_ = link;
  calls_ = &calls;
  local_key_ = std::move(local_key);
  replication_ = &replication;
}

bool HandOn::too_early(const Request& request, std::chrono::steady_clock::duration waited) const {
  const Replication* replication = replication_;
  if (!replication) return false;
  if (request.path == kTailPath) {
    const Result<TailCall> call = read_tail_call(request);
    // What a standby confirms by asking is heard where the call is answered, once it is known who calls: somebody waits for it.
    const bool confirms = call && call->stands_by && !replication->is_confirmed(call->has.number);
    return call && waited < kTailPatience && !confirms && !replication->has_news(call->has);
  }
  if (waited >= kSequencePatience) return false;
  if (link_ && written_by(request) > replication->shown()) return true;
  const std::optional<std::uint64_t> given = sequence_given(request);
  return given && *given != ~std::uint64_t{0} && !replication->has(*given);
}

Response HandOn::answer(const Request& request, const Handler& here) const {
  Replication* replication = replication_;
  if (!replication) return here(request);
  const std::uint64_t before = replication->shown();
  Response response;
  if (const auto given = sequence_given(request); given && !replication->has(*given)) {
    response =
        *given == ~std::uint64_t{0}
            ? problem({ErrorCode::kInvalid, kSequenceHeader, "not a whole number", "hand back what an answer had"}, request)
            : problem({ErrorCode::kUnavailable, kSequenceHeader,
                       "this server has not yet what you have seen: it stands at " + std::to_string(before),
                       "ask again in a few seconds, or ask the owner's server"},
                      request);
    response.headers.emplace_back(kSequenceHeader, std::to_string(before));
    return response;
  }
  if (link_ && (!is_read(request) || tells_what_is_at_work(request))) return hand_on(request, here);
  response = here(request);
  if (link_ && is_the_owners(response)) return hand_on(request, here);
  response.headers.emplace_back(kSequenceHeader, std::to_string(replication->stored()));
  // The standby's own question waits for no answer of its own.
  if (link_ || is_read(request) || request.path.starts_with("/v1/replica")) return response;
  if (is_of_what_stands(response))
    if (const Status may = replication->may_write(); !may) return problem(may.error(), request);
  return confirmed(std::move(response));
}

// The owner's answer; of a read, where it gives none, what is here without what must be noted down.
Response HandOn::hand_on(const Request& request, const Handler& here) const {
  const auto alone = std::make_shared<Request>(request);
  const auto answer_here = [this, alone, here] {
    if (!tells_what_is_at_work(*alone)) alone->headers[kOwnerIsAway] = "1";
    Response response = here(*alone);
    if (response.stream)  // which may refer to the request
      response.stream = [alone, next = std::move(response.stream)](std::string& piece) { return next(piece); };
    response.headers.emplace_back(kSequenceHeader, std::to_string(replication_.load()->stored()));
    return response;
  };
  const bool read = is_read(request);
  // Nobody waits for one that is gone.
  if (read && !link_->answers()) return answer_here();
  if (!read && link_->silent_for() > kHangs) return owner_gone(request);
  std::optional<Response> waits = calls_->begin([this, alone, answer_here](const std::stop_token& stop) {
    std::optional<Response> handed = from_owner(*alone, stop);
    return handed ? std::move(*handed) : answer_here();
  });
  if (waits) return std::move(*waits);
  return read ? answer_here() : owner_busy(request);
}

// All that stands here when a write is answered must be at the standby, for a repeated call acknowledges what an earlier one
// wrote, also by a refusal: it is there already.
Response HandOn::confirmed(Response response) const {
  Replication* const replication = replication_;
  const std::uint64_t after = replication->shown();
  const auto from = std::chrono::steady_clock::now();
  if (response.stream) {  // a line is an acknowledgement, and leaves when its piece does
    response.stream = [replication, next = std::move(response.stream)](std::string& piece) {
      const bool more = next(piece);
      const std::uint64_t written = replication->shown();
      const auto begun = std::chrono::steady_clock::now();
      while (!replication->is_confirmed(written)) {
        if (std::chrono::steady_clock::now() - begun > kConfirmPatience)
          throw std::runtime_error("not confirmed by the standby");
        std::this_thread::sleep_for(5ms);
      }
      return more;
    };
  } else if (response.status < 400 || is_of_what_stands(response)) {
    response.settle = [replication, after, from](Response& waiting) {
      if (replication->is_confirmed(after)) return true;
      if (std::chrono::steady_clock::now() - from < kConfirmPatience && replication->role().kind != ReplicaRole::Kind::kFenced)
        return false;
      waiting = unconfirmed();
      waiting.headers.emplace_back(kSequenceHeader, std::to_string(after));
      return true;
    };
  }
  return response;
}

namespace {

std::size_t who_asks(const Request& request) {
  std::string who;
  for (const char* name : {"authorization", "cookie"})
    if (const auto found = request.headers.find(name); found != request.headers.end()) who.append(found->second).append("\n");
  return std::hash<std::string>()(who);
}

}  // namespace

std::uint64_t HandOn::written_by(const Request& request) const {
  const MutexLock lock(mutex_);
  if (written_.empty()) return 0;
  const auto found = written_.find(who_asks(request));
  return found == written_.end() ? 0 : found->second;
}

void HandOn::note_written(const Request& request, std::uint64_t number) const {
  const MutexLock lock(mutex_);
  if (written_.size() >= kMostWriters) written_.clear();
  std::uint64_t& last = written_[who_asks(request)];
  last = std::max(last, number);
}

std::optional<Response> HandOn::from_owner(const Request& request, const std::stop_token& stop) const {
  if (is_foreign(request))
    return problem(403, "foreign-origin", "Not from another site",
                   {{}, {}, "this server answers pages of its own only", "call it by the address it listens on"}, request.id);
  ClientRequest call;
  const bool read = is_read(request);
  call.given_up = [this, &stop] { return stop.stop_requested() || link_->silent_for() > kHangs; };
  call.patience = request.method == "GET" || request.method == "HEAD" ? kReadPatience : kWorkPatience;
  call.method = request.method;
  call.target = request.target;
  call.body = request.body;
  for (const auto& [name, value] : request.headers)
    if (std::ranges::find(kOfTheHop, name) == kOfTheHop.end() && name != kGiven) call.headers[name] = value;
  if (const auto media = request.headers.find("content-type"); media != request.headers.end())
    call.content_type = media->second;
  if (!request.client.empty()) call.headers["x-forwarded-for"] = request.client;
  const auto key = call.headers.find("authorization");
  const bool local = key != call.headers.end() && key->second == "Bearer " + local_key_;
  if (local) call.headers.erase(key);
  bool connected = false;
  Result<ClientAnswer> answer = link_->call(std::move(call), local, &connected);
  if (!answer && read) return std::nullopt;
  if (!answer) return connected ? may_be_done(request) : owner_gone(request);
  Response response;
  response.status = answer->status;
  response.content_type = answer->content_type;
  response.body = std::move(answer->body);
  if (const auto number = answer->headers.find(kGiven); number != answer->headers.end() && !read)
    note_written(request, std::strtoull(number->second.c_str(), nullptr, 10));
  for (const auto& [name, value] : answer->headers)
    if (std::ranges::find(kOfTheHop, name) == kOfTheHop.end()) response.headers.emplace_back(name, value);
  return response;
}

}  // namespace counterpart::server
