#include "index/bulk/exclusion_file.h"

#include <csv.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <sstream>
#include <utility>

#include "engine/base/nearest.h"
#include "index/base/files.h"
#include "index/bulk/bulk_csv_cells.h"
#include "index/bulk/bulk_input.h"

namespace counterpart::index {
namespace {

enum Column : std::size_t { kName, kNumber, kCountry, kSource, kDate, kColumns };
constexpr std::array<std::string_view, kColumns> kHeadings{"name", "identifier", "country", "source", "date"};

// libcsv over a whole text: its rows, each with the line that it ends on.
class Rows {
 public:
  explicit Rows(char separator) {
    ready_ = csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) == 0;
    csv_set_delim(&parser_, static_cast<unsigned char>(separator));
  }
  ~Rows() { csv_free(&parser_); }
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  // False: a quotation mark stands where none may, in the row after the last one.
  bool read(std::string_view text) {
    return ready_ && csv_parse(&parser_, text.data(), text.size(), on_cell, on_row, this) == text.size() &&
           csv_fini(&parser_, on_cell, on_row, this) == 0;
  }
  const std::vector<std::vector<std::string>>& rows() const { return rows_; }

 private:
  static void on_cell(void* text, std::size_t size, void* self) {
    static_cast<Rows*>(self)->cells_.emplace_back(static_cast<const char*>(text), size);
  }
  static void on_row(int, void* self) {
    Rows& own = *static_cast<Rows*>(self);
    own.rows_.push_back(std::exchange(own.cells_, {}));
  }

  csv_parser parser_{};
  bool ready_ = false;
  std::vector<std::string> cells_;
  std::vector<std::vector<std::string>> rows_;
};

char separator_of(std::string_view header) {
  for (const char mark : {'\t', ';'})
    if (header.find(mark) != header.npos) return mark;
  return ',';
}

// UTF-8, unless a byte order mark says otherwise.
Result<std::string> in_utf8(std::string_view text) {
  std::istringstream in{std::string(text)};
  BulkInput input(in);
  if (Status known = input.decode("UTF-8"); !known) return tl::unexpected(std::move(known.error()));
  std::string plain;
  while (true) {
    const Result<std::string_view> piece = input.next();
    if (!piece) return tl::unexpected(piece.error());
    if (piece->empty()) return plain;
    plain += *piece;
  }
}

class Reader {
 public:
  Reader(std::string_view place, const Taxonomy& taxonomy) : place_(place), taxonomy_(taxonomy) {}

  Status read_header(const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      std::string heading(trim_cell(cells[i]));
      std::ranges::transform(heading, heading.begin(),
                             [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      if (const auto at = std::ranges::find(kHeadings, heading); at != kHeadings.end())
        columns_[static_cast<std::size_t>(at - kHeadings.begin())] = i;
      else if (!nearest(heading, kHeadings).empty())  // passed over, it would exclude nobody whom it was meant to
        return wrong(1, "has a column `" + heading.substr(0, 40) + "`, which is none of this list",
                     "name the columns name, identifier, country, source, date");
    }
    if (columns_[kName] || columns_[kNumber]) return {};
    return wrong(1, "has no column of names or identifiers", "name the columns name, identifier, country, source, date");
  }

  Result<ExcludedName> read_row(std::uint64_t row, const std::vector<std::string>& cells) const {
    const auto cell = [&](Column column) {
      const std::optional<std::size_t> at = columns_[column];
      return at && *at < cells.size() ? std::string(trim_cell(cells[*at])) : std::string();
    };
    ExcludedName entry{.name = cell(kName),
                       .number = {},
                       .country = cell(kCountry),
                       .source = cell(kSource),
                       .date = cell(kDate),
                       .line = row};
    if (const std::string number = cell(kNumber); !number.empty()) {
      const std::size_t colon = number.find(':');
      if (colon == number.npos || colon == 0 || colon + 1 == number.size())
        return wrong(row, "has an identifier without its scheme", "write SCHEME:ID, as in LEI:529900T8BM49AURSDO55");
      entry.number = Identifier{number.substr(0, colon), number.substr(colon + 1)};
    }
    if (entry.name.empty() && !entry.number) return wrong(row, "has neither a name nor an identifier", "give one of the two");
    if (!entry.country.empty() && !taxonomy_.countries.find(entry.country))
      return wrong(row, "has `" + entry.country.substr(0, 20) + "`, which is no country",
                   "ISO 3166-1 alpha-2, or leave it empty");
    return entry;
  }

  tl::unexpected<Error> wrong(std::uint64_t row, std::string message, std::string remedy) const {
    return fail(ErrorCode::kInvalid, std::string(place_) + ":" + std::to_string(row), std::move(message), std::move(remedy));
  }

 private:
  std::string_view place_;
  const Taxonomy& taxonomy_;
  std::array<std::optional<std::size_t>, kColumns> columns_{};
};

}  // namespace

Result<std::vector<ExcludedName>> read_exclusions(std::string_view place, std::string_view text, const Taxonomy& taxonomy) {
  Reader reader(place, taxonomy);
  const Result<std::string> plain = in_utf8(text);
  if (!plain) return reader.wrong(1, plain.error().message, plain.error().remedy);
  Rows rows(separator_of(plain->substr(0, plain->find('\n'))));
  if (!rows.read(*plain))
    return reader.wrong(rows.rows().size() + 1, "has a quotation mark too many or too few", "write \"\" for one within a cell");
  std::vector<ExcludedName> entries;
  if (text.empty()) return entries;
  for (std::size_t i = 0; i < rows.rows().size(); ++i) {
    if (i == 0) {
      if (Status header = reader.read_header(rows.rows()[0]); !header) return tl::unexpected(std::move(header.error()));
      continue;
    }
    if (std::ranges::all_of(rows.rows()[i], [](const std::string& cell) { return trim_cell(cell).empty(); })) continue;
    Result<ExcludedName> entry = reader.read_row(i + 1, rows.rows()[i]);
    if (!entry) return tl::unexpected(std::move(entry.error()));
    if (entries.size() == kMaxExcluded)
      return reader.wrong(i + 1, "is one row too many", "at most " + std::to_string(kMaxExcluded) + " rows");
    entries.push_back(std::move(*entry));
  }
  return entries;
}

namespace {

// Meta: the list's place and text.
constexpr std::string_view kListKey = "exclusions";
constexpr std::size_t kAtOnce = 256;

Result<std::string> stored_list(const Store& store) {
  return store.database().get(Family::kMeta, kListKey).map([](const auto& bytes) { return bytes.value_or(std::string()); });
}

// Those whom the list means otherwise than before are written, so that every index follows.
Status screen_all(Store& store, const Exclusions& list) {
  std::vector<std::string> other;
  Status failed;
  const Status read = store.for_each(true, [&](const StoredProfile& stored, const std::optional<Embedding>&) {
    const Result<Diligence> known = read_diligence(store.database(), stored.profile.id);
    if (!known) failed = tl::unexpected(known.error());
    if (known && known->listed != list.find(stored.profile)) other.push_back(stored.profile.id);
    return known.has_value();
  });
  if (!read) return read;
  if (!failed) return failed;
  for (std::size_t at = 0; at < other.size(); at += kAtOnce) {
    std::vector<Write> writes(std::min(kAtOnce, other.size() - at));
    for (std::size_t i = 0; i < writes.size(); ++i) {
      writes[i].kind = Write::Kind::kCheck;
      writes[i].profile.id = other[at + i];
      writes[i].who = kListKey;
    }
    for (const Result<Written>& written : store.write(writes))
      if (!written && written.error().code != ErrorCode::kNotFound) return tl::unexpected(written.error());
  }
  return {};
}

}  // namespace

Status take_exclusions(Store& store, const std::filesystem::path& file, const Taxonomy& taxonomy) {
  Result<std::string> had = stored_list(store);
  if (!had) return tl::unexpected(std::move(had.error()));
  std::string text = *had;
  if (!file.empty()) {
    Result<std::string> read = read_file(file);
    if (!read)
      return fail(ErrorCode::kNotFound, file.string(), "this list of exclusions cannot be read",
                  "see the setting `exclusions`");
    text = std::move(*read);
  }
  if (text.size() > kMaxExclusionBytes)
    return fail(ErrorCode::kTooLarge, file.string(), "is too large a list",
                "at most " + std::to_string(kMaxExclusionBytes >> 20U) + " MiB");
  Result<std::vector<ExcludedName>> entries = read_exclusions(file.empty() ? "exclusions" : file.string(), text, taxonomy);
  if (!entries) return tl::unexpected(std::move(entries.error()));
  const auto list = std::make_shared<const Exclusions>(std::move(*entries), taxonomy);
  store.screen_with([list](const Profile& profile) { return list->find(profile); });
  if (text == *had) return {};
  if (Status screened = screen_all(store, *list); !screened) return screened;
  // Last: what is cut off before is gone through again.
  return store.write_audited({{Family::kMeta, std::string(kListKey), std::move(text)}},
                             {.who = std::string(kListKey), .what = "another list of exclusions"});
}

}  // namespace counterpart::index
