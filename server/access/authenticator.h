// Lets a request in: by its token, by the cookie of a session, by the command line's key, or by a server that asks for none.
#pragma once

#include <string>

#include "index/draft/own_drafts.h"
#include "server/access/caller.h"
#include "server/access/sessions.h"
#include "server/access/tokens.h"
#include "server/http/http_server.h"
#include "server/layer.h"

namespace counterpart::server {

// Safe from any thread.
class Authenticator {
 public:
  // `local_key`: a secret of this start, by which the command line of this machine is let in as Caller::local(). Everybody
  // else is let in by token, or without `tokens` as Caller::open(); whoever has the secret of a draft, as its owner; whoever
  // has none of these and the cookie of one of `sessions`, as that. Keeps references to `tokens`, `drafts` and `sessions`.
  Authenticator(const Tokens* tokens, std::string local_key, const OwnDrafts* drafts = nullptr,
                const Sessions* sessions = nullptr);

  bool is_open() const { return tokens_ == nullptr; }
  // kUnauthenticated: no token, or none in force. kForbidden: a cookie with what changes something, and not from the page: a
  // browser sends a cookie by itself, whoever made it ask; the header X-Counterpart-Page no page of another site can send.
  Result<Caller> admit(const Request& request) const;

 private:
  Result<Caller> by_cookie(const Request& request, const std::string& secret) const;

  const Tokens* tokens_;
  const OwnDrafts* drafts_;
  const Sessions* sessions_;
  std::string local_hash_;
};

}  // namespace counterpart::server
