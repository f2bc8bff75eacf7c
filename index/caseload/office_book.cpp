#include "index/caseload/office_book.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/casework/office_json.h"
#include "index/base/codec.h"
#include "index/caseload/case_records.h"

namespace counterpart::index {
namespace {

constexpr std::string_view kVersionKey = "offices";  // of Family::kMeta
constexpr std::string_view kOfficeMark = "o", kDeskMark = "d";

using Versions = std::map<std::string, std::uint64_t, std::less<>>;

Result<Office> decode(std::string_view json, const Office*) { return decode_office(json); }
Result<Desk> decode(std::string_view json, const Desk*) { return decode_desk(json); }

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::kCorrupt, std::move(what), "does not decode", "restore the last backup");
}

template <class Row>
Status load_rows(const Database& database, std::string_view mark, std::vector<Row>& rows, Versions& versions) {
  return walk(database, Family::kOffices, mark, {}, [&](std::string_view id, std::string_view bytes) -> Result<bool> {
    if (!take_varint(bytes, versions[std::string(id)])) return damaged("an office or a desk");
    Result<Row> row = decode(bytes, static_cast<const Row*>(nullptr));
    if (!row) return tl::unexpected(std::move(row.error()));
    rows.push_back(std::move(*row));
    return true;
  });
}

Result<std::uint64_t> load_version(const Database& database) {
  const auto bytes = database.get(Family::kMeta, kVersionKey);
  if (!bytes) return tl::unexpected(bytes.error());
  std::uint64_t version = 0;
  if (!*bytes) return version;
  std::string_view rest = **bytes;
  if (!take_varint(rest, version) || !rest.empty()) return damaged("the version of the offices");
  return version;
}

std::string with_version(std::uint64_t version, std::string_view json) {
  std::string bytes;
  append_varint(bytes, version);
  return bytes.append(json);
}

// The rows of one kind as they change.
template <class Row>
class Rows {
 public:
  Rows(std::string_view kind, std::string_view mark, std::vector<Row> rows, Versions versions, std::uint64_t version)
      : kind_(kind), mark_(mark), rows_(std::move(rows)), versions_(std::move(versions)), version_(version) {}

  Status take(const std::string& id, const std::optional<Row>& row, std::optional<std::uint64_t> expect,
              std::vector<Database::Edit>& edits) {
    const std::string place = kind_ + " " + id;
    const auto found = std::ranges::find(rows_, id, &Row::id);
    const auto version = versions_.find(id);
    const std::uint64_t stored = version == versions_.end() ? 0 : version->second;
    if (row && row->id != id)
      return fail(ErrorCode::kInvalid, place + ".id", "is another one", "leave it out, or give the same");
    if (expect && *expect != stored)
      return fail(ErrorCode::kConflict, place,
                  stored == 0 ? "is not there" : "is at version " + std::to_string(stored) + ", not " + std::to_string(*expect),
                  "read it again and repeat the change on it");
    if (!row && found == rows_.end()) return fail(ErrorCode::kNotFound, place, "is not there");
    if (found != rows_.end()) rows_.erase(found);
    versions_.erase(id);
    const std::string key = std::string(mark_) + id;
    if (!row) {
      edits.push_back({Family::kOffices, key, {}});
      return {};
    }
    rows_.push_back(*row);
    versions_[id] = version_;
    edits.push_back({Family::kOffices, key, with_version(version_, to_json(*row))});
    return {};
  }

  std::vector<Row>& rows() { return rows_; }
  Versions& versions() { return versions_; }

 private:
  std::string kind_;
  std::string_view mark_;
  std::vector<Row> rows_;
  Versions versions_;
  std::uint64_t version_;
};

Result<Offices> offices_of(std::vector<Office> offices, std::vector<Desk> desks, const MakeClock& make_clock) {
  Result<Directory> directory = Directory::make(std::move(offices), std::move(desks));
  if (!directory) return tl::unexpected(std::move(directory.error()));
  Result<std::shared_ptr<const OfficeClock>> clock = make_clock(*directory);
  if (!clock) return tl::unexpected(std::move(clock.error()));
  return Offices{std::move(*directory), std::move(*clock), 0, {}, {}};
}

}  // namespace

MakeClock clocks_of(std::shared_ptr<const WorldCalendar> world) {
  return [world = std::move(world)](const Directory& directory) -> Result<std::shared_ptr<const OfficeClock>> {
    Result<OfficeCalendars> made = OfficeCalendars::make(directory, world);
    if (!made) return tl::unexpected(std::move(made.error()));
    return std::make_shared<const OfficeCalendars>(std::move(*made));
  };
}

Result<Offices> load_offices(const Database& database, const MakeClock& make_clock) {
  const Result<std::uint64_t> version = load_version(database);
  if (!version) return tl::unexpected(version.error());
  std::vector<Office> offices;
  std::vector<Desk> desks;
  Versions office_versions, desk_versions;
  if (Status read = load_rows(database, kOfficeMark, offices, office_versions); !read) return tl::unexpected(read.error());
  if (Status read = load_rows(database, kDeskMark, desks, desk_versions); !read) return tl::unexpected(read.error());
  Result<Offices> loaded = offices_of(std::move(offices), std::move(desks), make_clock);
  if (!loaded) return loaded;
  loaded->version = *version;
  loaded->office_versions = std::move(office_versions);
  loaded->desk_versions = std::move(desk_versions);
  return loaded;
}

Result<std::optional<Office>> read_duty_office(const Database& database) {
  std::vector<Office> offices;
  Versions versions;
  if (Status read = load_rows(database, kOfficeMark, offices, versions); !read) return tl::unexpected(read.error());
  const auto duty = std::ranges::find_if(offices, &Office::duty);
  if (duty == offices.end()) return std::nullopt;
  return std::optional(std::move(*duty));
}

Result<Offices> changed_offices(const Offices& now, const DirectoryChange& change, const MakeClock& make_clock,
                                std::vector<Database::Edit>& edits) {
  const std::uint64_t version = now.version + 1;
  Rows<Office> offices("office", kOfficeMark, now.directory.offices(), now.office_versions, version);
  Rows<Desk> desks("desk", kDeskMark, now.directory.desks(), now.desk_versions, version);
  for (const OfficeEdit& edit : change.offices)
    if (Status taken = offices.take(edit.id, edit.office, edit.expect, edits); !taken) return tl::unexpected(taken.error());
  for (const DeskEdit& edit : change.desks)
    if (Status taken = desks.take(edit.id, edit.desk, edit.expect, edits); !taken) return tl::unexpected(taken.error());
  Result<Offices> changed = offices_of(std::move(offices.rows()), std::move(desks.rows()), make_clock);
  if (!changed) return changed;
  changed->version = version;
  changed->office_versions = std::move(offices.versions());
  changed->desk_versions = std::move(desks.versions());
  edits.push_back({Family::kMeta, std::string(kVersionKey), with_version(version, {})});
  return changed;
}

}  // namespace counterpart::index
