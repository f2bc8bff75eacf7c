#include "server/access/authenticator.h"

#include <boost/algorithm/string/predicate.hpp>

#include "index/base/crypto.h"

namespace counterpart::server {

namespace {

std::string_view field(const Request& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace

Authenticator::Authenticator(const Tokens* tokens, std::string local_key, const OwnDrafts* drafts, const Sessions* sessions)
    : tokens_(tokens), drafts_(drafts), sessions_(sessions), local_hash_(digest_of(local_key)) {
  forget(local_key);
}

Result<Caller> Authenticator::by_cookie(const Request& request, const std::string& secret) const {
  Result<Caller> caller = sessions_->find(secret);
  const std::string& method = request.method;
  if (!caller || method == "GET" || method == "HEAD" || method == "OPTIONS") return caller;
  const std::string_view site = field(request, "sec-fetch-site");
  if (field(request, "x-counterpart-page") == "1" && (site.empty() || site == "same-origin")) return caller;
  return fail(ErrorCode::kForbidden, "X-Counterpart-Page", "a session changes something from the page of this server alone",
              "send `X-Counterpart-Page: 1` from that page, or a token instead of the cookie");
}

Result<Caller> Authenticator::admit(const Request& request) const {
  const auto found = request.headers.find("authorization");
  constexpr std::string_view kScheme = "Bearer ";
  if (found == request.headers.end() || !boost::algorithm::istarts_with(found->second, kScheme)) {
    if (is_open()) return Caller::open();
    if (sessions_)
      if (const std::string secret = session_secret(field(request, "cookie"), sessions_->rules()); !secret.empty())
        return by_cookie(request, secret);
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
