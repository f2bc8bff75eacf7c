// The text side of HTTP/1.1: targets taken apart, answers' heads written, and the refusals that need no handler.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "server/http.h"

namespace counterpart {

// Status line and header fields, the empty line included. `stay`: the connection goes on after this answer. `chunked`:
// the answer is a stream, sent in chunks.
std::string head_of(const Response& response, const Request& request, bool stay, bool chunked);

// Has the answer to this request no body, whatever the handler made?
bool is_bodiless(const Response& response, const Request& request);

std::string chunk_of(std::string piece);

// Who asks: `peer`, or where that is one of `trusted` the last address of X-Forwarded-For that is not. What a client wrote
// into that field itself stands further left, and is never believed.
std::string client_of(const Request& request, const boost::asio::ip::address& peer, const std::vector<std::string>& trusted);

enum class Refusal : std::uint8_t {
  kMalformed, kNoHost, kCoded, kBadTarget, kVersion, kExpectation, kHeaderTooLarge, kBodyTooLarge, kSlowHeader, kSlowBody,
  kTooManyConnections, kQueueFull
};

// A problem document; `limit` is the one that was overstepped, in bytes, where there is one.
Response refusal(Refusal why, const std::string& request_id, std::size_t limit = 0);

}  // namespace counterpart
