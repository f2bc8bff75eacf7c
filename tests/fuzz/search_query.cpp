// The query string of GET /v1/profiles: conditions, facets, words and cursor, over a few profiles. No fault of ours, and
// every refusal names the parameter.
#include "engine/profile/profile_json.h"
#include "server/api/api.h"
#include "tests/fuzz/target.h"
#include "tests/server/fake_service.h"

namespace {

using namespace counterpart::server;

struct Site {
  std::unique_ptr<Service> service = fake_service();
  Api api{*service};
  Site() {
    for (const char* line : {R"({"id":"a","kind":"company","title":"Pumps","offers":"solar pumps","country":"IT"})",
                             R"({"id":"b","kind":"project","title":"Farm","seeks":"solar pumps","country":"KE"})"})
      service->put({{.profile = parse_profile(line, service->data().taxonomy).value(),
                     .embedding = {},
                     .expect_version = {},
                     .who = "fuzz"}});
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Site site;
  Request request;
  request.method = "GET";
  request.target = "/v1/profiles?" + std::string(text_of_input(data, size));
  if (!split_target(request)) return 0;
  if (request.path != "/v1/profiles") return 0;
  const Response response = site.api.answer(request);
  must(response.status == 200 || response.status == 400, "an unexpected status", std::to_string(response.status));
  must(response.status == 200 || response.body.find("\"member\"") != std::string::npos, "a refusal without a member",
       response.body);
  return 0;
}
