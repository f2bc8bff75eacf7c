#include "engine/taxonomy/name_query.h"

#include <algorithm>
#include <bit>
#include <ranges>

#include "engine/base/nearest.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMostWords = 32;
constexpr std::size_t kShortestPrefix = 2, kShortestIdPrefix = 3, kShortestBegun = 3;

// Slips that a word of so many letters may have and still be meant: none, one, two, three.
std::size_t slips_of(std::size_t length) { return length < 4 ? 0 : length < 8 ? 1 : length < 13 ? 2 : 3; }

// Which letters occur: words that differ in more of them than slips can make need not be compared.
std::uint64_t letters_of(std::string_view word) {
  std::uint64_t set = 0;
  for (const char c : word) set |= std::uint64_t{1} << (static_cast<unsigned char>(c) & 63U);
  return set;
}

struct Wanted {
  std::string_view word;
  std::uint64_t letters;
};
bool is_slip(const Wanted& wanted, std::string_view other, std::uint64_t letters) {
  const std::size_t slips = slips_of(wanted.word.size());
  if (slips == 0 || wanted.word.size() > kMaxMisspelt) return false;
  const std::size_t apart =
      wanted.word.size() > other.size() ? wanted.word.size() - other.size() : other.size() - wanted.word.size();
  if (apart > slips || static_cast<std::size_t>(std::popcount(wanted.letters ^ letters)) > 2 * slips) return false;
  return edit_distance(wanted.word, other) <= slips;
}

// Calls `see` with each word of a key until it answers true; whether it did.
template <class See>
bool any_word(std::string_view key, See see) {
  for (std::size_t from = 0; from < key.size();) {
    const std::size_t end = std::min(key.find(' ', from), key.size());
    if (see(key.substr(from, end - from))) return true;
    from = end + 1;
  }
  return false;
}

std::string_view behind_register(std::string_view id) {
  const std::size_t colon = id.rfind(':');
  return colon == id.npos ? id : id.substr(colon + 1);
}

}  // namespace

NameQuery::NameQuery(std::string_view typed, const LegalForms& forms)
    : typed_(typed), folded_id_(lower_case(typed)), key_(name_key(typed, forms)) {
  any_word(key_, [&](std::string_view word) {
    words_.emplace_back(word);
    letters_.push_back(letters_of(word));
    return words_.size() == kMostWords;
  });
  std::ranges::copy_if(key_, std::back_inserter(joined_), [](char c) { return c != ' '; });
  all_letters_ = letters_of(joined_);
}

std::uint32_t NameQuery::words_in(std::string_view name) const {
  std::uint32_t found = 0;
  any_word(name, [&](std::string_view word) {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (words_[i] == word) found |= std::uint32_t{1} << i;
    return false;
  });
  return found;
}

Named NameQuery::of(std::string_view id, std::string_view title, std::string_view name, std::uint32_t unknown) const {
  if (typed_.empty()) return Named::kNot;
  if (id == typed_ || title == typed_) return Named::kExactly;
  if (equal_but_case(id, folded_id_) || (!key_.empty() && name == key_)) return Named::kFolded;
  const bool id_begins = folded_id_.size() >= kShortestIdPrefix && id.size() > folded_id_.size() &&
                         equal_but_case(id.substr(0, folded_id_.size()), folded_id_);
  const bool begins = key_.size() >= kShortestPrefix && name.starts_with(key_);
  if (id_begins || (begins && name[key_.size()] == ' ')) return Named::kBeginning;
  if (begins || equal_but_case(behind_register(id), folded_id_)) return Named::kPrefix;
  if (words_.empty()) return Named::kNot;
  if (in_any_order(name)) return Named::kWords;
  return unknown != 0 && misspelt(name, unknown) ? Named::kMisspelt : Named::kNot;
}

bool NameQuery::in_any_order(std::string_view name) const {
  return std::ranges::all_of(words_, [&](const std::string& wanted) {
    const bool last = &wanted == &words_.back() && wanted.size() >= kShortestBegun;
    return any_word(name, [&](std::string_view word) { return last ? word.starts_with(wanted) : word == wanted; });
  });
}

bool NameQuery::misspelt(std::string_view name, std::uint32_t unknown) const {
  // As a whole, blanks in the wrong places included.
  if (name.size() < joined_.size() + 2 * kMostWords) {
    std::string joined;
    std::ranges::copy_if(name, std::back_inserter(joined), [](char c) { return c != ' '; });
    if (joined == joined_ || is_slip({joined_, all_letters_}, joined, letters_of(joined))) return true;
  }
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const bool may = (unknown >> i & 1U) != 0;
    const auto is_it = [&](std::string_view word) {
      return word == words_[i] || (may && is_slip({words_[i], letters_[i]}, word, letters_of(word)));
    };
    if (!any_word(name, is_it)) return false;
  }
  return true;
}

}  // namespace counterpart::engine
