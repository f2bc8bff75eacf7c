#include "engine/profile/word_diff.h"

#include <unicode/brkiter.h>
#include <unicode/utext.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <span>

namespace counterpart::engine {
namespace {

constexpr int kMostEdits = 4'000;  // blanks are counted too

using Tokens = std::vector<std::string_view>;

Tokens words_of(std::string_view text) {
  UErrorCode failed = U_ZERO_ERROR;
  const std::unique_ptr<icu::BreakIterator> words(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), failed));
  UText* opened = utext_openUTF8(nullptr, text.data(), static_cast<std::int64_t>(text.size()), &failed);
  const std::unique_ptr<UText, decltype(&utext_close)> utext(opened, utext_close);
  if (U_FAILURE(failed)) return {text};
  words->setText(utext.get(), failed);
  if (U_FAILURE(failed)) return {text};
  Tokens tokens;
  std::int32_t from = words->first();
  for (std::int32_t to = words->next(); to != icu::BreakIterator::DONE; from = to, to = words->next())
    tokens.push_back(text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from)));
  return tokens;
}

struct Edit {
  Change change;
  std::string_view token;
};

// Myers' furthest-reaching paths, kept for each number of edits, and the way back through them.
class Script {
 public:
  Script(std::span<const std::string_view> before, std::span<const std::string_view> after)
      : before_(before), after_(after), size_before_(static_cast<int>(before.size())),
        size_after_(static_cast<int>(after.size())) {}

  std::vector<Edit> run() {
    const int most = std::min(size_before_ + size_after_, kMostEdits);
    std::vector<int> furthest(static_cast<std::size_t>(2 * most + 3), 0);
    const auto at = [&](int k) -> int& { return furthest[static_cast<std::size_t>(k + most + 1)]; };
    for (int edits = 0; edits <= most; ++edits) {
      for (int k = -edits; k <= edits; k += 2) {
        int x = goes_down(edits, k, at(k - 1), at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
        while (x < size_before_ && x - k < size_after_ && before_[index(x)] == after_[index(x - k)]) ++x;
        at(k) = x;
        if (x >= size_before_ && x - k >= size_after_) {
          traces_.emplace_back(&at(-edits), &at(edits) + 1);
          return way_back(edits, k);
        }
      }
      traces_.emplace_back(&at(-edits), &at(edits) + 1);
    }
    std::vector<Edit> all;
    for (const std::string_view token : before_) all.push_back({Change::kRemoved, token});
    for (const std::string_view token : after_) all.push_back({Change::kAdded, token});
    return all;
  }

 private:
  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  static bool goes_down(int edits, int k, int left, int right) { return k == -edits || (k != edits && left < right); }

  // Of the end on diagonal `k` after so many edits, from back to front.
  std::vector<Edit> way_back(int edits, int k) const {
    std::vector<Edit> script;
    int x = traces_.back()[index(k + edits)];
    for (; edits > 0; --edits) {
      const std::vector<int>& before = traces_[index(edits - 1)];
      const auto reached = [&](int diagonal) { return before[index(diagonal + edits - 1)]; };
      const bool down = k == -edits || (k != edits && reached(k - 1) < reached(k + 1));
      const int from = down ? k + 1 : k - 1;
      const int start = down ? reached(from) : reached(from) + 1;
      for (; x > start; --x) script.push_back({Change::kKept, before_[index(x - 1)]});
      script.push_back(down ? Edit{Change::kAdded, after_[index(x - k - 1)]} : Edit{Change::kRemoved, before_[index(x - 1)]});
      x = reached(from);
      k = from;
    }
    for (; x > 0; --x) script.push_back({Change::kKept, before_[index(x - 1)]});
    std::ranges::reverse(script);
    return script;
  }

  std::span<const std::string_view> before_, after_;
  int size_before_, size_after_;
  std::vector<std::vector<int>> traces_;  // by number of edits: of diagonals -edits to edits; every other one is of that number
};

std::vector<Edit> script_of(const Tokens& before, const Tokens& after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t front = 0, back = 0;
  while (front < shorter && before[front] == after[front]) ++front;
  while (back < shorter - front && before[before.size() - 1 - back] == after[after.size() - 1 - back]) ++back;
  const auto middle = [&](const Tokens& all) { return std::span(all).subspan(front, all.size() - front - back); };
  std::vector<Edit> script;
  for (std::size_t i = 0; i < front; ++i) script.push_back({Change::kKept, before[i]});
  std::ranges::move(Script(middle(before), middle(after)).run(), std::back_inserter(script));
  for (std::size_t i = before.size() - back; i < before.size(); ++i) script.push_back({Change::kKept, before[i]});
  return script;
}

bool is_blank(std::string_view token) { return token.find_first_not_of(" \t\r\n") == token.npos; }

// A blank between two changes is told as a part of both, so that what replaced what reads as one.
bool is_between_changes(const std::vector<Edit>& script, std::size_t i) {
  return script[i].change == Change::kKept && is_blank(script[i].token) && i > 0 && i + 1 < script.size() &&
         script[i - 1].change != Change::kKept && script[i + 1].change != Change::kKept;
}

}  // namespace

std::vector<ChangedPart> word_diff(std::string_view before, std::string_view after) {
  const std::vector<Edit> script = script_of(words_of(before), words_of(after));
  std::vector<ChangedPart> parts;
  std::string removed, added;
  const auto flush = [&] {
    if (!removed.empty()) parts.push_back({Change::kRemoved, std::move(removed)});
    if (!added.empty()) parts.push_back({Change::kAdded, std::move(added)});
    removed.clear();
    added.clear();
  };
  for (std::size_t i = 0; i < script.size(); ++i) {
    const bool both = is_between_changes(script, i);
    if (both || script[i].change == Change::kRemoved) removed += script[i].token;
    if (both || script[i].change == Change::kAdded) added += script[i].token;
    if (both || script[i].change != Change::kKept) continue;
    flush();
    if (parts.empty() || parts.back().change != Change::kKept) parts.push_back({Change::kKept, {}});
    parts.back().text += script[i].token;
  }
  flush();
  return parts;
}

std::vector<ChangedPart> entry_diff(const std::vector<std::string>& before, const std::vector<std::string>& after) {
  std::vector<ChangedPart> parts;
  for (const Edit& edit : script_of({before.begin(), before.end()}, {after.begin(), after.end()}))
    parts.push_back({edit.change, std::string(edit.token)});
  return parts;
}

}  // namespace counterpart::engine
