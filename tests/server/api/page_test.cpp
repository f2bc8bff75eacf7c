// The officers' page as it is served: every view's address, every file, in each coding, and what it allows.
#include "server/page/page.h"

#include "server/api/startup_handler.h"
#include "tests/server/site.h"

namespace counterpart::server {
namespace {

// "/profiles/{id}" as a path.
std::string path_of(const PageAddress& address) {
  std::string path(address.pattern);
  for (std::size_t at; (at = path.find('{')) != std::string::npos;) path.replace(at, path.find('}') - at + 1, "a:b");
  return path;
}

void check_policy(const Response& answer) {
  const std::string policy = header(answer, "Content-Security-Policy");
  CHECK(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
  CHECK(policy.find("unsafe") == std::string::npos);
}

}  // namespace

TEST_CASE("page: each address of a view gives the page, asked for again each time, whatever its query", "[page]") {
  Site site;
  REQUIRE_FALSE(page_addresses().empty());
  for (const PageAddress& address : page_addresses()) {
    INFO(address.pattern);
    const Response answer = site.ask("GET", path_of(address) + "?country=KE&country=DE&anything=1");
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "text/html; charset=utf-8");
    CHECK(answer.body == page_file(address.shell)->plain);
    CHECK(header(answer, "Cache-Control") == "no-cache");
    check_policy(answer);
    CHECK(site.ask("GET", path_of(address), {}, {{"if-none-match", header(answer, "ETag")}}).status == 304);
    CHECK(site.ask("GET", path_of(address), {}, {{"if-none-match", "W/\"another\""}}).status == 200);
  }
}

TEST_CASE("page: each file lasts, in the coding that is taken, and names no other host", "[page]") {
  Site site;
  for (const PageFile& file : page_files()) {
    if (!file.name.starts_with("assets/")) continue;
    INFO(file.name);
    const auto in = [&](const std::string& codings) {
      return site.ask("GET", "/" + std::string(file.name), {}, {{"accept-encoding", codings}});
    };
    const Response plain = in("identity");
    CHECK(plain.body == file.plain);
    CHECK(plain.content_type == file.media);
    CHECK(header(plain, "Content-Encoding").empty());
    CHECK(header(plain, "Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(header(plain, "Vary") == "Accept-Encoding");
    CHECK(header(plain, "Content-Security-Policy").empty());  // its document has it
    CHECK(in("gzip, deflate, br").body == file.brotli);
    CHECK(header(in("gzip, deflate, br"), "Content-Encoding") == "br");
    CHECK(in("gzip, br;q=0").body == file.gzip);
    CHECK(header(in("gzip;q=0.5"), "Content-Encoding") == "gzip");
    CHECK(in("gzip;q=0, *;q=0").body == file.plain);
    // Names of markup languages are no addresses, nor is how one begins.
    for (std::size_t at = 0; (at = plain.body.find("://", at)) != std::string::npos; at += 3)
      CHECK((plain.body.compare(at, 14, "://www.w3.org/") == 0 || plain.body.compare(at, 4, "://\"") == 0));
  }
  check_problem(site.ask("GET", "/assets/none.js"), 404, {});
}

TEST_CASE("page: a browser is told by the page that nothing is at an address, a program by a problem", "[page]") {
  Site site;
  const Headers browser{{"accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
  const Response told = site.ask("GET", "/nowhere", {}, browser);
  CHECK(told.status == 404);
  CHECK(told.body == page_file(kShellOfNoView)->plain);
  check_problem(site.ask("GET", "/nowhere"), 404, {});
  check_problem(site.ask("GET", "/v1/nowhere", {}, browser), 404, {});
  check_problem(site.ask("POST", "/nowhere", {}, browser), 404, {});
}

TEST_CASE("page: while the server loads its data a browser has the page, which waits", "[page]") {
  StartupHandler startup;
  Request request;
  request.method = "GET";
  request.path = "/search";
  request.headers["accept"] = "text/html";
  request.id = "test-1";
  CHECK(startup.answer(request).body == page_file(kShellOfNoView)->plain);
  request.path = "/" + std::string(page_files().front().name);
  CHECK(startup.answer(request).status == 200);
  request.path = "/v1/profiles";
  check_problem(startup.answer(request), 503, {});
}

}  // namespace counterpart::server
