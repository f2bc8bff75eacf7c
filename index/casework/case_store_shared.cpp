// Cases that are shared with another office of the network: what comes of it, and what it is told.
#include <algorithm>
#include <utility>

#include "engine/casework/case_json.h"
#include "engine/profile/profile_json.h"
#include "index/casework/case_message.h"
#include "index/casework/case_store_impl.h"
#include "index/store/aliases.h"
#include "index/store/vault.h"

namespace counterpart::index {
namespace {

// What ends an introduction before, or instead of, what it is for.
bool ended_in_nothing(const Case& of, const LifeCycles& table) {
  const Result<Progress> progress = progress_of(of, table);
  if (!progress || !progress->state || is_open(*progress->state) || progress->entered == 0) return false;
  const std::string& verb = of.log[progress->entered - 1].verb;
  return verb == "drop" || verb == "withdraw";
}

}  // namespace

bool released_by(Case of, const SharedCase& shared, const LifeCycles& table) {
  if (!shared.home && shared.confirmed < of.log.size()) of.log.resize(shared.confirmed);
  return both_keys_turned(of, table);
}

Result<std::string> CaseStore::take_shared(const CaseTelling& telling, std::int64_t now, std::vector<Database::Edit> beside) {
  Impl& own = *impl_;
  std::string waits;
  const Status done = own.store.run_exclusively([&](Database&) -> Status {
    const std::shared_ptr<const Offices> known = own.current();
    const Casework with = own.work(*known);
    CasePlan plan(own.store, own.board, with, own.counters, own.publishing.is_of);
    Result<std::string> taken = std::string();
    {
      const MutexLock lock(own.mutex);
      taken = plan.take(telling, now);
    }
    if (!taken) return tl::unexpected(std::move(taken.error()));
    waits = std::move(*taken);
    if (!waits.empty()) return {};
    Result<Impl::Items> items = own.items_of(plan, with, now);
    if (!items) return tl::unexpected(std::move(items.error()));
    return own.write(plan, std::move(*items), {}, now, std::move(beside));
  });
  if (!done) return tl::unexpected(done.error());
  return waits;
}

Status CaseStore::Impl::forget_shared(const std::string& id, std::vector<Database::Edit>& edits) const {
  Result<std::optional<SharedCase>> shared = shared_of(database, id);
  if (!shared) return tl::unexpected(std::move(shared.error()));
  if (!*shared) return {};
  (*shared)->gone = true;
  (*shared)->asked.clear();
  ++(*shared)->version;
  add_shared(**shared, true, edits);
  return store.vault().seal(edits, released_key(id), {}, true);
}

Result<ReleasedContact> CaseStore::Impl::released_there(const Case& of, const SharedCase& shared) const {
  const std::string& profile = of.party(other(shared.side())).profile;
  const auto sealed = database.get(Family::kContacts, released_key(of.id));
  if (!sealed) return tl::unexpected(sealed.error());
  if (!*sealed)
    return fail(ErrorCode::kConflict, "contacts", "those of `" + profile + "` have not arrived yet",
                "they come with the next bundle of the office `" + shared.office + "`");
  const Result<std::string> plain = store.vault().unseal(released_key(of.id), **sealed);
  if (!plain) return tl::unexpected(plain.error());
  const Result<StoredProfile> stored = store.get(profile);
  if (!stored) return tl::unexpected(stored.error());
  Result<Profile> whole = decode_profile(to_json(stored->profile, Visibility::kPublic), *plain);
  if (!whole) return tl::unexpected(std::move(whole.error()));
  return ReleasedContact{profile, std::move(whole->contact), std::move(whole->organisation.legal_name)};
}

Result<CaseMessage> message_of(const Store& store, const SharedCase& of, const std::string& self, const LifeCycles& table) {
  CaseMessage message{.shared = of.shared,
                      .kind = of.kind,
                      .origin = of.origin,
                      .home = of.home,
                      .gone = of.gone,
                      .version = of.version,
                      .of = {},
                      .asked = {},
                      .contact = {}};
  if (of.gone) return message;
  const std::string own = stand_in_of(self), there = stand_in_of(of.office);
  for (AskedAct asked : of.asked) {
    asked.act.office = asked.act.desk = asked.act.by == By::kDesk ? own : std::string();
    if (!asked.act.said.facts.desk.empty()) asked.act.said.facts.desk = own;
    if (of.home) asked.act = {};
    if (!of.home) asked = {.id = asked.id, .seen = asked.seen, .act = std::move(asked.act), .refused = {}};
    message.asked.push_back(std::move(asked));
  }
  if (of.case_id.empty()) return message;
  Result<Case> now = read_case(store.database(), of.case_id);
  if (!now) return tl::unexpected(std::move(now.error()));
  const bool turned = of.home || (of.releases && turned_here(*now, of, table));
  const bool releases = turned && released_by(*now, of, table) && !ended_in_nothing(*now, table);
  if (releases) {
    const Result<std::string> survivor = survivor_of(store.database(), of.profile);
    if (!survivor) return tl::unexpected(survivor.error());
    const Result<StoredProfile> stored = store.get(*survivor, true);
    if (!stored) return tl::unexpected(stored.error());
    message.contact = private_json(stored->profile);
    if (message.contact.empty()) message.contact = "{}";
  }
  now->id = of.shared;
  now->origin = of.origin;
  if (!of.home) now->log.clear();
  message.of = neutral(std::move(*now), of.home ? there : own, of.home ? own : there);
  return message;
}

}  // namespace counterpart::index
