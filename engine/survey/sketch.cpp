#include "engine/survey/sketch.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "engine/base/fold.h"
#include "engine/base/hash.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kRun = 8;
constexpr std::size_t kMinLetters = 60;
constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15ULL;

// Letters and digits as numbers, however they were typed; `extent` counts what one of another script says.
std::vector<std::uint32_t> letters_of(std::string_view text, std::size_t& extent) {
  std::vector<std::uint32_t> letters;
  const icu::UnicodeString folded = icu::UnicodeString::fromUTF8(fold(text));
  for (std::int32_t at = 0; at < folded.length(); at = folded.moveIndex32(at, 1)) {
    const UChar32 c = folded.char32At(at);
    if (c < 0x80 ? !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) : !u_isalnum(c)) continue;
    letters.push_back(static_cast<std::uint32_t>(c));
    extent += c >= 0x800 ? 3 : 1;
  }
  return letters;
}

}  // namespace

Sketch sketch_of(std::string_view text) {
  std::size_t extent = 0;
  const std::vector<std::uint32_t> letters = letters_of(text, extent);
  if (extent < kMinLetters || letters.size() < kRun) return {};
  std::uint64_t leaving = 1;  // what a letter weighs when it leaves the run
  for (std::size_t i = 0; i < kRun; ++i) leaving *= kPrime;
  Sketch hashes;
  hashes.reserve(letters.size());
  std::uint64_t rolling = 0;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    rolling = rolling * kPrime + letters[i];
    if (i >= kRun) rolling -= leaving * letters[i - kRun];
    if (i + 1 >= kRun) hashes.push_back(spread_bits(rolling));
  }
  std::ranges::sort(hashes);
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  hashes.resize(std::min(hashes.size(), kSketchSize));
  hashes.shrink_to_fit();
  return hashes;
}

double resemblance(const Sketch& a, const Sketch& b) {
  if (a.empty() || b.empty()) return 0;
  std::size_t both = 0, seen = 0, i = 0, j = 0;
  // Of the least hashes of the union, how many are in both?
  for (; seen < kSketchSize && (i < a.size() || j < b.size()); ++seen) {
    if (j == b.size() || (i < a.size() && a[i] < b[j])) {
      ++i;
    } else if (i == a.size() || b[j] < a[i]) {
      ++j;
    } else {
      ++both, ++i, ++j;
    }
  }
  return static_cast<double>(both) / static_cast<double>(seen);
}

}  // namespace counterpart::engine
