// Bodies of answers, compressed by gzip for whoever takes that (RFC 9110, 8.4 and 12.5.3).
//
// An entity tag is of one form of what it names (8.8.3), so that of a compressed body ends in "-gzip"; requests name it with or
// without that end, and a condition on a version is met by either.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "server/http/request.h"
#include "server/layer.h"

namespace counterpart::server {

inline constexpr std::size_t kLeastCompressed = 1024;  // bytes; below, the head weighs more than what is saved

// Does such an Accept-Encoding take the coding, by its name or by "*"? "gzip, br;q=0" takes no "br".
bool takes_coding(std::string_view accepted, std::string_view coding);

std::string gzipped(std::string_view body);

// Compresses a body of text that is long enough and no stream, if the request takes it. One that its handler has encoded stays.
void compress(Response& response, const Request& request);

// A list of entity tags without the end of compressed ones.
std::string tags_of_versions(std::string tags);
// And with it.
std::string tag_of_compressed(std::string tag);

}  // namespace counterpart::server
