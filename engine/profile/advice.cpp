#include "engine/profile/advice.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/base/language_tag.h"
#include "engine/profile/members.h"
#include "engine/taxonomy/taxonomy.h"

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

bool says_enough(const Profile& p) { return extent(p.summary) + extent(p.offers) + extent(p.seeks) >= kShortTexts; }

// One thing that is asked of a profile.
struct Question {
  std::string_view key;     // in advice.tsv
  std::string_view member;  // as in the contract
  Asked asked;
  const MemberPath* path = nullptr;  // nullptr: of all texts together
  bool stated_in(const Profile& profile) const { return path ? path->stated_in(profile) : says_enough(profile); }
};

// What the table of members asks, and whether the texts together are long enough.
const std::vector<Question>& questions() {
  static const std::vector<Question> kQuestions = [] {
    std::vector<Question> all;
    for (const MemberPath& path : all_members())
      if (const Asked& asked = path.row().notes.asked; asked.company + asked.project + asked.expert > 0)
        all.push_back({path.name, path.name, asked, &path});
    all.push_back({"longer_texts", "summary", {5, 5, 5}});
    return all;
  }();
  return kQuestions;
}

double weight_of(const Question& question, const Profile& profile) {
  const Asked& asked = question.asked;
  if (asked.whom && !asked.whom(profile)) return 0;
  switch (profile.kind) {
    case Kind::kCompany: return asked.company;
    case Kind::kProject: return asked.project;
    case Kind::kExpert: return asked.expert;
  }
  return 0;
}

double sum_of_weights(const Profile& profile, bool stated_only) {
  double sum = 0;
  for (const Question& question : questions())
    if (!stated_only || question.stated_in(profile)) sum += weight_of(question, profile);
  return sum;
}

std::size_t column_of(std::string_view language) {
  const auto found = std::ranges::find(kUnLanguages, primary_language(language));
  return static_cast<std::size_t>((found == std::end(kUnLanguages) ? std::ranges::find(kUnLanguages, "en") : found) -
                                  std::begin(kUnLanguages));
}

}  // namespace

Result<AdviceTexts> AdviceTexts::load(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorCode::kNotFound, file.string(), "cannot be read");
  AdviceTexts texts;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    const auto corrupt = [&](std::string message) {
      return fail(ErrorCode::kCorrupt, file.string() + ":" + std::to_string(number), std::move(message));
    };
    if (line.ends_with('\r')) line.pop_back();
    if (number == 1) {
      if (line != "key\tar\tzh\ten\tfr\tru\tes") return corrupt("the columns are not `key` and the six languages");
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
  for (const Question& question : questions())
    if (!texts.rows_.contains(question.key))
      return fail(ErrorCode::kCorrupt, file.string(), "has no row `" + std::string(question.key) + "`");
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
  for (const Question& question : questions())
    if (const double weight = weight_of(question, profile); weight > 0 && !question.stated_in(profile))
      advice.push_back({std::string(question.member),
                        std::string(texts.sentence(question.key, language.empty() ? profile.lang : language)), weight / all});
  std::ranges::sort(advice,
                    [](const Advice& a, const Advice& b) { return a.help != b.help ? a.help > b.help : a.member < b.member; });
  return advice;
}

}  // namespace counterpart::engine
