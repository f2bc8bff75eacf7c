// The product's own words, read once.
#pragma once

#include <memory>

#include "server/words/speech.h"
#include "server/words/words.h"
#include "tests/support/taxonomy.h"

namespace counterpart::server {

inline const Words& shipped_words() {
  static const std::unique_ptr<const Words> loaded =
      Words::load(COUNTERPART_SOURCE_DIR "/datasets/words", real_taxonomy()).value();
  return *loaded;
}

inline std::string in_english(const Phrase& phrase) { return shipped_words().say(phrase, "en"); }

}  // namespace counterpart::server
