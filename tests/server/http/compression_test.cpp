#include "server/http/compression.h"

#include "tests/server/site.h"
#include "tests/server/unzipped.h"

namespace counterpart::server {
namespace {

Request taking(const std::string& coding) {
  Request request;
  request.method = "GET";
  request.headers["accept-encoding"] = coding;
  return request;
}

bool has(const Response& response, std::string_view name, std::string_view value) {
  return std::ranges::any_of(response.headers,
                             [&](const auto& header) { return header.first == name && header.second == value; });
}

}  // namespace

TEST_CASE("compression: who takes gzip", "[http]") {
  for (const char* taken : {"gzip", "br, gzip", "GZIP;q=0.5", "*", "x-gzip", "identity, *;q=0.1", "deflate , gzip ; q=1"}) {
    INFO(taken);
    CHECK(takes_coding(taken, "gzip"));
  }
  for (const char* refused : {"", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "gzipped", "gzip; q=0.000"}) {
    INFO(refused);
    CHECK_FALSE(takes_coding(refused, "gzip"));
  }
}

TEST_CASE("compression: long texts become shorter and come back as they were", "[http]") {
  for (const std::size_t size : {kLeastCompressed, std::size_t{100'000}, std::size_t{1'000'000}}) {
    std::string text;
    while (text.size() < size) text += R"({"id":")" + std::to_string(text.size()) + R"("},)";
    Response response{.status = 200, .headers = {{"ETag", "\"7\""}}, .body = text, .stream = {}};
    compress(response, taking("gzip"));
    CHECK(response.body.size() < text.size() / 2);
    CHECK(unzipped(response.body) == text);
    CHECK(has(response, "Content-Encoding", "gzip"));
    CHECK(has(response, "Vary", "Accept-Encoding"));
    CHECK(has(response, "ETag", "\"7-gzip\""));
  }
}

TEST_CASE("compression: what is short, packed already, no text, a stream or not wanted stays as it is", "[http]") {
  const std::string text(5000, 'a');
  const auto stays = [&](Response response, const std::string& coding = "gzip") {
    const std::string before = response.body;
    compress(response, taking(coding));
    return response.body == before && !has(response, "Content-Encoding", "gzip");
  };
  CHECK(stays({.headers = {}, .body = text.substr(0, kLeastCompressed - 1), .stream = {}}));
  CHECK(stays({.headers = {{"Content-Encoding", "br"}}, .body = text, .stream = {}}));
  CHECK(stays({.content_type = std::string(kWorkbookMedia), .headers = {}, .body = text, .stream = {}}));
  CHECK(stays({.headers = {}, .body = text, .stream = [](std::string&) { return false; }}));
  CHECK(stays({.headers = {}, .body = text, .stream = {}}, "br"));
  CHECK_FALSE(stays({.content_type = "text/csv; charset=utf-8", .headers = {}, .body = text, .stream = {}}));
}

TEST_CASE("compression: a condition is met by the tag of either form", "[http]") {
  Site site;
  const std::string profile = R"({"kind":"company","title":"Pumps","country":"KE","offers":")" + std::string(2000, 'p') + "\"}";
  REQUIRE(site.ask("PUT", "/v1/profiles/a", profile).status == 201);
  const Response packed = site.ask("GET", "/v1/profiles/a", {}, {{"accept-encoding", "gzip"}});
  CHECK(json::parse(unzipped(packed.body)).at("title") == "Pumps");
  CHECK(header(packed, "ETag") == "\"1-gzip\"");
  CHECK(header(site.ask("GET", "/v1/profiles/a"), "ETag") == "\"1\"");
  const Response same = site.ask("GET", "/v1/profiles/a", {}, {{"if-none-match", "\"1-gzip\""}, {"accept-encoding", "gzip"}});
  CHECK(same.status == 304);
  CHECK(header(same, "ETag") == "\"1-gzip\"");
  CHECK(header(site.ask("GET", "/v1/profiles/a", {}, {{"if-none-match", "\"1\""}}), "ETag") == "\"1\"");
  CHECK(site.ask("PUT", "/v1/profiles/a", profile, {{"if-match", "\"2-gzip\""}}).status == 412);
  CHECK(site.ask("PUT", "/v1/profiles/a", profile, {{"if-match", "\"9\", \"1-gzip\""}}).status == 200);
}

}  // namespace counterpart::server
