#include "engine/match/would_help_edits.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "engine/corpus/field.h"
#include "engine/profile/profile_check.h"
#include "engine/programme/condition_words.h"
#include "engine/programme/eligibility.h"
#include "engine/taxonomy/money.h"

namespace counterpart::engine {
namespace {

struct Sight {
  const Profile& a;
  const Profile& b;
  const Programme& programme;
  const Taxonomy& taxonomy;
  std::vector<ProfileEdit>& out;
};

using Apply = std::function<void(Profile&)>;

template <class T>
bool has(const std::vector<T>& list, const T& value) {
  return std::ranges::find(list, value) != list.end();
}

// `condition`: a key under `edit.if`, "you also work in"; `what` stands in it as {what}.
Phrase state_it(std::string_view condition, PhraseArgument what, std::string_view member) {
  return {"edit.state",
          {{"condition", nested({"edit.if." + std::string(condition), {{"what", std::move(what)}}})},
           {"member", std::string(member)}}};
}

// "C27 (Manufacture of electrical equipment)".
PhraseArgument titled(Title::List list, const CodeList& codes, const std::string& code) {
  if (codes.title(code) == code) return code;
  return nested({"edit.titled", {{"code", code}, {"title", Title{list, code}}}});
}

PhraseArgument argument_of(const PhraseWord& word) {
  return std::visit([](const auto& one) { return PhraseArgument(one); }, word);
}

// What b's own conditions and those of the programme's sides and gates that a does not meet name of a field.
Keys demanded_of_a(const Sight& s, std::string_view name) {
  Keys wanted;
  const auto add_all = [&](const Keys& keys) {
    for (const std::string& key : keys)
      if (!has(wanted, key)) wanted.push_back(key);
  };
  const Field* field = find_field(name);
  if (field && field->demanded) add_all(field->demanded(s.b.partner));
  const auto add_broken = [&](const Conditions& conditions) {
    for (const Condition& condition : conditions)
      if (condition.field == name && !condition.negated && !holds(condition, s.a, s.taxonomy)) add_all(condition.any_of);
  };
  for (const ProgrammeSide& side : s.programme.sides) add_broken(side.eligible);
  for (const Gate& gate : s.programme.gates) add_broken(gate.conditions);
  return wanted;
}

Keys with(Keys stated, const Keys& demanded) {
  for (const std::string& key : demanded)
    if (!has(stated, key)) stated.push_back(key);
  return stated;
}

// ---- what a may state

using Texts = std::vector<std::string> Profile::*;

void list_codes(const Sight& s, Texts member, std::string_view name, Title::List titles, const CodeList& list,
                std::size_t longest) {
  if ((s.a.*member).size() >= longest) return;
  for (const std::string& code : with(s.b.*member, demanded_of_a(s, name)))
    if (!has(s.a.*member, code))
      s.out.push_back({std::string(name), state_it(name, titled(titles, list, code), name),
                       [member, code](Profile& p) { (p.*member).push_back(code); }});
}

void list_sectors(const Sight& s) {
  list_codes(s, &Profile::sectors, "sectors", Title::List::kSectors, s.taxonomy.sectors, kMaxSectors);
}
void list_technologies(const Sight& s) {
  list_codes(s, &Profile::technologies, "technologies", Title::List::kTechnologies, s.taxonomy.technologies, kMaxEntries);
}
void list_themes(const Sight& s) {
  list_codes(s, &Profile::themes, "themes", Title::List::kThemes, s.taxonomy.themes, kMaxEntries);
}
void list_sdgs(const Sight& s) { list_codes(s, &Profile::sdgs, "sdgs", Title::List::kSdgs, s.taxonomy.sdgs, kMaxEntries); }

void list_cooperation(const Sight& s) {
  if (s.a.cooperation.size() >= kMaxEntries) return;
  Keys words;
  for (const Cooperation form : s.b.cooperation) words.emplace_back(name_of(form));
  for (const std::string& word : with(words, demanded_of_a(s, "cooperation")))
    if (const auto form = parse_word<Cooperation>(word); form && !has(s.a.cooperation, *form))
      s.out.push_back({"cooperation", state_it("cooperation", argument_of(word_of("cooperation", word)), "cooperation"),
                       [form](Profile& p) { p.cooperation.push_back(*form); }});
}

void list_roles(const Sight& s) {
  for (const std::string& word : demanded_of_a(s, "roles"))
    if (const auto role = parse_word<Role>(word); role && !has(s.a.roles, *role))
      s.out.push_back({"roles", state_it("roles", argument_of(word_of("roles", word)), "roles"),
                       [role](Profile& p) { p.roles.push_back(*role); }});
}

void list_languages(const Sight& s) {
  const Field* field = find_field("languages");
  if (!field || s.a.organisation.languages.size() >= kMaxEntries) return;
  const Keys known = field->keys(s.a, s.taxonomy);
  for (const std::string& tag : with(field->keys(s.b, s.taxonomy), demanded_of_a(s, "languages")))
    if (!has(known, tag))
      s.out.push_back({"organisation.languages",
                       state_it("languages", argument_of(word_of("languages", tag)), "organisation.languages"),
                       [tag](Profile& p) { p.organisation.languages.push_back(tag); }});
}

void list_size(const Sight& s) {
  if (s.a.organisation.size) return;
  for (const std::string& word : demanded_of_a(s, "size"))
    if (const auto size = parse_word<Size>(word))
      s.out.push_back({"organisation.size", state_it("size", argument_of(word_of("size", word)), "organisation.size"),
                       [size](Profile& p) { p.organisation.size = p.organisation.size.value_or(*size); }});
}

void list_activity(const Sight& s) {
  const Field* field = find_field("countries_of_activity");
  if (!field || s.b.country.empty() || has(field->keys(s.a, s.taxonomy), s.b.country)) return;
  s.out.push_back(
      {"countries_of_activity",
       state_it("activity", titled(Title::List::kCountries, s.taxonomy.countries, s.b.country), "countries_of_activity"),
       [country = s.b.country](Profile& p) { p.countries_of_activity.push_back(country); }});
}

void list_programme(const Sight& s) {
  if (s.programme.slug == "open" || takes_part(s.a.programmes, s.programme.slug)) return;
  s.out.push_back({"programmes", state_it("programme", s.programme.slug, "programmes"),
                   [slug = s.programme.slug](Profile& p) { p.programmes.push_back(slug); }});
}

// ---- money and readiness

PhraseArgument told(const Finance& finance) {
  std::vector<PhraseWord> instruments;
  for (const Cooperation one : finance.instruments) instruments.push_back(word_of("cooperation", name_of(one)));
  Phrase range = range_of(finance.min, finance.max, finance.currency);
  if (range.empty()) return instruments;
  if (instruments.empty()) return nested({"edit.money", {{"amount", nested(std::move(range))}}});
  return nested({"edit.instruments", {{"instruments", std::move(instruments)}, {"amount", nested(std::move(range))}}});
}

// Stated money is a fact: it is added to, by an instrument or, in one currency, to the range that the other side names.
void list_finance(const Sight& s, std::optional<Finance> Profile::*own, std::optional<Finance> Profile::*theirs,
                  std::string_view member, std::string_view condition) {
  if (!(s.b.*theirs)) return;
  Finance widened = *(s.b.*theirs);
  if (const std::optional<Finance>& stated = s.a.*own) {
    const bool amount = stated->min || stated->max, their_amount = widened.min || widened.max;
    if (amount && their_amount && stated->currency != widened.currency) return;
    for (const Cooperation instrument : stated->instruments)
      if (!has(widened.instruments, instrument)) widened.instruments.push_back(instrument);
    const auto outer = [](std::optional<double>& wide, const std::optional<double>& mine, auto pick) {
      wide = wide && mine ? std::optional(pick(*wide, *mine)) : std::nullopt;
    };
    if (amount && their_amount) {
      outer(widened.min, stated->min, [](double x, double y) { return std::min(x, y); });
      outer(widened.max, stated->max, [](double x, double y) { return std::max(x, y); });
      if (!widened.min && !widened.max) return;  // a range needs an end
    } else if (amount) {
      widened.min = stated->min, widened.max = stated->max, widened.currency = stated->currency;
    }
    if (widened == *stated) return;
  }
  s.out.push_back({std::string(member), state_it(condition, told(*(s.b.*theirs)), member),
                   [own, widened](Profile& p) { p.*own = widened; }});
}

void list_finance_sought(const Sight& s) {
  list_finance(s, &Profile::finance_sought, &Profile::finance_offered, "finance.sought", "finance_sought");
}
void list_finance_offered(const Sight& s) {
  if (!s.a.finance_offered && !has(s.a.roles, Role::kInvestor) && !has(s.a.roles, Role::kFinancier)) return;
  list_finance(s, &Profile::finance_offered, &Profile::finance_sought, "finance.offered", "finance_offered");
}

void list_trl(const Sight& s) {
  if (s.a.trl || !s.b.trl) return;
  s.out.push_back({"trl", state_it("trl", std::to_string(*s.b.trl), "trl"), [trl = *s.b.trl](Profile& p) { p.trl = trl; }});
}

void list_stage(const Sight& s) {
  if (s.a.stage) return;
  Keys words;
  if (s.b.stage && s.a.kind == s.b.kind) words.emplace_back(name_of(*s.b.stage));  // the two halves never mix
  for (const std::string& word : with(words, demanded_of_a(s, "stage")))
    if (const auto stage = parse_word<Stage>(word))
      s.out.push_back({"stage", state_it("stage", argument_of(word_of("stage", word)), "stage"),
                       [stage](Profile& p) { p.stage = p.stage.value_or(*stage); }});
}

// ---- a's own conditions that b breaks

bool breaks(const Sight& s, std::string_view name) {
  const Field* field = find_field(name);
  const Keys allowed = field && field->demanded ? field->demanded(s.a.partner) : Keys{};
  return !allowed.empty() && !holds({std::string(name), allowed, false, {}}, s.b, s.taxonomy);
}

void widen(const Sight& s, std::string_view member, Phrase partner, Apply apply) {
  s.out.push_back({std::string(member),
                   {"edit.widen", {{"partner", nested(std::move(partner))}, {"member", std::string(member)}}},
                   std::move(apply)});
}

// One whose field b leaves unstated can only be dropped.
void drop(const Sight& s, std::string_view member, Apply apply) {
  s.out.push_back({std::string(member), {"edit.open", {{"member", std::string(member)}}}, std::move(apply)});
}

template <class T>
void widen_list(const Sight& s, std::string_view field, std::string_view member, std::vector<T> PartnerConditions::*list,
                const std::vector<T>& theirs, Phrase (*words)(const Sight&, const T&)) {
  if (!breaks(s, field)) return;
  if (theirs.empty()) return drop(s, member, [list](Profile& p) { (p.partner.*list).clear(); });
  for (const T& value : theirs)
    widen(s, member, words(s, value), [list, value](Profile& p) { (p.partner.*list).push_back(value); });
}

template <class Word>
Phrase who_is(std::string_view field, const Word& word) {
  return {"edit.partner.is", {{"what", argument_of(word_of(field, name_of(word)))}}};
}
Phrase who_is_in(Title::List list, const CodeList& codes, const std::string& code) {
  return {"edit.partner.in", {{"what", titled(list, codes, code)}}};
}

void widen_countries(const Sight& s) {
  if (!breaks(s, "country")) return;
  widen(s, "partner.countries", who_is_in(Title::List::kCountries, s.taxonomy.countries, s.b.country),
        [country = s.b.country](Profile& p) { p.partner.countries.push_back(country); });
}

void widen_exclusion(const Sight& s) {
  const auto keys = s.taxonomy.country_keys(s.b.country);
  const auto shut_out = [&](const std::string& place) { return std::ranges::find(keys, place) != keys.end(); };
  Keys dropped;
  std::ranges::copy_if(s.a.partner.exclude_countries, std::back_inserter(dropped), shut_out);
  if (dropped.empty()) return;
  s.out.push_back({"partner.exclude_countries",
                   {"edit.exclusion",
                    {{"country", titled(Title::List::kCountries, s.taxonomy.countries, s.b.country)},
                     {"names", words_of("country", dropped)}}},
                   [dropped](Profile& p) {
                     std::erase_if(p.partner.exclude_countries, [&](const std::string& c) { return has(dropped, c); });
                   }});
}

void widen_kinds(const Sight& s) {
  widen_list<Kind>(s, "kind", "partner.kinds", &PartnerConditions::kinds, {s.b.kind},
                   [](const Sight&, const Kind& kind) { return who_is("kind", kind); });
}
void widen_roles(const Sight& s) {
  widen_list<Role>(s, "roles", "partner.roles", &PartnerConditions::roles, s.b.roles,
                   [](const Sight&, const Role& role) { return who_is("roles", role); });
}
void widen_sizes(const Sight& s) {
  widen_list<Size>(s, "size", "partner.sizes", &PartnerConditions::sizes,
                   s.b.organisation.size ? std::vector{*s.b.organisation.size} : std::vector<Size>{},
                   [](const Sight&, const Size& size) { return who_is("size", size); });
}
void widen_languages(const Sight& s) {
  widen_list<std::string>(s, "languages", "partner.languages", &PartnerConditions::languages,
                          find_field("languages")->keys(s.b, s.taxonomy), [](const Sight&, const std::string& tag) -> Phrase {
                            return {"edit.partner.speaks", {{"what", argument_of(word_of("languages", tag))}}};
                          });
}
void widen_sectors(const Sight& s) {
  widen_list<std::string>(s, "sectors", "partner.sectors", &PartnerConditions::sectors, s.b.sectors,
                          [](const Sight& sight, const std::string& code) {
                            return who_is_in(Title::List::kSectors, sight.taxonomy.sectors, code);
                          });
}

constexpr void (*kEdits[])(const Sight&) = {
    list_sectors,  list_cooperation, list_technologies, list_themes,     list_sdgs,           list_languages,
    list_activity, list_roles,       list_size,         list_programme,  list_finance_sought, list_finance_offered,
    list_trl,      list_stage,       widen_countries,   widen_exclusion, widen_kinds,         widen_roles,
    widen_sizes,   widen_languages,  widen_sectors,
};

}  // namespace

std::vector<ProfileEdit> edits_towards(const Profile& a, const Profile& b, const Programme& programme,
                                       const Taxonomy& taxonomy) {
  std::vector<ProfileEdit> out;
  for (const auto list : kEdits) list({a, b, programme, taxonomy, out});
  return out;
}

}  // namespace counterpart::engine
