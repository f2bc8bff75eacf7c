// An IATI activity -> a project profile; bulk_iati.h says how.
#include <algorithm>
#include <boost/json.hpp>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <charconv>
#include <cmath>
#include <iterator>
#include <set>

#include "engine/profile/profile_check.h"
#include "index/bulk/bulk_iati.h"
#include "index/bulk/bulk_markup.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

// Codes of the IATI code lists SectorVocabulary and TagVocabulary.
constexpr std::string_view kDac5[] = {"1", "DAC"}, kDac3[] = {"2", "DAC-3"};  // as before 2.01, too
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

constexpr std::size_t kMaxId = 128;
constexpr std::size_t kDigest = 16;          // hexadecimal digits
constexpr std::size_t kMaxIdentifier = 500;  // that a profile keeps

struct ProfileId {
  std::string id;
  bool changed;  // it is not the identifier as it was written
};

ProfileId profile_id(const std::string& identifier) {
  ProfileId result{"iati:", false};
  for (const char c : identifier) {
    const bool allowed = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ':' || c == '.' ||
                         c == '_' || c == '-';
    result.changed = result.changed || !allowed;
    result.id.push_back(allowed ? c : '-');
  }
  result.changed = result.changed || result.id.size() > kMaxId;
  if (!result.changed) return result;
  result.id.resize(std::min(result.id.size(), kMaxId - 1 - kDigest));
  const boost::uuids::name_generator_sha1 generator(boost::uuids::ns::oid());
  std::string digest = boost::uuids::to_string(generator(identifier));
  std::erase(digest, '-');
  result.id += "-" + digest.substr(0, kDigest);
  return result;
}

void add_once(json::array& list, std::string_view code, std::size_t limit) {
  const json::string_view wanted(code);
  const bool there = std::any_of(list.begin(), list.end(), [&](const auto& value) { return value.as_string() == wanted; });
  if (!there && list.size() < limit) list.emplace_back(json::string(code));
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

// The sum where all amounts are of one kind and one currency and positive; else there is no telling what is sought.
std::optional<json::object> sum_of(const std::vector<IatiAmount>& amounts, const IatiActivity& activity,
                                   const Taxonomy& taxonomy) {
  std::set<std::string> kinds, currencies;
  double sum = 0;
  for (const auto& amount : amounts) {
    double value = 0;
    const std::string text = trimmed_text(amount.value);
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

void set_countries(const IatiActivity& activity, json::object& profile, std::vector<Error>& faults) {
  json::array countries;
  for (const auto& share : ranked(activity.countries, activity.transaction_countries))
    add_once(countries, share.code, kMaxCountries);
  if (countries.empty()) {
    faults.push_back({ErrorCode::kInvalid, "country",
                      activity.region ? "the activity names a recipient-region, but no recipient-country"
                                      : "the activity names no recipient-country",
                      "add the recipient-country where the work is"});
    return;
  }
  profile["country"] = countries.front();
  countries.erase(countries.begin());
  if (!countries.empty()) profile["countries_of_activity"] = std::move(countries);
}

// What a status means for those who look for a counterpart.
struct ActivityStatus {
  std::string_view code, word, stage;
  bool over;
};
constexpr ActivityStatus kStatuses[] = {
    {"1", "in the pipeline", "pre_feasibility", false},
    {"2", "in implementation", "implementation", false},
    {"3", "in finalisation", "operating", false},
    {"4", "closed", "operating", true},
    {"5", "cancelled", "", true},
    {"6", "suspended", "", true},
};

void set_status(const IatiActivity& activity, json::object& profile, std::vector<Error>& remarks) {
  constexpr std::string_view kUnknownPast = "1970-01-01";
  const auto remark = [&](std::string place, std::string message, std::string remedy) {
    remarks.push_back({ErrorCode::kInvalid, std::move(place), std::move(message), std::move(remedy)});
  };
  const auto day_of = [&](const std::string& text) {  // "2020-12-31Z", "2020-12-31T00:00:00" are met
    const std::string day = trimmed_text(text).substr(0, 10);
    if (day.empty() || check_date(day)) return day;
    remark("activity-date", engine::quoted(text) + " is no date, and not read", "write it as in 2026-12-31");
    return std::string();
  };
  const std::string actual = day_of(activity.actual_end), planned = day_of(activity.planned_end);
  std::string until = actual.empty() ? planned : actual;
  const auto* status = std::ranges::find(kStatuses, trimmed_text(activity.status), &ActivityStatus::code);
  if (status != std::end(kStatuses)) {
    if (!status->stage.empty()) profile["stage"] = json::string(status->stage);
    if (status->over) {
      until = actual.empty() ? kUnknownPast : actual;
      remark("valid_until",
             "the activity is " + std::string(status->word) + " (activity-status " + std::string(status->code) + ")",
             "it is kept, but matched no more");
    }
  } else if (!trimmed_text(activity.status).empty()) {
    remark("activity-status", engine::quoted(activity.status) + " is none of 1 to 6, and not read", "");
  }
  if (!until.empty()) profile["valid_until"] = until;
}

}  // namespace

std::string trimmed_text(std::string_view text) {
  const auto first = text.find_first_not_of(" \n\t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \n\t\r") - first + 1));
}

IatiTexts texts_of(const IatiActivity& activity) {
  const auto text_of = [](const std::string& narrative, const std::string& old) {
    return without_markup(trimmed_text(narrative).empty() ? old : narrative);
  };
  return {one_line(text_of(activity.title, activity.old_title)), trimmed_text(text_of(activity.general, activity.old_general)),
          trimmed_text(text_of(activity.objectives, activity.old_objectives))};
}

std::vector<IatiShare> ranked(const std::vector<IatiShare>& own, const std::vector<IatiShare>& of_transactions) {
  auto shares = own.empty() ? of_transactions : own;
  std::stable_sort(shares.begin(), shares.end(),
                   [](const IatiShare& a, const IatiShare& b) { return a.percentage > b.percentage; });
  return shares;
}

std::vector<std::string> isic_sectors(const std::vector<IatiShare>& shares, const Taxonomy& taxonomy) {
  std::vector<std::string> list;
  for (const auto& share : shares) {
    if (std::ranges::find(kDac5, share.vocabulary) == std::end(kDac5) &&
        std::ranges::find(kDac3, share.vocabulary) == std::end(kDac3))
      continue;
    auto found = taxonomy.crs_to_isic.find(share.code);
    if (found == taxonomy.crs_to_isic.end() && share.code.size() > 3)
      found = taxonomy.crs_to_isic.find(share.code.substr(0, 3));  // a code newer than our list: its category
    if (found == taxonomy.crs_to_isic.end()) continue;
    for (const auto& isic : found->second)
      if (list.size() < kMaxSectors && std::ranges::find(list, isic) == list.end()) list.emplace_back(isic);
  }
  return list;
}

BulkReader::Raw iati_row(const IatiActivity& activity, const Taxonomy& taxonomy) {
  BulkReader::Raw raw;
  raw.line = activity.line;
  json::object profile, organisation;
  if (const std::string identifier = trimmed_text(activity.identifier); !identifier.empty()) {
    const ProfileId id = profile_id(identifier);
    profile["id"] = id.id;
    if (id.changed && identifier.size() <= kMaxIdentifier)
      organisation["identifiers"] = json::array{json::object{{"scheme", "IATI activity"}, {"id", identifier}}};
  } else {
    raw.faults.push_back({ErrorCode::kInvalid, "id", "the activity has no iati-identifier", "add it"});
  }
  profile["kind"] = "project";
  const IatiTexts texts = texts_of(activity);
  if (!texts.title.empty()) profile["title"] = texts.title;
  if (!texts.general.empty()) profile["summary"] = texts.general;
  if (!texts.objectives.empty()) profile["seeks"] = texts.objectives;
  set_countries(activity, profile, raw.faults);
  profile["roles"] = json::array{"project_sponsor"};
  if (taxonomy.organisation_types.find(activity.implementer_type) != nullptr) organisation["type"] = activity.implementer_type;
  if (!organisation.empty()) profile["organisation"] = std::move(organisation);
  const std::vector<std::string> sectors = isic_sectors(ranked(activity.sectors, activity.transaction_sectors), taxonomy);
  if (!sectors.empty()) profile["sectors"] = json::array(sectors.begin(), sectors.end());
  if (auto sdgs = goals(activity, taxonomy); !sdgs.empty()) profile["sdgs"] = std::move(sdgs);
  set_status(activity, profile, raw.remarks);
  if (auto amount = sought(activity, taxonomy)) profile["finance"] = json::object{{"sought", std::move(*amount)}};
  raw.json = json::serialize(profile);
  return raw;
}

}  // namespace counterpart::index
