#include "engine/profile/profile_json_codec.h"

#include <charconv>

#include "engine/base/hex.h"

namespace counterpart::engine {
namespace {

constexpr double kMaxAmount = 1e15;
constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

}  // namespace

void JsonOut::text(std::string_view value) {
  out += '"';
  std::size_t done = 0;  // up to here `value` is in `out`
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out += value.substr(done, i - done);
    done = i + 1;
    out += '\\';
    switch (c) {
      case '"': out += '"'; break;
      case '\\': out += '\\'; break;
      case '\n': out += 'n'; break;
      case '\r': out += 'r'; break;
      case '\t': out += 't'; break;
      default: (out += "u00") += hex(value.substr(i, 1));
    }
  }
  out += value.substr(done);
  out += '"';
}

void JsonOut::integer(std::int64_t value) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void JsonOut::number(double value) {
  if (value == std::floor(value) && std::abs(value) < kMaxExactInteger) return integer(static_cast<std::int64_t>(value));
  char digits[64];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

std::string_view shape_of(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::null: return "null";
    case boost::json::kind::bool_: return "true or false";
    case boost::json::kind::int64:
    case boost::json::kind::uint64:
    case boost::json::kind::double_: return "a number";
    case boost::json::kind::string: return "a text";
    case boost::json::kind::array: return "a list";
    case boost::json::kind::object: return "an object";
  }
  return "unknown";
}

tl::unexpected<Error> wrong_shape(std::string_view wanted, const boost::json::value& value) {
  return refuse("must be " + std::string(wanted) + ", not " + std::string(shape_of(value)),
                value.is_null() ? "leave the member out" : "");
}

void note_removed(std::string_view name, const Rules& rules) {
  if (!rules.removed) return;
  (name == "legal_name" ? rules.removed->legal_name : rules.removed->contact) = true;
}

Error unknown_member(std::string_view name, std::span<const std::string_view> names) {
  std::string known = "members are ";
  for (const std::string_view member : names) {
    if (member != names.front()) known += ", ";
    known += member;
  }
  return {ErrorCode::kInvalid, std::string(printable_name(name)), "there is no such member",
          did_you_mean(nearest(name, names), known)};
}

Status read_text(const boost::json::value& value, std::string& field, const Rules& rules, const TextOptions& options) {
  const boost::json::string* given = value.if_string();
  if (!given) return wrong_shape("a text", value);
  std::string_view text(given->data(), given->size());
  std::string cleaned;
  if (rules.findings) {
    cleaned = text;
    if (const std::size_t found = clean_text(cleaned, options.lines); found > 0) {
      rules.findings->remarks.push_back(
          {ErrorCode::kInvalid,
           {},
           std::to_string(found) + (found == 1 ? " control character or line break was left out"
                                               : " control characters or line breaks were left out"),
           "look whether the text is right"});
      text = cleaned;
    }
  }
  if (!rules.trusted()) {
    if (Status status = check_text(text, options.max_length, options.lines, !options.blank_is_none); !status) return status;
    if (options.blank_is_none && is_blank(text)) {
      field.clear();
      return {};
    }
    if (options.check)
      if (Status status = options.check(text); !status) return status;
  }
  field.assign(text);
  return {};
}

Result<std::int64_t> read_integer(const boost::json::value& value, std::int64_t least, std::int64_t most) {
  const auto range = [&] { return "from " + std::to_string(least) + " to " + std::to_string(most); };
  if (!value.is_number()) return wrong_shape("a whole number", value);
  std::int64_t number = 0;
  if (const std::int64_t* exact = value.if_int64()) {
    number = *exact;
  } else if (const double* real = value.if_double()) {  // 4.0 is 4
    if (*real != std::floor(*real)) return refuse("must be a whole number", range());
    if (std::abs(*real) > kMaxExactInteger) return refuse("is out of range", range());
    number = static_cast<std::int64_t>(*real);
  } else {
    return refuse("is out of range", range());
  }
  if (number < least || number > most) return refuse("is out of range", range());
  return number;
}

Status Amount::read(const boost::json::value& value, double& field, const Rules&) {
  if (!value.is_number()) return wrong_shape("a number", value);
  const double amount = value.to_number<double>();
  if (!(amount >= 0 && amount <= kMaxAmount)) return refuse("is out of range", "from 0 to 1000000000000000");
  field = amount + 0.0;  // -0 is 0
  return {};
}

}  // namespace counterpart::engine
