#include "server/handlers/entity_tags.h"

#include <algorithm>
#include <charconv>

#include "index/base/crypto.h"
#include "server/http/problem.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kMaxKey = 255;

// Is it a list of entity tags, or *?
bool is_tag_list(std::string_view tags) {
  if (tags == "*") return true;
  for (std::size_t at = 0;; ++at) {
    while (at < tags.size() && tags[at] == ' ') ++at;
    if (tags.substr(at).starts_with("W/")) at += 2;
    if (at >= tags.size() || tags[at] != '"') return false;
    for (++at; at < tags.size() && tags[at] != '"'; ++at)
      if (tags[at] <= ' ' || tags[at] == 0x7f) return false;
    if (at >= tags.size()) return false;
    for (++at; at < tags.size() && tags[at] == ' ';) ++at;
    if (at == tags.size()) return true;
    if (tags[at] != ',') return false;
  }
}

}  // namespace

std::string etag_of(std::uint64_t version) { return "\"" + std::to_string(version) + "\""; }

std::string header(const Request& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string{} : found->second;
}

bool names_version(std::string_view tags, std::uint64_t version, bool weakly) {
  const std::string wanted = etag_of(version);
  for (std::size_t from = 0; from <= tags.size();) {
    const std::size_t comma = std::min(tags.find(',', from), tags.size());
    std::string_view tag = tags.substr(from, comma - from);
    while (!tag.empty() && tag.front() == ' ') tag.remove_prefix(1);
    while (!tag.empty() && tag.back() == ' ') tag.remove_suffix(1);
    if (weakly && tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "*" || tag == wanted) return true;
    from = comma + 1;
  }
  return false;
}

std::optional<Response> malformed_tags(const Request& request) {
  for (const auto& [field, name] : {std::pair{"if-match", "If-Match"}, std::pair{"if-none-match", "If-None-Match"}})
    if (const auto found = request.headers.find(field); found != request.headers.end() && !is_tag_list(found->second))
      return problem({ErrorCode::kInvalid, name, "not an entity tag", R"(give the ETag as it came, quotes included, or *)"},
                     request);
  return std::nullopt;
}

std::optional<std::uint64_t> version_named(std::string_view tags) {
  if (tags.size() < 3 || tags.front() != '"' || tags.back() != '"') return std::nullopt;
  tags = tags.substr(1, tags.size() - 2);
  std::uint64_t version = 0;
  const auto [end, error] = std::from_chars(tags.data(), tags.data() + tags.size(), version);
  return error == std::errc{} && end == tags.data() + tags.size() ? std::optional(version) : std::nullopt;
}

boost::json::object write_conflict(const Conflict& conflict) {
  boost::json::object out = conflict.more;
  out["yours"] = conflict.yours;
  out["theirs"] = conflict.theirs;
  if (conflict.base)
    out["base"] = *conflict.base;
  else
    out["no_base"] = conflict.no_base;
  return out;
}

boost::json::value sent(const Request& request) {
  boost::system::error_code failed;
  boost::json::value body = boost::json::parse(request.body, failed);
  return failed ? boost::json::value() : body;
}

Response overtaken(const Request& request, std::string_view member, const Conflict& conflict) {
  return problem(412, "precondition-failed", "Precondition failed",
                 {ErrorCode::kConflict, std::string(member), "somebody has changed it meanwhile",
                  "look at `theirs`, and repeat the request with its new ETag if it still is right"},
                 request.id, write_conflict(conflict));
}

Result<std::string> idempotency_key(const Request& request) {
  const std::string key = header(request, "idempotency-key");
  if (!request.headers.contains("idempotency-key")) return key;
  const bool plain = std::ranges::all_of(key, [](char c) { return c > ' ' && c < 0x7f; });
  if (!key.empty() && key.size() <= kMaxKey && plain) return key;
  return fail(ErrorCode::kInvalid, "Idempotency-Key", "not 1 to 255 printable ASCII characters", "use a UUID");
}

Result<std::optional<RepeatKey>> repeat_key_of(const Request& request, const std::string& caller) {
  const Result<std::string> key = idempotency_key(request);
  if (!key) return tl::unexpected(key.error());
  if (key->empty()) return std::nullopt;
  // The key, which is kept nowhere, makes the digest of the request one that tells nothing of it.
  const std::string whose = caller + "\n" + *key + "\n";
  return RepeatKey{digest_of(whose), digest_of(whose + request.method + " " + request.target + "\n" + request.body)};
}

}  // namespace counterpart::server
