#include "server/tables/template.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/profile/members.h"
#include "server/tables/headings.h"
#include "server/wire/xlsx_writer.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kReferences = 2;     // entries of a list that have columns of their own, where the most may be more
constexpr std::size_t kLongestSector = 3;  // a section and its divisions: finer ones are known to few by heart
constexpr double kWidthOfText = 40;

// An example in every language alike; a member that is not here has one in words under `template.example`, or a code's.
struct Example {
  std::string_view member, text;
};
constexpr Example kExamples[] = {{"id", "sn-0001"},
                                 {"sectors", "C28; C2813"},
                                 {"products", "8413; 841370"},
                                 {"sdgs", "9; 7.2"},
                                 {"trl", "8"},
                                 {"capacity", "5"},
                                 {"programmes", "open"},
                                 {"office", "dakar"},
                                 {"valid_until", "2027-12-31"},
                                 {"organisation.founded", "1998"},
                                 {"organisation.employees", "25"},
                                 {"organisation.identifiers", "SN-NINEA=0012345"},
                                 {"finance.offered.min", "50000"},
                                 {"finance.offered.max", "250000"},
                                 {"finance.sought.min", "50000"},
                                 {"finance.sought.max", "250000"},
                                 {"partner.sectors", "C28"},
                                 {"references[].year", "2024"},
                                 {"references[].sector", "C28"},
                                 {"organisation.legal_name", "Atelier Soleil SARL"},
                                 {"contact.person", "Awa Diop"},
                                 {"contact.address", "12 Rue du Port, Dakar"},
                                 {"contact.email", "atelier@example.org"},
                                 {"contact.phone", "+221 33 000 00 00"},
                                 {"contact.website", "https://example.org"}};

class TemplateMaker {
 public:
  TemplateMaker(const Words& words, const Taxonomy& taxonomy, const BulkWords& called, std::string_view language)
      : words_(words), taxonomy_(taxonomy), called_(called), language_(language) {}

  BlankSheet sheet() {
    const bool right_to_left = language_ == "ar";
    BlankSheet sheet{.style = {said("template.sheet.profiles"), right_to_left},
                     .lists = {said("template.sheet.lists"), right_to_left},
                     .error = said("template.not_in_list"),
                     .columns = {}};
    for (const MemberPath& path : all_members()) {
      const ValueShape& shape = path.shape();
      if (shape.form == Form::kObject && shape.members.size() > 2 && shape.is_list()) {
        for (std::size_t entry = 0; entry < std::min(kReferences, shape.max_entries); ++entry)
          for (const Member& member : shape.members) {
            const std::string name(member.name);
            sheet.columns.push_back(column(path.name + "[" + std::to_string(entry) + "]." + name, path.name + "[]." + name,
                                           member.kind->shape, false));
          }
      } else if (shape.form != Form::kObject || shape.is_list()) {
        const bool required = path.way.size() == 1 && path.row().notes.required;
        sheet.columns.push_back(column(path.name, path.name, shape, required));
      }
    }
    return sheet;
  }

 private:
  std::string said(std::string_view key) const { return words_.pattern(key, language_); }

  BlankColumn column(const std::string& name, const std::string& member, const ValueShape& shape, bool required) const {
    BlankColumn column{.heading = heading_of(name, words_, language_) + (required ? " *" : ""),
                       .note = {},
                       .list = entries_of(shape),
                       .several = shape.is_list(),
                       .width = shape.form == Form::kText ? kWidthOfText : 18};
    const auto add = [&](const std::string& sentence) {
      column.note += (column.note.empty() || sentence.empty() ? "" : "\n") + sentence;
    };
    if (required) add(said("template.required"));
    if (const std::string example = example_of(member, shape, column.list); !example.empty())
      add(words_.say("template.example.is", language_, {{"text", example}}));
    if (shape.is_list()) add(said("template.several"));
    if (!column.list.empty()) add(said("template.from_list"));
    return column;
  }

  std::string example_of(const std::string& member, const ValueShape& shape, const std::vector<std::string>& list) const {
    if (const auto found = std::ranges::find(kExamples, member, &Example::member); found != std::end(kExamples))
      return std::string(found->text);
    std::string key = "template.example." + member;
    std::ranges::replace(key.begin() + static_cast<std::ptrdiff_t>(std::string_view("template.example.").size()), key.end(),
                         '.', '_');
    std::erase_if(key, [](char c) { return c == '[' || c == ']'; });
    if (words_.has(key)) return said(key);
    if (shape.form == Form::kLanguage) return words_.pattern("language.fr", language_);
    return list.empty() ? std::string() : shape.is_list() && list.size() > 1 ? list[0] + "; " + list[1] : list[0];
  }

  // What can be chosen for a value of this shape: what codes are called where the reader of tables knows them by that, else
  // the codes.
  std::vector<std::string> entries_of(const ValueShape& shape) const {
    std::vector<std::string> entries;
    switch (shape.form) {
      case Form::kWord:
        for (const std::string_view word : shape.words) entries.push_back(word_called(shape.words, word));
        break;
      case Form::kFlag: return {said("flag.true"), said("flag.false")};
      case Form::kCountry:
      case Form::kCountryOrGroup: add_countries(entries); break;
      case Form::kLanguage:
        for (const std::string_view language : kUnLanguages)
          entries.push_back(words_.pattern("language." + std::string(language), language_));
        break;
      case Form::kCode:
        if (shape.codes != &Taxonomy::products && shape.codes != &Taxonomy::sdgs) add_codes(shape.codes, entries);
        break;
      default: break;
    }
    return entries;
  }

  std::string word_called(std::span<const std::string_view> all, std::string_view code) const {
    const auto is_word = [&](std::string_view one) { return std::ranges::find(all, one) != all.end(); };
    for (const std::string_view list : closed_lists()) {
      const std::string text = words_.pattern(std::string(list) + std::string(code), language_);
      if (!text.empty() && called_.code_called(text, is_word) == code) return text;
    }
    return std::string(code);
  }

  void add_countries(std::vector<std::string>& entries) const {
    for (const CodeList::Entry& entry : taxonomy_.countries.entries()) {
      std::string name(taxonomy_.countries.title(entry.code, language_));
      entries.push_back(taxonomy_.country_names().find(name) == std::vector{entry.code} ? name : entry.code);
    }
  }

  void add_codes(CodeList Taxonomy::*list, std::vector<std::string>& entries) const {
    const CodeList& codes = taxonomy_.*list;
    const auto is_code = [&](std::string_view code) { return codes.find(code) != nullptr; };
    for (const CodeList::Entry& entry : codes.entries()) {
      if (list == &Taxonomy::sectors && entry.code.size() > kLongestSector) continue;
      const std::string title(codes.title(entry.code, language_));
      const bool known = title.find(';') == title.npos && called_.code_called(title, is_code) == entry.code;
      entries.push_back(known ? title : entry.code);
    }
  }

  const Words& words_;
  const Taxonomy& taxonomy_;
  const BulkWords& called_;
  std::string_view language_;
};

}  // namespace

Result<std::string> profile_template(const Words& words, const Taxonomy& taxonomy, const BulkWords& called,
                                     std::string_view language) {
  return write_blank(TemplateMaker(words, taxonomy, called, language).sheet());
}

}  // namespace counterpart::server
