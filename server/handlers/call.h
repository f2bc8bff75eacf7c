// One request on its way to its handler, with what handlers work with.
#pragma once

#include <string>
#include <string_view>

#include "index/bulk/bulk_words.h"
#include "server/access/caller.h"
#include "server/http/http_server.h"
#include "server/layer.h"
#include "server/operations/metrics.h"
#include "server/service/service.h"
#include "server/words/speech.h"

namespace counterpart::server {

// What the server tells of itself.
class ServerInfo {
 public:
  virtual ~ServerInfo() = default;
  virtual HttpFigures listener() const = 0;
  virtual const std::string& openapi() const = 0;
  virtual const BulkWords& table_words() const = 0;  // what columns and codes of tables are called
};

// One request on its way to a handler.
struct Call {
  Service& service;
  const OpenedData& data;  // its parts
  Metrics& metrics;
  const ServerInfo& server;
  const Request& request;
  Caller caller;             // by value: a streamed answer outlives the call
  std::string id;            // what stands for the {…} of the path
  std::string verb;          // and for its {verb}
  std::string part;          // for a second {…}
  Speech speech;             // in the language that was asked for
  std::string_view pattern;  // of its route
};

}  // namespace counterpart::server
