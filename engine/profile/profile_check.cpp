#include "engine/profile/profile_check.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <cstdint>

#include "engine/base/date.h"
#include "engine/base/nearest.h"
#include "engine/profile/traits.h"

namespace counterpart::engine {
namespace {

// Of valid UTF-8; `at` moves on to the next character.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  static constexpr unsigned char kLeadBits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t character = lead & kLeadBits[length];
  for (std::size_t i = 1; i < length && at + i < text.size(); ++i) character = character << 6 | (byte(at + i) & 0x3fU);
  at += length;
  return character;
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }
bool is_noncharacter(char32_t c) { return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef); }
bool is_line_end(char32_t c) { return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029; }

std::string code_point_name(char32_t c) {
  char name[16];
  return {name, static_cast<std::size_t>(std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(c)))};
}

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }

}  // namespace

std::string join_place(std::string outer, std::string_view inner) {
  if (!outer.empty() && !inner.empty() && inner[0] != '[') outer += '.';
  return outer += inner;
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kMaxQuoted = 80;
  std::string result = "`";
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < kMaxQuoted; ++count) {
    const std::size_t from = at;
    const char32_t c = next_character(text, at);
    if (is_control(c) || is_line_end(c)) {
      result += ' ';
    } else {
      result += text.substr(from, at - from);
    }
  }
  if (at < text.size()) result += "…";
  return result + "`";
}

std::string_view printable_name(std::string_view name) {
  const bool plain = !name.empty() && name.size() <= 40 && is_letter(name[0]) &&
                     std::ranges::all_of(name, [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; });
  return plain ? name : "(unnamed)";
}

std::string did_you_mean(std::string_view suggestion, std::string otherwise) {
  return suggestion.empty() ? otherwise : "did you mean `" + std::string(suggestion) + "`?";
}

tl::unexpected<Error> refuse(std::string message, std::string remedy) {
  return fail(ErrorCode::kInvalid, {}, std::move(message), std::move(remedy));
}

bool is_blank(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<UChar32>(next_character(text, at));
    if (!(U_GET_GC_MASK(c) & (U_GC_Z_MASK | U_GC_CC_MASK | U_GC_CF_MASK))) return false;
  }
  return true;
}

Status check_text(std::string_view text, std::size_t max_length, Lines lines, bool blank_is_wrong) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < text.size(); ++length) {
    const char32_t c = next_character(text, at);
    if (c >= ' ' && c < 0x7f) continue;
    if (is_line_end(c) && lines == Lines::kOne) return refuse("has a line break", "write it on one line");
    if (is_control(c) && (lines == Lines::kOne || (c != '\n' && c != '\r' && c != '\t')))
      return refuse("has the control character " + code_point_name(c), "remove it");
    if (is_noncharacter(c)) return refuse("has " + code_point_name(c) + ", which is no character", "remove it");
  }
  if (length > max_length)
    return refuse("has " + std::to_string(length) + " characters", "at most " + std::to_string(max_length));
  if (blank_is_wrong && is_blank(text)) return refuse("is empty", "write something, or leave the member out");
  return {};
}

std::size_t clean_text(std::string& text, Lines lines) {
  std::string clean;
  std::size_t found = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const char32_t c = next_character(text, at);
    const bool end = is_line_end(c) || c == 0x0b || c == 0x0c || c == 0x85;  // vertical tab, form feed and NEL end lines
    const bool kept = lines == Lines::kOne ? !is_control(c) && !end : !is_control(c) || c == '\n' || c == '\r' || c == '\t';
    if (kept && !is_noncharacter(c)) {
      clean.append(text, from, at - from);
      continue;
    }
    ++found;
    if (end || c == '\t') clean += lines == Lines::kOne ? ' ' : '\n';
  }
  if (found > 0) text = std::move(clean);
  return found;
}

Status check_profile_id(std::string_view text) {
  const bool right = !text.empty() && text.size() <= 128 && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || c == ':' || c == '.' || c == '_' || c == '-';
  });
  if (right) return {};
  return refuse(quoted(text) + " is no id", "1 to 128 of A-Z a-z 0-9 : . _ -");
}

Status check_slug(std::string_view text) {
  const bool right =
      !text.empty() && text.size() <= 64 && text[0] != '-' && text[0] != '_' &&
      std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '-'; });
  if (right) return {};
  const std::string lower = lower_case(text);
  const bool only_case = lower != text && check_slug(lower);
  return refuse(quoted(text) + " is no short name",
                did_you_mean(only_case ? std::string_view(lower) : "", "1 to 64 of a-z 0-9 - _, as in `itpo`"));
}

Status check_participation(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return check_slug(text);
  if (text.size() <= 64 && check_slug(text.substr(0, colon)) && check_slug(text.substr(colon + 1))) return {};
  return refuse(quoted(text) + " is no programme", "a short name, as in `ctcn`, or with a mark, as in `ctcn:endorsed`");
}

Status check_language_tag(std::string_view text) {
  const auto wrong = [&] { return refuse(quoted(text) + " is no language tag", "a BCP 47 tag, as in `fr` or `pt-BR`"); };
  if (text.size() > 35) return wrong();
  const std::string_view language = text.substr(0, text.find('-'));
  if (language.size() < 2 || language.size() > 3 || !std::ranges::all_of(language, is_letter)) return wrong();
  for (std::size_t at = language.size(); at < text.size();) {
    const std::size_t end = std::min(text.find('-', at + 1), text.size());
    const std::string_view subtag = text.substr(at + 1, end - at - 1);
    if (subtag.empty() || subtag.size() > 8 || !std::ranges::all_of(subtag, is_alphanumeric)) return wrong();
    at = end;
  }
  return {};
}

Status check_email(std::string_view text) {
  const std::size_t at = text.find('@');
  const bool right =
      at != text.npos && at > 0 && at + 1 < text.size() && text.find('@', at + 1) == text.npos && text.find(' ') == text.npos;
  if (right) return {};
  return refuse("is no e-mail address", "as in name@example.org");
}

Status check_date(std::string_view text) {
  const auto day = parse_date(text);
  if (day) return {};
  return refuse(quoted(text) + " " + day.error().message, day.error().remedy);
}

Status check_code(std::string_view code, const CodeList& list) {
  if (list.find(code)) return {};
  std::string otherwise = list.level_below(code);
  if (otherwise.empty()) otherwise = "a code as in `" + list.entries().front().code + "`";
  return refuse(quoted(code) + " is not in " + list.name(), did_you_mean(list.suggestion(code), std::move(otherwise)));
}

std::string country_meant(std::string_view name, const CountryNames& names, std::string otherwise) {
  const std::vector<std::string> codes = names.find(name);
  if (codes.empty()) return did_you_mean(names.nearest(name), std::move(otherwise));
  if (codes.size() == 1) return did_you_mean(codes.front(), {});
  std::string either = "it may be";
  for (const std::string& code : codes) either += (code == codes.front() ? " `" : " or `") + code + "`";
  return either;
}

Status check_country(std::string_view code, const Taxonomy& taxonomy) {
  if (taxonomy.countries.find(code)) return {};
  return refuse(quoted(code) + " is not in " + taxonomy.countries.name(),
                country_meant(code, taxonomy.country_names(), "an ISO 3166-1 alpha-2 code, as in `KE`"));
}

Status check_country_or_group(std::string_view code, const Taxonomy& taxonomy) {
  if (taxonomy.is_country_or_group(code)) return {};
  std::string remedy = country_meant(code, taxonomy.country_names(), {});
  if (remedy.empty() || taxonomy.country_names().find(code).empty())
    if (const std::string_view group = taxonomy.country_groups.suggestion(code); !group.empty())
      remedy = did_you_mean(group, {});
  if (remedy.empty()) remedy = "an ISO 3166-1 alpha-2 code, or a group as in `LDC`, `developing`, `002`";
  return refuse(quoted(code) + " is neither a country nor a country group", std::move(remedy));
}

Error wrong_word(std::string_view wrong, std::span<const std::string_view> words) {
  std::string allowed = "one of ";
  for (const std::string_view word : words) {
    if (word != words.front()) allowed += ", ";
    allowed += word;
  }
  return {
      ErrorCode::kInvalid, {}, quoted(wrong) + " is not a word of this member", did_you_mean(nearest(wrong, words), allowed)};
}

}  // namespace counterpart::engine
