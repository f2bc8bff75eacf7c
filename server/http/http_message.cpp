#include "server/http/http_message.h"

#include <algorithm>
#include <boost/algorithm/string.hpp>
#include <boost/url.hpp>
#include <cstdio>

#include "server/http/problem.h"

namespace counterpart::server {
namespace {

namespace urls = boost::urls;

std::string_view reason_of(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "";  // a reason phrase is optional
  }
}

bool has_no_length(int status) { return status == 204 || status == 304; }

bool is_web(const urls::url_view& url) {
  return (url.scheme_id() == urls::scheme::http || url.scheme_id() == urls::scheme::https) && url.has_authority() &&
         !url.has_userinfo() && !url.encoded_host().empty();
}

}  // namespace

Status split_target(Request& request) {
  if (request.target == "*") {
    request.path = "*";
    return {};
  }
  urls::result<urls::url_view> url = urls::parse_origin_form(request.target);
  if (!url) {
    url = urls::parse_uri(request.target);
    if (!url || !is_web(*url))
      return fail(ErrorCode::kInvalid, "target", "not a request target", "percent-encode what is no plain character");
    request.headers["host"] = std::string(url->encoded_host_and_port());
  }
  request.path = url->path();
  const urls::encoding_opts form(true);  // `+` is a space, as browsers send it
  for (const auto& parameter : url->encoded_params())
    if (!parameter.key.empty() || parameter.has_value)  // `?` and `&&` say nothing
      request.query.emplace(parameter.key.decode(form), parameter.value.decode(form));
  return {};
}

void add_field(std::map<std::string, std::string>& fields, std::string_view name, std::string_view value) {
  const auto [at, fresh] = fields.emplace(boost::algorithm::to_lower_copy(std::string(name)), value);
  if (!fresh) at->second.append(", ").append(value);
}

namespace {

std::optional<Refusal> framing_fault(const std::map<std::string, std::string>& fields, unsigned version) {
  const auto coding = fields.find("transfer-encoding"), length = fields.find("content-length");
  if (coding != fields.end()) {
    if (version < 11 || length != fields.end()) return Refusal::kBadFraming;
    std::vector<std::string> codings;
    boost::algorithm::split(codings, boost::algorithm::to_lower_copy(coding->second), boost::algorithm::is_any_of(","));
    for (std::string& one : codings) boost::algorithm::trim(one);
    const bool ends = codings.back() == "chunked" && std::ranges::count(codings, "chunked") == 1;
    if (ends && codings.size() == 1) return std::nullopt;
    return ends ? Refusal::kTransferCoding : Refusal::kBadFraming;  // at least it is known where such a body would end
  }
  if (length == fields.end()) return std::nullopt;
  const std::string& digits = length->second;
  const bool number = !digits.empty() && digits.size() < 20 && digits.find_first_not_of("0123456789") == digits.npos;
  return number ? std::nullopt : std::optional(Refusal::kBadFraming);
}

}  // namespace

std::optional<Refusal> head_fault(Request& request, unsigned version) {
  auto& fields = request.headers;
  if (version != 10 && version != 11) return Refusal::kVersion;
  const auto host = fields.find("host");
  const bool one = host != fields.end() && host->second.find(',') == std::string::npos;
  if (version == 11 ? !one : host != fields.end() && !one) return Refusal::kNoHost;
  if (const auto fault = framing_fault(fields, version)) return fault;
  if (!split_target(request)) return Refusal::kBadTarget;
  const auto coding = fields.find("content-encoding");
  if (coding != fields.end() && !boost::algorithm::iequals(coding->second, "identity")) return Refusal::kCoded;
  if (version == 10) fields.erase("expect");  // RFC 9110, 10.1.1
  const auto expect = fields.find("expect");
  if (expect != fields.end() && !boost::algorithm::iequals(expect->second, "100-continue")) return Refusal::kExpectation;
  return std::nullopt;
}

bool is_bodiless(const Response& response, const Request& request) {
  return request.method == "HEAD" || has_no_length(response.status);
}

std::string head_of(const Response& response, const Request& request, bool stay, bool chunked) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head.append(reason_of(response.status)).append("\r\n");
  const auto field = [&](std::string_view name, std::string_view value) {
    head.append(name).append(": ").append(value).append("\r\n");
  };
  if (!has_no_length(response.status)) {
    if (!response.content_type.empty()) field("Content-Type", response.content_type);
    if (!response.stream) field("Content-Length", std::to_string(response.body.size()));
    if (chunked) field("Transfer-Encoding", "chunked");
  }
  for (const auto& [name, value] : response.headers) field(name, value);
  if (!request.id.empty()) field("X-Request-Id", request.id);
  if (!stay) field("Connection", "close");
  return head + "\r\n";
}

std::string chunk_of(std::string piece) {
  char size[20];
  const int length = std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
  piece.insert(0, size, static_cast<std::size_t>(length)).append("\r\n");
  return piece;
}

Response refusal(Refusal why, const std::string& request_id, std::size_t limit) {
  const auto make = [&](int status, std::string_view type, std::string_view title, std::string detail, std::string remedy,
                        std::string member = {}) {
    Response response = problem(status, type, title, {{}, std::move(member), std::move(detail), std::move(remedy)}, request_id);
    if (status == 503) response.headers.emplace_back("Retry-After", "1");
    return response;
  };
  const std::string most = std::to_string(limit);
  switch (why) {
    case Refusal::kMalformed: return make(400, "malformed", "Malformed request", "this is not HTTP/1.1", {});
    case Refusal::kNoHost:
      return make(400, "malformed", "Malformed request", "exactly one Host field is needed", "send one", "Host");
    case Refusal::kBadTarget:
      return make(400, "malformed", "Malformed request", "not a request target", "percent-encode what is no plain character",
                  "target");
    case Refusal::kCoded:
      return make(415, "unsupported", "Unsupported media type", "compressed bodies are not read",
                  "send it as it is, without Content-Encoding", "Content-Encoding");
    case Refusal::kVersion:
      return make(505, "version", "HTTP version not supported", "this server speaks HTTP/1.1", "use HTTP/1.1");
    case Refusal::kExpectation:
      return make(417, "expectation", "Expectation failed", "only 100-continue is known", "leave the field out", "Expect");
    case Refusal::kTargetTooLong:
      return make(414, "target-too-long", "Target too long", "the request's target is over " + most + " bytes",
                  "send long texts in a body");
    case Refusal::kBadFraming:
      return make(400, "malformed", "Malformed request", "the fields that say where the body ends do not agree",
                  "send one Content-Length, or Transfer-Encoding: chunked in HTTP/1.1");
    case Refusal::kTransferCoding:
      return make(501, "transfer-coding", "Transfer coding not implemented", "chunked alone is read here",
                  "send Transfer-Encoding: chunked", "Transfer-Encoding");
    case Refusal::kTooMuchFraming:
      return make(400, "malformed", "Malformed request", "chunk sizes, extensions and trailers are larger than what they frame",
                  "send larger chunks, without extensions");
    case Refusal::kGivenUp: return make(503, "overloaded", "Overloaded", "no worker was free in time", "try again in a second");
    case Refusal::kHeaderTooLarge:
      return make(431, "header-too-large", "Header too large", "the header is over " + most + " bytes",
                  "send fewer or shorter header fields");
    case Refusal::kBodyTooLarge:
      return make(413, "too-large", "Content too large", "the body is over the " + most + " bytes that this call takes",
                  "send it in parts");
    case Refusal::kSlowHeader:
      return make(408, "timeout", "Request too slow", "the header did not arrive in time", "send it in one piece");
    case Refusal::kSlowBody:
      return make(408, "timeout", "Request too slow", "the body did not arrive in time", "send it in smaller parts");
    case Refusal::kTooManyConnections:
      return make(503, "overloaded", "Overloaded", "all connections are taken", "try again in a second");
    case Refusal::kQueueFull:
      return make(503, "overloaded", "Overloaded", "too many requests are waiting", "try again in a second");
  }
  return make(500, "internal", "A fault of the server", {}, {});
}

std::string client_of(const Request& request, const boost::asio::ip::address& peer, const std::vector<std::string>& trusted) {
  const auto is_trusted = [&](const std::string& address) { return std::ranges::find(trusted, address) != trusted.end(); };
  std::string client = peer.to_string();
  const auto found = request.headers.find("x-forwarded-for");
  if (found == request.headers.end()) return client;
  std::string_view left = found->second;
  while (is_trusted(client) && !left.empty()) {
    const std::size_t comma = left.rfind(',');
    std::string_view last = comma == left.npos ? left : left.substr(comma + 1);
    left = comma == left.npos ? std::string_view() : left.substr(0, comma);
    while (last.starts_with(' ')) last.remove_prefix(1);
    while (last.ends_with(' ')) last.remove_suffix(1);
    boost::system::error_code wrong;
    const auto address = boost::asio::ip::make_address(std::string(last), wrong);
    if (wrong) break;
    client = address.to_string();
  }
  return client;
}

}  // namespace counterpart::server
