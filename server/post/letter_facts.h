// What is known of a letter's case, as arguments of the catalogue's sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/casework/office.h"
#include "server/layer.h"
#include "server/post/compose.h"

namespace counterpart::server {

struct LetterFacts {
  struct DueOn {
    std::int64_t at = 0;  // seconds since 1970
    OnDay day;
  };
  PhraseArguments arguments;  // all that there are; a sentence takes some
  Term kind;
  std::string programme;  // its code; empty: none
  bool theirs = false;    // it is for the reader to act
  std::optional<DueOn> due;
  std::vector<Phrase> origins;    // of each party that another office's server sent: of which, and as of when
  std::vector<std::string> next;  // what the reader may do: keys of words
};

// Errors: of `sources`, but that a profile is not stored: its id stands for its title then.
Result<LetterFacts> facts_of(const LetterNow& letter, const Offices& offices, const LetterSources& sources);

// The reader's office; the duty office where there is no such office any more. There must be offices.
const Office& own_office(const LetterNow& letter, const Directory& directory);
// Whose letter it is: to a desk that of the desk whose act it tells of, else the reader's own.
const Office& sending_office(const LetterNow& letter, const Directory& directory);

}  // namespace counterpart::server
