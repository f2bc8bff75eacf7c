// The port is open before the directory is loaded, so that whoever watches can tell a server that is coming from one that is
// not there: until then it lives, is not ready, and asks everybody to come again.
#pragma once

#include <atomic>

#include "server/http/http_server.h"
#include "server/layer.h"

namespace counterpart::server {

class Api;

// Safe from any thread.
class StartupHandler {
 public:
  // From now on `api` answers; it must outlive the listener.
  void hand_over_to(Api& api) { api_ = &api; }
  // What HttpServer::start takes as Handler.
  Response answer(const Request& request) const;
  // As Api::welcomes; until there is one, nobody's large body is.
  bool welcomes(const Request& head) const;
  // As Api::put_into_language; until there is one, refusals are in English.
  void put_into_language(Response& response, const Request& request) const;

 private:
  std::atomic<Api*> api_{nullptr};
};

}  // namespace counterpart::server
