// THE table of filterable fields: one row gives a field its name, its keys, its parser and its help; the command line,
// the HTTP interface, programmes, bitmaps and reasons all read this table.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

using Keys = std::vector<std::string>;

// A profile is found under each of its keys of a field; hierarchical fields give the ancestors too (C2710 C271 C27 C),
// countries their groups (KE, africa, LMC, 002, ...).
struct Field {
  std::string_view name;  // as in --where, e.g. "country", "sectors"
  std::string_view help;
  Keys (*keys)(const Profile&, const Taxonomy&);
  // Canonical form of a value that a user gave, or kInvalid with a suggestion.
  Result<std::string> (*parse)(std::string_view value, const Taxonomy&);
  // What a profile's own `partner` condition on this field allows; empty: asks nothing. nullptr: no such condition.
  Keys (*demanded)(const PartnerConditions&);
};

std::span<const Field> fields();
const Field* find_field(std::string_view name);

// A row's own conditions on its counterpart are indexed beside its attributes, under the field "partner.<name>":
// each value it allows, or kAnyKey when it asks nothing; "partner.not.country" holds what it excludes.
inline constexpr std::string_view kAnyKey = "*";
inline constexpr std::string_view kExcludedCountries = "partner.not.country";
std::string demand_field(std::string_view field);  // "partner." + field

// Every (field, key) under which a profile is indexed, demands included.
struct IndexedKey {
  std::string field;
  std::string key;
};
std::vector<IndexedKey> indexed_keys(const Profile&, const Taxonomy&);

}  // namespace counterpart::engine
