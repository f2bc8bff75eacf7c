// One text however it was typed: what readers, vectors, words, names and the privacy check compare by. Nothing here
// changes what is stored or shown. All texts are valid UTF-8; all functions are safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace counterpart::engine {

// The same letters in one spelling: NFKC (full-width forms, ligatures, CO₂ as CO2, ㈱ as (株), Arabic presentation forms), one
// kind of apostrophe, double quote, hyphen and blank; without soft hyphens, zero-width and direction marks, controls but
// for tab and line ends, Arabic tatweel and harakat. Case, accents and digits of other scripts stay.
std::string normalise(std::string_view text);

// normalise(), and further what writers of `language` (BCP 47, may be empty) leave out or interchange without meaning
// another word: case (ß is ss; I is ı in Turkish, elsewhere İ and ı are i), digits of any script as 0-9, Arabic forms
// of alef, ya and ta marbuta, ё, traditional characters in Chinese; accents and letters such as ø, ł, æ, œ where the language
// does not tell words apart by them, and where it is not given.
std::string fold(std::string_view text, std::string_view language = {});

// fold() without a language, with the way back: for finding places in the text as it was given.
struct Folded {
  std::u16string text;
  std::vector<std::uint32_t> places;  // of each unit of `text`: the code point that it is from; at the end, how many there are
};
Folded fold_with_places(std::string_view text);

// Lines, and stretches of several words, that are all in capitals, in small letters but for the beginnings of sentences; a
// few capitals together (an abbreviation) stay. `text` is normalised. The text models know words in small letters far better.
std::string lower_shouting(std::string_view text);

}  // namespace counterpart::engine
