// Lets a request in: by its token, by the command line's key, or by a server that asks for none.
#pragma once

#include <string>

#include "server/access/caller.h"
#include "server/access/tokens.h"
#include "server/http/http_server.h"
#include "server/layer.h"

namespace counterpart::server {

// Safe from any thread.
class Authenticator {
 public:
  // `local_key`: a secret of this start, by which the command line of this machine is let in as Caller::local(). Everybody
  // else is let in by token, or without `tokens` as Caller::open(). Keeps a reference to `tokens`.
  Authenticator(const Tokens* tokens, std::string local_key);

  bool is_open() const { return tokens_ == nullptr; }
  // kUnauthenticated: no token, or none in force.
  Result<Caller> admit(const Request& request) const;

 private:
  const Tokens* tokens_;
  std::string local_hash_;
};

}  // namespace counterpart::server
