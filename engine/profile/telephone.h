// Telephone numbers in free text, told from amounts, years and codes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::engine {

// Units of the text that was searched.
struct TelephoneNumber {
  std::size_t from = 0, to = 0;  // the word that announces it included
  std::string digits;            // of the number alone
};

// A number is one by its country code (+ or 00, and as many digits as that country's numbers have), by a word for the
// telephone in one of six languages before it, or by its form (a trunk zero and several groups; an area code in brackets;
// 3-3-4 with hyphens). Digits grouped by thousands and counted or paid ("+1 200 000 USD", "phones for 250 000 users"),
// dates and years are none. `folded`: as fold() leaves it.
std::vector<TelephoneNumber> telephone_numbers(std::u16string_view folded);

// Rows of digits that might be a number where one knows which to look for, with the blanks and hyphens in them.
std::vector<TelephoneNumber> digit_runs(std::u16string_view folded);

}  // namespace counterpart::engine
