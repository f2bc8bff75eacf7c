// A JSON body to one of the calls that take one (the first byte says which): no fault of ours whatever it is.
#include <array>

#include "engine/profile_json.h"
#include "server/api.h"
#include "tests/fuzz/target.h"
#include "tests/server/fake_service.h"

namespace {

using namespace counterpart;

struct Site {
  std::unique_ptr<Service> service = fake_service();
  Api api{*service};
};

constexpr std::array<std::pair<const char*, const char*>, 7> kCalls{{{"POST", "/v1/match"},
                                                                     {"POST", "/v1/profiles"},
                                                                     {"PUT", "/v1/profiles/a"},
                                                                     {"POST", "/v1/profiles:import"},
                                                                     {"POST", "/v1/panels"},
                                                                     {"POST", "/v1/projects/a/assemble"},
                                                                     {"POST", "/v1/standing-queries"}}};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Site* site = nullptr;
  static int calls = 0;
  // Anew now and then: what is written stays, and thousands of profiles would make each call slow.
  if (calls++ % 512 == 0) {
    delete site;
    site = new Site;
    const char* line = R"({"id":"a","kind":"project","title":"Farm","seeks":"solar pumps","country":"KE"})";
    site->service->put({parse_profile(line, site->service->taxonomy()).value()}, std::nullopt, "fuzz");
  }
  if (size == 0) return 0;
  const auto& [method, target] = kCalls[data[0] % kCalls.size()];
  Request request;
  request.method = method;
  request.target = target;
  request.body = text_of_input(data + 1, size - 1);
  const bool lines = std::string_view(target) == "/v1/profiles:import";
  request.headers["content-type"] = lines ? "application/x-ndjson" : "application/json";
  must(split_target(request).has_value(), "a target of our own that is none");
  Response response = site->api.answer(request);
  for (bool more = static_cast<bool>(response.stream); more;) more = response.stream(response.body);
  must(response.status < 500, "a fault of ours", response.body);
  return 0;
}
