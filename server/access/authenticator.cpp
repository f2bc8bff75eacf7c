#include "server/access/authenticator.h"

#include <boost/algorithm/string/predicate.hpp>

#include "index/base/crypto.h"

namespace counterpart::server {

Authenticator::Authenticator(const Tokens* tokens, std::string local_key, const OwnDrafts* drafts)
    : tokens_(tokens), drafts_(drafts), local_hash_(digest_of(local_key)) {
  forget(local_key);
}

Result<Caller> Authenticator::admit(const Request& request) const {
  const auto found = request.headers.find("authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (found == request.headers.end() || !boost::algorithm::istarts_with(found->second, kScheme)) {
    if (is_open()) return Caller::open();
    return fail(ErrorCode::kUnauthenticated, "Authorization", "this call needs a token",
                "send `Authorization: Bearer TOKEN`; `counterpart token create` makes one");
  }
  std::string_view secret = std::string_view(found->second).substr(kScheme.size());
  secret.remove_prefix(std::min(secret.find_first_not_of(' '), secret.size()));
  if (drafts_ && secret.starts_with(kDraftSecretPrefix)) return drafts_->id_of(secret).map(Caller::of_draft);
  if (equal_secrets(digest_of(secret), local_hash_)) return Caller::local();
  if (is_open()) return Caller::open();
  return tokens_->find(secret);
}

}  // namespace counterpart::server
