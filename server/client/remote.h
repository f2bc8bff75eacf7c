// The server that holds a data directory, as the other verbs find it: DIR/server.json names its address and
// the key by which it lets them in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

// Headers of a call beside those that all have, by lower-case name.
using CallHeaders = std::map<std::string, std::string>;

class Remote {
 public:
  // kUnavailable: no server has left its address there, or it does not answer.
  static Result<std::unique_ptr<Remote>> find(const std::filesystem::path& data);

  // The body of a 2xx answer; a problem document becomes the Error it was made from. `sink` takes the body piecewise.
  Result<std::string> call(const std::string& method, const std::string& target, const std::string& body = {},
                           const std::string& content_type = "application/json",
                           const std::function<void(std::string_view)>& sink = {}, const CallHeaders& headers = {}) const;
  // From then on calls are made with this bearer token; empty: with none.
  void speak_as(std::string token) { key_ = std::move(token); }
  const std::string& address() const { return address_; }
  std::uint16_t port() const { return port_; }

 private:
  std::string address_;
  std::uint16_t port_ = 0;
  std::string key_;
  bool tls_ = false;
};

// Written by `serve` once its port is open, removed when it stops.
struct Announcement {
  std::string address;
  std::uint16_t port = 0;
  std::string key;  // Authenticator's local key: whoever can read this directory may do all that its files already tell
  bool tls = false;
};
Status announce(const std::filesystem::path& data, const Announcement& announcement);
void withdraw(const std::filesystem::path& data);

std::string url_encode(std::string_view text);

}  // namespace counterpart::server
