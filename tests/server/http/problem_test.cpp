// Errors told over HTTP and known again from there.
#include "server/http/problem.h"

#include "tests/support/catch.h"

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

}  // namespace counterpart::server
