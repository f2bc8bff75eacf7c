// The rules that a profile's values must keep, each by itself; profile_json.cpp says which member keeps which. A place
// in an error is relative to the value: empty, or "[1]" in a list; the callers put the names before it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/profile.h"
#include "engine/result.h"
#include "engine/taxonomy.h"

namespace counterpart {

// How the values of one profile are read.
struct Rules {
  const Taxonomy* taxonomy = nullptr;  // nullptr: our own bytes; shape alone is checked
  PrivateRemoved* removed = nullptr;  // where not null: told which private members are null
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

tl::unexpected<Error> refuse(std::string message, std::string remedy = {});

enum class Lines { kOne, kMany };  // kMany: \n \r \t are allowed
// Length in code points, control characters, noncharacters; a text of nothing but blanks if `blank_is_wrong`.
Status check_text(std::string_view text, std::size_t max_length, Lines lines, bool blank_is_wrong);
bool is_blank(std::string_view text);

// Formats. `text` is quoted when it is wrong.
Status check_profile_id(std::string_view text);
Status check_slug(std::string_view text);          // programmes, offices
// A programme, and what is vouched for under it after a colon: `ctcn`, `ctcn:endorsed`.
Status check_participation(std::string_view text);
Status check_language_tag(std::string_view text);  // BCP 47, well-formed: a language and subtags
Status check_email(std::string_view text);         // never quoted
Status check_date(std::string_view text);

// Codes of the taxonomy, in their canonical form.
Status check_code(std::string_view code, const CodeList& list);
Status check_country_or_group(std::string_view code, const Taxonomy& taxonomy);
// A word of a closed vocabulary that is not one of `words`.
Error wrong_word(std::string_view wrong, std::span<const std::string_view> words);

}  // namespace counterpart
