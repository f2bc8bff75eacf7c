#include "server/page_cursor.h"

#include <bit>
#include <charconv>
#include <cstdint>

namespace counterpart {
namespace {

// FNV-1a, to tell one query's cursors from another's; not a secret.
std::uint64_t fingerprint(const SearchCall& call) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    hash = (hash ^ 0xffU) * 0x100000001b3ULL;
  };
  add(call.q);
  for (const Condition& condition : call.where) {
    add(condition.field);
    for (const std::string& value : condition.any_of) add(value);
  }
  return hash;
}

std::string hex(std::uint64_t value) {
  char buffer[17];
  const auto end = std::to_chars(buffer, buffer + 16, value, 16).ptr;
  return std::string(16 - static_cast<std::size_t>(end - buffer), '0') + std::string(buffer, end);
}

std::optional<std::uint64_t> unhex(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

// query hash (16 hex digits), score bits (16, or 16 dashes), id.
std::string PageCursor::text(const SearchCall& call) const {
  return hex(fingerprint(call)) + (score ? hex(std::bit_cast<std::uint64_t>(*score)) : std::string(16, '-')) + id;
}

Result<PageCursor> PageCursor::parse(const SearchCall& call) {
  if (call.cursor.empty()) return PageCursor{};
  const auto refuse = [](std::string message) {
    return fail(ErrorCode::kInvalid, "cursor", std::move(message),
                "use `next_cursor` of the page before, with the same q and filters");
  };
  if (call.cursor.size() <= 32 || call.cursor.size() > 32 + 128) return refuse("not a cursor");
  const std::string_view text = call.cursor;
  if (text.substr(0, 16) != hex(fingerprint(call))) return refuse("the cursor is of another query");
  PageCursor cursor{{}, std::string(text.substr(32))};
  const std::string_view bits = text.substr(16, 16);
  if (call.q.empty() != (bits == std::string(16, '-'))) return refuse("not a cursor");
  if (!call.q.empty()) {
    const std::optional<std::uint64_t> value = unhex(bits);
    if (!value) return refuse("not a cursor");
    cursor.score = std::bit_cast<double>(*value);
  }
  return cursor;
}

bool PageCursor::before(double other_score, std::string_view other_id) const {
  if (!score) return true;
  return other_score != *score ? other_score < *score : other_id > id;
}

}  // namespace counterpart
