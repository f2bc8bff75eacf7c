// How cases follow the ends of profiles: an end that is written into a profile, and one that comes near.
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/base/date.h"
#include "engine/profile/profile_json.h"
#include "index/casework/case_store_impl.h"
#include "index/store/write_group.h"

namespace counterpart::index {
namespace {

// The clock's act on a case whose profile has another version now that is not followed by it.
bool is_superseding(const LifeCycles& table, const ActRow& row) {
  return std::ranges::any_of(table.acts, [&](const ActRow& each) {
    return each.kind == row.kind && each.effect == Effect::kPublishes && each.on_origin == row.verb;
  });
}

}  // namespace

Status CaseStore::Impl::follow(const WriteGroup& group, std::vector<Database::Edit>& edits) {
  const std::shared_ptr<const Offices> known = current();
  if (known->directory.offices().empty()) return {};
  const Casework with = work(*known);
  const std::string_view kind = kind_of_profiles(table);
  CasePlan plan(store, board, with, erasing ? erasing->counters : counters, publishing.is_of);
  const MutexLock lock(mutex);
  for (const auto& [id, state] : group.states()) {
    if (!state.changed || !state.live || state.erased) continue;
    const std::vector<std::string> open = board.open_of(id);
    if (open.empty()) continue;
    const Result<Profile> profile = decode_profile(state.public_json);
    if (!profile) return tl::unexpected(profile.error());
    const Result<Day> last = parse_date(profile->valid_until);
    for (const std::string& of : open) {
      const Result<Case> now = read_case(database, of);
      if (!now) return tl::unexpected(now.error());
      const Result<Progress> progress = progress_of(*now, table);
      if (!progress) return tl::unexpected(progress.error());
      const bool says_so = last ? progress->valid_until == *last : !progress->valid_until;
      if (now->kind != kind || says_so) continue;
      for (const ActRow* row : table.acts_from(kind, progress->state->state)) {
        // Without an end there is nothing left to wait for.
        if (!(row->who & kClock) || (last ? row->effect != Effect::kRenews : !is_superseding(table, *row))) continue;
        ActRequest act{.case_id = of, .by = By::kClock, .verb = std::string(row->verb), .who = "clock"};
        act.said.facts.valid_until = last ? std::optional<Day>(*last) : std::nullopt;
        if (const Result<Acted> followed = plan.act(act, latest); !followed) return tl::unexpected(followed.error());
        break;
      }
    }
  }
  if (plan.cases().empty()) return {};
  Result<Items> items = items_of(plan, with, latest);
  if (!items) return tl::unexpected(std::move(items.error()));
  std::ranges::move(plan.edits(), std::back_inserter(edits));
  acting = {plan.counters(), std::move(*items), plan.letters()};
  return {};
}

Result<std::size_t> CaseStore::follow_ends(std::span<const std::pair<std::string, Day>> profiles, std::int64_t now) {
  Impl& own = *impl_;
  const std::string_view kind = kind_of_profiles(own.table);
  const std::vector<const ActRow*> openings = own.table.acts_from(kind, "");
  const auto admits = [](const ActRow* row) { return row->effect == Effect::kRenews && (row->who & kClock); };
  const auto opening = std::ranges::find_if(openings, admits);
  if (opening == openings.end()) return std::size_t{0};
  std::size_t opened = 0;
  const Status done = own.store.run_exclusively([&](Database&) -> Status {
    const std::shared_ptr<const Offices> known = own.current();
    const Casework with = own.work(*known);
    CasePlan plan(own.store, own.board, with, own.counters, own.publishing.is_of);
    for (const auto& [id, last] : profiles) {
      const MutexLock lock(own.mutex);
      ActRequest act{.opens = NewCase{.kind = std::string(kind), .programme = {}, .from = id},
                     .by = By::kClock,
                     .verb = std::string((*opening)->verb),
                     .who = "clock"};
      act.said.facts.valid_until = last;
      if (plan.act(act, now)) ++opened;  // refused: one has its case already, or the profile is gone
    }
    Result<Impl::Items> items = own.items_of(plan, with, now);
    if (!items) return tl::unexpected(std::move(items.error()));
    return own.write(plan, std::move(*items), {}, now);
  });
  if (!done) return tl::unexpected(done.error());
  return opened;
}

}  // namespace counterpart::index
