// The columns of a CSV file and what its cells mean.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/members.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_words.h"
#include "index/layer.h"

namespace counterpart::index {

// A member at the end of its path; its name has dots for nested members, and the index for those of a list's entries, as in
// references[0].title. Its heading is that name; of entries, which people count from 1, also reference_1_title.
using CsvColumn = MemberPath;

// Letter case, blanks, hyphens, underscores and points make no difference. nullptr: no column is so called.
const CsvColumn* csv_column(std::string_view heading);
// For headings that are none: what may have been meant, one of those names or of `words`, or which there are.
std::string csv_column_meant(std::string_view heading, const BulkWords& words);

std::string_view trim_cell(std::string_view text);  // blanks of every kind

// Does a spreadsheet take a text that begins so for a formula (= + - @ tab, CR, LF, and the full-width forms)?
bool begins_formula(std::string_view text);
// A cell of CSV without the apostrophe that ours, and others, put before such a text.
std::string_view without_guard(std::string_view text);

// By what the codes in a cell are known.
struct CellCodes {
  const Taxonomy& taxonomy;
  const BulkWords& words;
};

// Sets the member of `profile` that `column` names, unless the cell is blank. What cannot be read for certain comes back as
// faults, and stands in `profile` as it was written. A code may be given by what it is called in any of the six languages: a
// country, a group of countries, a technology, a theme, a language, a word of the contract's closed lists.
void read_cell(const CsvColumn& column, std::string_view text, const CellCodes& codes, boost::json::object& profile,
               std::vector<Error>& faults);

// Entries of which a row fills none leave null behind: they are taken out of the finished row.
void close_gaps(boost::json::object& profile);

}  // namespace counterpart::index
