#include "server/access/sessions.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "engine/base/hex.h"
#include "index/base/crypto.h"
#include "index/base/time.h"
#include "index/store/database.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// A secret is "cps_<id>_<random>", as that of a token; a record stands beside those of tokens under "session <id>".
constexpr std::string_view kPrefix = "cps_", kKeys = "session ";
constexpr std::size_t kIdBytes = 6, kSecretBytes = 32;
constexpr std::int64_t kStepsOfIdle = 12;  // a use is written down when that much of the idle time has passed since the last

// A name that begins so is set and sent over TLS alone, for this host and all of its paths: nobody beside can plant one.
constexpr std::string_view kPlainName = "counterpart", kSecureName = "__Host-counterpart";

std::string_view name_of_cookie(const SessionRules& rules) { return rules.secure ? kSecureName : kPlainName; }

std::string key_of(std::string_view id) { return std::string(kKeys) + std::string(id); }

tl::unexpected<Error> is_over() { return fail(ErrorCode::kUnauthenticated, "Cookie", "this session is over", "sign in again"); }

}  // namespace

std::string session_secret(std::string_view cookies, const SessionRules& rules) {
  const std::string_view name = name_of_cookie(rules);
  while (!cookies.empty()) {
    const std::size_t end = std::min(cookies.find_first_of(";,"), cookies.size());
    std::string_view one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=')
      return std::string(one.substr(name.size() + 1));
  }
  return {};
}

std::string session_cookie(std::string_view secret, std::int64_t seconds, const SessionRules& rules) {
  std::string cookie(name_of_cookie(rules));
  cookie.append("=").append(secret).append("; Path=/; HttpOnly; SameSite=Strict; Max-Age=").append(std::to_string(seconds));
  if (rules.secure) cookie += "; Secure";
  return cookie;
}

std::string Sessions::encode(const Kept& kept) {
  return json::serialize(json::object{
      {"token", kept.session.token}, {"hash", hex(kept.hash)}, {"created", kept.session.created}, {"used", kept.session.used}});
}

Result<std::unique_ptr<Sessions>> Sessions::open(Store& store, const Tokens& tokens, Stands stands,
                                                 std::function<std::int64_t()> now) {
  if (!now) now = [] { return static_cast<std::int64_t>(now_utc()); };
  std::unique_ptr<Sessions> sessions(new Sessions(store, tokens, std::move(stands), std::move(now)));
  if (Status loaded = sessions->read_anew(); !loaded) return tl::unexpected(loaded.error());
  return sessions;
}

Status Sessions::read_anew() {
  decltype(sessions_) read;
  Database::Cursor records(store_.database(), Family::kTokens);
  for (records.seek(kKeys); records.valid() && records.key().starts_with(kKeys); records.next()) try {
      const json::value record = json::parse(json::string_view(records.value().data(), records.value().size()));
      Kept kept;
      kept.session.id = records.key().substr(kKeys.size());
      kept.session.token = record.at("token").as_string();
      kept.session.created = record.at("created").to_number<std::int64_t>();
      kept.session.used = kept.written = record.at("used").to_number<std::int64_t>();
      kept.hash = from_hex(std::string_view(record.at("hash").as_string())).value();
      std::string id = kept.session.id;
      read.insert_or_assign(std::move(id), std::move(kept));
    } catch (const std::exception&) {
      return fail(ErrorCode::kCorrupt, std::string(records.key()), "its record does not decode", "restore the last backup");
    }
  if (Status walked = records.status(); !walked) return walked;
  const std::unique_lock lock(mutex_);
  sessions_ = std::move(read);
  return {};
}

void Sessions::keep_to(SessionRules rules) {
  const std::unique_lock lock(mutex_);
  rules_ = std::move(rules);
}

SessionRules Sessions::rules() const {
  const std::shared_lock lock(mutex_);
  return rules_;
}

// With the lock held, as the two that follow.
std::int64_t Sessions::end_of(const Session& session) const {
  return std::min(session.used + rules_.idle, session.created + rules_.most);
}

Result<Caller> Sessions::caller_of(const Session& session) const {
  std::optional<Token> token = tokens_.in_force(session.token);
  if (!token || end_of(session) <= now_() || !stands_(token->caller)) return is_over();
  token->caller.session = session.id;
  return std::move(token->caller);
}

std::int64_t Sessions::until(const Session& session) const {
  const std::shared_lock lock(mutex_);
  return end_of(session);
}

Result<Sessions::Begun> Sessions::begin(const std::string& token) {
  if (const Status swept = sweep(); !swept) return tl::unexpected(swept.error());
  const std::unique_lock lock(mutex_);
  const std::int64_t now = now_();
  Kept kept{{hex(random_bytes(kIdBytes)), token, now, now}, {}, now};
  Result<Caller> caller = caller_of(kept.session);
  if (!caller) return tl::unexpected(std::move(caller.error()));
  std::string secret = std::string(kPrefix) + kept.session.id + "_" + base64url(random_bytes(kSecretBytes));
  kept.hash = digest_of(secret);
  std::vector<Database::Edit> edits{{Family::kTokens, key_of(kept.session.id), encode(kept)}};
  const Kept* oldest = nullptr;
  std::size_t others = 0;
  for (const auto& [id, one] : sessions_) {
    if (one.session.token != token) continue;
    ++others;
    if (!oldest || one.session.used < oldest->session.used) oldest = &one;
  }
  const std::string gives_way = others >= kMostSessions ? oldest->session.id : std::string();
  if (!gives_way.empty()) edits.push_back({Family::kTokens, key_of(gives_way), std::nullopt});
  const Status written = store_.write_audited(std::move(edits), {.who = token, .what = "session begin", .subject = token});
  if (!written) return tl::unexpected(written.error());
  if (!gives_way.empty()) sessions_.erase(gives_way);
  sessions_.insert_or_assign(kept.session.id, kept);
  return Begun{kept.session, std::move(*caller), std::move(secret)};
}

Result<Caller> Sessions::find(std::string_view secret) const {
  const std::size_t end = secret.starts_with(kPrefix) ? secret.find('_', kPrefix.size()) : secret.npos;
  if (end == secret.npos || secret.size() > 200) return is_over();
  const std::string hash = digest_of(secret);
  const std::shared_lock lock(mutex_);
  const auto found = sessions_.find(secret.substr(kPrefix.size(), end - kPrefix.size()));
  if (found == sessions_.end() || !equal_secrets(found->second.hash, hash)) return is_over();
  return caller_of(found->second.session);
}

void Sessions::touch(std::string_view id) {
  const std::unique_lock lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  Kept& kept = found->second;
  kept.session.used = std::max(kept.session.used, now_());
  if (kept.session.used - kept.written < rules_.idle / kStepsOfIdle) return;
  // A disk that refuses ends nobody's session: the next use tries again.
  const auto written = store_.run_exclusively([&](Database& database) {
    return database.write({{Family::kTokens, key_of(id), encode(kept)}});
  });
  if (written) kept.written = kept.session.used;
}

Status Sessions::end(std::string_view id, const std::string& who, std::string_view only_of) {
  const std::unique_lock lock(mutex_);
  const auto found = sessions_.find(id);
  if (found == sessions_.end() || (!only_of.empty() && found->second.session.token != only_of) ||
      !caller_of(found->second.session))
    return fail(ErrorCode::kNotFound, "id", "there is no such session", "GET /v1/sessions lists those that there are");
  const Status ended = store_.write_audited({{Family::kTokens, key_of(id), std::nullopt}},
                                            {.who = who, .what = "session end", .subject = found->second.session.token});
  if (ended) sessions_.erase(found);
  return ended;
}

Status Sessions::sweep() {
  const std::unique_lock lock(mutex_);
  std::vector<Database::Edit> edits;
  std::vector<std::string> over;
  for (const auto& [id, kept] : sessions_) {
    if (caller_of(kept.session)) continue;
    over.push_back(id);
    edits.push_back({Family::kTokens, key_of(id), std::nullopt});
  }
  if (edits.empty()) return {};
  const Status written = store_.run_exclusively([&](Database& database) { return database.write(edits); });
  if (written)
    for (const std::string& id : over) sessions_.erase(id);
  return written;
}

std::vector<Session> Sessions::list(std::string_view only_of) const {
  const std::shared_lock lock(mutex_);
  std::vector<Session> all;
  for (const auto& [id, kept] : sessions_)
    if ((only_of.empty() || kept.session.token == only_of) && caller_of(kept.session)) all.push_back(kept.session);
  return all;
}

}  // namespace counterpart::server
