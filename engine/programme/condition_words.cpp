#include "engine/programme/condition_words.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/taxonomy/un_language.h"

namespace counterpart::engine {
namespace {

constexpr std::string_view kNotStated = "verdict.not_stated";
constexpr std::string_view kOfProfile = "owner.profile";

// THE table of fields whose values are words of ours, by the part of the catalogue that has them.
struct WordList {
  std::string_view field, words;
};
constexpr WordList kWordLists[] = {{"kind", "kind."},
                                   {"roles", "role."},
                                   {"cooperation", "cooperation."},
                                   {"finance_offered_instruments", "cooperation."},
                                   {"finance_sought_instruments", "cooperation."},
                                   {"stage", "stage."},
                                   {"ipr", "ipr."},
                                   {"size", "size."},
                                   {"gender", "gender."},
                                   {"women_owned", "flag."},
                                   {"women_led", "flag."}};

}  // namespace

PhraseWord field_word(std::string_view field) { return Term{"field." + std::string(field)}; }

PhraseWord word_of(std::string_view field, std::string_view key) {
  if ((field == "languages" || field == "lang") && un_language(key)) return Term{"language." + std::string(key)};
  const auto* list = std::ranges::find(kWordLists, field, &WordList::field);
  if (list == std::end(kWordLists)) return std::string(key);
  return Term{std::string(list->words) + std::string(key)};
}

Values words_of(std::string_view field, const Keys& keys) {
  Values values;
  for (const std::string& key : keys) values.words.push_back(word_of(field, key));
  return values;
}

Phrase in_words(const Condition& condition) {
  return {condition.negated ? "verdict.none_of" : "verdict.one_of",
          {{"field", Term{"field." + condition.field}}, {"values", words_of(condition.field, condition.any_of)}}};
}

Phrase in_words_about(PhraseArgument who, const Conditions& conditions) {
  std::vector<Phrase> all;
  for (const Condition& condition : conditions) all.push_back(in_words(condition));
  return {"verdict.about", {{"who", std::move(who)}, {"condition", std::move(all)}}};
}

Phrase with_label(Phrase condition, const Gate& gate) {
  if (gate.label == gate.name) return condition;
  return {"verdict.labelled", {{"condition", nested(std::move(condition))}, {"label", Authored{gate.label}}}};
}

Phrase remedy_of(const Gate& gate) {
  return gate.remedy.empty() ? Phrase{} : Phrase{"verdict.authored", {{"text", Authored{gate.remedy}}}};
}

Phrase stated(const Profile& profile, std::string_view field, const Taxonomy& taxonomy) {
  if (field == "country") {
    Values groups;
    for (const std::string& key : taxonomy.country_keys(profile.country))
      if (key != profile.country && !key.empty() && (key[0] < '0' || key[0] > '9')) groups.words.emplace_back(key);
    if (groups.words.empty()) return {"verdict.found", {{"values", Values{{profile.country}}}}};
    return {"verdict.found_country", {{"country", profile.country}, {"groups", std::move(groups)}}};
  }
  const Field* row = find_field(field);
  const Keys keys = row ? row->keys(profile, taxonomy) : Keys{};
  if (keys.empty()) return {std::string(kNotStated)};
  return {"verdict.found", {{"values", words_of(field, keys)}}};
}

bool is_unstated(const Phrase& found) { return found.key == kNotStated; }

Phrase owner_profile(std::string_view id) { return {std::string(kOfProfile), {{"id", std::string(id)}}}; }

Phrase owner_programme(const Programme& programme) { return {"owner.programme", {{"programme", programme.slug}}}; }

Phrase owner_side(const Programme& programme, std::size_t side) {
  return {"owner.side", {{"programme", programme.slug}, {"side", programme.sides[side].name}}};
}

Phrase owner_gate(const Programme& programme, const Gate& gate) {
  return {"owner.gate", {{"programme", programme.slug}, {"gate", gate.name}}};
}

PhraseArgument within_sentence(const Phrase& owner) {
  if (owner.key != kOfProfile) return nested(owner);
  return in_backticks(std::get<std::string>(owner.arguments.front().second));
}

std::string in_backticks(std::string_view id) { return "`" + std::string(id) + "`"; }

}  // namespace counterpart::engine
