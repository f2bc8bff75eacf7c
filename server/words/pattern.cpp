#include "server/words/pattern.h"

#include <algorithm>

namespace counterpart::server {
namespace {

bool is_digits(std::string_view text) {
  return !text.empty() && text.front() != ',' && text.find_first_not_of("0123456789,") == text.npos;
}

// "a, `b c` or d".
bool is_list(std::string_view text) {
  for (std::size_t at = 0;;) {
    const bool quoted = at < text.size() && text[at] == '`';
    const std::size_t from = quoted ? text.find('`', at + 1) : at;
    if (from == text.npos) return false;
    const std::size_t end = std::min(text.find_first_of(" ,", from), text.size());
    if (end == at) return false;
    if (end == text.size()) return true;
    const std::string_view rest = text.substr(end);
    const std::size_t gap = rest.starts_with(", ") ? 2 : rest.starts_with(" or ") ? 4 : 0;
    if (gap == 0) return false;
    at = end + gap;
  }
}

// May this stand in the gap of that name?
bool suits(std::string_view name, std::string_view text) {
  if (name.starts_with("number")) return is_digits(text);
  if (name.starts_with("code")) return text.find(' ') == text.npos;
  if (name.starts_with("list") || name.starts_with("choices")) return is_list(text);
  return true;
}

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

// An apostrophe quotes where a brace follows, and is doubled to stand for itself (ICU's "double optional").
Result<Pattern> Pattern::parse(std::string_view message) {
  Pattern pattern;
  std::string literal;
  bool quoted = false;
  for (std::size_t i = 0; i < message.size(); ++i) {
    const char c = message[i];
    const char next = i + 1 < message.size() ? message[i + 1] : '\0';
    if (c == '\'' && next == '\'') {
      literal += message[i++];
    } else if (c == '\'' && (quoted || next == '{' || next == '}')) {
      quoted = !quoted;
    } else if (c == '{' && !quoted) {
      const std::size_t end = message.find('}', i);
      const std::string_view name = message.substr(i + 1, end == message.npos ? end : end - i - 1);
      if (!is_name(name)) return fail(ErrorCode::kInvalid, {}, "{" + std::string(name) + "} is no plain argument");
      if (literal.empty() && !pattern.names_.empty())
        return fail(ErrorCode::kInvalid, {}, "nothing stands before {" + std::string(name) + "}, only an argument");
      pattern.literals_.push_back(std::move(literal));
      literal.clear();
      pattern.names_.emplace_back(name);
      i = end;
    } else {
      literal += c;
    }
  }
  pattern.literals_.push_back(std::move(literal));
  for (const std::string& part : pattern.literals_) pattern.own_text_ += part.size();
  if (pattern.own_text_ == 0) return fail(ErrorCode::kInvalid, {}, "has no text but its arguments");
  return pattern;
}

std::optional<Pattern::Gaps> Pattern::match(std::string_view text) const {
  const std::string& first = literals_.front();
  const std::string& last = literals_.back();
  if (names_.empty()) return text == first ? std::optional(Gaps()) : std::nullopt;
  if (text.size() < own_text_ || !text.starts_with(first) || !text.ends_with(last)) return std::nullopt;
  Gaps gaps;
  std::string_view rest = text.substr(first.size(), text.size() - first.size() - last.size());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string& before = literals_[i];
    const std::string& after = literals_[i + 1];
    const bool final_gap = i + 1 == names_.size();
    const bool quoted = before.ends_with('`') && after.starts_with('`');
    const std::size_t end = final_gap ? rest.size() : rest.find(after, quoted ? 0 : 1);
    if (end == rest.npos || (end == 0 && !quoted)) return std::nullopt;
    const std::string_view gap = rest.substr(0, end);
    if (!quoted && !suits(names_[i], gap)) return std::nullopt;
    gaps.emplace_back(names_[i], gap);
    if (!final_gap) rest.remove_prefix(end + after.size());
  }
  return gaps;
}

}  // namespace counterpart::server
