// Letters on their way: written in the batch that caused them, each once, and kept with what became of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/taxonomy/vocabulary.h"
#include "index/layer.h"

namespace counterpart::index {

enum class LetterState : std::uint8_t { kQueued, kSent, kRefused };

// Has no address: whoever sends it looks up the office's and desk's mail in the directory, an owner's among the private
// members.
struct StoredLetter {
  std::uint64_t number = 0;  // from 1 on, ascending in the order of writing; never given twice, so it names the letter outside
  Letter letter;
  std::vector<std::string> offices;  // that it concerns: both sides' and the reader's, each once
  LetterState state = LetterState::kQueued;
  std::int64_t at = 0;  // when it was written, seconds since 1970
  std::int64_t state_since = 0;
  unsigned tries = 0;         // that failed
  std::int64_t next_try = 0;  // of a queued one
  std::string words;          // of the last refusal, as the server said them; cut to 500 bytes
};

// How a try to send it ended.
struct Delivery {
  enum class Outcome : std::uint8_t {
    kSent,
    kFailed,   // may work later: it is tried again, ever more seldom, kMostTries times in all
    kRefused,  // for good
    kLater,    // was not tried: its turn is at `later`
  };
  std::uint64_t number = 0;
  Outcome outcome = Outcome::kSent;
  std::string words = {};
  std::int64_t later = 0;  // seconds since 1970
};
inline constexpr unsigned kMostTries = 8;  // about two days

// Which letters are listed; what is not given is not asked.
struct LetterFilter {
  std::optional<LetterState> state = {};
  std::string office = {};  // that it concerns
  std::string case_id = {};
};

// The letter after that try.
StoredLetter after_delivery(StoredLetter letter, const Delivery& delivery, std::int64_t now);

// The spool below the data directory: a Maildir whose file names have the numbers of the letters that are in them. It is no
// part of a backup: what lies in it is the mail program's.
inline constexpr const char* kSpool = "outbox";
// "7.counterpart.eml", "7+9.counterpart.eml".
std::string spool_name(const std::vector<std::uint64_t>& letters);

struct SpooledFile {
  std::filesystem::path file;
  std::vector<std::uint64_t> letters;  // at least one
};
// Files with letters in a part of the spool ("tmp", "new" or "cur"), flags of a mail program behind their names or not. Where
// there is no spool there are none. kStorage.
Result<std::vector<SpooledFile>> spooled_files(const std::filesystem::path& spool, const char* part);

}  // namespace counterpart::index

namespace counterpart::engine {
template <>
struct Vocabulary<index::LetterState> {
  static constexpr std::array<std::string_view, 3> kNames{"queued", "sent", "refused"};
};
}  // namespace counterpart::engine
