#include "engine/match/refusal_help.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/corpus/field.h"

namespace counterpart::engine {
namespace {

template <class Value>
bool has(const std::vector<Value>& list, const Value& value) {
  return std::ranges::find(list, value) != list.end();
}

Conditions one_of(std::string field, std::vector<std::string> values) {
  if (values.empty()) return {};
  return {{.field = std::move(field), .any_of = std::move(values), .negated = false, .owner = Condition::Owner::kRequest}};
}

// Who states that it takes counterparts of the asker's size.
Conditions takes_its_size(const Refused& refused) {
  const std::optional<Size> size = refused.asker.organisation.size;
  return size ? one_of(demand_field("size"), {std::string(name_of(*size))}) : Conditions();
}
Conditions has_its_sector(const Refused& refused) { return one_of("sectors", refused.asker.sectors); }
Conditions works_in_its_country(const Refused& refused) {
  return refused.asker.country.empty() ? Conditions() : one_of("countries_of_activity", {refused.asker.country});
}
Conditions cooperates_so(const Refused& refused) {
  const std::optional<Cooperation> wanted = refused.asked.cooperation;
  return wanted ? one_of("cooperation", {std::string(name_of(*wanted))}) : Conditions();
}
Conditions helps_beginners(const Refused&) {
  std::vector<std::string> roles;
  for (const Role role : {Role::kAccelerator, Role::kMentor, Role::kAdviser, Role::kResearch})
    roles.emplace_back(name_of(role));
  return one_of("roles", std::move(roles));
}

// All sizes that it took so far, but the asker's.
bool leave_out_its_size(Profile& profile, const Refused& refused) {
  const std::optional<Size> size = refused.asker.organisation.size;
  if (!size) return false;
  std::vector<Size>& sizes = profile.partner.sizes;
  if (sizes.empty())
    for (const std::string_view name : Vocabulary<Size>::kNames) sizes.push_back(*parse_word<Size>(name));
  return std::erase(sizes, *size) > 0 && !sizes.empty();
}
bool exclude_its_country(Profile& profile, const Refused& refused) {
  const std::string& country = refused.asker.country;
  if (country.empty() || has(profile.partner.exclude_countries, country)) return false;
  profile.partner.exclude_countries.push_back(country);
  return true;
}
// Its own sectors alone, where the asker has none of them.
bool keep_to_own_sectors(Profile& profile, const Refused& refused) {
  const std::vector<std::string>& own = profile.sectors;
  const bool shared = std::ranges::any_of(refused.asker.sectors, [&](const std::string& sector) { return has(own, sector); });
  if (own.empty() || refused.asker.sectors.empty() || shared || profile.partner.sectors == own) return false;
  profile.partner.sectors = own;
  return true;
}
// So many as it has in hand: it is full until one of them ends.
bool take_no_more(Profile& profile, const Refused& refused) {
  const int taken = static_cast<int>(refused.places);
  if (taken == 0 || profile.capacity <= taken) return false;
  profile.capacity = taken;
  return true;
}

// clang-format off
constexpr bool kOfFit = true;
constexpr RefusalRow kRows[] = {
    {"too_small",         kOfFit,  takes_its_size,       "partner.sizes",             leave_out_its_size},
    {"too_large",         kOfFit,  takes_its_size,       "partner.sizes",             leave_out_its_size},
    {"other_sector",      kOfFit,  has_its_sector,       "partner.sectors",           keep_to_own_sectors},
    {"other_country",     kOfFit,  works_in_its_country, "partner.exclude_countries", exclude_its_country},
    {"other_cooperation", kOfFit,  cooperates_so},
    {"too_early",         false,   helps_beginners},
    {"no_capacity",       false,   nullptr,              "capacity",                  take_no_more},
    {"already_served",    false},
};
// clang-format on

}  // namespace

std::span<const RefusalRow> refusal_rows() { return kRows; }

const RefusalRow* refusal_row(std::string_view reason) {
  const auto found = std::ranges::find(kRows, reason, &RefusalRow::reason);
  return found != std::end(kRows) ? &*found : nullptr;
}

}  // namespace counterpart::engine
