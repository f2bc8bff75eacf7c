#include "engine/profile/profile_json_tree.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <string>
#include <vector>

#include "engine/profile/profile_check.h"
#include "engine/profile/profile_json.h"

namespace counterpart::engine {
namespace {

namespace json = boost::json;
using json::error_code;

// Builds the value as Boost.JSON's own handler does, and keeps the names of the objects that are open.
class Handler {
 public:
  static constexpr std::size_t max_object_size = 64;
  static constexpr std::size_t max_array_size = kMaxProfileBytes;
  static constexpr std::size_t max_key_size = kMaxProfileBytes;
  static constexpr std::size_t max_string_size = kMaxProfileBytes;

  json::value_stack values;
  Error error;  // set where a callback returned false

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }

  bool on_array_begin(error_code&) { return open(false); }
  bool on_array_end(std::size_t n, error_code&) {
    values.push_array(n);
    return close();
  }
  bool on_object_begin(error_code&) { return open(true); }
  bool on_object_end(std::size_t n, error_code&) {
    values.push_object(n);
    return close();
  }

  bool on_key_part(json::string_view part, std::size_t, error_code&) {
    name_.append(part.data(), part.size());
    values.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, error_code& ec) {
    name_.append(part.data(), part.size());
    const std::size_t first = open_.back().first_name;
    for (std::size_t i = first; i < names_.size(); ++i)
      if (name_at(i) == name_)
        return refuse(ec, join_place(path(), printable_name(name_)), "is given twice", "keep one of the two");
    names_.push_back(text_.size());
    text_ += name_;
    name_.clear();
    values.push_key(part);
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, error_code&) {
    values.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, error_code&) {
    values.push_string(part);
    return count();
  }

  bool on_number_part(json::string_view part, error_code&) {
    number_.append(part.data(), part.size());
    return true;
  }
  bool on_int64(std::int64_t number, json::string_view, error_code&) {
    number_.clear();
    values.push_int64(number);
    return count();
  }
  bool on_uint64(std::uint64_t number, json::string_view, error_code&) {
    number_.clear();
    values.push_uint64(number);
    return count();
  }
  // Boost.JSON 1.81 rounds some numbers wrongly in the last bit, so the digits are read again.
  bool on_double(double, json::string_view part, error_code& ec) {
    number_.append(part.data(), part.size());
    double number = 0;
    const auto [end, wrong] = std::from_chars(number_.data(), number_.data() + number_.size(), number);
    if (wrong != std::errc{}) return refuse(ec, place_of_value(), "is a number out of range", {});
    number_.clear();
    values.push_double(number);
    return count();
  }
  bool on_bool(bool value, error_code&) {
    values.push_bool(value);
    return count();
  }
  bool on_null(error_code&) {
    values.push_null();
    return count();
  }
  bool on_comment_part(json::string_view, error_code&) { return true; }
  bool on_comment(json::string_view, error_code&) { return true; }

  // Of the value being read.
  std::string place_of_value() const { return path(); }

 private:
  struct Open {
    bool object;
    std::size_t first_name;  // in names_
    std::size_t index;       // of the array's element being read
  };

  bool open(bool object) {
    open_.push_back({object, names_.size(), 0});
    return true;
  }
  bool close() {
    const std::size_t first = open_.back().first_name;
    if (first < names_.size()) {
      text_.resize(names_[first]);
      names_.resize(first);
    }
    open_.pop_back();
    return count();
  }
  bool count() {
    if (!open_.empty()) ++open_.back().index;
    return true;
  }
  bool refuse(error_code& ec, std::string place, std::string message, std::string remedy) {
    error = Error{ErrorCode::kInvalid, std::move(place), std::move(message), std::move(remedy)};
    ec = json::make_error_code(json::error::syntax);
    return false;
  }
  std::string_view name_at(std::size_t i) const {
    const std::size_t end = i + 1 < names_.size() ? names_[i + 1] : text_.size();
    return std::string_view(text_).substr(names_[i], end - names_[i]);
  }
  // Down to the member or element that is being read; the name of a member that is just being given is not in yet.
  std::string path() const {
    std::string place;
    for (std::size_t i = 0; i < open_.size(); ++i) {
      const std::size_t names_end = i + 1 < open_.size() ? open_[i + 1].first_name : names_.size();
      const bool innermost = i + 1 == open_.size();
      if (!open_[i].object) {
        place += "[" + std::to_string(open_[i].index) + "]";
      } else if (names_end > open_[i].first_name && !(innermost && !name_.empty())) {
        place = join_place(std::move(place), printable_name(name_at(names_end - 1)));
      }
    }
    return place;
  }

  std::vector<Open> open_;
  std::string text_;                // names of the open objects' members, one after the other
  std::vector<std::size_t> names_;  // where each begins
  std::string name_, number_;       // parts so far
};

std::string in_words(error_code ec, unsigned char byte) {
  if (ec == json::error::incomplete) return "the JSON text ends too early";
  if (ec == json::error::extra_data) return "something follows the closing brace";
  if (ec == json::error::too_deep) return "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
  if (ec == json::error::object_too_large) return "an object has more members than any profile";
  if (ec == json::error::illegal_leading_surrogate || ec == json::error::illegal_trailing_surrogate ||
      ec == json::error::expected_utf16_escape)
    return "half a surrogate pair is no character";
  if (ec == json::error::exponent_overflow) return "a number out of range";
  if (ec == json::error::expected_hex_digit) return "\\u must be followed by four hexadecimal digits";
  if (byte < 0x20) return "a control character must be written as \\n, \\t or \\u00XX";
  return byte >= 0x80 ? "not valid UTF-8, or not JSON" : "not valid JSON";
}

}  // namespace

Result<json::value> parse_strictly(std::string_view text, json::storage_ptr memory) {
  json::parse_options options;
  options.max_depth = kMaxJsonDepth;
  json::basic_parser<Handler> parser(options);
  Handler& handler = parser.handler();
  handler.values.reset(std::move(memory));
  error_code ec;
  std::size_t used = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && used < text.size()) ec = json::make_error_code(json::error::extra_data);
  if (!ec) return handler.values.release();
  if (!handler.error.message.empty()) return tl::unexpected(std::move(handler.error));
  used = std::min(used, text.size());
  const auto byte = static_cast<unsigned char>(used < text.size() ? text[used] : ' ');
  return fail(ErrorCode::kInvalid, "byte " + std::to_string(used + 1), in_words(ec, byte));
}

Status JsonTree::parse(std::string_view text) {
  Result<json::value> parsed = parse_strictly(text, &memory_);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  root_ = std::move(*parsed);
  return {};
}

}  // namespace counterpart::engine
