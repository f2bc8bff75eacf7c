#include "engine/survey/brief_section.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "engine/casework/case_values.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::engine {
namespace {

using Text = Lengthy<20'000>;

// clang-format off
constexpr auto kSource = table<BriefSource>("BriefSource", {
    member<&BriefSource::title,   ShortLine>("title", kRequired),
    member<&BriefSource::address, ShortLine>("address", {.help = "where it can be read"}),
    member<&BriefSource::date,    Date>("date", {.required = true, .help = "of the source"}),
});

constexpr auto kSection = table<BriefSection>("BriefText", {
    member<&BriefSection::ar, Text>("ar"),
    member<&BriefSection::zh, Text>("zh"),
    member<&BriefSection::en, Text>("en"),
    member<&BriefSection::fr, Text>("fr"),
    member<&BriefSection::ru, Text>("ru"),
    member<&BriefSection::es, Text>("es"),
    member<&BriefSection::sources, List<Nested<kSource>, 50>>("sources"),
});
// clang-format on

struct InLanguage {
  std::string_view language;
  std::string BriefSection::*text;
};
constexpr InLanguage kTexts[] = {{"ar", &BriefSection::ar}, {"zh", &BriefSection::zh}, {"en", &BriefSection::en},
                                 {"fr", &BriefSection::fr}, {"ru", &BriefSection::ru}, {"es", &BriefSection::es}};

}  // namespace

std::span<const Member> brief_section_members() { return kSection.rows; }

std::vector<std::string_view> languages_of(const BriefSection& section) {
  std::vector<std::string_view> found;
  for (const std::string_view language : kUnLanguages)
    if (!text_in(section, language).empty()) found.push_back(language);
  return found;
}

const std::string& text_in(const BriefSection& section, std::string_view language) {
  static const std::string kNone;
  const auto* row = std::ranges::find(kTexts, language, &InLanguage::language);
  return row != std::end(kTexts) ? section.*row->text : kNone;
}

std::string_view shown_in(const BriefSection& section, std::string_view language) {
  for (const std::string_view one : {language, std::string_view("en")})
    if (!text_in(section, one).empty()) return one;
  const std::vector<std::string_view> languages = languages_of(section);
  return languages.empty() ? std::string_view() : languages.front();
}

Result<BriefSection> read_brief_section(const boost::json::value& json, const Taxonomy& taxonomy) {
  Result<BriefSection> section = read_whole<BriefSection>(kSection.rows, json, taxonomy);
  if (section && languages_of(*section).empty())
    return fail(ErrorCode::kInvalid, "en", "has no text in any language", "write it in one of ar, zh, en, fr, ru, es");
  return section;
}

std::string to_json(const BriefSection& section) { return write_whole(kSection.rows, section); }

Result<BriefSection> decode_brief_section(std::string_view json) {
  return decode_whole<BriefSection>(kSection.rows, json, "section of a country brief");
}

}  // namespace counterpart::engine
