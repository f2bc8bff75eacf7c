#include "engine/programme/eligibility.h"

#include <algorithm>
#include <set>

#include "engine/base/date.h"
#include "engine/corpus/field.h"
#include "engine/programme/condition_words.h"

namespace counterpart::engine {
namespace {

using Owner = Condition::Owner;

constexpr std::string_view kCountryField = "country";

Phrase change_for(const Condition& condition, const Phrase& owner, std::string_view about, bool unstated) {
  if (condition.negated) return {"verdict.change.exclusion", {{"owner", within_sentence(owner)}}};
  Phrase change{unstated ? "verdict.change.state" : "verdict.change.widen",
                {{"who", in_backticks(about)}, {"values", words_of(condition.field, condition.any_of)}}};
  if (unstated)
    change.arguments.emplace_back("field", Term{"field." + condition.field});
  else
    change.arguments.emplace_back("owner", within_sentence(owner));
  return change;
}

void judge(const Conditions& conditions, const Phrase& owner, const Profile& about, const Taxonomy& taxonomy,
           std::vector<Verdict>& out) {
  for (const Condition& condition : conditions) {
    Verdict verdict{owner,
                    in_words_about(in_backticks(about.id), {condition}),
                    holds(condition, about, taxonomy),
                    stated(about, condition.field, taxonomy),
                    {}};
    if (!verdict.met) verdict.change = change_for(condition, owner, about.id, is_unstated(verdict.found));
    out.push_back(std::move(verdict));
  }
}

std::size_t broken(const Conditions& conditions, const Profile& profile, const Taxonomy& taxonomy) {
  return static_cast<std::size_t>(
      std::ranges::count_if(conditions, [&](const Condition& c) { return !holds(c, profile, taxonomy); }));
}

void judge_side(const Programme& programme, std::size_t side, const Profile& about, const Taxonomy& taxonomy,
                std::vector<Verdict>& out) {
  judge(programme.sides[side].eligible, owner_side(programme, side), about, taxonomy, out);
  for (const Gate& gate : programme.gates) {
    if (gate.side != side) continue;
    const std::size_t first = out.size();
    judge(gate.conditions, owner_gate(programme, gate), about, taxonomy, out);
    for (std::size_t i = first; i < out.size(); ++i) {
      out[i].condition = with_label(std::move(out[i].condition), gate);
      if (Phrase remedy = remedy_of(gate); !out[i].met && !remedy.empty()) out[i].change = std::move(remedy);
    }
  }
}

// Judges the pair by the programme's pair of sides that it comes nearest to.
void judge_programme(const Profile& a, const Profile& b, const Programme& programme, const Taxonomy& taxonomy,
                     std::vector<Verdict>& out) {
  if (programme.pairs.empty()) return;
  std::size_t side_a = 0, side_b = 0;
  // Shut gates only break ties: who lacks an endorsement stands nearer to that side than to one it was never meant for.
  std::pair<std::size_t, std::size_t> fewest{SIZE_MAX, SIZE_MAX};
  const auto consider = [&](std::size_t left, std::size_t right) {
    const std::size_t misses =
        broken(programme.sides[left].eligible, a, taxonomy) + broken(programme.sides[right].eligible, b, taxonomy);
    const std::size_t with_gates =
        broken(demands_of_side(programme, left), a, taxonomy) + broken(demands_of_side(programme, right), b, taxonomy);
    if (std::pair(misses, with_gates) < fewest) fewest = {misses, with_gates}, side_a = left, side_b = right;
  };
  for (const auto& [left, right] : programme.pairs) {
    consider(left, right);
    consider(right, left);
  }
  judge_side(programme, side_a, a, taxonomy, out);
  judge_side(programme, side_b, b, taxonomy, out);
}

void judge_validity(const Profile& profile, std::int32_t today, std::vector<Verdict>& out) {
  if (profile.valid_until.empty()) return;
  const Result<std::int32_t> last = parse_date(profile.valid_until);
  const bool valid = last && *last >= today;
  const std::string who = in_backticks(profile.id);
  out.push_back({owner_profile(profile.id),
                 {"verdict.valid", {{"who", who}}},
                 valid,
                 {"verdict.valid_until", {{"day", OnDay{last.value_or(0), true}}}},
                 valid ? Phrase{} : Phrase{"verdict.change.renew", {{"who", who}}}});
}

void judge_membership(const Profile& profile, const Programme& programme, std::vector<Verdict>& out) {
  if (programme.slug == "open" || profile.programmes.empty()) return;
  const bool member = takes_part(profile.programmes, programme.slug);
  const PhraseArguments both{{"who", in_backticks(profile.id)}, {"programme", programme.slug}};
  out.push_back({owner_profile(profile.id),
                 {"verdict.member", both},
                 member,
                 {"verdict.found", {{"values", words_of("programmes", profile.programmes)}}},
                 member ? Phrase{} : Phrase{"verdict.change.list", both}});
}

}  // namespace

Conditions demands_of(const Profile& profile, Condition::Owner owner) {
  Conditions conditions;
  for (const Field& field : fields()) {
    if (!field.demanded) continue;
    if (Keys allowed = field.demanded(profile.partner); !allowed.empty())
      conditions.push_back({std::string(field.name), std::move(allowed), false, owner});
  }
  if (!profile.partner.exclude_countries.empty())
    conditions.push_back({"country", profile.partner.exclude_countries, true, owner});
  return conditions;
}

bool can_be_tested(const Condition& condition, const Asker& asker) {
  return !asker.anonymous || (condition.field == kCountryField && !asker.profile.country.empty());
}

bool may_stand(const Asker& asker, const Programme& programme, std::size_t side, const Taxonomy& taxonomy) {
  if (!asker.side.empty() && programme.sides[side].name != asker.side) return false;
  return std::ranges::all_of(demands_of_side(programme, side), [&](const Condition& condition) {
    return !can_be_tested(condition, asker) || holds(condition, asker.profile, taxonomy);
  });
}

std::vector<std::size_t> sides_across(const Asker& asker, const Programme& programme, const Taxonomy& taxonomy) {
  std::set<std::size_t> sides;
  for (const auto& [left, right] : programme.pairs) {
    if (may_stand(asker, programme, left, taxonomy)) sides.insert(right);
    if (may_stand(asker, programme, right, taxonomy)) sides.insert(left);
  }
  return {sides.begin(), sides.end()};
}

Conditions admitting(const Asker& asker, const Taxonomy& taxonomy) {
  Conditions conditions;
  for (const Field& field : fields()) {
    if (!field.demanded || (asker.anonymous && (field.name != kCountryField || asker.profile.country.empty()))) continue;
    Keys keys = field.keys(asker.profile, taxonomy);
    keys.emplace_back(kAnyKey);
    conditions.push_back({demand_field(field.name), std::move(keys), false, Owner::kCounterpart});
  }
  if (const Field* country = find_field(kCountryField); country && !asker.profile.country.empty())
    conditions.push_back({std::string(kExcludedCountries), country->keys(asker.profile, taxonomy), true, Owner::kCounterpart});
  return conditions;
}

std::string_view field_demanded(const Condition& admitting) {
  return std::string_view(admitting.field).substr(admitting.field.rfind('.') + 1);
}

Conditions demands_of_side(const Programme& programme, std::size_t side) {
  Conditions all = programme.sides[side].eligible;
  for (const Gate& gate : programme.gates)
    if (gate.side == side) all.insert(all.end(), gate.conditions.begin(), gate.conditions.end());
  return all;
}

bool holds(const Condition& condition, const Profile& profile, const Taxonomy& taxonomy) {
  const Field* field = find_field(condition.field);
  if (!field) return condition.negated;
  const Keys keys = field->keys(profile, taxonomy);
  const bool any = std::ranges::any_of(
      keys, [&](const std::string& key) { return std::ranges::find(condition.any_of, key) != condition.any_of.end(); });
  return any != condition.negated;
}

Filter filter_for(const Asker& asker, const Programme& programme, const Conditions& where, const Taxonomy& taxonomy) {
  Filter filter{.all = demands_of(asker.profile, Owner::kSeeker), .either = {}};
  for (Condition& condition : admitting(asker, taxonomy)) filter.all.push_back(std::move(condition));
  filter.all.insert(filter.all.end(), where.begin(), where.end());
  // A profile that lists programmes takes part in those alone; one that lists none takes part wherever it is eligible.
  if (programme.slug != "open")
    filter.all.push_back({"programmes", {programme.slug, std::string(kAnyKey)}, false, Owner::kProgramme});

  if (programme.pairs.empty()) return filter;
  std::vector<std::size_t> sides;
  if (takes_part(asker.profile.programmes, programme.slug)) sides = sides_across(asker, programme, taxonomy);
  for (const std::size_t side : sides) filter.either.push_back(demands_of_side(programme, side));
  if (filter.either.empty()) filter.all.push_back({"kind", {}, false, Owner::kProgramme});  // nobody has one of no keys
  return filter;
}

std::vector<Verdict> verdicts_on(const Profile& a, const Profile& b, const Programme& programme, std::int32_t today,
                                 const Taxonomy& taxonomy) {
  std::vector<Verdict> verdicts;
  judge(demands_of(a, Owner::kSeeker), owner_profile(a.id), b, taxonomy, verdicts);
  judge(demands_of(b, Owner::kCounterpart), owner_profile(b.id), a, taxonomy, verdicts);
  judge_programme(a, b, programme, taxonomy, verdicts);
  judge_membership(a, programme, verdicts);
  judge_membership(b, programme, verdicts);
  judge_validity(a, today, verdicts);
  judge_validity(b, today, verdicts);
  return verdicts;
}

Verdict verdict_on_places(const std::string& id, const PlacesOf& places) {
  const std::string who = in_backticks(id);
  return {owner_profile(id),
          {"verdict.free_place", {{"who", who}}},
          !places.full(),
          {"verdict.places", {{"taken", std::int64_t{places.taken}}, {"all", std::int64_t{places.capacity}}}},
          places.full() ? Phrase{"verdict.change.free_place", {{"who", who}}} : Phrase{}};
}

}  // namespace counterpart::engine
