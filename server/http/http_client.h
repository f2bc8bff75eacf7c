// The small client by which the command line asks a running server.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

struct ClientAnswer {
  int status = 0;
  std::string content_type;
  std::string body;
  std::multimap<std::string, std::string> headers = {};  // names in lower case
};

struct ClientRequest {
  std::string address;  // numbers, or with `certificates` also a name
  std::uint16_t port = 0;
  std::string method = "GET";
  std::string target = "/";
  std::string body = {};
  std::string content_type = "application/json";
  std::string token = {};  // sent as a bearer token
  bool tls = false;
  std::map<std::string, std::string> headers = {};  // beside these
  std::function<void(std::string_view)> sink = {};  // takes the body of a 2xx piece by piece instead of ClientAnswer::body
  std::chrono::milliseconds patience{0};            // with each step of the conversation; 0: without an end
  // PEM file of who signed the server's certificate, which must be of `address`. Empty: any certificate is taken, for the
  // server is on this machine.
  std::filesystem::path certificates = {};
  std::chrono::milliseconds connect_patience{0};  // until it is connected; 0: as `patience`
  std::function<bool()> given_up = {};            // asked ten times a second; true: as if patience were over
};

// One request to a server at an address, blocking. kUnavailable: nobody answers there; `connected`: but the request may have
// reached it.
Result<ClientAnswer> http_request(const ClientRequest& request, bool* connected = nullptr);

}  // namespace counterpart::server
