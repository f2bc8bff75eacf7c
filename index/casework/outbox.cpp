#include "index/casework/outbox.h"

#include <algorithm>

namespace counterpart::index {
namespace {

constexpr std::int64_t kFirstPause = 60;  // seconds; four times as long after each failure
constexpr std::int64_t kLongestPause = 86'400;
constexpr std::size_t kMostWords = 500;

std::int64_t pause_after(unsigned tries) {
  std::int64_t pause = kFirstPause;
  for (unsigned i = 1; i < tries && pause < kLongestPause; ++i) pause *= 4;
  return std::min(pause, kLongestPause);
}

// Never within a character.
std::string cut(std::string words) {
  if (words.size() <= kMostWords) return words;
  std::size_t end = kMostWords;
  while (end > 0 && (static_cast<unsigned char>(words[end]) & 0xC0) == 0x80) --end;
  words.resize(end);
  return words;
}

}  // namespace

StoredLetter after_delivery(StoredLetter letter, const Delivery& delivery, std::int64_t now) {
  if (delivery.outcome == Delivery::Outcome::kLater) {
    letter.next_try = delivery.later;
    return letter;
  }
  letter.words = cut(delivery.words);
  const LetterState before = letter.state;
  if (delivery.outcome == Delivery::Outcome::kSent) {
    letter.state = LetterState::kSent;
  } else {
    ++letter.tries;
    const bool last = delivery.outcome == Delivery::Outcome::kRefused || letter.tries >= kMostTries;
    letter.state = last ? LetterState::kRefused : LetterState::kQueued;
    letter.next_try = now + pause_after(letter.tries);
  }
  if (letter.state != before) letter.state_since = now;
  return letter;
}

}  // namespace counterpart::index
