#include "server/handlers/entity_tags.h"

#include <algorithm>

#include "server/http/problem.h"

namespace counterpart::server {
namespace {

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

}  // namespace counterpart::server
