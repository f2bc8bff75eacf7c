// How a follower reaches its owner's server: the address, who vouches for it, and the token by which it is let in.
#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "engine/base/result.h"
#include "server/http/http_client.h"
#include "server/layer.h"

namespace counterpart::server {

struct FollowSettings {
  std::string url;           // http://ADDRESS:PORT on this machine, else https://NAME:PORT; empty: nobody is followed
  std::string token_file;    // whose first line is a token of role admin at the owner
  std::string certificates;  // PEM file of who signed the owner's certificate
  bool stands_by = false;    // as the standby, without which the owner acknowledges nothing
};

// What is seen without asking anybody. kInvalid.
Status check_follow_settings(const FollowSettings& settings);

// What an answer says; nothing: whoever answers there is no server of ours.
std::optional<boost::json::object> object_in(const ClientAnswer& answer);

// Safe from any thread.
class OwnerLink {
 public:
  static Result<OwnerLink> open(const FollowSettings& settings);

  // Address and patience, where it has none, are filled in; `as_itself`: the token too, else it is the caller's own.
  // kUnavailable; `connected`: as http_request() takes it.
  Result<ClientAnswer> call(ClientRequest request, bool as_itself, bool* connected = nullptr) const;
  // By this server itself. A problem document becomes the Error it was made from.
  Result<ClientAnswer> ask(ClientRequest request) const;
  // Was the last question answered?
  bool answers() const { return state_->answers; }
  // Since the last answer to any question; of a follower, whose threads ask every second, this tells whether the owner hangs.
  std::chrono::milliseconds silent_for() const;
  const std::string& url() const { return url_; }

 private:
  std::string url_;
  ClientRequest to_;
  struct State {
    std::atomic<bool> answers{true};
    std::atomic<std::chrono::steady_clock::rep> answered{std::chrono::steady_clock::now().time_since_epoch().count()};
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace counterpart::server
