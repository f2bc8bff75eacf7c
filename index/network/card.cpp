#include <algorithm>
#include <array>
#include <utility>

#include "engine/base/hex.h"
#include "index/base/crypto.h"
#include "index/network/records.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kFirstLine = "counterpart office card 1";
constexpr std::size_t kMaxOffice = 64, kMaxName = 800, kMaxCard = 4096;

tl::unexpected<Error> wrong(std::string what) {
  return fail(ErrorCode::kInvalid, "card", std::move(what),
              "give the card as `counterpart network card` of that office wrote it");
}

std::string body_of(const OfficeCard& card) {
  return std::string(kFirstLine) + "\noffice: " + card.office + "\nname: " + card.name +
         "\nsign: " + engine::hex(card.keys.sign) + "\nseal: " + engine::hex(card.keys.seal) + "\n";
}

// Takes the line `name: value` off the front of `text`.
bool take_line(std::string_view& text, std::string_view name, std::string& value) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  if (end == text.npos || !line.starts_with(name) || !line.substr(name.size()).starts_with(": ")) return false;
  line.remove_prefix(name.size() + 2);
  if (line.ends_with('\r')) line.remove_suffix(1);
  value = line;
  text.remove_prefix(end + 1);
  return true;
}

bool is_one_line(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

Status check_office_id(std::string_view office) {
  const auto is_ok = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  if (!office.empty() && office.size() <= kMaxOffice && std::ranges::all_of(office, is_ok)) return {};
  return fail(ErrorCode::kInvalid, "office", "is no id of an office", "write 1 to 64 of a-z, 0-9, `.`, `_` and `-`, as lagos");
}

bool is_office_name(std::string_view name) { return !name.empty() && name.size() <= kMaxName && is_one_line(name); }

std::string write_card(const OfficeCard& card, const SecretKeys& keys) {
  const std::string body = body_of(card);
  return body + "signature: " + engine::hex(sign(body, keys)) + "\n";
}

Result<OfficeCard> read_card(std::string_view text) {
  if (text.size() > kMaxCard || !text.starts_with(kFirstLine)) return wrong("is no office's card");
  text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  OfficeCard card;
  std::string sign_key, seal_key, signature;
  if (!take_line(text, "office", card.office) || !take_line(text, "name", card.name) || !take_line(text, "sign", sign_key) ||
      !take_line(text, "seal", seal_key) || !take_line(text, "signature", signature))
    return wrong("is cut short");
  card.keys = {engine::from_hex(sign_key).value_or(""), engine::from_hex(seal_key).value_or("")};
  if (!are_keys(card.keys) || !is_signed(body_of(card), engine::from_hex(signature).value_or(""), card.keys))
    return wrong("was changed since it was written");
  if (Status valid = check_office_id(card.office); !valid) return tl::unexpected(valid.error());
  if (!is_office_name(card.name)) return wrong("has no name, or none of one line");
  return card;
}

std::string fingerprint_of(const OfficeCard& card) {
  constexpr std::size_t kDigits = 32, kGroup = 4;
  const std::string digits = engine::hex(digest_of(card.keys.sign + card.keys.seal)).substr(0, kDigits);
  std::string grouped;
  for (std::size_t at = 0; at < kDigits; at += kGroup) grouped += (at == 0 ? "" : " ") + digits.substr(at, kGroup);
  return grouped;
}

}  // namespace counterpart::index
