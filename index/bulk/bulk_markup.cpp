#include "index/bulk/bulk_markup.h"

#include <unicode/unistr.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>

#include "engine/base/nearest.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMaxTag = 4096;  // an attribute may hold a picture; a `<` that far from its `>` opens no tag

// That end a line.
constexpr std::string_view kBlocks[] = {"p",  "br", "div", "li",         "ul",      "ol",      "tr", "table", "h1", "h2", "h3",
                                        "h4", "h5", "h6",  "blockquote", "section", "article", "hr", "pre",   "dl", "dt", "dd"};
constexpr std::string_view kInline[] = {"a",      "b",     "i",      "u",    "s",   "em",   "strong", "span",  "font",
                                        "small",  "big",   "sub",    "sup",  "td",  "th",   "tbody",  "thead", "img",
                                        "center", "code",  "strike", "del",  "ins", "mark", "o:p",    "html",  "body",
                                        "head",   "label", "abbr",   "cite", "q",   "wbr",  "figure", "iframe"};
// Whose content is no text.
constexpr std::string_view kHidden[] = {"script", "style", "title"};

// HTML's names of U+00A0 to U+00FF, in order.
constexpr std::string_view kLatin[] = {
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",   "laquo",
    "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",  "para",   "middot",
    "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",
    "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute",
    "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};
static_assert(std::size(kLatin) == 96);

struct Entity {
  std::string_view name;
  UChar32 character;
};
constexpr Entity kEntities[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},        {"quot", '"'},      {"apos", '\''},     {"ndash", 0x2013},
    {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},  {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D},
    {"bdquo", 0x201E},  {"bull", 0x2022},  {"hellip", 0x2026}, {"euro", 0x20AC},   {"trade", 0x2122},  {"ensp", ' '},
    {"emsp", ' '},      {"thinsp", ' '},   {"zwnj", 0x200C},   {"zwj", 0x200D},    {"lrm", 0x200E},    {"rlm", 0x200F},
    {"oelig", 0x0153},  {"OElig", 0x0152}, {"scaron", 0x0161}, {"Scaron", 0x0160}, {"lsaquo", 0x2039}, {"rsaquo", 0x203A},
    {"permil", 0x2030}, {"le", 0x2264},    {"ge", 0x2265},     {"ne", 0x2260},     {"minus", 0x2212},  {"rarr", 0x2192},
    {"larr", 0x2190},   {"alpha", 0x03B1}, {"beta", 0x03B2},   {"mu", 0x03BC},     {"Delta", 0x0394}};

bool is_one_of(std::string_view name, const auto& names) { return std::ranges::find(names, name) != std::end(names); }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == ':'; }

struct Tag {
  std::string name;
  bool closing = false;
  std::size_t end = 0;  // behind its `>`
};

// A tag that HTML knows, or a comment, beginning at `at`.
std::optional<Tag> tag_at(std::string_view text, std::size_t at) {
  Tag tag;
  if (text.substr(at).starts_with("<!--")) {
    const auto end = text.find("-->", at + 4);
    if (end == text.npos) return std::nullopt;
    tag.end = end + 3;
    return tag;
  }
  std::size_t to = at + 1;
  tag.closing = to < text.size() && text[to] == '/';
  if (tag.closing) ++to;
  const std::size_t name = to;
  while (to < text.size() && is_name(text[to]) && to - name < 12) ++to;
  tag.name = lower_case(text.substr(name, to - name));
  if (tag.name.empty() || to >= text.size()) return std::nullopt;
  if (text[to] != '>' && text[to] != '/' && text[to] != ' ' && text[to] != '\n' && text[to] != '\t') return std::nullopt;
  if (!is_one_of(tag.name, kBlocks) && !is_one_of(tag.name, kInline) && !is_one_of(tag.name, kHidden)) return std::nullopt;
  const auto end = text.substr(0, at + kMaxTag).find('>', to);
  if (end == text.npos) return std::nullopt;
  // "a < b and c > d" is no tag: what stands behind a tag's name has the form of attributes.
  const std::string_view inside = text.substr(to, end - to);
  if (inside.find_first_not_of(" /\t\n") != inside.npos && inside.find('=') == inside.npos) return std::nullopt;
  tag.end = end + 1;
  return tag;
}

// What stands behind `&`, up to and with its semicolon.
std::optional<UChar32> character_of(std::string_view name) {
  if (name.starts_with('#')) {
    name.remove_prefix(1);
    const bool hexadecimal = name.starts_with('x') || name.starts_with('X');
    if (hexadecimal) name.remove_prefix(1);
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number, hexadecimal ? 16 : 10);
    const bool right = error == std::errc{} && end == name.data() + name.size() && number >= 0x20 && number <= 0x10FFFF &&
                       (number < 0xD800 || number > 0xDFFF);
    return right ? std::optional(static_cast<UChar32>(number)) : std::nullopt;
  }
  if (const auto found = std::ranges::find(kLatin, name); found != std::end(kLatin))
    return static_cast<UChar32>(0xA0 + (found - std::begin(kLatin)));
  const auto found = std::ranges::find(kEntities, name, &Entity::name);
  return found == std::end(kEntities) ? std::nullopt : std::optional(found->character);
}

void append(std::string& text, UChar32 c) {
  if (c == 0xA0) return text.push_back(' ');
  icu::UnicodeString(c).toUTF8String(text);
}

// A new line, if there is not one already.
void end_line(std::string& text) {
  while (text.ends_with(' ')) text.pop_back();
  if (!text.empty() && !text.ends_with('\n')) text += '\n';
}

}  // namespace

std::string without_markup(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t next = std::min(text.find_first_of("<&", at), text.size());
    plain.append(text, at, next - at);
    at = next;
    if (at == text.size()) break;
    if (text[at] == '<') {
      const auto tag = tag_at(text, at);
      if (!tag) {
        plain += text[at++];
        continue;
      }
      if (is_one_of(tag->name, kBlocks)) end_line(plain);
      at = tag->end;
      if (!tag->closing && is_one_of(tag->name, kHidden))
        if (const auto close = text.find("</" + tag->name, at); close != text.npos) at = close;
      continue;
    }
    const std::size_t end = text.substr(0, at + 12).find(';', at);
    const auto character = end == text.npos ? std::nullopt : character_of(text.substr(at + 1, end - at - 1));
    if (character)
      append(plain, *character);
    else
      plain += '&';
    at = character ? end + 1 : at + 1;
  }
  return plain;
}

}  // namespace counterpart::index
