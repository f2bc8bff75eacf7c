// The rules that a profile's values must keep, each by itself; members.cpp says which member keeps which. A place
// in an error is relative to the value: empty, or "[1]" in a list; the callers put the names before it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// All that is to be said of one profile that was read.
struct Findings {
  std::vector<Error> faults;   // in the order of the text; at most kMaxFaults
  std::vector<Error> remarks;  // what was mended or is to be known, though the profile is taken
};
inline constexpr std::size_t kMaxFaults = 32;  // a row with more is another file than it is taken for

// How the values of one profile are read.
struct Rules {
  const Taxonomy* taxonomy = nullptr;  // nullptr: our own bytes; shape alone is checked
  Findings* findings = nullptr;        // set: reading goes on after a fault, and texts are cleaned instead of refused
  PrivateRemoved* removed = nullptr;   // where not null: told which private members are null
  bool trusted() const { return taxonomy == nullptr; }
};

// "organisation" + "identifiers[0]" -> "organisation.identifiers[0]"; "sectors" + "[1]" -> "sectors[1]".
std::string join_place(std::string outer, std::string_view inner);
// `text` between backquotes, cut to 80 characters at a character's end, without control characters.
std::string quoted(std::string_view text);
// A member's name as it may stand in a place: as given if it looks like a name, else "(unnamed)", since a name that is
// none may be a private value in the wrong place.
std::string_view printable_name(std::string_view name);
// "did you mean `x`?", or `otherwise` when x is empty.
std::string did_you_mean(std::string_view suggestion, std::string otherwise);

// The same of a country's name: "did you mean `GB`?", "it may be `CD` or `CG`".
std::string country_meant(std::string_view name, const CountryNames& names, std::string otherwise);

tl::unexpected<Error> refuse(std::string message, std::string remedy = {});

enum class Lines { kOne, kMany };  // kMany: \n \r \t are allowed
// Length in code points, control characters, noncharacters; a text of nothing but blanks if `blank_is_wrong`.
Status check_text(std::string_view text, std::size_t max_length, Lines lines, bool blank_is_wrong);
bool is_blank(std::string_view text);
// Takes out what check_text would refuse without its being part of the text: control characters; where `lines` is kOne,
// or where it parts words, a blank or a line end takes its place. How many there were.
std::size_t clean_text(std::string& text, Lines lines);

// Formats. `text` is quoted when it is wrong.
Status check_profile_id(std::string_view text);
Status check_slug(std::string_view text);  // programmes, offices
// A programme, and what is vouched for under it after a colon: `ctcn`, `ctcn:endorsed`.
Status check_participation(std::string_view text);
Status check_language_tag(std::string_view text);  // BCP 47, well-formed: a language and subtags
Status check_email(std::string_view text);         // never quoted
Status check_date(std::string_view text);

// Codes of the taxonomy, in their canonical form.
Status check_code(std::string_view code, const CodeList& list);
Status check_country(std::string_view code, const Taxonomy& taxonomy);
Status check_country_or_group(std::string_view code, const Taxonomy& taxonomy);
// A word of a closed vocabulary that is not one of `words`.
Error wrong_word(std::string_view wrong, std::span<const std::string_view> words);

}  // namespace counterpart::engine
