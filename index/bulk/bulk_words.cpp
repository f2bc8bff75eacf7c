#include "index/bulk/bulk_words.h"

#include <algorithm>

#include "engine/base/fold.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMaxHeading = 200;  // bytes; what is longer is a text and no heading

// Beyond ASCII, what may stand between two words; fold() makes one kind of apostrophe and of hyphen, and ASCII of full width.
constexpr std::string_view kBetween[] = {"–", "—", "’", "«", "»", "、", "。", "·", "،", "؛"};

void add(std::map<std::string, std::vector<CalledColumn>, std::less<>>& columns, const std::string& key, CalledColumn called) {
  std::vector<CalledColumn>& there = columns[key];
  if (std::ranges::find(there, called.column, &CalledColumn::column) == there.end()) there.push_back(std::move(called));
}

}  // namespace

std::string heading_key(std::string_view text) {
  if (text.size() > kMaxHeading) return {};
  std::string key = fold(text);
  for (const std::string_view sign : kBetween)
    for (auto at = key.find(sign); at != key.npos; at = key.find(sign, at)) key.erase(at, sign.size());
  std::erase_if(key, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
  });
  if (key.starts_with("organization")) key.replace(0, 12, "organisation");
  return key;
}

void BulkWords::call_column(std::string_view column, std::string_view language, const std::string& text,
                            std::string_view last) {
  const CalledColumn called{std::string(column), std::string(language)};
  add(whole_, heading_key(text), called);
  if (last.empty()) return;
  add(last_, heading_key(last), called);
  headings_.push_back(text);
}

void BulkWords::call_code(std::string_view code, std::string_view text) { codes_[heading_key(text)].emplace(code); }

void BulkWords::call_answer(std::string_view text) { answers_.insert(heading_key(text)); }

std::vector<CalledColumn> BulkWords::columns_called(std::string_view heading) const {
  const std::string key = heading_key(heading);
  if (key.empty()) return {};
  for (const Columns* columns : {&whole_, &last_})
    if (const auto found = columns->find(key); found != columns->end()) return found->second;
  return {};
}

std::optional<std::string> BulkWords::code_called(std::string_view text,
                                                  const std::function<bool(std::string_view)>& fits) const {
  const auto found = codes_.find(heading_key(text));
  if (found == codes_.end()) return std::nullopt;
  std::optional<std::string> only;
  for (const std::string& code : found->second) {
    if (!fits(code)) continue;
    if (only) return std::nullopt;
    only = code;
  }
  return only;
}

}  // namespace counterpart::index
