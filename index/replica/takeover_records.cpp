#include "index/replica/takeover_records.h"

#include <boost/json.hpp>
#include <utility>
#include <vector>

#include "engine/base/hex.h"
#include "index/base/files.h"
#include "index/tail/standby.h"

namespace counterpart::index {
namespace {

namespace json = boost::json;

constexpr std::size_t kPage = 1000;  // of the audit log
constexpr const char* kLeftBehind = "LEFT-BEHIND";

tl::unexpected<Error> damaged(std::string what) {
  return fail(ErrorCode::kCorrupt, "store", "the record of " + what + " does not decode", "restore the last backup");
}

}  // namespace

Result<std::optional<Standby>> read_standby(const Database& database) {
  const auto bytes = database.get(Family::kMeta, kStandbyKey);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  try {
    const json::value read = json::parse(**bytes);
    return Standby{std::string(read.at("id").as_string()), std::string(read.at("url").as_string())};
  } catch (const std::exception&) {
    return damaged("the standby");
  }
}

Result<std::optional<Takeover>> read_takeover(const Database& database) {
  const auto bytes = database.get(Family::kMeta, kTakeoverKey);
  if (!bytes) return tl::unexpected(bytes.error());
  if (!*bytes) return std::nullopt;
  try {
    const json::value read = json::parse(**bytes);
    Takeover takeover{read.at("epoch").to_number<std::uint64_t>(), {}, read.at("audit_entries").to_number<std::uint64_t>()};
    const auto after = from_hex(std::string_view(read.at("after").as_string()));
    const std::optional<TailPosition> position = after ? decode_position(*after) : std::nullopt;
    if (!position) return damaged("who took over");
    takeover.after = *position;
    return takeover;
  } catch (const std::exception&) {
    return damaged("who took over");
  }
}

std::string encode(const Standby& standby) { return json::serialize(json::object{{"id", standby.id}, {"url", standby.url}}); }
std::string encode(const Takeover& takeover) {
  return json::serialize(json::object{
      {"epoch", takeover.epoch}, {"after", hex(encode_position(takeover.after))}, {"audit_entries", takeover.audit_entries}});
}

Result<std::uint64_t> tell_left_behind(const Store& store, std::uint64_t entries) {
  AtomicFile file(store.directory() / kLeftBehind);
  std::uint64_t count = 0;
  while (true) {
    const Result<std::vector<AuditEntry>> page = store.audit().list(entries + count, kPage);
    if (!page) return tl::unexpected(page.error());
    for (const AuditEntry& entry : *page)
      file.write(json::serialize(json::object{{"at", entry.at},
                                              {"who", entry.who},
                                              {"what", entry.what},
                                              {"subject", entry.subject},
                                              {"version", entry.version}}) +
                 "\n");
    count += page->size();
    if (page->size() < kPage) break;
  }
  if (count == 0) return count;
  if (Status written = file.finish(); !written) return tl::unexpected(written.error());
  return count;
}

}  // namespace counterpart::index
