// Which organisation a profile is of: keys under which two profiles of one organisation meet.
#pragma once

#include <string>
#include <string_view>

#include "engine/profile/profile.h"
#include "engine/taxonomy/names.h"

namespace counterpart::engine {

// "LEI 529900T8BM49AURSDO55": scheme and id in one spelling (upper case, letters and digits alone). IATI's prefix of a
// register's list (XI-LEI) goes. Empty: nothing is left of either.
std::string identifier_key(const Identifier& identifier);

// The key of the identifier that tells who it is: a LEI before others, then by scheme. Empty: it states none.
std::string strongest_identifier(const Profile& profile);

// What makes two profiles finds of one organisation: for caps of diversity and "never the same twice". The first of its
// identifiers, if it states one (a LEI before others, then by scheme), else a company's or expert's folded title with its
// country, else (a project; a title without letters) the profile's own id: two projects of one sponsor are two finds.
// legal_name is private and never read. Not reversible to anything that is not public.
std::string organisation_key(const Profile& profile, const LegalForms& forms);

// Is `stated` the organisation that a profile is of or whose project it is? It is an identifier, with its scheme ("LEI
// 529900T8BM49AURSDO55") or without, or a name in any spelling, with a legal form or without; it is compared with all
// identifiers, the title of a company or expert, and the legal name where the profile has it here.
bool is_of_organisation(std::string_view stated, const Profile& profile, const LegalForms& forms);

}  // namespace counterpart::engine
