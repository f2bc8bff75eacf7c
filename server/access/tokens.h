// Tokens: made once, shown once, kept as hashes in the data directory. A person gets one by an invitation: a link that is used
// once, and opens a session (server/access/sessions.h) or gives the token.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/store/store.h"
#include "server/access/caller.h"
#include "server/layer.h"

namespace counterpart::server {

inline constexpr std::uint32_t kTokenDays = 365, kMaxTokenDays = 3650;
inline constexpr std::uint32_t kLinkDays = 14, kMaxLinkDays = 90;
inline constexpr std::string_view kLinkPrefix = "cpi_";  // of the secret of a link
inline constexpr std::size_t kMaxTokens = 100'000, kMaxTokenProfiles = 1000;

struct Token {
  std::string id;                         // given when it is made
  std::string label;                      // whose it is, in the administrator's words
  Caller caller;                          // what it may; its `name` is the id
  std::int64_t created = 0, expires = 0;  // seconds since 1970; from `expires` on it is refused
  std::int64_t link_until = 0;            // until then its link may be used; 0: it has none that was not used
  std::int64_t link_used = 0;             // when the last link was; 0: none was
};

// Safe from any thread; one for a store.
class Tokens {
 public:
  // Keeps a reference to `store`. `now`: seconds since 1970, empty: the clock's. kCorrupt: a record does not decode.
  static Result<std::unique_ptr<Tokens>> open(Store& store, std::function<std::int64_t()> now = {});
  Status read_anew();  // what another process has written (Store::follow())

  struct Made {
    Token token;
    std::string secret;  // what the caller sends; kept nowhere
  };
  // Durable when it returns, and noted in the audit log as asked for by `who`. `token.id` and `token.created` are given
  // here; `days` from now it expires. An owner's reaches the profiles that have the named ids now, or will have them first;
  // none that comes after an erasure. kInvalid: an officer without an office, a desk of somebody else, an owner without
  // profiles, a focal point without a country, one of these where it means nothing, days out of 1..kMaxTokenDays. kTooLarge:
  // there are kMaxTokens.
  Result<Made> create(Token token, std::uint32_t days = kTokenDays, const std::string& who = {});
  // The same for a person: what is shown is the secret of a link, and there is no other until that is used. kInvalid also:
  // `link_days` out of 1..kMaxLinkDays.
  Result<Made> invite(Token token, std::uint32_t days, std::uint32_t link_days, const std::string& who = {});
  // A link to a token that is there, instead of one that was not used. kNotFound; kInvalid.
  Result<Made> link(std::string_view id, std::uint32_t link_days, const std::string& who = {});
  // Uses the link of that secret up. `keep`: the token gets a secret, which takes the place of one that it had; else `secret`
  // is empty. kUnauthenticated: nobody's, used before, or its days or those of the token are over.
  Result<Made> redeem(std::string_view link_secret, bool keep);
  // kNotFound.
  Status revoke(std::string_view id, const std::string& who = {});
  std::vector<Token> list() const;  // by id, expired ones too
  // Is there an administrator's token in force?
  bool has_admin() const;
  // The token with that id; nullopt: there is none, or none in force.
  std::optional<Token> in_force(std::string_view id) const;

  // Whose token `secret` is. kUnauthenticated: nobody's, expired or revoked.
  Result<Caller> find(std::string_view secret) const;

 private:
  struct Kept {
    Token token;
    std::string hash, link_hash;  // empty: there is no such secret
  };
  static std::string encode(const Kept& kept);
  static Kept decode(std::string id, std::string_view bytes);
  Result<Token> prepared(Token token, std::uint32_t days) const;
  Status keep(Kept kept, const std::string& who, std::string what);
  Tokens(Store& store, std::function<std::int64_t()> now) : store_(store), now_(std::move(now)) {}

  Store& store_;
  std::function<std::int64_t()> now_;
  mutable std::shared_mutex mutex_;  // of tokens_
  std::map<std::string, Kept, std::less<>> tokens_;
};

}  // namespace counterpart::server
