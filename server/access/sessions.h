// Sessions of people in a browser: begun with a token or the link of an invitation, carried by a cookie, and kept as hashes in
// the data directory, so that a restart ends none.
//
// A session acts as its token does, and no longer than that is in force and its desk is there. It slides: so long after the
// last request it is over, and so long after its beginning however much it is used.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/store/store.h"
#include "server/access/tokens.h"
#include "server/layer.h"

namespace counterpart::server {

inline constexpr std::size_t kMostSessions = 20;  // of one token; the one that was used longest ago gives way

inline constexpr std::int64_t kLongestSession = 90 * 86'400;  // seconds; no rules allow more

struct SessionRules {
  std::int64_t idle = 12 * 3600;   // seconds, without a request
  std::int64_t most = 7 * 86'400;  // seconds, since it began
  bool secure = false;             // browsers have the cookie for TLS alone
  std::string site = {};           // the address of links, as "https://partners.example.org"; empty: not known
};

struct Session {
  std::string id;                      // not the secret
  std::string token;                   // id of the token that it acts with
  std::int64_t created = 0, used = 0;  // seconds since 1970
};

// Safe from any thread; one for a store.
class Sessions {
 public:
  // Is the desk of such a caller still one of its office?
  using Stands = std::function<bool(const Caller&)>;

  // Keeps references to `store` and `tokens`. `now`: seconds since 1970, empty: the clock's. kCorrupt: a record does not
  // decode.
  static Result<std::unique_ptr<Sessions>> open(Store& store, const Tokens& tokens, Stands stands,
                                                std::function<std::int64_t()> now = {});

  Status read_anew();  // what another process has written (Store::follow())

  void keep_to(SessionRules rules);
  SessionRules rules() const;

  struct Begun {
    Session session;
    Caller caller;
    std::string secret;  // of the cookie; kept nowhere
  };
  // Durable when it returns, and in the audit log as the token's. kUnauthenticated: that token is not in force, or its desk is
  // gone.
  Result<Begun> begin(const std::string& token);
  // Who that secret lets in; its `session` is the id. kUnauthenticated: nobody, or it is over.
  Result<Caller> find(std::string_view secret) const;
  // It is used now. What a crash loses of that is a twelfth of the idle time at most.
  void touch(std::string_view id);
  // kNotFound: none in force has that id, or `only_of`, where it is not empty, is not its token.
  Status end(std::string_view id, const std::string& who, std::string_view only_of = {});
  // Ends those that are over, because of their time, their token or their desk: after each change of these.
  Status sweep();
  // In force, by id; `only_of`: of this token alone, empty: of all.
  std::vector<Session> list(std::string_view only_of = {}) const;
  // When it is over if it is not used again.
  std::int64_t until(const Session& session) const;

 private:
  struct Kept {
    Session session;
    std::string hash;
    std::int64_t written = 0;  // the `used` that is on disk
  };
  Sessions(Store& store, const Tokens& tokens, Stands stands, std::function<std::int64_t()> now)
      : store_(store), tokens_(tokens), stands_(std::move(stands)), now_(std::move(now)) {}
  static std::string encode(const Kept& kept);
  std::int64_t end_of(const Session& session) const;
  Result<Caller> caller_of(const Session& session) const;

  Store& store_;
  const Tokens& tokens_;
  Stands stands_;
  std::function<std::int64_t()> now_;
  mutable std::shared_mutex mutex_;                                       // of what follows
  SessionRules rules_{.idle = kLongestSession, .most = kLongestSession};  // who does not serve knows no others
  std::map<std::string, Kept, std::less<>> sessions_;
};

// The cookie of a session under these rules: its secret in what a request sends, empty: it has none; and what an answer sets,
// for so many seconds, 0: it is taken back.
std::string session_secret(std::string_view cookies, const SessionRules& rules);
std::string session_cookie(std::string_view secret, std::int64_t seconds, const SessionRules& rules);

}  // namespace counterpart::server
