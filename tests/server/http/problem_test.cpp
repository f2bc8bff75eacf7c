// Errors told over HTTP and known again from there.
#include "server/http/problem.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {

TEST_CASE("problem: every error code comes back from its document as it went", "[problem]") {
  for (const ProblemKind& kind : problem_kinds()) {
    CAPTURE(kind.type);
    const Error sent{kind.code, "where", "what", "remedy"};
    const Response response = problem(sent, Request());
    CHECK(response.status == kind.status);
    const Error found = error_of_problem(response.status, response.body);
    CHECK(found.code == kind.code);
    CHECK((found.message == "what") == !kind.ours);
    CHECK((found.place == "where") == !kind.ours);
    CHECK(found.remedy.empty() == false);
  }
}

TEST_CASE("problem: no two error codes share a type", "[problem]") {
  for (const ProblemKind& one : problem_kinds())
    for (const ProblemKind& other : problem_kinds()) CHECK((one.type == other.type) == (one.code == other.code));
}

TEST_CASE("problem: an answer whose type no error code has is judged by its status", "[problem]") {
  const auto code = [](int status) {
    return error_of_problem(status, R"({"type": "/problems/another", "detail": "no"})").code;
  };
  CHECK(code(400) == ErrorCode::kInvalid);
  CHECK(code(422) == ErrorCode::kInvalid);
  CHECK(code(412) == ErrorCode::kConflict);
  CHECK(code(415) == ErrorCode::kUnsupported);
  CHECK(code(503) == ErrorCode::kUnavailable);
  CHECK(code(507) == ErrorCode::kStorage);
  CHECK(code(500) == ErrorCode::kInternal);
  CHECK(code(418) == ErrorCode::kInternal);
  CHECK(error_of_problem(502, "<html>").message == "the server answered 502");
}

TEST_CASE("problem: a document is put into the language of its request, once", "[problem]") {
  const auto words = Words::load(COUNTERPART_SOURCE_DIR "/datasets/words", real_taxonomy()).value();
  const auto refusals = Refusals::make(*words).value();
  const auto told = [&](const Error& error, std::multimap<std::string, std::string> query, const std::string& accepted) {
    Request request;
    request.query = std::move(query);
    request.headers["accept-language"] = accepted;
    Response response = problem(error, request);
    put_into_language(response, request, *refusals);
    const std::string once = response.body;
    put_into_language(response, request, *refusals);
    CHECK(response.body == once);
    return boost::json::parse(once).as_object();
  };
  const Error error{ErrorCode::kNotFound, "country", "`XX` is no country", "did you mean `KE`?"};
  CHECK(told(error, {}, "").at("title") == "Not found");
  CHECK(told(error, {}, "de, fr;q=0.5").at("detail") == "`XX` n’est pas un pays");
  CHECK(told(error, {}, "fr").at("remedy") == "vouliez-vous dire `KE` ?");
  CHECK(told(error, {}, "fr").at("member") == "country");
  CHECK(told(error, {{"lang", "es"}}, "fr").at("title") == "No encontrado");
  CHECK(told(error, {{"lang", "xx"}}, "fr").at("title") == "Introuvable");
  CHECK_FALSE(told(error, {}, "fr").contains("detail_language"));
  const boost::json::object unsaid = told({ErrorCode::kNotFound, {}, "nobody can say this", {}}, {}, "fr");
  CHECK(unsaid.at("title") == "Introuvable");
  CHECK(unsaid.at("detail") == "nobody can say this");
  CHECK(unsaid.at("detail_language") == "en");
}

TEST_CASE("problem: another answer than a problem stays as it is", "[problem]") {
  const auto words = Words::load(COUNTERPART_SOURCE_DIR "/datasets/words", real_taxonomy()).value();
  const auto refusals = Refusals::make(*words).value();
  Response response = json_response(404, {{"title", "Not found"}});
  Request request;
  request.headers["accept-language"] = "fr";
  put_into_language(response, request, *refusals);
  CHECK(response.body == R"({"title":"Not found"})");
  CHECK(response.headers.empty());
}

}  // namespace counterpart::server
