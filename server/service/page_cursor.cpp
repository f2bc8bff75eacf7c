#include "server/service/page_cursor.h"

#include <bit>
#include <cstdint>

#include "engine/base/hash.h"
#include "engine/base/hex.h"
#include "index/base/codec.h"

namespace counterpart::server {
namespace {

// Tells one query's cursors from another's; not a secret.
std::uint64_t fingerprint(const SearchCall& call) {
  std::uint64_t hash = kFnv1aStart;
  const auto add = [&](std::string_view text) { hash = fnv1a("\xff", fnv1a(text, hash)); };
  add(call.q);
  for (const Condition& condition : call.where) {
    add(condition.field);
    for (const std::string& value : condition.any_of) add(value);
  }
  return hash;
}

std::optional<std::uint64_t> unhex(std::string_view text) {
  const std::optional<std::string> bytes = from_hex(text);
  std::uint64_t value = 0;
  return bytes && parse_big_endian(*bytes, value) ? std::optional(value) : std::nullopt;
}

}  // namespace

// Query hash (16 hex digits), then, or dashes for all of it: plan (16), rank (16), score bits (16); id.
constexpr std::size_t kNumber = 16, kNumbers = 3 * kNumber, kHead = kNumber + kNumbers;

std::string PageCursor::text(const SearchCall& call) const {
  if (!position) return hex(fingerprint(call)) + std::string(kNumbers, '-') + id;
  return hex(fingerprint(call)) + hex(std::uint64_t{plan.misspelt} << 32U | plan.common) + hex(position->rank) +
         hex(std::bit_cast<std::uint64_t>(position->score)) + id;
}

Result<PageCursor> PageCursor::parse(const SearchCall& call) {
  if (call.cursor.empty()) return PageCursor{};
  const auto refuse = [](std::string message) {
    return fail(ErrorCode::kInvalid, "cursor", std::move(message),
                "use `next_cursor` of the page before, with the same q and filters");
  };
  if (call.cursor.size() <= kHead || call.cursor.size() > kHead + 128) return refuse("not a cursor");
  const std::string_view text = call.cursor;
  if (text.substr(0, kNumber) != hex(fingerprint(call))) return refuse("the cursor is of another query");
  PageCursor cursor{{}, std::string(text.substr(kHead)), {}};
  const std::string_view numbers = text.substr(kNumber, kNumbers);
  if (call.q.empty()) return numbers == std::string(kNumbers, '-') ? Result<PageCursor>(cursor) : refuse("not a cursor");
  const auto plan = unhex(numbers.substr(0, kNumber)), rank = unhex(numbers.substr(kNumber, kNumber)),
             score = unhex(numbers.substr(2 * kNumber));
  if (!plan || !rank || !score || *rank > 0xff) return refuse("not a cursor");
  cursor.plan = {static_cast<std::uint32_t>(*plan >> 32U), static_cast<std::uint32_t>(*plan)};
  cursor.position = HitPosition{static_cast<std::uint8_t>(*rank), std::bit_cast<double>(*score)};
  return cursor;
}

bool PageCursor::before(const HitPosition& other, std::string_view other_id) const {
  if (!position) return true;
  if (other.rank != position->rank) return other.rank > position->rank;
  return other.score != position->score ? other.score < position->score : other_id > id;
}

}  // namespace counterpart::server
