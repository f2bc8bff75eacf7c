#include "engine/profile/advice.h"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "engine/base/file.h"
#include "engine/base/language_tag.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::engine {
namespace {

// Fewer letters in all texts together say too little to be told from others by meaning.
constexpr std::size_t kShortTexts = 200;

// In letters; a character of three bytes or more, Chinese for the most part, says about what three letters do.
std::size_t extent(const std::string& text) {
  std::size_t sum = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0U) != 0x80) sum += byte >= 0xe0 ? 3 : 1;
  }
  return sum;
}

bool has_role(const Profile& p, Role role) { return std::ranges::find(p.roles, role) != p.roles.end(); }
bool gives_money(const Profile& p) { return has_role(p, Role::kInvestor) || has_role(p, Role::kFinancier); }
bool supplies(const Profile& p) { return has_role(p, Role::kTechnologySupplier); }
bool always(const Profile&) { return true; }

// THE table of what is asked: a new question is a row here and one in advice.tsv.
struct Rule {
  std::string_view key;
  std::string_view member;
  double company, project, expert;  // weights; 0: not asked
  bool (*asked)(const Profile&);
  bool (*stated)(const Profile&);
};

constexpr Rule kRules[] = {
    {"offers", "offers", 12, 5, 14, always, [](const Profile& p) { return !p.offers.empty(); }},
    {"seeks", "seeks", 10, 14, 5, always, [](const Profile& p) { return !p.seeks.empty(); }},
    {"longer_texts", "summary", 5, 5, 5, always,
     [](const Profile& p) { return extent(p.summary) + extent(p.offers) + extent(p.seeks) >= kShortTexts; }},
    {"sectors", "sectors", 8, 8, 8, always, [](const Profile& p) { return !p.sectors.empty(); }},
    {"countries", "countries_of_activity", 4, 0, 4, always, [](const Profile& p) { return !p.countries_of_activity.empty(); }},
    {"roles", "roles", 4, 4, 4, always, [](const Profile& p) { return !p.roles.empty(); }},
    {"partner", "partner", 4, 4, 3, always, [](const Profile& p) { return p.partner != PartnerConditions{}; }},
    {"cooperation", "cooperation", 4, 4, 2, always, [](const Profile& p) { return !p.cooperation.empty(); }},
    {"technologies", "technologies", 3, 3, 3, always, [](const Profile& p) { return !p.technologies.empty(); }},
    {"themes", "themes", 3, 3, 3, always, [](const Profile& p) { return !p.themes.empty(); }},
    {"finance_sought", "finance.sought", 0, 3, 0, always, [](const Profile& p) { return p.finance_sought.has_value(); }},
    {"finance_offered", "finance.offered", 3, 0, 0, gives_money,
     [](const Profile& p) { return p.finance_offered.has_value(); }},
    {"stage", "stage", 0, 2, 0, always, [](const Profile& p) { return p.stage.has_value(); }},
    {"trl", "trl", 2, 2, 0, supplies, [](const Profile& p) { return p.trl.has_value(); }},
    {"gender", "gender", 0, 0, 1, always, [](const Profile& p) { return p.gender.has_value(); }},
    {"languages", "organisation.languages", 1, 1, 2, always,
     [](const Profile& p) { return !p.organisation.languages.empty(); }},
    {"sdgs", "sdgs", 1, 1, 0, always, [](const Profile& p) { return !p.sdgs.empty(); }},
    {"size", "organisation.size", 1, 0, 0, always, [](const Profile& p) { return p.organisation.size.has_value(); }},
    {"identifiers", "organisation.identifiers", 1, 0, 0, always,
     [](const Profile& p) { return !p.organisation.identifiers.empty(); }},
};

double weight_of(const Rule& rule, const Profile& profile) {
  if (!rule.asked(profile)) return 0;
  switch (profile.kind) {
    case Kind::kCompany: return rule.company;
    case Kind::kProject: return rule.project;
    case Kind::kExpert: return rule.expert;
  }
  return 0;
}

double sum_of_weights(const Profile& profile, bool stated_only) {
  double sum = 0;
  for (const Rule& rule : kRules)
    if (!stated_only || rule.stated(profile)) sum += weight_of(rule, profile);
  return sum;
}

std::size_t column_of(std::string_view language) {
  return un_language(primary_language(language)).value_or(*un_language("en"));
}

}  // namespace

Result<AdviceTexts> AdviceTexts::load(const std::filesystem::path& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return fail(ErrorCode::kNotFound, file.string(), "cannot be read");
  std::istringstream in(*text);
  AdviceTexts texts;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto corrupt = [&](std::string message) {
      return fail(ErrorCode::kCorrupt, file.string() + ":" + std::to_string(number), std::move(message));
    };
    if (line.ends_with('\r')) line.pop_back();
    if (number == 1) {
      std::string columns = "key";
      for (const std::string_view language : kUnLanguages) columns.append("\t").append(language);
      if (line != columns) return corrupt("the columns are not `key` and the six languages");
      continue;
    }
    if (line.empty()) continue;
    std::istringstream cells(line);
    std::string key, cell;
    std::getline(cells, key, '\t');
    std::vector<std::string> row;
    while (std::getline(cells, cell, '\t')) row.push_back(cell);
    if (row.size() != std::size(kUnLanguages) || std::ranges::any_of(row, &std::string::empty))
      return corrupt("a language is missing or there is one too many");
    if (!texts.rows_.emplace(key, std::move(row)).second) return corrupt("`" + key + "` stands twice");
  }
  for (const Rule& rule : kRules)
    if (!texts.rows_.contains(rule.key))
      return fail(ErrorCode::kCorrupt, file.string(), "has no row `" + std::string(rule.key) + "`");
  return texts;
}

std::string_view AdviceTexts::language_of(std::string_view language) { return kUnLanguages[column_of(language)]; }

std::string_view AdviceTexts::sentence(std::string_view key, std::string_view language) const {
  const auto found = rows_.find(key);
  return found == rows_.end() ? std::string_view{} : found->second[column_of(language)];
}

double completeness(const Profile& profile) { return sum_of_weights(profile, true) / sum_of_weights(profile, false); }

std::vector<Advice> advise(const Profile& profile, const AdviceTexts& texts, std::string_view language) {
  const double all = sum_of_weights(profile, false);
  std::vector<Advice> advice;
  for (const Rule& rule : kRules)
    if (const double weight = weight_of(rule, profile); weight > 0 && !rule.stated(profile))
      advice.push_back({std::string(rule.member),
                        std::string(texts.sentence(rule.key, language.empty() ? profile.lang : language)), weight / all});
  std::ranges::sort(advice,
                    [](const Advice& a, const Advice& b) { return a.help != b.help ? a.help > b.help : a.member < b.member; });
  return advice;
}

}  // namespace counterpart::engine
