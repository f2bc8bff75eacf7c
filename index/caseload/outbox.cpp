#include "index/caseload/outbox.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace counterpart::index {
namespace {

constexpr std::int64_t kFirstPause = 60;  // seconds; four times as long after each failure
constexpr std::int64_t kLongestPause = 86'400;
constexpr std::size_t kMostWords = 500;
constexpr std::string_view kEnding = ".counterpart.eml";

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

// Up to the first that is no number. In cur flags follow: ":2,S".
std::vector<std::uint64_t> letters_in(std::string_view name) {
  std::vector<std::uint64_t> letters;
  const std::size_t end = name.find(kEnding);
  if (end == name.npos) return letters;
  const char* at = name.data();
  for (const char* const last = at + end; at < last;) {
    std::uint64_t letter = 0;
    const auto [next, error] = std::from_chars(at, last, letter);
    if (error != std::errc()) break;
    letters.push_back(letter);
    at = next + 1;
  }
  return letters;
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

std::string spool_name(const std::vector<std::uint64_t>& letters) {
  std::string name;
  for (const std::uint64_t letter : letters) {
    if (!name.empty()) name += '+';
    name += std::to_string(letter);
  }
  return name + std::string(kEnding);
}

Result<std::vector<SpooledFile>> spooled_files(const std::filesystem::path& spool, const char* part) {
  std::vector<SpooledFile> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(spool / part, error), end; !error && at != end; at.increment(error))
    if (std::vector<std::uint64_t> letters = letters_in(at->path().filename().string()); !letters.empty())
      files.push_back({at->path(), std::move(letters)});
  if (error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory)
    return fail(ErrorCode::kStorage, (spool / part).string(), error.message(), "check the directory's permissions");
  return files;
}

}  // namespace counterpart::index
