// Versions of what is stored as entity tags (RFC 9110, 8.8.3), and the conditions of requests that name them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

std::string etag_of(std::uint64_t version);

// A field of the request; empty where it has none.
std::string header(const Request& request, const std::string& name);

// Does a list of entity tags ("3", W/"4", or *) name this version? Strongly: a weak tag never does.
bool names_version(std::string_view tags, std::uint64_t version, bool weakly);

// The answer where If-Match or If-None-Match is no list of entity tags.
std::optional<Response> malformed_tags(const Request& request);

// The schema of both.
inline constexpr std::string_view kTags = R"({"type":"string","pattern":"^(\\*|(W/)?\"[!#-~]*\"( *, *(W/)?\"[!#-~]*\")*)$"})";

}  // namespace counterpart::server
