// What is asked and what is answered, whoever carries it.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

struct Request {
  std::string method;                             // "GET"
  std::string target;                             // as sent
  std::string path;                               // decoded, without the query
  std::multimap<std::string, std::string> query;  // decoded
  std::map<std::string, std::string> headers;     // names in lower case
  std::string body;
  std::string id = {};      // of this request, for logs and problem documents
  std::string client = {};  // address of who asks: the peer, or whom a trusted proxy names
  // The body as JSON, kept by whoever reads it first (server/wire/wire.h); a request is with one thread at a time.
  mutable std::shared_ptr<const Result<boost::json::object>> json = {};
  std::stop_token stop = {};  // asked to stop when the client has left or its time is over: nobody will read the answer
};

// Fills path and query from target, and in the absolute form the Host field, which it overrules (RFC 9112, 3.2.2).
// kInvalid: not a request target in origin, absolute or asterisk form.
Status split_target(Request& request);

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Set instead of `body` for long answers: called on a worker thread until it returns false; each call appends a
  // piece (the last one too), sent as one chunk. It may refer to the Request, which outlives it.
  std::function<bool(std::string& piece)> stream;
  // Set where an answer must not leave yet: asked every few milliseconds, and no worker waits meanwhile; true: it may leave as
  // it is now. Must be quick, and end by itself.
  std::function<bool(Response& response)> settle = {};
};

using Handler = std::function<Response(const Request&)>;  // synchronous, called on the worker pool

}  // namespace counterpart::server
