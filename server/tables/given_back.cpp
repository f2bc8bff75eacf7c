#include "server/tables/given_back.h"

#include <utility>

#include "index/bulk/bulk_answer.h"
#include "server/http/problem.h"
#include "server/tables/headings.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kMaxSaid = 64 << 20;  // bytes of what is wrong, of all rows; beyond it a row has its verdict alone
constexpr std::string_view kRefused = "refused";
constexpr std::string_view kRows[] = {"row", "line"};  // places that are no member's

std::string said_of(const Error& given, const Sayer& sayer, const std::string& language) {
  Error error = without_internals(given);
  sayer.refusals.say(error, language);
  std::string text = heading_of(error.place, sayer.words, language);
  for (const std::string_view row : kRows)
    if (error.place == row) text.clear();
  text += (text.empty() ? "" : ": ") + error.message;
  if (!error.remedy.empty()) text += " – " + error.remedy;
  return text;
}

}  // namespace

void GivenBack::add(std::uint64_t line, std::span<const Error> errors) {
  for (const Error& error : errors) {
    bytes_ += sizeof error + error.place.size() + error.message.size() + error.remedy.size();
    if (bytes_ <= kMaxSaid) rows_[line].errors.push_back(error);
  }
}

void GivenBack::taken(std::uint64_t line, std::string_view status) { rows_[line].status = status; }

void GivenBack::refused(std::uint64_t line, std::span<const Error> faults) {
  rows_[line].status = kRefused;
  add(line, faults);
}

void GivenBack::remarked(std::uint64_t line, std::span<const Error> remarks) { add(line, remarks); }

Result<std::string> GivenBack::written(BulkFormat format, const std::string& bytes, const SentTable& sent, const Sayer& sayer,
                                       std::string language, const BulkOptions& options) const {
  if (language.empty()) language = sent.language.empty() ? "en" : sent.language;
  const std::string& of_sheet = sent.language.empty() ? language : sent.language;
  TableAnswer answer{.verdict_heading = sayer.words.pattern("import.column.verdict", of_sheet),
                     .mend_heading = sayer.words.pattern("import.column.mend", of_sheet),
                     .rows = {}};
  for (const auto& [line, row] : rows_) {
    RowAnswer& said = answer.rows[line];
    said.verdict = sayer.words.pattern("import.verdict." + row.status, language);
    said.refused = row.status == kRefused;
    if (said.refused && !row.errors.empty()) said.place = row.errors.front().place;
    std::size_t number = 0;
    for (const Error& error : row.errors) {
      said.mend += number > 0 ? "  " : "";
      if (row.errors.size() > 1) said.mend += std::to_string(++number) + ") ";
      said.mend += said_of(error, sayer, language);
    }
  }
  return with_answer(format, bytes, sent, answer, sayer.taxonomy, options);
}

}  // namespace counterpart::server
