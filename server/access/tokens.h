// Tokens: made once, shown once, kept as hashes in the data directory.
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
inline constexpr std::size_t kMaxTokens = 100'000, kMaxTokenProfiles = 1000;

struct Token {
  std::string id;                         // given when it is made
  std::string label;                      // whose it is, in the administrator's words
  Caller caller;                          // what it may; its `name` is the id
  std::int64_t created = 0, expires = 0;  // seconds since 1970; from `expires` on it is refused
};

// Safe from any thread; one for a store.
class Tokens {
 public:
  // Keeps a reference to `store`. `now`: seconds since 1970, empty: the clock's. kCorrupt: a record does not decode.
  static Result<std::unique_ptr<Tokens>> open(Store& store, std::function<std::int64_t()> now = {});

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
  // kNotFound.
  Status revoke(std::string_view id, const std::string& who = {});
  std::vector<Token> list() const;  // by id, expired ones too
  // Is there an administrator's token in force?
  bool has_admin() const;

  // Whose token `secret` is. kUnauthenticated: nobody's, expired or revoked.
  Result<Caller> find(std::string_view secret) const;

 private:
  struct Kept {
    Token token;
    std::string hash;
  };
  Tokens(Store& store, std::function<std::int64_t()> now) : store_(store), now_(std::move(now)) {}
  Status load();

  Store& store_;
  std::function<std::int64_t()> now_;
  mutable std::shared_mutex mutex_;  // of tokens_
  std::map<std::string, Kept, std::less<>> tokens_;
};

}  // namespace counterpart::server
