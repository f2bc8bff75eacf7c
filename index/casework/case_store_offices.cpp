// Changes of offices and desks, and which cases they concern.
#include <algorithm>
#include <string>

#include "index/base/kill_point.h"
#include "index/casework/case_store_impl.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

using Names = std::set<std::string, std::less<>>;

// Offices that the change is about, before or after it.
Names offices_in(const DirectoryChange& change, const Directory& before) {
  Names names;
  for (const OfficeEdit& edit : change.offices) names.insert(edit.id);
  for (const DeskEdit& edit : change.desks) {
    if (edit.desk) names.insert(edit.desk->office);
    if (const Desk* desk = before.desk(edit.id)) names.insert(desk->office);
  }
  return names;
}

std::vector<AuditEntry> entries_of(const DirectoryChange& change, const std::string& who, std::uint64_t version,
                                   std::int64_t now) {
  std::vector<AuditEntry> entries;
  const auto add = [&](const char* what, const std::string& id) {
    entries.push_back({.at = static_cast<std::uint64_t>(now), .who = who, .what = what, .subject = id, .version = version});
  };
  for (const OfficeEdit& edit : change.offices) add(edit.office ? "put office" : "remove office", edit.id);
  for (const DeskEdit& edit : change.desks) add(edit.desk ? "put desk" : "remove desk", edit.id);
  return entries;
}

std::string duty_of(const Directory& directory) { return directory.offices().empty() ? std::string() : directory.duty().id; }

// What stands for another office of the network is that one's to change. Said as it is, it may be said again.
Status check_stand_ins(const Database& database, const DirectoryChange& change, const Directory& before) {
  const auto check = [&](const std::string& office) -> Status {
    const Result<std::optional<StandIn>> found = read_stand_in(database, office);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return {};
    return fail(ErrorCode::kForbidden, "office " + office,
                "stands for the office `" + (*found)->office + "` of the network, which alone says how it works",
                "`counterpart network remove OFFICE` takes that one out");
  };
  for (const OfficeEdit& edit : change.offices) {
    const Office* there = before.office(edit.id);
    if (edit.office && there && *edit.office == *there) continue;
    if (Status may = check(edit.id); !may) return may;
  }
  for (const DeskEdit& edit : change.desks) {
    const Desk* there = before.desk(edit.id);
    if (edit.desk && there && *edit.desk == *there) continue;
    if (there)
      if (Status may = check(there->office); !may) return may;
    if (edit.desk)
      if (Status may = check(edit.desk->office); !may) return may;
  }
  return {};
}

}  // namespace

// Open cases of offices that change, read anew: each must have an owner and a due time then too.
Result<CaseStore::Impl::Items> CaseStore::Impl::items_under(const Offices& next, const DirectoryChange& change,
                                                            std::int64_t now) {
  std::vector<std::string> ids;
  {
    const MutexLock lock(mutex);
    const bool all = duty_of(offices->directory) != duty_of(next.directory);
    ids = board.touched(offices_in(change, offices->directory), all);
  }
  Items items;
  if (next.directory.offices().empty() && !ids.empty())
    return fail(ErrorCode::kConflict, "offices", "there are open cases, `" + ids.front() + "` for one", "let one office stay");
  for (const std::string& id : ids) {
    const Result<Case> of = read_case(database, id);
    if (!of) return tl::unexpected(of.error());
    Result<std::shared_ptr<Board::Item>> item = Board::read(*of, work(next), now);
    if (!item) {
      Error error = std::move(item.error());
      return fail(ErrorCode::kInvalid, error.place, "case `" + id + "` would have no due time: " + error.message, error.remedy);
    }
    items.emplace_back(id, std::move(*item));
  }
  return items;
}

Status CaseStore::Impl::put_offices(const DirectoryChange& change, const std::string& who, std::int64_t now) {
  if (!network_office(who))
    if (Status may = check_stand_ins(database, change, current()->directory); !may) return may;
  std::vector<Database::Edit> edits;
  Result<Offices> next = changed_offices(*current(), change, make_clock, edits);
  if (!next) return tl::unexpected(std::move(next.error()));
  Result<Items> items = items_under(*next, change, now);
  if (!items) return tl::unexpected(std::move(items.error()));
  kill_point("cases: offices in a batch that is not written");
  if (Status written = store.write_in_task(std::move(edits), entries_of(change, who, next->version, now)); !written)
    return written;
  const MutexLock lock(mutex);
  offices = std::make_shared<const Offices>(std::move(*next));
  for (auto& [id, item] : *items) board.put(id, std::move(item));
  return {};
}

Result<std::shared_ptr<const Offices>> CaseStore::change_offices(const DirectoryChange& change, const std::string& who,
                                                                 std::int64_t now) {
  std::shared_ptr<const Offices> after;
  const Status done = impl_->store.run_exclusively([&](Database&) -> Status {
    if (Status put = impl_->put_offices(change, who, now); !put) return put;
    after = impl_->current();
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return after;
}

}  // namespace counterpart::index
