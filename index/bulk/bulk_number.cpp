#include "index/bulk/bulk_number.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "engine/profile/profile_check.h"

namespace counterpart::index {
namespace {

// Digits as 0-9, points and commas of any script as . and , and everything that only parts groups as a blank.
std::string plain_form(std::string_view text) {
  std::string plain;
  const icu::UnicodeString given = icu::UnicodeString::fromUTF8(std::string(text)).trim();
  for (std::int32_t at = 0; at < given.length(); at = given.moveIndex32(at, 1)) {
    const UChar32 c = given.char32At(at);
    const std::int32_t digit = u_charDigitValue(c);
    if (digit >= 0)
      plain += static_cast<char>('0' + digit);
    else if (c == 0x066B || c == 0xFF0C)
      plain += ',';  // the Arabic decimal sign, the full-width comma
    else if (c == 0xFF0E)
      plain += '.';
    else if (u_isUWhiteSpace(c) || c == '\'' || c == 0x2019 || c == 0x066C || c == '_')
      plain += ' ';
    else if (c == 0x2212)
      plain += '-';
    else
      plain += c < 0x80 ? static_cast<char>(c) : '?';
  }
  return plain;
}

// Parts between single separators; the groups of 1,234,567 or of the Indian 12,34,567.
bool is_grouped(std::string_view text, char separator) {
  std::vector<std::size_t> sizes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    sizes.push_back(end - begin);
    begin = end + 1;
  }
  if (sizes.size() < 2 || sizes.front() < 1 || sizes.front() > 3 || sizes.back() != 3) return false;
  const bool threes = std::all_of(sizes.begin() + 1, sizes.end(), [](std::size_t size) { return size == 3; });
  const bool twos =
      sizes.front() < 3 && std::all_of(sizes.begin() + 1, sizes.end() - 1, [](std::size_t size) { return size == 2; });
  return threes || (twos && sizes.size() > 2);
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string without(std::string_view text, char separator) {
  std::string kept(text);
  std::erase(kept, separator);
  return kept;
}

// "250.000": 250000, or 250 and no thousandth.
tl::unexpected<Error> either(std::string_view given, std::string_view plain, char separator) {
  std::string fraction(plain);
  std::ranges::replace(fraction, ',', '.');
  return refuse(quoted(given) + " may be " + without(plain, separator) + " or " + fraction + "0",
                "write the one that is meant");
}

}  // namespace

Result<double> read_number(std::string_view text) {
  const auto wrong = [&] {
    return refuse(quoted(text) + " is no number", "digits alone, as in 250000; a currency has a column of its own");
  };
  std::string plain = plain_form(text);
  const bool negative = plain.starts_with('-');
  if (negative) plain.erase(0, 1);
  if (plain.find_first_not_of("0123456789., ") != plain.npos) {
    if (plain.find_first_not_of("0123456789.,+-Ee") == plain.npos)
      return refuse(quoted(text) + " is a number cut short by a spreadsheet", "write all its digits, as in 250000");
    return wrong();
  }
  // The separator that comes last and once parts the fraction off, unless it parts a group.
  const std::size_t last = plain.find_last_of(".,");
  std::string whole = plain.substr(0, last), fraction;
  if (last != plain.npos) {
    const char separator = plain[last];
    const bool once = std::ranges::count(plain, separator) == 1;
    fraction = plain.substr(last + 1);
    const bool others = whole.find_first_of(". ,") != whole.npos;
    if (!once) {
      whole = plain;
      fraction.clear();
    } else if (!others && fraction.size() == 3 && whole.size() <= 3 && all_digits(whole) && whole != "0" && whole != "00" &&
               whole != "000" && all_digits(fraction)) {
      return either(text, plain, separator);
    }
    if (once && !all_digits(fraction)) return wrong();
  }
  for (const char group : {' ', ',', '.'})
    if (is_grouped(whole, group)) whole = without(whole, group);
  if (!all_digits(whole)) return wrong();
  const std::string number = (negative ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size()) return wrong();
  return value;
}

}  // namespace counterpart::index
