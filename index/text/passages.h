// Cuts a long text into passages of whole sentences.
#pragma once

#include <string_view>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// Views of `text`, in order, each about kPassageWords words of whole sentences (ICU's rules of `language`; Chinese
// counts two characters a word). Empty where all of it would be one passage: it stands for itself. At most kMaxPassages; what
// lies beyond them belongs to no passage. Safe from any thread.
inline constexpr std::size_t kPassageWords = 60;
inline constexpr std::size_t kMaxPassages = 24;
std::vector<std::string_view> passages_of(std::string_view text, std::string_view language);

// Views of `text`, in order: its sentences by ICU's rules of `language`, with the blanks behind them.
std::vector<std::string_view> sentences_of(std::string_view text, std::string_view language);

// The place of the best sentence to quote: `passage` cut at a sentence's or word's end to at most `longest` bytes.
std::string_view shortened(std::string_view passage, std::size_t longest);

}  // namespace counterpart::index
