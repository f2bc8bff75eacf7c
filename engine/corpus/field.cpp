#include "engine/corpus/field.h"

#include <algorithm>
#include <charconv>

#include "engine/base/language_tag.h"
#include "engine/base/nearest.h"
#include "engine/profile/profile_check.h"

namespace counterpart::engine {
namespace {

// ---- keys

void add(Keys& keys, std::string_view key) {
  if (std::ranges::find(keys, key) == keys.end()) keys.emplace_back(key);
}

// The codes and all above them.
Keys with_ancestors(const std::vector<std::string>& codes, const CodeList& list) {
  Keys keys;
  for (const std::string& code : codes)
    for (const std::string_view key : list.lineage(code)) add(keys, key);
  return keys;
}

template <class Word>
Keys words_of(const std::vector<Word>& words) {
  Keys keys;
  for (const Word word : words) keys.emplace_back(name_of(word));
  return keys;
}

template <class Word>
Keys word_of(const std::optional<Word>& word) {
  return word ? Keys{std::string(name_of(*word))} : Keys{};
}

Keys flag_of(std::optional<bool> flag) { return flag ? Keys{*flag ? "true" : "false"} : Keys{}; }

Keys text_of(const std::string& text) { return text.empty() ? Keys{} : Keys{text}; }

// Active in a country: in its groups too. Active in a group: in the groups above it and in each of its countries.
Keys activity_keys(const std::vector<std::string>& places, const Taxonomy& taxonomy) {
  Keys keys;
  for (const std::string& place : places) {
    for (const std::string& key : taxonomy.country_keys(place)) add(keys, key);
    const auto groups = taxonomy.country_groups.lineage(place);
    for (const std::string_view key : groups) add(keys, key);
    if (groups.empty()) continue;
    for (const std::size_t member : taxonomy.members_of(place)) add(keys, taxonomy.countries.entries()[member].code);
  }
  return keys;
}

// The tag and all wider ones: pt-BR, pt. Nothing for a language that could not be told.
void add_tag(Keys& keys, std::string_view text) {
  std::string tag = canonical_language(text);
  while (!tag.empty() && tag != "und") {
    add(keys, tag);
    const std::size_t cut = tag.rfind('-');
    tag.resize(cut == tag.npos ? 0 : cut);
  }
}

Keys language_keys(const Profile& profile) {
  Keys keys;
  for (const std::string& tag : profile.organisation.languages) add_tag(keys, tag);
  add_tag(keys, profile.lang);
  return keys;
}

// "ctcn:endorsed" takes part in ctcn.
Keys participation_keys(const std::vector<std::string>& programmes) {
  if (programmes.empty()) return {std::string(kAnyKey)};
  Keys keys;
  for (const std::string& entry : programmes) {
    add(keys, std::string_view(entry).substr(0, entry.find(':')));
    add(keys, entry);
  }
  return keys;
}

Keys instrument_keys(const std::optional<Finance>& finance) { return finance ? words_of(finance->instruments) : Keys{}; }

Keys canonical_tags(const std::vector<std::string>& tags) {
  Keys keys;
  for (const std::string& tag : tags) add(keys, canonical_language(tag));
  return keys;
}

// ---- parsers

Result<std::string> result_of(const Status& status, std::string value) {
  if (!status) return tl::unexpected(status.error());
  return value;
}

// The code as the list spells it, whatever the case.
std::string spelling(std::string_view value, const CodeList& list) {
  for (std::string candidate : {std::string(value), upper_case(value), lower_case(value)})
    if (list.find(candidate)) return candidate;
  return std::string(value);
}

template <CodeList Taxonomy::*kList>
Result<std::string> parse_code(std::string_view value, const Taxonomy& taxonomy) {
  std::string code = spelling(value, taxonomy.*kList);
  return result_of(check_code(code, taxonomy.*kList), code);
}

Result<std::string> parse_place(std::string_view value, const Taxonomy& taxonomy) {
  std::string code = spelling(value, taxonomy.countries);
  if (!taxonomy.countries.find(code)) code = spelling(value, taxonomy.country_groups);
  return result_of(check_country_or_group(code, taxonomy), code);
}

template <class T>
Result<std::string> parse_word_of(std::string_view value, const Taxonomy&) {
  std::string word = lower_case(value);
  if (parse_word<T>(word)) return word;
  return tl::unexpected(wrong_word(value, Vocabulary<T>::kNames));
}

Result<std::string> parse_flag(std::string_view value, const Taxonomy&) {
  const std::string word = lower_case(value);
  if (word == "true" || word == "yes") return "true";
  if (word == "false" || word == "no") return "false";
  return refuse(quoted(value) + " is neither true nor false", "true or false");
}

Result<std::string> parse_trl(std::string_view value, const Taxonomy&) {
  if (value.size() == 1 && value[0] >= '1' && value[0] <= '9') return std::string(value);
  return refuse(quoted(value) + " is no technology readiness level", "1 to 9");
}

Result<std::string> parse_tag(std::string_view value, const Taxonomy&) {
  return result_of(check_language_tag(value), canonical_language(value));
}

Result<std::string> parse_language(std::string_view value, const Taxonomy&) {
  return result_of(check_language_tag(value), primary_language(value));
}

Result<std::string> parse_slug(std::string_view value, const Taxonomy&) {
  return result_of(check_slug(value), std::string(value));
}

Result<std::string> parse_has(std::string_view value, const Taxonomy&) {
  static constexpr std::string_view kMembers[] = {"summary",        "offers",         "seeks",         "finance_offered",
                                                  "finance_sought", "amount_offered", "amount_sought", "references"};
  std::string word = lower_case(value);
  if (std::ranges::find(kMembers, word) != std::end(kMembers)) return word;
  return tl::unexpected(wrong_word(value, kMembers));
}

// ---- THE table

using P = const Profile&;
using T = const Taxonomy&;
using Demands = const PartnerConditions&;

constexpr Field kFields[] = {
    {"country", "seat of a company, place of a project: ISO 3166-1 alpha-2 or a country group (LDC, developing, 002)",
     [](P p, T t) {
       const auto keys = t.country_keys(p.country);
       return Keys(keys.begin(), keys.end());
     },
     parse_place,
     [](Demands d) {
       Keys keys = d.countries;
       for (const std::string& group : d.country_groups) add(keys, group);
       return keys;
     }},
    {"countries_of_activity", "where it works: ISO 3166-1 alpha-2 or a country group",
     [](P p, T t) { return activity_keys(p.countries_of_activity, t); }, parse_place, nullptr},
    {"kind", "company, project or expert", [](P p, T) { return Keys{std::string(name_of(p.kind))}; }, parse_word_of<Kind>,
     [](Demands d) { return words_of(d.kinds); }},
    {"roles", "what it does, as in technology_supplier, investor, local_partner", [](P p, T) { return words_of(p.roles); },
     parse_word_of<Role>, [](Demands d) { return words_of(d.roles); }},
    {"sectors", "ISIC Rev.4 at any level (C, C27, C271, C2710); a section takes in all below it",
     [](P p, T t) { return with_ancestors(p.sectors, t.sectors); }, parse_code<&Taxonomy::sectors>,
     [](Demands d) { return d.sectors; }},
    {"products", "HS 2022, 2, 4 or 6 digits; a chapter takes in all below it",
     [](P p, T t) { return with_ancestors(p.products, t.products); }, parse_code<&Taxonomy::products>, nullptr},
    {"technologies", "codes of datasets/taxonomy/technologies.tsv",
     [](P p, T t) { return with_ancestors(p.technologies, t.technologies); }, parse_code<&Taxonomy::technologies>, nullptr},
    {"themes", "codes of datasets/taxonomy/themes.tsv", [](P p, T t) { return with_ancestors(p.themes, t.themes); },
     parse_code<&Taxonomy::themes>, nullptr},
    {"sdgs", "Sustainable Development Goal (9) or target (9.4); a goal takes in its targets",
     [](P p, T t) { return with_ancestors(p.sdgs, t.sdgs); }, parse_code<&Taxonomy::sdgs>, nullptr},
    {"cooperation", "form of cooperation, as in licence, joint_venture, equity", [](P p, T) { return words_of(p.cooperation); },
     parse_word_of<Cooperation>, nullptr},
    {"stage", "stage of a technology (prototype) or of a project (feasibility)", [](P p, T) { return word_of(p.stage); },
     parse_word_of<Stage>, nullptr},
    {"trl", "technology readiness level, 1 to 9", [](P p, T) { return p.trl ? Keys{std::to_string(*p.trl)} : Keys{}; },
     parse_trl, nullptr},
    {"ipr", "state of the intellectual property rights", [](P p, T) { return word_of(p.ipr); }, parse_word_of<Ipr>, nullptr},
    {"type", "IATI organisation type, as in 70 (private sector)",
     [](P p, T) { return p.organisation.type ? Keys{*p.organisation.type} : Keys{}; },
     parse_code<&Taxonomy::organisation_types>, nullptr},
    {"size", "micro, small, medium or large", [](P p, T) { return word_of(p.organisation.size); }, parse_word_of<Size>,
     [](Demands d) { return words_of(d.sizes); }},
    {"women_owned", "true or false", [](P p, T) { return flag_of(p.organisation.women_owned); }, parse_flag, nullptr},
    {"women_led", "true or false", [](P p, T) { return flag_of(p.organisation.women_led); }, parse_flag, nullptr},
    {"gender", "of an expert: female, male or other", [](P p, T) { return word_of(p.gender); }, parse_word_of<Gender>, nullptr},
    {"lang", "language of the profile's text, as in fr", [](P p, T) { return text_of(primary_language(p.lang)); },
     parse_language, nullptr},
    {"languages", "languages it works in, that of its text included; pt takes in pt-BR",
     [](P p, T) { return language_keys(p); }, parse_tag, [](Demands d) { return canonical_tags(d.languages); }},
    // One that lists no programme takes part in every programme that it is eligible for.
    {"programmes",
     "programmes it takes part in; those that list none are found under *; a mark after a colon, as in ctcn:endorsed, is "
     "what the profile's office vouches for: here that the country's focal point endorses it",
     [](P p, T) { return participation_keys(p.programmes); },
     [](std::string_view value, T) -> Result<std::string> {
       if (value == kAnyKey) return std::string(value);
       return result_of(check_participation(value), std::string(value));
     },
     nullptr},
    {"office", "the office that answers for it", [](P p, T) { return text_of(p.office); }, parse_slug, nullptr},
    {"finance_offered_instruments", "instruments it offers, as in equity, loan, guarantee, grant",
     [](P p, T) { return instrument_keys(p.finance_offered); }, parse_word_of<Cooperation>, nullptr},
    {"finance_sought_instruments", "instruments it seeks", [](P p, T) { return instrument_keys(p.finance_sought); },
     parse_word_of<Cooperation>, nullptr},
    {"has",
     "summary, offers, seeks, references, finance_offered or finance_sought: profiles with a member of that name; "
     "amount_offered or amount_sought: those whose finance states how much",
     [](P p, T) {
       Keys keys;
       if (!p.summary.empty()) keys.emplace_back("summary");
       if (!p.offers.empty()) keys.emplace_back("offers");
       if (!p.seeks.empty()) keys.emplace_back("seeks");
       if (!p.references.empty()) keys.emplace_back("references");
       if (p.finance_offered) keys.emplace_back("finance_offered");
       if (p.finance_sought) keys.emplace_back("finance_sought");
       const auto states = [](const std::optional<Finance>& finance) { return finance && (finance->min || finance->max); };
       if (states(p.finance_offered)) keys.emplace_back("amount_offered");
       if (states(p.finance_sought)) keys.emplace_back("amount_sought");
       return keys;
     },
     parse_has, nullptr},
};

}  // namespace

std::span<const Field> fields() { return kFields; }

const Field* find_field(std::string_view name) {
  const auto found = std::ranges::find(kFields, name, &Field::name);
  return found == std::end(kFields) ? nullptr : found;
}

std::string demand_field(std::string_view field) { return "partner." + std::string(field); }

std::vector<IndexedKey> indexed_keys(const Profile& profile, const Taxonomy& taxonomy) {
  std::vector<IndexedKey> indexed;
  for (const Field& field : kFields) {
    for (std::string& key : field.keys(profile, taxonomy)) indexed.push_back({std::string(field.name), std::move(key)});
    if (!field.demanded) continue;
    Keys demanded = field.demanded(profile.partner);
    if (demanded.empty()) demanded.emplace_back(kAnyKey);
    for (std::string& key : demanded) indexed.push_back({demand_field(field.name), std::move(key)});
  }
  for (const std::string& country : profile.partner.exclude_countries)
    indexed.push_back({std::string(kExcludedCountries), country});
  return indexed;
}

}  // namespace counterpart::engine
