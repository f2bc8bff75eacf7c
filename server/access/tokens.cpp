#include "server/access/tokens.h"

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

std::string encode(const Token& token, const std::string& hash) {
  json::object record = write_caller(token.caller);
  record["label"] = token.label;
  record["created"] = token.created;
  record["expires"] = token.expires;
  record["hash"] = hex(hash);
  return json::serialize(record);
}

// Throws what Boost.JSON throws where a member is missing or of another type.
std::pair<Token, std::string> decode(std::string id, std::string_view bytes) {
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
  return {std::move(token), *hash};
}

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

tl::unexpected<Error> not_in_force() {
  return fail(ErrorCode::kUnauthenticated, "Authorization", "this token is not in force: unknown, expired or revoked",
              "send `Authorization: Bearer TOKEN` with a token that is; `counterpart token create` makes one");
}

}  // namespace

Result<std::unique_ptr<Tokens>> Tokens::open(Store& store, std::function<std::int64_t()> now) {
  if (!now) now = [] { return static_cast<std::int64_t>(now_utc()); };
  std::unique_ptr<Tokens> tokens(new Tokens(store, std::move(now)));
  if (Status loaded = tokens->load(); !loaded) return tl::unexpected(loaded.error());
  return tokens;
}

Status Tokens::load() {
  Database::Cursor records(store_.database(), Family::kTokens);
  for (records.first(); records.valid(); records.next()) try {
      auto [token, hash] = decode(std::string(records.key()), records.value());
      std::string id = token.id;
      tokens_.insert_or_assign(std::move(id), Kept{std::move(token), std::move(hash)});
    } catch (const std::exception&) {
      return fail(ErrorCode::kCorrupt, "token " + std::string(records.key()), "its record does not decode",
                  "restore the last backup");
    }
  return records.status();
}

Result<Tokens::Made> Tokens::create(Token token, std::uint32_t days, const std::string& who) {
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
  std::string secret = std::string(kPrefix) + token.id + "_" + base64url(random_bytes(kSecretBytes));
  const std::string hash = digest_of(secret);
  const std::unique_lock lock(mutex_);
  if (tokens_.size() >= kMaxTokens) return fail(ErrorCode::kTooLarge, "tokens", "there are too many", "revoke some");
  const Status kept = store_.write_audited({{Family::kTokens, token.id, encode(token, hash)}},
                                           {.who = who, .what = "token create", .subject = token.id});
  if (!kept) return tl::unexpected(kept.error());
  tokens_.insert_or_assign(token.id, Kept{token, hash});
  return Made{std::move(token), std::move(secret)};
}

Status Tokens::revoke(std::string_view id, const std::string& who) {
  const std::unique_lock lock(mutex_);
  const auto found = tokens_.find(id);
  if (found == tokens_.end())
    return fail(ErrorCode::kNotFound, "id", "there is no such token", "`counterpart token list` shows them");
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
    if (kept.token.caller.role == TokenRole::kAdmin && kept.token.expires > now_()) return true;
  return false;
}

Result<Caller> Tokens::find(std::string_view secret) const {
  const std::size_t end = secret.starts_with(kPrefix) ? secret.find('_', kPrefix.size()) : secret.npos;
  if (end == secret.npos || secret.size() > 200) return not_in_force();
  const std::string hash = digest_of(secret);
  const std::shared_lock lock(mutex_);
  const auto found = tokens_.find(secret.substr(kPrefix.size(), end - kPrefix.size()));
  if (found == tokens_.end() || !equal_secrets(found->second.hash, hash) || found->second.token.expires <= now_())
    return not_in_force();
  return found->second.token.caller;
}

}  // namespace counterpart::server
