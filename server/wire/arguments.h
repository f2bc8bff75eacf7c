// What calls are given, query parameters and JSON members, read and checked in one way.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "server/http/http_server.h"
#include "server/layer.h"
#include "server/service/limits.h"

namespace counterpart::server {

// 1 to 128 of A-Z a-z 0-9 : . _ -
bool is_id(std::string_view text);

// The media type that a field names first, in lower case, without its parameters. Empty: there is no such field.
std::string media_of(const Request& request, const std::string& header);

// A parameter of the query; `otherwise` where it is not given.
std::string text_of(const Request& request, const std::string& name, std::string otherwise = {});
// As text_of(), true or false, which is where it is not given; kInvalid at its name else.
Result<bool> flag_of(const Request& request, const std::string& name);
// In which of the six languages the answer is: `lang`, else Accept-Language, else `otherwise` (server/words/language.h).
Result<std::string> language_of(const Request& request, std::string_view otherwise);
// As text_of(), a whole number within `limit`, which has a standard; kInvalid at its name else.
Result<std::uint64_t> number_of(const Request& request, const std::string& name, const Limit& limit);

// A whole number of JSON, 3 or 3.0, within `limit`; kInvalid at `place` else.
Result<std::uint64_t> number_of(const boost::json::value& value, std::string_view place, const Limit& limit);
// True or false; kInvalid at `place` else.
Result<bool> flag_of(const boost::json::value& value, std::string_view place);
// A string that says something, of at most `most` characters; kInvalid at `place` else.
Result<std::string> words_of(const boost::json::value& value, std::string_view place, std::size_t most);

// What was read into its member of a call, or its error.
template <class Value, class Target>
Status into(Result<Value> read, Target& target) {
  if (!read) return tl::unexpected(std::move(read.error()));
  target = std::move(*read);
  return {};
}

// The texts as an array of JSON.
inline boost::json::array strings(const std::vector<std::string>& texts) {
  return boost::json::array(texts.begin(), texts.end());
}

}  // namespace counterpart::server
