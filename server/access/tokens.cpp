#include "server/access/tokens.h"

#include <algorithm>
#include <boost/json.hpp>
#include <mutex>

#include "engine/base/hex.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/store/database.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// A secret is "cp_<id>_<random>": the prefix lets scanners of repositories and mails find one that went astray.
constexpr std::string_view kPrefix = "cp_";
// Records of the same family: of server/access/sessions.cpp and server/suitcase/suitcases.cpp.
constexpr std::string_view kOthers[] = {"session ", "suitcase "};
constexpr std::size_t kIdBytes = 6, kSecretBytes = 32;

json::object write_caller(const Caller& caller) {
  json::array filter;
  for (const Condition& condition : caller.filter)
    filter.push_back(
        json::object{{"field", condition.field}, {"any_of", json::array(condition.any_of.begin(), condition.any_of.end())}});
  return {{"role", name_of(caller.role)},
          {"office", caller.office},
          {"desk", caller.desk},
          {"country", caller.country},
          {"profiles", json::array(caller.profiles.begin(), caller.profiles.end())},
          {"lives", json::array(caller.lives.begin(), caller.lives.end())},
          {"filter", std::move(filter)}};
}

}  // namespace

std::string Tokens::encode(const Kept& kept) {
  const Token& token = kept.token;
  json::object record = write_caller(token.caller);
  record["label"] = token.label;
  record["created"] = token.created;
  record["expires"] = token.expires;
  record["hash"] = hex(kept.hash);
  if (token.link_until > 0) record["link"] = json::object{{"hash", hex(kept.link_hash)}, {"until", token.link_until}};
  if (token.link_used > 0) record["link_used"] = token.link_used;
  return json::serialize(record);
}

// Throws what Boost.JSON throws where a member is missing or of another type.
Tokens::Kept Tokens::decode(std::string id, std::string_view bytes) {
  const json::value record = json::parse(json::string_view(bytes.data(), bytes.size()));
  Token token{.id = std::move(id), .label = std::string(record.at("label").as_string()), .caller = {}};
  token.created = record.at("created").to_number<std::int64_t>();
  token.expires = record.at("expires").to_number<std::int64_t>();
  const auto role = token_role_of(std::string_view(record.at("role").as_string()));
  const auto hash = from_hex(std::string_view(record.at("hash").as_string()));
  if (!role || !hash) throw std::runtime_error("role or hash");
  Caller& caller = token.caller;
  caller.role = *role;
  caller.name = token.id;
  caller.office = record.at("office").as_string();
  caller.country = record.at("country").as_string();
  for (const json::value& profile : record.at("profiles").as_array()) caller.profiles.emplace_back(profile.as_string());
  // Older records have none of these.
  if (const json::value* desk = record.as_object().if_contains("desk")) caller.desk = desk->as_string();
  if (const json::value* lives = record.as_object().if_contains("lives"))
    for (const json::value& life : lives->as_array()) caller.lives.push_back(life.to_number<std::uint64_t>());
  for (const json::value& one : record.at("filter").as_array()) {
    Condition condition{std::string(one.at("field").as_string()), {}, false, Condition::Owner::kRequest};
    for (const json::value& value : one.at("any_of").as_array()) condition.any_of.emplace_back(value.as_string());
    caller.filter.push_back(std::move(condition));
  }
  Kept kept{std::move(token), *hash, {}};
  if (const json::value* link = record.as_object().if_contains("link")) {
    kept.link_hash = from_hex(std::string_view(link->at("hash").as_string())).value();
    kept.token.link_until = link->at("until").to_number<std::int64_t>();
  }
  if (const json::value* used = record.as_object().if_contains("link_used"))
    kept.token.link_used = used->to_number<std::int64_t>();
  return kept;
}

namespace {

// What a role needs, and nothing that would mislead by meaning nothing.
Status check(const Caller& caller) {
  struct Requirement {
    TokenRole role;
    std::string_view name;
    bool given;
    std::string_view remedy;
  };
  const Requirement requirements[] = {
      {TokenRole::kOfficer, "office", !caller.office.empty(), "name the office whose profiles the officer answers for"},
      {TokenRole::kOwner, "profiles", !caller.profiles.empty(), "name the ids of the owner's profiles"},
      {TokenRole::kFocalPoint, "country", !caller.country.empty(), "name the country that the focal point speaks for"}};
  for (const auto& [role, name, given, remedy] : requirements) {
    if (role == caller.role && !given) return fail(ErrorCode::kInvalid, std::string(name), "missing", std::string(remedy));
    if (role != caller.role && given)
      return fail(ErrorCode::kInvalid, std::string(name), "means nothing for this role",
                  "leave it out, or make a token of the role " + std::string(name_of(role)));
  }
  if (!caller.desk.empty() && caller.role != TokenRole::kOfficer)
    return fail(ErrorCode::kInvalid, "desk", "means nothing for this role",
                "leave it out, or make a token of the role officer");
  if (caller.profiles.size() > kMaxTokenProfiles)
    return fail(ErrorCode::kInvalid, "profiles", "more than " + std::to_string(kMaxTokenProfiles), "make several tokens");
  return {};
}

// The id within a secret; empty: it is none with that prefix.
std::string_view id_within(std::string_view secret, std::string_view prefix) {
  const std::size_t end = secret.starts_with(prefix) ? secret.find('_', prefix.size()) : secret.npos;
  if (end == secret.npos || secret.size() > 200) return {};
  return secret.substr(prefix.size(), end - prefix.size());
}

std::string new_secret(std::string_view prefix, const std::string& id) {
  return std::string(prefix) + id + "_" + base64url(random_bytes(kSecretBytes));
}

Status check_link(std::uint32_t days) {
  if (days >= 1 && days <= kMaxLinkDays) return {};
  return fail(ErrorCode::kInvalid, "link_days", "out of range", "give 1 to " + std::to_string(kMaxLinkDays));
}

tl::unexpected<Error> link_is_over() {
  return fail(ErrorCode::kUnauthenticated, "secret", "this link was used before, has expired or was revoked",
              "ask the administrator for a new one");
}

tl::unexpected<Error> no_token() {
  return fail(ErrorCode::kNotFound, "id", "there is no such token", "`counterpart token list` shows them");
}

tl::unexpected<Error> not_in_force() {
  return fail(ErrorCode::kUnauthenticated, "Authorization", "this token is not in force: unknown, expired or revoked",
              "send `Authorization: Bearer TOKEN` with a token that is; `counterpart token create` makes one");
}

}  // namespace

Result<std::unique_ptr<Tokens>> Tokens::open(Store& store, std::function<std::int64_t()> now) {
  if (!now) now = [] { return static_cast<std::int64_t>(now_utc()); };
  std::unique_ptr<Tokens> tokens(new Tokens(store, std::move(now)));
  if (Status loaded = tokens->read_anew(); !loaded) return tl::unexpected(loaded.error());
  return tokens;
}

Status Tokens::read_anew() {
  decltype(tokens_) read;
  Database::Cursor records(store_.database(), Family::kTokens);
  for (records.first(); records.valid(); records.next()) try {
      std::string id(records.key());
      if (std::ranges::any_of(kOthers, [&](std::string_view other) { return id.starts_with(other); })) continue;
      Kept kept = decode(id, records.value());
      read.insert_or_assign(std::move(id), std::move(kept));
    } catch (const std::exception&) {
      return fail(ErrorCode::kCorrupt, "token " + std::string(records.key()), "its record does not decode",
                  "restore the last backup");
    }
  if (Status walked = records.status(); !walked) return walked;
  const std::unique_lock lock(mutex_);
  tokens_ = std::move(read);
  return {};
}

Result<Token> Tokens::prepared(Token token, std::uint32_t days) const {
  if (days < 1 || days > kMaxTokenDays)
    return fail(ErrorCode::kInvalid, "days", "out of range", "give 1 to " + std::to_string(kMaxTokenDays));
  if (Status fit = check(token.caller); !fit) return tl::unexpected(fit.error());
  token.caller.lives.clear();
  for (const std::string& profile : token.caller.profiles) {
    const auto life = store_.life(profile);
    if (!life) return tl::unexpected(life.error());
    token.caller.lives.push_back(*life);
  }
  token.id = hex(random_bytes(kIdBytes));
  token.caller.name = token.id;
  token.created = now_();
  token.expires = token.created + days * kDay;
  return token;
}

// With the lock held.
Status Tokens::keep(Kept kept, const std::string& who, std::string what) {
  const std::string id = kept.token.id;
  if (!tokens_.contains(id) && tokens_.size() >= kMaxTokens)
    return fail(ErrorCode::kTooLarge, "tokens", "there are too many", "revoke some");
  Status written =
      store_.write_audited({{Family::kTokens, id, encode(kept)}}, {.who = who, .what = std::move(what), .subject = id});
  if (written) tokens_.insert_or_assign(id, std::move(kept));
  return written;
}

Result<Tokens::Made> Tokens::create(Token token, std::uint32_t days, const std::string& who) {
  Result<Token> made = prepared(std::move(token), days);
  if (!made) return tl::unexpected(made.error());
  std::string secret = new_secret(kPrefix, made->id);
  const std::unique_lock lock(mutex_);
  if (const Status kept = keep({*made, digest_of(secret), {}}, who, "token create"); !kept) return tl::unexpected(kept.error());
  return Made{std::move(*made), std::move(secret)};
}

Result<Tokens::Made> Tokens::invite(Token token, std::uint32_t days, std::uint32_t link_days, const std::string& who) {
  if (const Status fit = check_link(link_days); !fit) return tl::unexpected(fit.error());
  Result<Token> made = prepared(std::move(token), days);
  if (!made) return tl::unexpected(made.error());
  made->link_until = made->created + link_days * kDay;
  std::string secret = new_secret(kLinkPrefix, made->id);
  const std::unique_lock lock(mutex_);
  if (const Status kept = keep({*made, {}, digest_of(secret)}, who, "token invite"); !kept) return tl::unexpected(kept.error());
  return Made{std::move(*made), std::move(secret)};
}

Result<Tokens::Made> Tokens::link(std::string_view id, std::uint32_t link_days, const std::string& who) {
  if (const Status fit = check_link(link_days); !fit) return tl::unexpected(fit.error());
  const std::unique_lock lock(mutex_);
  const auto found = tokens_.find(id);
  if (found == tokens_.end() || found->second.token.expires <= now_()) return no_token();
  Kept kept = found->second;
  std::string secret = new_secret(kLinkPrefix, kept.token.id);
  kept.link_hash = digest_of(secret);
  kept.token.link_until = now_() + link_days * kDay;
  Token token = kept.token;
  if (const Status written = keep(std::move(kept), who, "token invite"); !written) return tl::unexpected(written.error());
  return Made{std::move(token), std::move(secret)};
}

Result<Tokens::Made> Tokens::redeem(std::string_view link_secret, bool keep_token) {
  const std::string hash = digest_of(link_secret);
  const std::unique_lock lock(mutex_);
  const auto found = tokens_.find(id_within(link_secret, kLinkPrefix));
  if (found == tokens_.end()) return link_is_over();
  Kept kept = found->second;
  Token& token = kept.token;
  const std::int64_t now = now_();
  if (!equal_secrets(kept.link_hash, hash) || token.link_until <= now || token.expires <= now) return link_is_over();
  kept.link_hash.clear();
  token.link_until = 0;
  token.link_used = now;
  std::string secret;
  if (keep_token) {
    secret = new_secret(kPrefix, token.id);
    kept.hash = digest_of(secret);
  }
  Made made{token, std::move(secret)};
  if (const Status written = keep(std::move(kept), token.id, "link use"); !written) return tl::unexpected(written.error());
  return made;
}

Status Tokens::revoke(std::string_view id, const std::string& who) {
  const std::unique_lock lock(mutex_);
  const auto found = tokens_.find(id);
  if (found == tokens_.end()) return no_token();
  const Status gone = store_.write_audited({{Family::kTokens, std::string(id), std::nullopt}},
                                           {.who = who, .what = "token revoke", .subject = std::string(id)});
  if (gone) tokens_.erase(found);
  return gone;
}

std::vector<Token> Tokens::list() const {
  const std::shared_lock lock(mutex_);
  std::vector<Token> all;
  for (const auto& [id, kept] : tokens_) all.push_back(kept.token);
  return all;
}

bool Tokens::has_admin() const {
  const std::shared_lock lock(mutex_);
  for (const auto& [id, kept] : tokens_)
    if (kept.token.caller.role == TokenRole::kAdmin && kept.token.expires > now_() && !kept.hash.empty()) return true;
  return false;
}

std::optional<Token> Tokens::in_force(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const auto found = tokens_.find(id);
  if (found == tokens_.end() || found->second.token.expires <= now_()) return std::nullopt;
  return found->second.token;
}

Result<Caller> Tokens::find(std::string_view secret) const {
  const std::string hash = digest_of(secret);
  const std::shared_lock lock(mutex_);
  const auto found = tokens_.find(id_within(secret, kPrefix));
  if (found == tokens_.end() || !equal_secrets(found->second.hash, hash) || found->second.token.expires <= now_())
    return not_in_force();
  return found->second.token.caller;
}

}  // namespace counterpart::server
