#include "engine/programme/programme_sections.h"

#include <algorithm>
#include <map>

#include "engine/allocation/panel_group.h"
#include "engine/profile/profile_check.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMaxSeats = 1'000;
constexpr std::size_t kMaxAlternates = 10;

// ---- gates

constexpr Key<NamedGate> kGateKeys[] = {
    {"label",
     [](Reading& r, std::string_view key, const toml::node& n, NamedGate& g) { text_into<&Gate::label>(r, key, n, g.gate); }},
    {"side",
     [](Reading& r, std::string_view key, const toml::node& n, NamedGate& g) {
       g.at = &n;
       text_into<&NamedGate::side>(r, key, n, g);
     }},
    {"requires",
     [](Reading& r, std::string_view key, const toml::node& n, NamedGate& g) { r.conditions(key, n, g.gate.conditions); }},
    {"remedy",
     [](Reading& r, std::string_view key, const toml::node& n, NamedGate& g) { text_into<&Gate::remedy>(r, key, n, g.gate); }},
};

// ---- groups of a panel

bool is_region(std::string_view code, const Taxonomy& taxonomy) {
  return taxonomy.country_groups.find(code) && (code == "africa" || (code[0] >= '0' && code[0] <= '9'));
}

void check_word(Reading& reading, const toml::node& node, std::string_view value, std::span<const std::string_view> words) {
  if (std::ranges::find(words, value) == words.end())
    reading.wrong(node, quoted(value) + " is no such group", Reading::allowed(value, words, "one of "));
}

struct GroupKind {
  std::string_view name;
  bool exclusive;  // nobody is in two groups of this kind
  void (*check)(Reading&, const toml::node&, std::string_view value);
};

constexpr GroupKind kGroupKinds[] = {
    {kConstituencyKind, true,
     [](Reading& r, const toml::node& n, std::string_view value) { check_word(r, n, value, kConstituencies); }},
    {kRegionKind, false,  // Eastern Africa lies in Africa
     [](Reading& r, const toml::node& n, std::string_view value) {
       if (!is_region(value, r.taxonomy()))
         r.wrong(n, quoted(value) + " is no UN M49 region", "a code as in `002` (Africa) or `035` (South-eastern Asia)");
     }},
    {kCountryGroupKind, false,
     [](Reading& r, const toml::node& n, std::string_view value) {
       if (!r.taxonomy().country_groups.find(value))
         r.wrong(n, quoted(value) + " is no country group",
                 did_you_mean(r.taxonomy().country_groups.suggestion(value), "one as in `LDC` or `developing`"));
     }},
    {kGenderKind, true,
     [](Reading& r, const toml::node& n, std::string_view value) { check_word(r, n, value, kPanelGenders); }},
};

void read_group(Reading& reading, std::string_view key, const toml::node& node, QuotaRule& quota) {
  const auto text = reading.text(key, node);
  if (!text) return;
  const std::size_t colon = text->find(':');
  const std::string_view kind = std::string_view(*text).substr(0, colon);
  const auto row = std::ranges::find(kGroupKinds, kind, &GroupKind::name);
  if (row == std::end(kGroupKinds) || colon == text->npos) {
    std::vector<std::string_view> names;
    for (const GroupKind& known : kGroupKinds) names.push_back(known.name);
    return reading.wrong(node, engine::quoted(*text) + " is no group of a panel",
                         Reading::allowed(row == std::end(kGroupKinds) ? kind : "", names,
                                          "write it as in `constituency:business`; before the colon stands one of "));
  }
  row->check(reading, node, std::string_view(*text).substr(colon + 1));
  quota.group = *text;
}

constexpr Key<QuotaRule> kQuotaKeys[] = {
    {"group", read_group},
    {"at_least", whole_into<&QuotaRule::at_least, 1, kMaxSeats>},
    {"at_most", whole_into<&QuotaRule::at_most, 0, kMaxSeats>},
    {"share_at_least", share_into<&QuotaRule::share_at_least>},
    {"share_at_most", share_into<&QuotaRule::share_at_most>},
};

void check_quota(Reading& reading, const toml::node& node, const toml::table& given, const QuotaRule& quota) {
  if (!given.contains("group")) reading.missing(node, "the quota's `group` is missing", "as in `constituency:business`");
  const bool bounded = given.contains("at_least") || given.contains("at_most") || given.contains("share_at_least") ||
                       given.contains("share_at_most");
  if (!bounded) reading.missing(node, "the quota sets no bound", "give at_least, at_most, share_at_least or share_at_most");
  if (quota.at_least && quota.at_most && *quota.at_least > *quota.at_most)
    reading.wrong(node, "`at_least` is more than `at_most`", "make at_least the smaller one");
  if (quota.share_at_least && quota.share_at_most && *quota.share_at_least > *quota.share_at_most)
    reading.wrong(node, "`share_at_least` is more than `share_at_most`", "make share_at_least the smaller one");
}

// ---- [panel], [exposure], [diversity]

constexpr Key<PanelSettings> kPanelKeys[] = {
    {"seats", whole_into<&PanelSettings::seats, 1, kMaxSeats>},
    {"alternates_per_seat", whole_into<&PanelSettings::alternates_per_seat, 0, kMaxAlternates>},
    {"per_country_at_most", whole_into<&PanelSettings::per_country_at_most, 1, kMaxSeats>},
    {"per_organisation_at_most", whole_into<&PanelSettings::per_organisation_at_most, 1, kMaxSeats>},
    {"experts_per_topic_at_least", whole_into<&PanelSettings::experts_per_topic_at_least, 0, kMaxSeats>},
    {"topics", [](Reading& r, std::string_view key, const toml::node& n, PanelSettings& p) { p.topics = r.texts(key, n); }},
    {"level",
     [](Reading& r, std::string_view key, const toml::node& n, PanelSettings& p) { p.level = r.word(key, n, kPanelLevels); }},
};

constexpr Key<ExposureFloor> kFloorKeys[] = {
    {"group",
     [](Reading& r, std::string_view key, const toml::node& n, ExposureFloor& f) {
       const auto text = r.text(key, n);
       if (!text) return;
       f.group = *text;
       if (*text != kWomenLed && !r.taxonomy().country_groups.find(*text))
         r.wrong(n, engine::quoted(*text) + " is neither a country group nor `women_led`",
                 did_you_mean(r.taxonomy().country_groups.suggestion(*text), "one as in `LDC`, `africa`, `women_led`"));
     }},
    {"share", share_into<&ExposureFloor::share>},
    {"side", text_into<&ExposureFloor::side>},
};

constexpr Key<std::vector<ExposureFloor>> kExposureKeys[] = {
    {"floor",
     [](Reading& r, std::string_view, const toml::node& n, std::vector<ExposureFloor>& floors) {
       if (!n.is_array()) return r.wrong(n, "`floor` must be a list", "as in [{ group = \"LDC\", share = 0.2 }]");
       floors.clear();
       for (const toml::node& entry : *n.as_array()) {
         ExposureFloor floor{.group = {}, .share = 0, .side = {}, .place = Reading::place(entry)};
         if (!read_table<ExposureFloor>(r, entry, "a floor", kFloorKeys, floor)) continue;
         for (const std::string_view needed : {"group", "share"})
           if (!entry.as_table()->contains(needed))
             r.missing(entry, "the floor's `" + std::string(needed) + "` is missing", "as in { group = \"LDC\", share = 0.2 }");
         if (std::ranges::find(floors, floor.group, &ExposureFloor::group) != floors.end())
           r.wrong(entry, engine::quoted(floor.group) + " has a floor already", "keep one");
         floors.push_back(std::move(floor));
       }
     }},
};

constexpr Key<Diversity> kDiversityKeys[] = {
    {"lambda", share_into<&Diversity::lambda>},
    {"per_country_at_most", whole_into<&Diversity::per_country_at_most, 1, kMaxSeats>},
    {"per_organisation_at_most", whole_into<&Diversity::per_organisation_at_most, 1, kMaxSeats>},
};

}  // namespace

void read_gates(Reading& reading, const toml::node& node, std::vector<NamedGate>& gates) {
  if (!node.is_table()) return reading.wrong(node, "`gates` must be a table of gates, as in [gates.endorsed]");
  for (const auto& [name, value] : *node.as_table()) {
    const toml::key& key = name;
    auto found = std::ranges::find_if(gates, [&](const NamedGate& known) { return known.gate.name == key.str(); });
    if (found == gates.end()) {
      NamedGate gate;
      gate.gate.name = gate.gate.label = key.str();
      gate.at = &value;
      found = gates.insert(gates.end(), std::move(gate));
    }
    if (!read_table<NamedGate>(reading, value, "a gate", kGateKeys, *found)) continue;
    if (found->gate.conditions.empty())
      reading.missing(value, "gate " + quoted(key.str()) + " requires nothing",
                      "give its conditions, as in requires = { stage = [\"feasibility\"] }");
  }
}

void read_panel(Reading& reading, const toml::node& node, Programme& programme) {
  if (!programme.panel) programme.panel.emplace();
  read_table<PanelSettings>(reading, node, "[panel]", kPanelKeys, *programme.panel);
}

void read_quotas(Reading& reading, const toml::node& node, Programme& programme) {
  if (!node.is_array()) return reading.wrong(node, "`quotas` must be a list of quotas, each under [[quotas]]");
  programme.quotas.clear();
  for (const toml::node& entry : *node.as_array()) {
    QuotaRule quota;
    quota.place = Reading::place(entry);
    if (!read_table<QuotaRule>(reading, entry, "a quota", kQuotaKeys, quota)) continue;
    check_quota(reading, entry, *entry.as_table(), quota);
    if (!quota.group.empty() && std::ranges::find(programme.quotas, quota.group, &QuotaRule::group) != programme.quotas.end())
      reading.wrong(entry, engine::quoted(quota.group) + " has a quota already", "put its bounds into one");
    programme.quotas.push_back(std::move(quota));
  }
}

void read_exposure(Reading& reading, const toml::node& node, Programme& programme) {
  read_table<std::vector<ExposureFloor>>(reading, node, "[exposure]", kExposureKeys, programme.exposure);
}

void read_diversity(Reading& reading, const toml::node& node, Programme& programme) {
  if (!programme.diversity) programme.diversity.emplace();
  read_table<Diversity>(reading, node, "[diversity]", kDiversityKeys, *programme.diversity);
}

void check_panel(Reading& reading, const toml::node& declared, const Programme& programme) {
  const std::size_t seats = programme.panel ? programme.panel->seats : 0;
  const bool composes = programme.output == ProgrammeOutput::kPanel;
  if (composes && seats == 0)
    return reading.missing(declared, "`output` is \"panel\" but the panel has no seats", "give [panel] its `seats`");
  if (!composes && (programme.panel || !programme.quotas.empty()))
    return reading.wrong(declared, "[panel] and [[quotas]] are for programmes that compose a panel",
                         "write output = \"panel\", or leave them out");
  std::map<std::string_view, std::size_t> least;  // by kinds of which nobody is in two groups
  for (const QuotaRule& quota : programme.quotas) {
    // Rounded up: a share of at least 0.5 of 3 seats is 2 of them.
    const double share = quota.share_at_least.value_or(0) * static_cast<double>(seats);
    auto wanted = static_cast<std::size_t>(share);
    if (static_cast<double>(wanted) + 1e-9 < share) ++wanted;
    wanted = std::max(wanted, quota.at_least.value_or(0));
    if (wanted > seats)
      reading.wrong_at(quota.place, "the quota asks for " + std::to_string(wanted) + " of " + std::to_string(seats) + " seats",
                       "ask for fewer, or give the panel more seats");
    const auto kind =
        std::ranges::find(kGroupKinds, std::string_view(quota.group).substr(0, quota.group.find(':')), &GroupKind::name);
    if (kind == std::end(kGroupKinds) || !kind->exclusive) continue;
    const std::size_t before = least[kind->name];
    least[kind->name] += wanted;
    if (before <= seats && least[kind->name] > seats && wanted <= seats)
      reading.wrong_at(quota.place,
                       "the quotas of " + std::string(kind->name) + " ask for " + std::to_string(least[kind->name]) + " of " +
                           std::to_string(seats) + " seats together",
                       "ask for fewer, or give the panel more seats");
  }
}

}  // namespace counterpart::engine
