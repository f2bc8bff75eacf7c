// An IATI activity -> a project profile.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include <boost/json.hpp>

#include "index/bulk_iati.h"

namespace counterpart {
namespace {

namespace json = boost::json;

// Codes of the IATI code lists SectorVocabulary and TagVocabulary.
constexpr std::string_view kDac5 = "1", kDac3 = "2";
constexpr std::string_view kSectorSdgGoal = "7", kSectorSdgTarget = "8", kSectorSdgIndicator = "9";
constexpr std::string_view kTagSdgGoal = "2", kTagSdgTarget = "3";

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank)
      line.push_back(c);
    else if (!line.empty() && line.back() != ' ')
      line.push_back(' ');
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \n\t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \n\t\r") - first + 1));
}

std::string profile_id(std::string_view identifier) {
  std::string id = "iati:";
  for (const char c : one_line(identifier)) {
    const bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' ||
                         c == '.' || c == '_' || c == '-';
    id.push_back(allowed ? c : '-');
  }
  return id;
}

// Highest percentage first; equal ones in their order in the file.
std::vector<IatiShare> ranked(const std::vector<IatiShare>& own, const std::vector<IatiShare>& of_transactions) {
  auto shares = own.empty() ? of_transactions : own;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const IatiShare& a, const IatiShare& b) { return a.percentage > b.percentage; });
  return shares;
}

void add_once(json::array& list, std::string_view code, std::size_t limit) {
  const json::string_view wanted(code);
  const bool there =
      std::any_of(list.begin(), list.end(), [&](const auto& value) { return value.as_string() == wanted; });
  if (!there && list.size() < limit) list.emplace_back(json::string(code));
}

json::array isic_sectors(const std::vector<IatiShare>& shares, const Taxonomy& taxonomy) {
  json::array list;
  for (const auto& share : shares) {
    if (share.vocabulary != kDac5 && share.vocabulary != kDac3) continue;
    auto found = taxonomy.crs_to_isic.find(share.code);
    if (found == taxonomy.crs_to_isic.end() && share.code.size() > 3)
      found = taxonomy.crs_to_isic.find(share.code.substr(0, 3));  // a code newer than our list: its category
    if (found == taxonomy.crs_to_isic.end()) continue;
    for (const auto& isic : found->second) add_once(list, isic, kMaxSectors);
  }
  return list;
}

json::array goals(const IatiActivity& activity, const Taxonomy& taxonomy) {
  json::array list;
  const auto add = [&](std::string_view code) {
    if (taxonomy.sdgs.find(code) != nullptr) add_once(list, code, kMaxEntries);
  };
  for (const auto* shares : {&activity.sectors, &activity.transaction_sectors})
    for (const auto& share : *shares) {
      if (share.vocabulary == kSectorSdgGoal || share.vocabulary == kSectorSdgTarget) add(share.code);
      if (share.vocabulary == kSectorSdgIndicator) add(share.code.substr(0, share.code.rfind('.')));  // 9.4.1 -> 9.4
    }
  for (const auto& tag : activity.tags)
    if (tag.vocabulary == kTagSdgGoal || tag.vocabulary == kTagSdgTarget) add(tag.code);
  return list;
}

std::string_view stage_of(std::string_view status) {
  if (status == "1") return "pre_feasibility";  // being scoped or planned
  if (status == "2") return "implementation";
  if (status == "3" || status == "4") return "operating";  // physically complete
  return {};                                               // cancelled, suspended: no stage of ours
}

// The sum where all amounts are of one kind and one currency and positive; else there is no telling what is sought.
std::optional<json::object> sum_of(const std::vector<IatiAmount>& amounts, const IatiActivity& activity,
                                   const Taxonomy& taxonomy) {
  std::set<std::string> kinds, currencies;
  double sum = 0;
  for (const auto& amount : amounts) {
    double value = 0;
    const std::string text = trimmed(amount.value);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value > 0) || value > 1e15) return std::nullopt;
    sum += value;
    kinds.insert(amount.kind);
    currencies.insert(amount.currency.empty() ? activity.default_currency : amount.currency);
  }
  if (kinds.size() != 1 || currencies.size() != 1 || taxonomy.currencies.find(*currencies.begin()) == nullptr)
    return std::nullopt;
  const double rounded = std::round(sum);
  if (rounded < 1) return std::nullopt;
  return json::object{{"max", rounded}, {"currency", *currencies.begin()}};
}

std::optional<json::object> sought(const IatiActivity& activity, const Taxonomy& taxonomy) {
  for (const auto* amounts : {&activity.budgets, &activity.planned, &activity.commitments})
    if (!amounts->empty()) return sum_of(*amounts, activity, taxonomy);
  return std::nullopt;
}

Status set_countries(const IatiActivity& activity, json::object& profile) {
  json::array countries;
  for (const auto& share : ranked(activity.countries, activity.transaction_countries))
    add_once(countries, share.code, kMaxCountries);
  if (countries.empty())
    return fail(ErrorCode::kInvalid, "country",
                activity.region ? "the activity names a recipient-region, but no recipient-country"
                                : "the activity names no recipient-country",
                "add the recipient-country where the work is");
  profile["country"] = countries.front();
  countries.erase(countries.begin());
  if (!countries.empty()) profile["countries_of_activity"] = std::move(countries);
  return {};
}

}  // namespace

Result<std::string> iati_profile(const IatiActivity& activity, const Taxonomy& taxonomy) {
  if (trimmed(activity.identifier).empty())
    return fail(ErrorCode::kInvalid, "id", "the activity has no iati-identifier", "add it");
  json::object profile;
  profile["id"] = profile_id(activity.identifier);
  profile["kind"] = "project";
  profile["title"] = one_line(activity.title);
  if (auto text = trimmed(activity.general); !text.empty()) profile["summary"] = text;
  if (auto text = trimmed(activity.objectives); !text.empty()) profile["seeks"] = text;
  if (auto set = set_countries(activity, profile); !set) return tl::unexpected(set.error());
  profile["roles"] = json::array{"project_sponsor"};
  if (taxonomy.organisation_types.find(activity.implementer_type) != nullptr)
    profile["organisation"] = json::object{{"type", activity.implementer_type}};
  auto sectors = isic_sectors(ranked(activity.sectors, activity.transaction_sectors), taxonomy);
  if (!sectors.empty()) profile["sectors"] = std::move(sectors);
  if (auto sdgs = goals(activity, taxonomy); !sdgs.empty()) profile["sdgs"] = std::move(sdgs);
  if (const auto stage = stage_of(activity.status); !stage.empty()) profile["stage"] = json::string(stage);
  if (auto amount = sought(activity, taxonomy)) profile["finance"] = json::object{{"sought", std::move(*amount)}};
  return json::serialize(profile);
}

}  // namespace counterpart
