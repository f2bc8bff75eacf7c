// One company, project or expert as submitted: what it offers, what it seeks, who and where it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

struct Identifier {
  std::string scheme;
  std::string id;
  bool operator==(const Identifier&) const = default;
};

struct Organisation {
  std::optional<std::string> type;  // IATI OrganisationType code
  std::optional<Size> size;
  std::optional<int> founded;  // year
  std::optional<std::int64_t> employees;
  std::optional<bool> women_owned;
  std::optional<bool> women_led;
  std::vector<std::string> languages;  // BCP 47
  std::vector<Identifier> identifiers;
  std::optional<std::string> legal_name;  // private
  bool operator==(const Organisation&) const = default;
};

// A range of money, of which either end may be open, or no amount and the instruments alone.
struct Finance {
  std::optional<double> min;
  std::optional<double> max;
  std::string currency;                  // ISO 4217; may be empty where there is no amount
  std::vector<Cooperation> instruments;  // equity, loan, guarantee, grant
  bool operator==(const Finance&) const = default;
};

// Something that an organisation did, financed or worked on before: what it can do, shown by what it did.
struct Reference {
  std::string title, text;
  std::string country;      // ISO 3166-1 alpha-2, where it was done
  std::optional<int> year;  // in which it was done, or ended
  std::string sector;       // ISIC Rev.4
  bool operator==(const Reference&) const = default;
};

// The profile's own hard conditions on a counterpart. An empty list asks nothing.
struct PartnerConditions {
  std::vector<std::string> countries;          // ISO 3166-1 alpha-2 or a country group
  std::vector<std::string> exclude_countries;  // the same
  std::vector<std::string> country_groups;     // allowed beside `countries`
  std::vector<Kind> kinds;
  std::vector<Role> roles;
  std::vector<Size> sizes;
  std::vector<std::string> languages;
  std::vector<std::string> sectors;  // ISIC Rev.4, any level; a section takes in all below it
  bool operator==(const PartnerConditions&) const = default;
};

// Private: kept apart from the public record, never embedded, indexed or logged.
struct Contact {
  std::string person, email, phone, website, address;
  bool empty() const { return *this == Contact{}; }
  bool operator==(const Contact&) const = default;
};

inline constexpr int kUsualCapacity = 5;

struct Profile {
  std::string id;  // empty until one is given
  Kind kind = Kind::kCompany;
  std::optional<Gender> gender;  // of an expert; absent: not stated
  std::string title;
  std::string summary, offers, seeks;
  std::string lang;                                // BCP 47; empty until detected
  std::string country;                             // ISO 3166-1 alpha-2
  std::vector<std::string> countries_of_activity;  // alpha-2 or country groups
  std::vector<Role> roles;
  Organisation organisation;
  std::vector<std::string> sectors;   // ISIC Rev.4
  std::vector<std::string> products;  // HS 2022
  std::vector<std::string> technologies, themes;
  std::vector<std::string> sdgs;  // "9" or "9.4"
  std::vector<Cooperation> cooperation;
  std::optional<Stage> stage;
  std::optional<int> trl;  // 1-9
  std::optional<Ipr> ipr;
  std::optional<Finance> finance_offered, finance_sought;
  std::vector<Reference> references;
  PartnerConditions partner;
  int capacity = kUsualCapacity;  // introductions it can handle at once
  std::vector<std::string> programmes;
  std::string office;
  std::string valid_until;  // ISO 8601 date, empty: no end
  Contact contact;          // private
  bool operator==(const Profile&) const = default;
};

// Private members that somebody said to be none, in words (null): leaving them out says nothing of them.
struct PrivateRemoved {
  std::vector<std::string> members;  // "contact", "organisation.legal_name"
};

// Limits of one profile, in Unicode code points or entries.
inline constexpr std::size_t kMaxText = 20'000;
inline constexpr std::size_t kMaxTitle = 500;
inline constexpr std::size_t kMaxEntries = 64;  // of any list but countries
inline constexpr std::size_t kMaxSectors = 16;
inline constexpr std::size_t kMaxReferences = 32;
inline constexpr int kFirstYear = 1000, kLastYear = 2100;

}  // namespace counterpart::engine
