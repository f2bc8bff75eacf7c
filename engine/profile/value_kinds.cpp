#include "engine/profile/value_kinds.h"

#include <cmath>

namespace counterpart::engine {

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
  if (!(amount >= 0 && amount <= static_cast<double>(kMaxAmount)))
    return refuse("is out of range", "from 0 to " + std::to_string(kMaxAmount));
  field = amount + 0.0;  // -0 is 0
  return {};
}

}  // namespace counterpart::engine
