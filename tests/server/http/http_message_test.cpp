// Heads of requests without a socket: what is refused before a body is looked for, and where a body ends.
#include "server/http/http_message.h"

#include "tests/support/catch.h"

namespace counterpart::server {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Request head(const Fields& fields, const std::string& target = "/a") {
  Request request;
  request.method = "POST";
  request.target = target;
  for (const auto& [name, value] : fields) add_field(request.headers, name, value);
  return request;
}

std::optional<Refusal> fault(Fields fields, unsigned version = 11, const std::string& target = "/a") {
  fields.insert(fields.begin(), {"Host", "here"});
  Request request = head(fields, target);
  return head_fault(request, version);
}

}  // namespace

TEST_CASE("head: a body's end is told in one way alone", "[head]") {
  CHECK(fault({}) == std::nullopt);
  CHECK(fault({{"Content-Length", "0"}}) == std::nullopt);
  CHECK(fault({{"Content-Length", "12"}}, 10) == std::nullopt);
  CHECK(fault({{"Transfer-Encoding", "Chunked"}}) == std::nullopt);
  for (const char* length : {"", "+5", "-5", "5, 5", "5 5", "0x5", "5.0", "99999999999999999999"}) {
    INFO(length);
    CHECK(fault({{"Content-Length", length}}) == Refusal::kBadFraming);
  }
  CHECK(fault({{"Content-Length", "5"}, {"content-length", "5"}}) == Refusal::kBadFraming);
  CHECK(fault({{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}) == Refusal::kBadFraming);
  CHECK(fault({{"Transfer-Encoding", "identity"}, {"Content-Length", "5"}}) == Refusal::kBadFraming);
}

TEST_CASE("head: a transfer coding other than chunked is refused, known where it ends or not", "[head]") {
  for (const char* codings :
       {"", ",", "gzip", "identity", "xchunked", "chunked;q=1", "chunked, gzip", "chunked, chunked", "\"chunked\""}) {
    INFO(codings);
    CHECK(fault({{"Transfer-Encoding", codings}}) == Refusal::kBadFraming);
  }
  CHECK(fault({{"Transfer-Encoding", "gzip, chunked"}}) == Refusal::kTransferCoding);
  CHECK(fault({{"Transfer-Encoding", "gzip"}, {"Transfer-Encoding", "chunked"}}) == Refusal::kTransferCoding);
  CHECK(fault({{"Transfer-Encoding", "chunked"}}, 10) == Refusal::kBadFraming);
  CHECK(refusal(Refusal::kTransferCoding, "r").status == 501);
  CHECK(refusal(Refusal::kBadFraming, "r").status == 400);
}

TEST_CASE("head: one host, and in the absolute form the target's", "[head]") {
  Request none = head({}), two = head({{"Host", "a"}, {"Host", "b"}});
  CHECK(head_fault(none, 11) == Refusal::kNoHost);
  CHECK(head_fault(none, 10) == std::nullopt);
  CHECK(head_fault(two, 11) == Refusal::kNoHost);
  CHECK(head_fault(two, 10) == Refusal::kNoHost);
  Request whole = head({{"Host", "127.0.0.1"}}, "http://elsewhere.example:80/a?b=c");
  REQUIRE(head_fault(whole, 11) == std::nullopt);
  CHECK(whole.path == "/a");
  CHECK(whole.headers.at("host") == "elsewhere.example:80");
  for (const char* target :
       {"mailto:a", "http:/a", "http://127.0.0.1@elsewhere.example/", "ftp://here/a", "http:///a", "", "a"}) {
    INFO(target);
    CHECK(fault({}, 11, target) == Refusal::kBadTarget);
  }
}

TEST_CASE("head: an expectation counts in HTTP/1.1 alone, and a version beside 1.0 and 1.1 is refused", "[head]") {
  CHECK(fault({{"Expect", "100-continue"}}) == std::nullopt);
  CHECK(fault({{"Expect", "a miracle"}}) == Refusal::kExpectation);
  Request old = head({{"Expect", "100-continue"}});
  REQUIRE(head_fault(old, 10) == std::nullopt);
  CHECK_FALSE(old.headers.contains("expect"));
  CHECK(fault({}, 9) == Refusal::kVersion);
  CHECK(fault({}, 20) == Refusal::kVersion);
}

}  // namespace counterpart::server
