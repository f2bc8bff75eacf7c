#include "index/caseload/brief_book.h"

#include <algorithm>
#include <boost/json.hpp>

namespace counterpart::index {
namespace {

namespace json = boost::json;

std::string key_of(std::string_view country, BriefPart part) {
  return "brief/" + std::string(country) + "/" + std::string(name_of(part));
}

std::string encode(const KeptSection& kept) {
  json::object record{
      {"office", kept.office}, {"version", kept.version}, {"at", kept.at}, {"section", json::parse(to_json(kept.section))}};
  return json::serialize(record);
}

Result<KeptSection> decode(BriefPart part, std::string_view bytes) {
  KeptSection kept;
  kept.part = part;
  try {
    const json::value record = json::parse(json::string_view(bytes.data(), bytes.size()));
    kept.office = record.at("office").as_string();
    kept.version = record.at("version").to_number<std::uint64_t>();
    kept.at = record.at("at").to_number<std::int64_t>();
    Result<BriefSection> section = decode_brief_section(json::serialize(record.at("section")));
    if (!section) return tl::unexpected(std::move(section.error()));
    kept.section = std::move(*section);
  } catch (const std::exception&) {
    return fail(ErrorCode::kCorrupt, "section of a country brief", "does not decode", "restore the last backup");
  }
  return kept;
}

Result<std::optional<KeptSection>> find(const Database& database, std::string_view country, BriefPart part) {
  const Result<std::optional<std::string>> bytes = database.get(Family::kMeta, key_of(country, part));
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::optional<KeptSection>();
  Result<KeptSection> kept = decode(part, **bytes);
  if (!kept) return tl::unexpected(std::move(kept.error()));
  return std::optional(std::move(*kept));
}

Status check_change(const std::optional<KeptSection>& before, bool removes, const std::string& office,
                    std::optional<std::uint64_t> expect) {
  if (removes && !before) return fail(ErrorCode::kNotFound, "section", "nobody keeps this section of the country", "");
  if (before && !office.empty() && before->office != office)
    return fail(ErrorCode::kForbidden, "section", "is kept by the office `" + before->office + "`", "ask that office");
  if (expect && *expect != (before ? before->version : 0))
    return fail(ErrorCode::kConflict, "section", "was changed meanwhile", "read it again");
  return {};
}

}  // namespace

Result<std::optional<KeptSection>> kept_section(const Store& store, std::string_view country, BriefPart part) {
  return find(store.database(), country, part);
}

Result<std::vector<KeptSection>> kept_sections(const Store& store, std::string_view country) {
  std::vector<KeptSection> all;
  for (std::size_t i = 0; i < kBriefParts; ++i) {
    Result<std::optional<KeptSection>> one = kept_section(store, country, static_cast<BriefPart>(i));
    if (!one) return tl::unexpected(std::move(one.error()));
    if (*one) all.push_back(std::move(**one));
  }
  return all;
}

Result<std::uint64_t> keep_section(Store& store, std::string_view country, BriefPart part,
                                   const std::optional<BriefSection>& section, const std::string& office,
                                   std::optional<std::uint64_t> expect, const std::string& who, std::int64_t now) {
  std::uint64_t version = 0;
  const Status done = store.run_exclusively([&](Database& database) -> Status {
    const Result<std::optional<KeptSection>> before = find(database, country, part);
    if (!before) return tl::unexpected(before.error());
    if (Status may = check_change(*before, !section, office, expect); !may) return may;
    Database::Edit edit{Family::kMeta, key_of(country, part), std::nullopt};
    if (section) {
      version = (*before ? (*before)->version : 0) + 1;
      const std::string& keeper = *before && office.empty() ? (*before)->office : office;
      edit.value = encode({part, *section, keeper, version, now});
    }
    AuditEntry entry{.at = static_cast<std::uint64_t>(std::max<std::int64_t>(now, 1)),
                     .who = who,
                     .what = section ? "keep brief" : "remove brief",
                     .subject = std::string(country) + "/" + std::string(name_of(part)),
                     .version = version};
    return store.write_in_task({std::move(edit)}, {std::move(entry)});
  });
  if (!done) return tl::unexpected(done.error());
  return version;
}

}  // namespace counterpart::index
