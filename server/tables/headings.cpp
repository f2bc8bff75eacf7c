#include "server/tables/headings.h"

#include <algorithm>

#include "engine/profile/members.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::server {
namespace {

constexpr std::string_view kColumns = "column.", kBetween = " – ";
constexpr std::string_view kCodes[] = {"kind.", "role.", "gender.", "size.", "cooperation.", "stage.", "ipr.", "language."};
constexpr CodeList Taxonomy::*kTitled[] = {&Taxonomy::sectors, &Taxonomy::technologies, &Taxonomy::themes,
                                           &Taxonomy::country_groups, &Taxonomy::organisation_types};

// `part`: "size", "references[0]".
std::string part_of(std::string_view part, const Words& words, std::string_view language) {
  const std::size_t open = part.find('[');
  const std::string name(part.substr(0, open));
  const auto said = [&](const std::string& key) { return words.pattern(std::string(kColumns) + key, language); };
  if (open == part.npos) {
    std::string text = said(name);
    return text.empty() ? name : text;
  }
  // One of a list is called by the word without the ending, where there is one.
  std::string text = name.ends_with('s') ? said(name.substr(0, name.size() - 1)) : std::string();
  if (text.empty()) text = said(name);
  const std::string number(part.substr(open + 1, part.find(']') - open - 1));
  return (text.empty() ? name : text) + " " + std::to_string(std::stoul("0" + number) + 1);
}

void call_columns(const Words& words, std::string_view language, BulkWords& called) {
  for (const MemberPath& path : all_members()) {
    const ValueShape& shape = path.shape();
    if (shape.form == Form::kObject && !shape.is_list()) continue;
    called.call_column(path.name, language, heading_of(path.name, words, language),
                       heading_of(path.row().name, words, language));
    if (shape.form != Form::kObject || shape.members.size() <= 2) continue;
    // Each entry has columns, which people count from 1.
    for (std::size_t entry = 0; entry < shape.max_entries; ++entry)
      for (const Member& member : shape.members) {
        const std::string name(member.name);
        called.call_column(path.name + std::to_string(entry + 1) + name, language,
                           heading_of(path.name + "[" + std::to_string(entry) + "]." + name, words, language));
      }
  }
}

}  // namespace

std::string heading_of(std::string_view name, const Words& words, std::string_view language) {
  std::string heading;
  for (;;) {
    const std::size_t dot = name.find('.');
    heading += (heading.empty() ? std::string_view() : kBetween);
    heading += part_of(name.substr(0, dot), words, language);
    if (dot == name.npos) return heading;
    name.remove_prefix(dot + 1);
  }
}

std::span<const std::string_view> closed_lists() { return kCodes; }

BulkWords bulk_words(const Words& words, const Taxonomy& taxonomy) {
  BulkWords called;
  for (const std::string_view language : kUnLanguages) {
    call_columns(words, language, called);
    for (const char* answer : {"import.column.verdict", "import.column.mend"})
      called.call_answer(words.pattern(answer, language));
  }
  for (const std::string& key : words.keys())
    for (const std::string_view list : kCodes)
      if (key.starts_with(list))
        for (const std::string_view language : kUnLanguages)
          called.call_code(key.substr(list.size()), words.pattern(key, language));
  for (const auto list : kTitled)
    for (const CodeList::Entry& entry : (taxonomy.*list).entries())
      for (const std::string& title : entry.titles)
        if (!title.empty()) called.call_code(entry.code, title);
  return called;
}

}  // namespace counterpart::server
