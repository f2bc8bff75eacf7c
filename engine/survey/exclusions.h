// Whom an office does not serve: a list of names and identifiers, and who among the profiles is meant by it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

struct ExcludedName {
  std::string name;                  // in any script and spelling; empty: the identifier alone
  std::optional<Identifier> number;  // scheme and id
  std::string country;               // ISO 3166-1 alpha-2; empty: not known
  std::string source, date;          // as the list has them
  std::uint64_t line = 0;            // of the list
};

// How surely an entry means a profile.
enum class Likeness : std::uint8_t {
  kIdentifier,  // by one and the same identifier: excluded, whatever anybody says
  kName,        // by the name, in one country or where none is stated: excluded until somebody has looked at it
  kAlike,       // by a name that is like it: to be looked at, and excluded from nothing
};
template <>
struct Vocabulary<Likeness> {
  static constexpr std::array<std::string_view, 3> kNames{"identifier", "name", "alike"};
};

// From so alike a name is the same one for kName, and for kAlike; of kName no number and no word may be another.
inline constexpr double kSameName = 0.95, kAlikeName = 0.85;

struct ListedAs {
  Likeness likeness = Likeness::kAlike;
  std::string name, source, date;  // of the entry
  std::uint64_t line = 0;
  bool operator==(const ListedAs&) const = default;
};

// Immutable; safe from any thread. Names are compared as the finder of duplicates does it (engine/taxonomy/names.h), with those
// entries that share the consonants of the whole name or one of its words; a word that more than 50 entries have finds nobody.
// A project is not who its name says: it is found by identifiers alone.
class Exclusions {
 public:
  Exclusions();  // of nobody
  // Keeps a reference to `taxonomy`.
  Exclusions(std::vector<ExcludedName> entries, const Taxonomy& taxonomy);
  ~Exclusions();
  Exclusions(Exclusions&&) noexcept;
  Exclusions& operator=(Exclusions&&) noexcept;

  // The entry that means it most surely, of several the first. Reads no private members. Nothing: none does.
  std::optional<ListedAs> find(const Profile& profile) const;
  bool empty() const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace counterpart::engine
