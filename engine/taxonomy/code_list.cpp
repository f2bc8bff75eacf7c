// One list of codes: looking up, and what may be meant by a code that is not there.
#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <tuple>

#include "engine/base/nearest.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMaxLevels = 8;  // of any tree here; stops a loop of parents in a hand-made list

std::size_t shared_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

std::size_t gap(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
  return digits;
}

}  // namespace

CodeList::CodeList(std::string name, std::vector<Entry> entries)
    : name_(std::move(name)), entries_(std::move(entries)), by_code_(entries_.size()) {
  std::iota(by_code_.begin(), by_code_.end(), 0U);
  const auto code = [&](std::uint32_t i) -> const std::string& { return entries_[i].code; };
  if (!std::ranges::is_sorted(by_code_, {}, code)) std::ranges::stable_sort(by_code_, {}, code);
}

int CodeList::index_of(std::string_view code) const {
  const auto found =
      std::ranges::lower_bound(by_code_, code, {}, [&](std::uint32_t i) { return std::string_view(entries_[i].code); });
  return found != by_code_.end() && entries_[*found].code == code ? static_cast<int>(*found) : -1;
}

const CodeList::Entry* CodeList::find(std::string_view code) const {
  const int index = index_of(code);
  return index < 0 ? nullptr : &entries_[static_cast<std::size_t>(index)];
}

std::vector<std::string_view> CodeList::lineage(std::string_view code) const {
  std::vector<std::string_view> line;
  for (const Entry* entry = find(code); entry && line.size() < kMaxLevels; entry = find(entry->parent)) {
    line.push_back(entry->code);
    if (entry->parent.empty()) break;
  }
  return line;
}

std::string_view CodeList::suggestion(std::string_view wrong) const {
  if (wrong.empty()) return {};
  for (const Entry& entry : entries_)
    for (const std::string& title : entry.titles)
      if (equal_but_case(title, wrong)) return entry.code;
  if (wrong.size() > kMaxMisspelt) return {};
  if (const Entry* meant = other_spelling(wrong)) return meant->code;
  const std::string digits = digits_of(wrong);
  if (!digits.empty() && std::ranges::count_if(wrong, is_letter) < 4) return {};  // no word, and each sign of it counts

  const auto place = static_cast<std::size_t>(
      std::ranges::lower_bound(by_code_, wrong, {}, [&](std::uint32_t i) { return std::string_view(entries_[i].code); }) -
      by_code_.begin());
  using Rank = std::tuple<std::size_t, std::size_t, std::size_t, std::size_t>;  // the least is nearest
  std::optional<Rank> least;
  std::string_view best;
  for (std::size_t i = 0; i < by_code_.size(); ++i) {
    const std::string_view code = entries_[by_code_[i]].code;
    const std::size_t longer = std::max(wrong.size(), code.size());
    if (!is_near(gap(wrong.size(), code.size()), longer) || digits_of(code) != digits) continue;
    const std::size_t distance = edit_distance(wrong, code);
    if (!is_near(distance, longer)) continue;
    const Rank rank{distance, kMaxMisspelt - shared_prefix(code, wrong), gap(code.size(), wrong.size()), gap(i, place)};
    if (!least || rank < *least) {
      least = rank;
      best = code;
    }
  }
  return best;
}

const CodeList::Entry* CodeList::only_with_digits(std::string_view digits) const {
  const Entry* only = nullptr;
  for (const Entry& entry : entries_) {
    const std::string_view code = entry.code;
    if (code != digits && (code.empty() || is_digit(code[0]) || code.substr(1) != digits)) continue;
    if (only) return nullptr;
    only = &entry;
  }
  return only;
}

const CodeList::Entry* CodeList::other_spelling(std::string_view wrong) const {
  const std::string upper = upper_case(wrong);
  std::string with_points = upper;
  std::ranges::replace(with_points, ',', '.');
  std::string plain;
  std::ranges::copy_if(upper, std::back_inserter(plain),
                       [](char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; });
  for (const std::string& form : {upper, with_points, plain})
    if (const Entry* entry = find(form)) return entry;
  // What is finer than the list goes: 9.4.1, C27100, a country's own tariff of eight digits.
  if (std::ranges::count(with_points, '.') == 2)
    if (const Entry* entry = find(std::string_view(with_points).substr(0, with_points.rfind('.')))) return entry;
  const auto letters = static_cast<std::size_t>(std::ranges::find_if(plain, is_digit) - plain.begin());
  const std::string digits = plain.substr(letters);
  if (digits.empty() || entries_.empty() || !std::ranges::all_of(digits, is_digit)) return nullptr;
  const std::size_t longest = std::ranges::max(entries_, {}, [](const Entry& entry) { return entry.code.size(); }).code.size();
  if (letters == 1) return plain.size() > longest ? find(std::string_view(plain).substr(0, longest)) : nullptr;
  // Digits alone or with a word before them ("SDG 9.4", "HS 8541", "27").
  if (const Entry* entry = find(std::string_view(with_points).substr(with_points.find_first_of("0123456789")))) return entry;
  if (const Entry* entry = only_with_digits(digits)) return entry;
  // What a spreadsheet takes for a number loses its leading zeros.
  for (const std::string& padded : {"0" + digits, "00" + digits})
    if (const Entry* entry = only_with_digits(padded)) return entry;
  return digits.size() > longest ? only_with_digits(std::string_view(digits).substr(0, longest)) : nullptr;
}

std::string CodeList::level_below(std::string_view wrong) const {
  const std::string upper = upper_case(wrong.substr(0, kMaxMisspelt));
  for (std::size_t size = upper.size(); size-- > 1;) {
    const Entry* above = find(std::string_view(upper).substr(0, size));
    if (!above) continue;
    const Entry *first = nullptr, *last = nullptr;
    for (const Entry& entry : entries_)
      if (entry.parent == above->code) {
        if (!first) first = &entry;
        last = &entry;
      }
    // `18` is not below goal 1, whose targets are 1.1 and so on.
    const bool below = first && first->code.size() > size && is_digit(first->code[size]) == is_digit(upper[size]) &&
                       first->code.starts_with(above->code);
    if (!below) return {};
    return "below `" + above->code + "` there are `" + first->code + "` to `" + last->code + "`";
  }
  return {};
}

std::string_view CodeList::title(std::string_view code, std::string_view language) const {
  const Entry* entry = find(code);
  if (!entry) return code;
  for (const std::string_view wanted : {language, std::string_view("en")}) {
    const auto index = un_language(wanted);
    if (index && *index < entry->titles.size() && !entry->titles[*index].empty()) return entry->titles[*index];
  }
  return entry->code;
}

}  // namespace counterpart::engine
