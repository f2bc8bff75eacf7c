#include "engine/programme/programme_cases.h"

#include <algorithm>
#include <chrono>

#include "engine/cycles/life_cycles.h"
#include "engine/profile/profile_check.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMaxSeats = 10'000, kMaxJurors = 100, kMaxMonths = 600;
constexpr double kMaxFee = 1e12;

// Kinds that only programmes run which name them.
std::vector<std::string_view> declared_kinds() {
  std::vector<std::string_view> kinds;
  for (const KindRow& row : life_cycles().kinds)
    if (row.declared) kinds.push_back(row.kind);
  return kinds;
}

// A text that is a slug.
std::string slug(Reading& reading, std::string_view key, const toml::node& node) {
  const std::optional<std::string> value = reading.text(key, node);
  if (!value) return {};
  if (const Status status = check_slug(*value); !status) {
    reading.wrong(node, engine::quoted(*value) + " " + status.error().message, status.error().remedy);
    return {};
  }
  return *value;
}

template <auto kMember>
void slug_into(Reading& reading, std::string_view key, const toml::node& node, auto& target) {
  if (std::string value = slug(reading, key, node); !value.empty()) target.*kMember = std::move(value);
}

template <auto kMember>
void date_into(Reading& reading, std::string_view key, const toml::node& node, CaseRules& rules) {
  if (!node.is_date())
    return reading.wrong(node, engine::quoted(key) + " must be a date", "as in " + std::string(key) + " = 2027-01-31");
  const toml::date& date = node.as_date()->get();
  const std::chrono::year_month_day day{std::chrono::year(date.year), std::chrono::month(date.month),
                                        std::chrono::day(date.day)};
  rules.*kMember = static_cast<Day>(std::chrono::sys_days(day).time_since_epoch().count());
}

template <auto kMember, std::size_t kLeast, std::size_t kMost>
void number_into(Reading& reading, std::string_view key, const toml::node& node, auto& target) {
  if (const auto value = reading.whole(key, node, kLeast, kMost)) target.*kMember = static_cast<unsigned>(*value);
}

// ---- [cases]

void read_kinds(Reading& reading, std::string_view key, const toml::node& node, CaseRules& rules) {
  rules.kinds = reading.texts(key, node);
  const std::vector<std::string_view> known = declared_kinds();
  for (const std::string& kind : rules.kinds)
    if (std::ranges::find(known, kind) == known.end())
      reading.unknown(node, kind, "kind of case that a programme runs", known, "kinds are ");
}

void read_focal_points(Reading& reading, std::string_view key, const toml::node& node, CaseRules& rules) {
  if (!node.is_table())
    return reading.wrong(node, engine::quoted(key) + " must be a table of desks", "as in { KE = \"nairobi\" }");
  rules.focal_points.clear();
  for (const auto& [country, desk] : *node.as_table()) {
    const std::string code(country.str());
    if (const Status status = check_country(code, reading.taxonomy()); !status)
      reading.wrong(desk, engine::quoted(code) + " " + status.error().message, status.error().remedy);
    else if (std::string name = slug(reading, code, desk); !name.empty())
      rules.focal_points[code] = std::move(name);
  }
}

constexpr Key<CaseRules> kCasesKeys[] = {
    {"kinds", read_kinds},
    {"office", [](Reading& r, std::string_view key, const toml::node& n,
                  CaseRules& rules) { slug_into<&CaseRules::office>(r, key, n, rules); }},
    {"focal_points", read_focal_points},
};

// ---- [cohort]

void read_criteria(Reading& reading, std::string_view key, const toml::node& node, CaseRules& rules) {
  rules.criteria = reading.texts(key, node);
  for (const std::string& criterion : rules.criteria)
    if (const Status status = check_slug(criterion); !status)
      reading.wrong(node, engine::quoted(criterion) + " " + status.error().message, status.error().remedy);
}

constexpr Key<CaseRules> kCohortKeys[] = {
    {"opens", date_into<&CaseRules::opens>},
    {"closes", date_into<&CaseRules::closes>},
    {"seats", number_into<&CaseRules::seats, 1, kMaxSeats, CaseRules>},
    {"mentees", number_into<&CaseRules::mentees, 1, kMaxSeats, CaseRules>},
    {"jurors", number_into<&CaseRules::jurors, 1, kMaxJurors, CaseRules>},
    {"criteria", read_criteria},
};

// ---- [membership]

constexpr Key<Tier> kTierKeys[] = {
    {"name", slug_into<&Tier::name, Tier>},
    {"fee",
     [](Reading& r, std::string_view key, const toml::node& n, Tier& tier) {
       if (const auto fee = r.number(key, n, 0, kMaxFee)) tier.fee = *fee;
     }},
    {"currency",
     [](Reading& r, std::string_view key, const toml::node& n, Tier& tier) {
       const auto code = r.text(key, n);
       if (!code) return;
       if (const Status status = check_code(*code, r.taxonomy().currencies); !status)
         return r.wrong(n, engine::quoted(*code) + " " + status.error().message, status.error().remedy);
       tier.currency = *code;
     }},
    {"months", number_into<&Tier::months, 1, kMaxMonths, Tier>},
};

void read_tiers(Reading& reading, std::string_view key, const toml::node& node, CaseRules& rules) {
  if (!node.is_array())
    return reading.wrong(node, engine::quoted(key) + " must be a list of tiers",
                         "as in [{ name = \"small\", fee = 500, currency = \"EUR\", months = 12 }]");
  rules.tiers.clear();
  for (const toml::node& entry : *node.as_array()) {
    Tier tier;
    if (!read_table<Tier>(reading, entry, "a tier", kTierKeys, tier)) continue;
    for (const Key<Tier>& needed : kTierKeys)
      if (!entry.as_table()->contains(needed.name))
        reading.missing(entry, "the tier's `" + std::string(needed.name) + "` is missing",
                        "as in { name = \"small\", fee = 500, currency = \"EUR\", months = 12 }");
    if (rules.tier(tier.name)) reading.wrong(entry, engine::quoted(tier.name) + " is a tier already", "keep one");
    rules.tiers.push_back(std::move(tier));
  }
}

constexpr Key<CaseRules> kMembershipKeys[] = {
    {"criteria",
     [](Reading& r, std::string_view key, const toml::node& n, CaseRules& rules) { rules.admission = r.texts(key, n); }},
    {"tiers", read_tiers},
};

bool asks(std::string_view kind, Asks what) {
  return std::ranges::any_of(life_cycles().acts, [&](const ActRow& row) { return row.kind == kind && (row.asks & what); });
}

bool says(std::string_view kind, std::string_view fact) {
  const LifeCycles& table = life_cycles();
  return std::ranges::any_of(table.acts, [&](const ActRow& row) {
    return row.kind == kind && std::ranges::any_of(table.saids, [&](const SaidRow& said) {
             return !row.says.empty() && said.says == row.says && said.fact == fact;
           });
  });
}

}  // namespace

void read_cases(Reading& reading, const toml::node& node, CaseRules& rules) {
  read_table<CaseRules>(reading, node, "[cases]", kCasesKeys, rules);
}
void read_cohort(Reading& reading, const toml::node& node, CaseRules& rules) {
  read_table<CaseRules>(reading, node, "[cohort]", kCohortKeys, rules);
}
void read_membership(Reading& reading, const toml::node& node, CaseRules& rules) {
  read_table<CaseRules>(reading, node, "[membership]", kMembershipKeys, rules);
}

void check_cases(Reading& reading, const toml::node& declared, const CaseRules& rules) {
  const bool calls = std::ranges::any_of(rules.kinds, [](const std::string& kind) { return asks(kind, kOpenCall); });
  const bool has_tiers = std::ranges::any_of(rules.kinds, [](const std::string& kind) { return says(kind, "tier"); });
  if (calls && !rules.closes)
    reading.missing(declared, "a kind of case that has a call has no deadline",
                    "give [cohort] its last day, as in closes = 2027-01-31");
  if (calls && rules.criteria.empty())
    reading.missing(declared, "a jury has no criteria", "give [cohort] its `criteria`, as in criteria = [\"innovation\"]");
  if (rules.opens && rules.closes && *rules.closes < *rules.opens)
    reading.wrong(declared, "the call closes before it opens", "make `closes` the later day");
  if (!calls && (rules.closes || rules.opens || !rules.criteria.empty()))
    reading.wrong(declared, "[cohort] is for programmes that run a kind of case with a call",
                  "name the kind under [cases], or leave it out");
  if (has_tiers && rules.tiers.empty())
    reading.missing(declared, "a kind of case that has tiers finds none", "give [membership] its `tiers`");
  if (!has_tiers && !rules.tiers.empty())
    reading.wrong(declared, "[membership] is for programmes that run a kind of case with tiers",
                  "name the kind under [cases], or leave it out");
}

}  // namespace counterpart::engine
