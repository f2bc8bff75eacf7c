#include "server/client/json.h"

#include <cstdio>
#include <iostream>

#include "server/client/terminal.h"

namespace counterpart::server {

namespace json = boost::json;

Result<json::value> parse_answer(const std::string& answer) {
  boost::system::error_code failed;
  json::value value = json::parse(answer, failed);
  if (failed) return fail(ErrorCode::kInternal, {}, "the answer is no JSON");
  return value;
}

Result<json::value> call_json(Backend& backend, const std::string& method, const std::string& target, const std::string& body) {
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

int print_all(const CommandContext& context, const std::string& target, std::string_view member,
              const std::function<void(const json::value&)>& show, const char* none) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  json::array all;
  std::string after;
  for (bool more = true; more;) {
    Result<json::value> page = call_json(*backend, "GET", target + (after.empty() ? "" : "&after=" + url_encode(after)));
    if (!page) return report(page.error());
    for (json::value& one : page->at(member).as_array()) all.push_back(std::move(one));
    more = page->at("more").as_bool();
    after = text_if(*page, "after");
  }
  if (context.json) {
    std::cout << json::serialize(json::object{{member, std::move(all)}}) << "\n";
    return kDone;
  }
  for (const json::value& one : all) show(one);
  if (all.empty()) std::printf("%s\n", none);
  return kDone;
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

void print_absence(const json::value& answer) {
  const json::value* removed = answer.as_object().if_contains("removed");
  if (!removed) return;
  for (const json::value& one : removed->as_array()) {
    std::printf("  %s fell by: %s (%s)\n", grouped(one.at("count").to_number<std::uint64_t>()).c_str(),
                text_if(one, "condition").c_str(), text_if(one, "owner").c_str());
    std::printf("      what would open it: %s\n", text_if(one, "remedy").c_str());
  }
  if (removed->as_array().empty()) std::printf("  There is no profile to choose from.\n");
  const json::value* nearest = answer.as_object().if_contains("nearest");
  if (!nearest) return;
  std::printf("Nearest, one condition away: %s  %s  [%s]\n  missing: %s (%s)\n", text_if(*nearest, "country").c_str(),
              text_if(*nearest, "title").c_str(), text_if(*nearest, "id").c_str(), text_if(*nearest, "condition").c_str(),
              text_if(*nearest, "owner").c_str());
}

void print_origin(const json::value& profile, int indent, std::string_view member) {
  const json::value* from = profile.as_object().if_contains(member);
  if (!from) return;
  const std::string as_of = text_if(*from, "as_of");
  std::printf("%*sof the office %s%s%s\n", indent, "", text_if(*from, "name").c_str(), as_of.empty() ? "" : ", as of ",
              as_of.c_str());
}

void print_note(const json::value& answer) {
  if (const std::string note = text_if(answer, "note"); !note.empty()) std::printf("%s\n", note.c_str());
}

Result<boost::json::object> where_of(const std::vector<std::string>& conditions) {
  json::object where;
  for (const std::string& text : conditions) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
      return fail(ErrorCode::kInvalid, "--where", "`" + text + "` is no condition", "write FIELD=VALUE or FIELD=VALUE,VALUE");
    json::array values;
    for (std::size_t from = equals + 1; from <= text.size();) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      values.emplace_back(text.substr(from, comma - from));
      from = comma + 1;
    }
    const std::string field = text.substr(0, equals);
    if (where.contains(field))
      return fail(ErrorCode::kInvalid, "--where", "`" + field + "` is given twice", "join the values with a comma");
    where[field] = std::move(values);
  }
  return where;
}

std::string text_if(const json::value& value, std::string_view key) {
  const json::value* found = value.as_object().if_contains(key);
  return found && found->is_string() ? std::string(found->as_string()) : std::string{};
}

}  // namespace counterpart::server
