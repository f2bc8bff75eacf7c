// What an office keeps of a country beside what the data holds: how to register a firm there, taxes, incentives, agencies,
// sources.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/calendar/time_zone.h"
#include "engine/profile/members.h"
#include "engine/taxonomy/taxonomy.h"
#include "engine/taxonomy/vocabulary.h"

namespace counterpart::engine {

enum class BriefPart : std::uint8_t { kRegistration, kTax, kIncentives, kAgencies, kSources };
template <>
struct Vocabulary<BriefPart> {
  static constexpr std::array<std::string_view, 5> kNames{"registration", "tax", "incentives", "agencies", "sources"};
};
inline constexpr std::size_t kBriefParts = 5;

struct BriefSource {
  std::string title;
  std::string address;  // where it can be read; empty: on paper
  Day date = 0;         // of the source
  bool operator==(const BriefSource&) const = default;
};

struct BriefSection {
  std::string ar, zh, en, fr, ru, es;  // the text, at least one
  std::vector<BriefSource> sources;
  bool operator==(const BriefSection&) const = default;
};

// The languages that it is written in, in the order of kUnLanguages.
std::vector<std::string_view> languages_of(const BriefSection& section);
// In this language; empty: it is not written in it.
const std::string& text_in(const BriefSection& section, std::string_view language);
// The language to show it in: the one asked for, else English, else the first that there is.
std::string_view shown_in(const BriefSection& section, std::string_view language);

std::span<const Member> brief_section_members();
// `json` comes from parse_strictly(). kInvalid, at its member; a section without any text is one.
Result<BriefSection> read_brief_section(const boost::json::value& json, const Taxonomy& taxonomy);
std::string to_json(const BriefSection& section);
// Of our own bytes. kCorrupt.
Result<BriefSection> decode_brief_section(std::string_view json);

}  // namespace counterpart::engine
