// The text side of HTTP/1.1: targets taken apart, answers' heads written, and the refusals that need no handler.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/http_server.h"
#include "server/layer.h"

namespace counterpart::server {

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
  kMalformed,
  kNoHost,
  kCoded,
  kBadTarget,
  kVersion,
  kExpectation,
  kTargetTooLong,
  kHeaderTooLarge,
  kBodyTooLarge,
  kBadFraming,
  kTransferCoding,
  kTooMuchFraming,
  kSlowHeader,
  kSlowBody,
  kTooManyConnections,
  kQueueFull,
  kGivenUp
};

// Under its name in lower case; a field that is repeated joins the one before by ", ".
void add_field(std::map<std::string, std::string>& fields, std::string_view name, std::string_view value);

// What is wrong with a head of method, target and fields, if anything; takes the target apart. The fields that say where
// the body ends are read more strictly than RFC 9112, 6 asks, so that nobody before us can have read them otherwise: one
// Content-Length of digits alone, or `chunked` alone in HTTP/1.1.
std::optional<Refusal> head_fault(Request& request, unsigned version);

// How many bytes that are not of the body itself (chunk sizes, extensions, trailers) may come with `body` bytes of it:
// enough for a client that sends a few bytes a chunk, and for nobody who sends extensions.
constexpr std::size_t framing_limit(std::size_t body) { return 16 * 1024 + 8 * body; }

// A problem document; `limit` is the one that was overstepped, in bytes, where there is one.
Response refusal(Refusal why, const std::string& request_id, std::size_t limit = 0);

}  // namespace counterpart::server
