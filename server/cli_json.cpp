#include "server/cli_json.h"

#include <iostream>

namespace counterpart {

namespace json = boost::json;

Result<json::value> parse_answer(const std::string& answer) {
  boost::system::error_code failed;
  json::value value = json::parse(answer, failed);
  if (failed) return fail(ErrorCode::kInternal, {}, "the answer is no JSON");
  return value;
}

Result<json::value> call_json(Backend& backend, const std::string& method, const std::string& target,
                              const std::string& body) {
  return backend.call(method, target, body).and_then(parse_answer);
}

Result<json::value> get_json(const CommandContext& context, const std::string& target) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return tl::unexpected(backend.error());
  const Result<std::string> answer = backend->call("GET", target);
  if (!answer) return tl::unexpected(answer.error());
  Result<json::value> value = parse_answer(*answer);
  if (value && context.json) std::cout << *answer << "\n";
  return value;
}

int print_answer(const CommandContext& context, const Result<std::string>& answer,
                 const std::function<void(const json::value&)>& show) {
  if (!answer) return report(answer.error());
  if (context.json) {
    std::cout << *answer << "\n";
    return kDone;
  }
  const Result<json::value> value = parse_answer(*answer);
  if (!value) return report(value.error());
  show(*value);
  return kDone;
}

std::string text_if(const json::value& value, std::string_view key) {
  const json::value* found = value.as_object().if_contains(key);
  return found && found->is_string() ? std::string(found->as_string()) : std::string{};
}

}  // namespace counterpart
