// What columns and codes of a table of profiles are called by those who fill it in, in any language, beside the names that
// the contract has for them. Whoever has a catalogue of words makes it; the readers of tables ask it.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "index/layer.h"

namespace counterpart::index {

// A heading without what people write otherwise each time: letter case, accents, blanks, punctuation.
std::string heading_key(std::string_view text);

// A column that may be meant, and in which language it is so called.
struct CalledColumn {
  std::string column;  // as csv_column() knows it
  std::string language;
};

// Not thread-safe while it is filled in; then safe from any thread.
class BulkWords {
 public:
  // `last`: the end of `text`, which may stand alone where it means one column only, as "Telephone" for "Contact – Telephone".
  void call_column(std::string_view column, std::string_view language, const std::string& text, std::string_view last = {});
  void call_code(std::string_view code, std::string_view text);
  // Of a column that an answer added; it is passed over when the table is sent again.
  void call_answer(std::string_view text);

  // Several: in one language, or in two, the text means more than one column. Empty: none is so called.
  std::vector<CalledColumn> columns_called(std::string_view heading) const;
  // The one code that `fits` and is so called.
  std::optional<std::string> code_called(std::string_view text, const std::function<bool(std::string_view code)>& fits) const;
  bool is_answer(std::string_view heading) const { return answers_.contains(heading_key(heading)); }
  // What columns are called, for suggestions.
  const std::vector<std::string>& headings() const { return headings_; }

 private:
  using Columns = std::map<std::string, std::vector<CalledColumn>, std::less<>>;

  Columns whole_, last_;  // by heading_key()
  std::map<std::string, std::set<std::string>, std::less<>> codes_;
  std::set<std::string, std::less<>> answers_;
  std::vector<std::string> headings_;
};

}  // namespace counterpart::index
