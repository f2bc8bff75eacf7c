// Where a verb's calls go: the data directory, opened in this process, or the server that holds it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "server/client/remote.h"
#include "server/layer.h"
#include "server/service/service.h"

namespace counterpart::server {

// What every verb knows.
struct CommandContext {
  ServiceOptions service;
  bool json = false;
  std::string config = {};    // the configuration file; empty: none
  std::string language = {};  // of the answers, one of kUnLanguages; empty: each call's own standard
  // Where given, the calls that a verb makes are noted in it, in order.
  struct Called {
    std::string method, target;
  };
  std::shared_ptr<std::vector<Called>> calls = {};
};

// To the routes in this process over the opened directory, or to the server that holds it. Both answer the same calls of the
// HTTP contract, so a verb is written once.
class Backend {
 public:
  // Says on standard error what the opening found worth telling, and when a server is asked.
  static Result<Backend> open(const CommandContext& context);

  Result<std::string> call(const std::string& method, const std::string& target, const std::string& body = {},
                           const std::string& content_type = "application/json",
                           const std::function<void(std::string_view)>& sink = {}, const CallHeaders& headers = {});
  Service* service() { return service_.get(); }  // nullptr: a server is asked

 private:
  std::unique_ptr<Service> service_;
  std::unique_ptr<Remote> remote_;
  std::string language_;
  std::shared_ptr<std::vector<CommandContext::Called>> calls_;
};

}  // namespace counterpart::server
