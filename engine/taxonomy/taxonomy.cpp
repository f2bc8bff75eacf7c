#include "engine/taxonomy/taxonomy.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <optional>

#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/hex.h"
#include "engine/taxonomy/tsv.h"
#include "engine/taxonomy/un_language.h"

namespace counterpart::engine {
namespace {

constexpr std::size_t kMaxMaskBits = 64;  // technologies and themes are bits of Traits

}  // namespace

// Reads one directory of tab-separated files into a Taxonomy.
class TaxonomyReader {
 public:
  explicit TaxonomyReader(std::filesystem::path directory) : directory_(std::move(directory)) {}

  Result<std::shared_ptr<const Taxonomy>> read() {
    struct ListFile {
      const char* file;
      const char* name;  // in messages
      CodeList Taxonomy::*list;
      std::size_t limit;
    };
    constexpr std::size_t kAny = SIZE_MAX;
    static constexpr ListFile kFiles[] = {
        {"country_groups.tsv", "the list of country groups", &Taxonomy::country_groups, kAny},
        {"countries.tsv", "ISO 3166-1", &Taxonomy::countries, kMaxCountries},
        {"currencies.tsv", "ISO 4217", &Taxonomy::currencies, kAny},
        {"isic4.tsv", "ISIC Rev.4", &Taxonomy::sectors, UINT16_MAX},
        {"hs2022.tsv", "HS 2022", &Taxonomy::products, kAny},
        {"sdgs.tsv", "the Sustainable Development Goals", &Taxonomy::sdgs, kAny},
        {"organisation_types.tsv", "the IATI organisation types", &Taxonomy::organisation_types, kAny},
        {"technologies.tsv", "the list of technologies", &Taxonomy::technologies, kMaxMaskBits},
        {"themes.tsv", "the list of themes", &Taxonomy::themes, kMaxMaskBits},
    };
    for (const ListFile& row : kFiles) {
      Result<CodeList> list = read_list(row.file, row.name);
      if (!list) return tl::unexpected(list.error());
      if (list->entries().size() > row.limit)
        return corrupt(row.file, 0, "has more than " + std::to_string(row.limit) + " entries");
      (*taxonomy_).*(row.list) = std::move(*list);
    }
    if (Status status = set_country_keys(); !status) return tl::unexpected(status.error());
    if (Status status = read_country_names(); !status) return tl::unexpected(status.error());
    if (Status status = read_crs(); !status) return tl::unexpected(status.error());
    if (Status status = read_legal_forms(); !status) return tl::unexpected(status.error());
    if (Status status = read_rates(); !status) return tl::unexpected(status.error());
    taxonomy_->hash_ = hex(hash_);
    return std::shared_ptr<const Taxonomy>(std::move(taxonomy_));
  }

 private:
  tl::unexpected<Error> corrupt(const std::string& file, std::size_t line, std::string message) const {
    const std::string place = (directory_ / file).string();
    return fail(ErrorCode::kCorrupt, line ? place + ":" + std::to_string(line) : place, std::move(message));
  }

  Result<std::string> bytes_of(const std::string& file) {
    Result<std::string> bytes = read_file(directory_ / file);
    if (!bytes) return fail(bytes.error().code, (directory_ / file).string(), "cannot be read");
    hash_ = fnv1a(*bytes, fnv1a(file + '\n', hash_));
    return bytes;
  }

  // Gives each line's cells, the header's first, to `row`; all lines have as many cells as the header.
  template <class Row>
  Status each_line(const std::string& file, const std::string& bytes, Row row) const {
    return each_tsv_row((directory_ / file).string(), bytes, row);
  }

  Result<CodeList> read_list(const std::string& file, const std::string& name) {
    Result<std::string> bytes = bytes_of(file);
    if (!bytes) return tl::unexpected(bytes.error());
    std::vector<CodeList::Entry> entries;
    std::vector<std::string> columns;
    const bool countries = file == "countries.tsv";
    Status status = each_line(file, *bytes, [&](std::size_t line, const Cells& cells) -> Status {
      if (columns.empty()) {
        columns.assign(cells.begin(), cells.end());
        if (columns[0] != "code") return corrupt(file, line, "the first column is not `code`");
        return {};
      }
      CodeList::Entry entry{std::string(cells[0]), {}, std::vector<std::string>(std::size(kUnLanguages))};
      if (entry.code.empty()) return corrupt(file, line, "has no code");
      for (std::size_t i = 1; i < cells.size(); ++i) {
        if (columns[i] == "parent") entry.parent = cells[i];
        if (const auto language = un_language(columns[i])) entry.titles[*language] = cells[i];
        if (countries && columns[i] == "groups") groups_.push_back(std::string(cells[i]));
        if (countries && columns[i] == "currency") taxonomy_->country_currencies_.emplace_back(cells[i]);
      }
      entries.push_back(std::move(entry));
      return {};
    });
    if (!status) return tl::unexpected(status.error());
    if (entries.empty()) return corrupt(file, 0, "holds no code");
    CodeList list(name, std::move(entries));
    if (Status checked = check_tree(file, list); !checked) return tl::unexpected(checked.error());
    return list;
  }

  // A parent stands above its children, so that no loop is possible; no code stands twice.
  Status check_tree(const std::string& file, const CodeList& list) const {
    for (std::size_t i = 0; i < list.entries().size(); ++i) {
      const CodeList::Entry& entry = list.entries()[i];
      if (list.find(entry.code) != &entry) return corrupt(file, 0, "`" + entry.code + "` stands twice");
      if (entry.parent.empty()) continue;
      const int parent = list.index_of(entry.parent);
      if (parent < 0 || static_cast<std::size_t>(parent) >= i)
        return corrupt(file, 0, "`" + entry.parent + "`, the parent of `" + entry.code + "`, does not stand above it");
    }
    return {};
  }

  Status set_country_keys() {
    const auto countries = taxonomy_->countries.entries();
    if (groups_.size() != countries.size()) return corrupt("countries.tsv", 0, "has no column `groups`");
    for (std::size_t i = 0; i < countries.size(); ++i) {
      std::vector<std::string> keys{countries[i].code};
      for (const std::string_view group : split(groups_[i], ';')) {
        if (group.empty()) continue;
        const auto line = taxonomy_->country_groups.lineage(group);
        if (line.empty()) return corrupt("countries.tsv", i + 2, "`" + std::string(group) + "` is not in country_groups.tsv");
        for (const std::string_view key : line)
          if (std::ranges::find(keys, key) == keys.end()) keys.emplace_back(key);
      }
      taxonomy_->country_keys_.push_back(std::move(keys));
    }
    return {};
  }

  Status read_country_names() {
    static const std::string kFile = "country_names.tsv";
    Result<std::string> bytes = bytes_of(kFile);
    if (!bytes) return tl::unexpected(bytes.error());
    std::vector<CountryNames::Name> names;
    std::vector<std::string> codes;
    for (const CodeList::Entry& country : taxonomy_->countries.entries()) {
      codes.push_back(country.code);
      for (const std::string& title : country.titles) names.push_back({title, {country.code}});
    }
    std::erase_if(names, [](const CountryNames::Name& row) { return row.name == "Congo"; });  // either, in the file
    bool header = true;
    Status read = each_line(kFile, *bytes, [&](std::size_t line, const Cells& cells) -> Status {
      if (std::exchange(header, false)) {
        if (cells != Cells{"code", "name"}) return corrupt(kFile, line, "the columns are not `code` and `name`");
        return {};
      }
      CountryNames::Name row{std::string(cells[1]), {}};
      for (const std::string_view code : split(cells[0], ';')) {
        if (!taxonomy_->countries.find(code)) return corrupt(kFile, line, "`" + std::string(code) + "` is not in ISO 3166-1");
        row.codes.emplace_back(code);
      }
      names.push_back(std::move(row));
      return {};
    });
    if (read) taxonomy_->country_names_ = std::make_unique<CountryNames>(std::move(codes), std::move(names));
    return read;
  }

  Status read_crs() {
    static const std::string kFile = "crs_to_isic.tsv";
    Result<std::string> bytes = bytes_of(kFile);
    if (!bytes) return tl::unexpected(bytes.error());
    bool header = true;
    return each_line(kFile, *bytes, [&](std::size_t line, const Cells& cells) -> Status {
      if (std::exchange(header, false)) {
        if (cells != Cells{"crs", "isic"}) return corrupt(kFile, line, "the columns are not `crs` and `isic`");
        return {};
      }
      std::vector<std::string>& codes = taxonomy_->crs_to_isic[std::string(cells[0])];
      for (const std::string_view code : split(cells[1], ';')) {
        if (!taxonomy_->sectors.find(code)) return corrupt(kFile, line, "`" + std::string(code) + "` is not in ISIC Rev.4");
        if (std::ranges::find(codes, code) == codes.end()) codes.emplace_back(code);
      }
      return {};
    });
  }

  Status read_legal_forms() {
    Result<CodeList> list = read_list("legal_forms.tsv", "the list of legal forms");
    if (!list) return tl::unexpected(list.error());
    std::vector<std::string> forms;
    for (const CodeList::Entry& entry : list->entries()) forms.push_back(entry.code);
    taxonomy_->legal_forms = LegalForms(forms);
    return {};
  }

  Status read_rates() {
    static const std::string kFile = "exchange_rates.tsv";
    Result<std::string> bytes = bytes_of(kFile);
    if (!bytes) return tl::unexpected(bytes.error());
    bool header = true;
    return each_line(kFile, *bytes, [&](std::size_t line, const Cells& cells) -> Status {
      if (std::exchange(header, false)) {
        if (cells != Cells{"code", "usd", "date"}) return corrupt(kFile, line, "the columns are not `code`, `usd` and `date`");
        return {};
      }
      if (!taxonomy_->currencies.find(cells[0]))
        return corrupt(kFile, line, "`" + std::string(cells[0]) + "` is not in ISO 4217");
      double rate = 0;
      const char* const end = cells[1].data() + cells[1].size();
      const auto [stop, error] = std::from_chars(cells[1].data(), end, rate);
      if (error != std::errc{} || stop != end || !(rate > 0 && rate < 1e6))
        return corrupt(kFile, line, "`" + std::string(cells[1]) + "` is no rate");
      if (!taxonomy_->usd_.emplace(cells[0], rate).second)
        return corrupt(kFile, line, "`" + std::string(cells[0]) + "` stands twice");
      return {};
    });
  }

  std::filesystem::path directory_;
  std::shared_ptr<Taxonomy> taxonomy_ = std::make_shared<Taxonomy>();
  std::vector<std::string> groups_;  // of countries.tsv, by index in `countries`
  std::uint64_t hash_ = kFnv1aStart;
};

Result<std::shared_ptr<const Taxonomy>> Taxonomy::load(const std::filesystem::path& directory) {
  return TaxonomyReader(directory).read();
}

std::span<const std::string> Taxonomy::country_keys(std::string_view alpha2) const {
  const int index = countries.index_of(alpha2);
  if (index < 0) return {};
  return country_keys_[static_cast<std::size_t>(index)];
}

bool Taxonomy::is_country_or_group(std::string_view code) const { return countries.find(code) || country_groups.find(code); }

std::string_view Taxonomy::currency_of(std::string_view alpha2) const {
  const auto index = static_cast<std::size_t>(countries.index_of(alpha2));  // -1 is beyond every list
  return index < country_currencies_.size() ? std::string_view(country_currencies_[index]) : std::string_view{};
}

std::optional<double> Taxonomy::in_usd(double amount, std::string_view currency) const {
  const auto rate = usd_.find(currency);
  if (rate == usd_.end()) return std::nullopt;
  return amount * rate->second;
}

std::vector<std::size_t> Taxonomy::members_of(std::string_view country_or_group) const {
  std::vector<std::size_t> members;
  if (const int index = countries.index_of(country_or_group); index >= 0) {
    members.push_back(static_cast<std::size_t>(index));
  } else {
    for (std::size_t i = 0; i < country_keys_.size(); ++i)
      if (std::ranges::find(country_keys_[i], country_or_group) != country_keys_[i].end()) members.push_back(i);
  }
  return members;
}

}  // namespace counterpart::engine
