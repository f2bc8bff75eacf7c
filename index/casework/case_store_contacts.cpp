// Contacts of both sides, released by two keys.
#include "index/casework/case_store_impl.h"
#include "index/store/aliases.h"

namespace counterpart::index {

bool both_keys_turned(const Case& of, const LifeCycles& table) {
  const StateRow* state = nullptr;
  std::array<bool, 2> keys{};
  bool turned = false;
  for (const Act& act : of.log) {
    const ActRow* row = table.act(of.kind, state ? state->state : "", act.verb);
    if (!row) return false;
    if (row->two_keys) {
      keys[index_of(act.side)] = true;
      if (!keys[0] || !keys[1]) continue;
      turned = true;
    }
    if (row->to.empty()) continue;
    if (const StateRow* to = table.state(of.kind, row->to); to != state) {
      state = to;
      keys = {};
      if (state && state->court == Court::kBoth) turned = false;  // asked for anew
    }
  }
  return turned;
}

Result<std::vector<ReleasedContact>> CaseStore::contacts_of(std::string_view id, std::string_view office,
                                                            const std::string& who) {
  Impl& own = *impl_;
  const Result<Case> of = read_case(own.database, id);
  if (!of) return tl::unexpected(of.error());
  if (office.empty() || (of->asking.office != office && of->answering.office != office))
    return fail(ErrorCode::kForbidden, "office", "is on neither side of this case", "the offices of both sides see them");
  const Result<std::optional<SharedCase>> shared = shared_of(own.database, of->id);
  if (!shared) return tl::unexpected(shared.error());
  if (const auto stand_in = read_stand_in(own.database, office); stand_in && *stand_in)
    return fail(ErrorCode::kForbidden, "office", "stands for another office of the network, which sees them at its own server",
                "a desk of this office sees them");
  if (!(*shared ? released_by(*of, **shared, own.table) : both_keys_turned(*of, own.table)))
    return fail(ErrorCode::kForbidden, "keys", "the contacts are not released", "both offices turn their keys first");
  std::vector<ReleasedContact> released;
  std::vector<AuditEntry> entries;
  for (const Side side : kSides) {
    const std::string& profile = of->party(side).profile;
    entries.push_back(
        {.who = who, .what = "contacts released in " + of->id + " to " + std::string(office), .subject = profile});
    if (*shared && side != (*shared)->side()) {
      Result<ReleasedContact> there = own.released_there(*of, **shared);
      if (!there) return tl::unexpected(std::move(there.error()));
      released.push_back(std::move(*there));
      continue;
    }
    const Result<std::string> survivor = survivor_of(own.database, profile);
    if (!survivor) return tl::unexpected(survivor.error());
    Result<StoredProfile> stored = own.store.get(*survivor, true);
    if (!stored) return tl::unexpected(std::move(stored.error()));
    released.push_back({profile, std::move(stored->profile.contact), std::move(stored->profile.organisation.legal_name)});
  }
  const Status noted = own.store.run_exclusively([&](Database&) { return own.store.write_in_task({}, std::move(entries)); });
  if (!noted) return tl::unexpected(noted.error());
  return released;
}

}  // namespace counterpart::index
