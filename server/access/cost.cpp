#include "server/access/cost.h"

#include <algorithm>

namespace counterpart::server {
namespace {

constexpr std::size_t kFreePieces = 500;  // that the cost of a call takes in already
constexpr std::size_t kExaminedBytes = 1U << 20;

// Letters of alphabets: ASCII, and the two-byte forms of Latin, Greek, Cyrillic, Hebrew and Arabic.
bool is_letter(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c >= 0x80 && c < 0xe0);
}

}  // namespace

std::size_t pieces_in(std::string_view text) {
  const std::string_view examined = text.substr(0, kExaminedBytes);
  std::size_t pieces = 0;
  for (std::size_t at = 0, run = 0; at < examined.size(); ++at) {
    const auto c = static_cast<unsigned char>(examined[at]);
    const bool letter = is_letter(c);
    run = letter ? run + 1 : 0;
    if (letter ? run % 4 == 1 : c > ' ') ++pieces;
    if (c >= 0xe0) at += c >= 0xf0 ? 3 : 2;
    if (c == '\\' && at + 1 < examined.size()) at += examined[at + 1] == 'u' ? 5 : 1;
  }
  return examined.size() == text.size() ? pieces : pieces * (text.size() / kExaminedBytes + 1);
}

double cost_of(Right right, std::string_view text) {
  const Grant& grant = grant_of(right);
  if (grant.text.per_thousand == 0) return grant.cost;
  const std::size_t seen = std::min(pieces_in(text), grant.text.most);
  return grant.cost +
         static_cast<double>(grant.text.per_thousand) * static_cast<double>(seen - std::min(seen, kFreePieces)) / 1000;
}

}  // namespace counterpart::server
