#include "server/wire/arguments.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "engine/base/nearest.h"
#include "engine/base/utf8.h"
#include "server/words/language.h"

namespace counterpart::server {
namespace {

tl::unexpected<Error> out_of(const Limit& limit, std::string_view place, std::string message) {
  return fail(ErrorCode::kInvalid, std::string(place), std::move(message),
              "give a whole number from " + std::to_string(limit.least) + " to " + std::to_string(limit.most));
}

}  // namespace

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 128 && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '.' || c == '_' ||
           c == '-';
  });
}

std::string media_of(const Request& request, const std::string& header) {
  const auto found = request.headers.find(header);
  if (found == request.headers.end()) return {};
  std::string media = lower_case(found->second.substr(0, found->second.find_first_of(",;")));
  while (media.ends_with(' ')) media.pop_back();
  return media;
}

std::string text_of(const Request& request, const std::string& name, std::string otherwise) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? otherwise : found->second;
}

Result<bool> flag_of(const Request& request, const std::string& name) {
  const std::string text = text_of(request, name, "false");
  if (text == "true" || text == "false") return text == "true";
  return fail(ErrorCode::kInvalid, name, "neither true nor false", "leave it out, or say true");
}

Result<std::string> language_of(const Request& request, std::string_view otherwise) {
  const auto lang = request.query.find("lang");
  const auto accepted = request.headers.find("accept-language");
  return language_asked(lang == request.query.end() ? std::nullopt : std::optional(lang->second),
                        accepted == request.headers.end() ? std::string{} : accepted->second, otherwise);
}

Result<std::uint64_t> number_of(const Request& request, const std::string& name, const Limit& limit) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return limit.standard.value();
  const std::string& text = found->second;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size() && value >= limit.least && value <= limit.most) return value;
  return out_of(limit, name, "`" + text.substr(0, 80) + "` is out of range");
}

Result<std::uint64_t> number_of(const boost::json::value& value, std::string_view place, const Limit& limit) {
  boost::system::error_code error;
  const std::uint64_t number = value.is_number() ? value.to_number<std::uint64_t>(error) : 0;
  if (value.is_number() && !error && number >= limit.least && number <= limit.most) return number;
  return out_of(limit, place, "out of range");
}

Result<bool> flag_of(const boost::json::value& value, std::string_view place) {
  if (value.is_bool()) return value.as_bool();
  return fail(ErrorCode::kInvalid, std::string(place), "not a boolean", "give true or false");
}

Result<std::string> words_of(const boost::json::value& value, std::string_view place, std::size_t most) {
  const std::string member(place);
  if (!value.is_string()) return fail(ErrorCode::kInvalid, member, "not a string", "give a string");
  std::string text(value.as_string());
  if (text.find_first_not_of(" \t\r\n") == std::string::npos)
    return fail(ErrorCode::kInvalid, member, "empty", "leave it out, or say something");
  if (characters_in(text) > most)
    return fail(ErrorCode::kInvalid, member, "too long", "at most " + std::to_string(most) + " characters");
  return text;
}

}  // namespace counterpart::server
