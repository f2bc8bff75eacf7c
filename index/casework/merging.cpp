#include "index/casework/merging.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/profile/profile_json.h"
#include "index/casework/case_store_impl.h"
#include "index/store/aliases.h"
#include "index/store/versions.h"

namespace counterpart::index {
namespace {

Body body_of(const Profile& profile) { return {to_json(profile, Visibility::kPublic), private_json(profile)}; }
Result<Profile> profile_of(const Body& body) { return decode_profile(body.public_json, body.private_json); }

Write putting(const Profile& profile, std::uint64_t version, const Case& of, const std::string& who) {
  Write write;
  write.profile = profile;
  write.expect_version = version;
  write.who = who;
  write.via = of.id;
  return write;
}

}  // namespace

Status CaseStore::Impl::load_aliases() {
  const Result<std::vector<Alias>> all = all_aliases(database);
  if (!all) return tl::unexpected(all.error());
  std::map<std::string, std::string, std::less<>> ends;
  for (const Alias& alias : *all) {
    Result<std::string> survivor = survivor_of(database, alias.id);
    if (!survivor) return tl::unexpected(std::move(survivor.error()));
    ends[alias.id] = std::move(*survivor);
  }
  const MutexLock lock(mutex);
  survivors = std::move(ends);
  return {};
}

// Nothing of it waits that the merge would pass over.
Status CaseStore::Impl::check_mergeable(const Case& of, const std::string& profile) const {
  const Result<std::string> survivor = survivor_of(database, profile);
  if (!survivor) return tl::unexpected(survivor.error());
  if (*survivor != profile)
    return fail(ErrorCode::kConflict, profile, "is an alias of `" + *survivor + "`", "merge that one, or undo the merge");
  if (is_proposed(database, profile))
    return fail(ErrorCode::kConflict, profile, "has a text that waits for its review", "publish or withdraw that first");
  const Result<std::vector<std::string>> own = family_of(database, profile);
  if (!own) return tl::unexpected(own.error());
  const std::string& other = of.party(profile == of.asking.profile ? Side::kAnswering : Side::kAsking).profile;
  const Result<std::vector<std::string>> others = family_of(database, other);
  if (!others) return tl::unexpected(others.error());
  std::vector<std::string> open;
  {
    const MutexLock lock(mutex);
    for (const std::string& id : *own) std::ranges::copy(board.open_of(id), std::back_inserter(open));
  }
  for (const std::string& id : open) {
    if (id == of.id) continue;
    const Result<Case> one = read_case(database, id);
    if (!one) return tl::unexpected(one.error());
    const auto is_side = [&](const std::vector<std::string>& ids, const Party& party) {
      return std::ranges::find(ids, party.profile) != ids.end();
    };
    const bool between = (is_side(*own, one->asking) && is_side(*others, one->answering)) ||
                         (is_side(*own, one->answering) && is_side(*others, one->asking));
    if (between)
      return fail(ErrorCode::kConflict, "case", "`" + id + "` is open between these two",
                  "end it first: nobody is introduced to itself");
  }
  return {};
}

std::vector<unsigned> CaseStore::places_taken(std::span<const std::string_view> profiles) const {
  std::vector<unsigned> taken;
  taken.reserve(profiles.size());
  const MutexLock lock(impl_->mutex);
  std::map<std::string_view, unsigned> by_aliases;  // of survivors; mostly none
  for (const auto& [alias, survivor] : impl_->survivors)
    if (const unsigned more = impl_->board.places_taken(alias); more > 0) by_aliases[survivor] += more;
  for (const std::string_view profile : profiles) {
    taken.push_back(impl_->board.places_taken(profile));
    if (by_aliases.empty()) continue;
    if (const auto more = by_aliases.find(profile); more != by_aliases.end()) taken.back() += more->second;
  }
  return taken;
}

// What an alias has is its survivor's.
Engagements CaseStore::engagements() const {
  const MutexLock lock(impl_->mutex);
  Engagements engaged = impl_->board.engagements();
  if (impl_->survivors.empty()) return engaged;
  const auto survivor = [&](const std::string& id) REQUIRES(impl_->mutex) {
    const auto found = impl_->survivors.find(id);
    return found != impl_->survivors.end() ? found->second : id;
  };
  Engagements own;
  for (const auto& [id, taken] : engaged.taken) own.taken[survivor(id)] += taken;
  for (const auto& [a, b] : engaged.together) own.together.insert(std::minmax(survivor(a), survivor(b)));
  return own;
}

Result<Merging> merging_of(const Store& store, const std::string& survivor, const std::string& other,
                           std::span<const Choice> choices) {
  Result<StoredProfile> a = store.get(survivor, true), b = store.get(other, true);
  if (!a) return tl::unexpected(std::move(a.error()));
  if (!b) return tl::unexpected(std::move(b.error()));
  Result<Merged> merged = merge_profiles(a->profile, b->profile, choices);
  if (!merged) return tl::unexpected(std::move(merged.error()));
  return Merging{std::move(*a), std::move(*b), std::move(*merged)};
}

Result<Parting> parting_of(const Store& store, const std::string& id) {
  Result<std::optional<Alias>> alias = read_alias(store.database(), id, store.vault());
  if (!alias) return tl::unexpected(std::move(alias.error()));
  if (!*alias) return fail(ErrorCode::kConflict, id, "is no alias", "it was parted already, or never merged");
  Result<StoredProfile> now = store.get((*alias)->survivor, true);
  if (!now && now.error().code == ErrorCode::kNotFound)
    return fail(ErrorCode::kConflict, (*alias)->survivor, "is an alias itself by now", "undo that merge first");
  if (!now) return tl::unexpected(std::move(now.error()));
  Result<Profile> own = profile_of((*alias)->own);
  const Result<Profile> before = profile_of((*alias)->before), merged = profile_of((*alias)->merged);
  if (!own) return tl::unexpected(std::move(own.error()));
  if (!before) return tl::unexpected(before.error());
  if (!merged) return tl::unexpected(merged.error());
  Result<Parted> parted = part_profiles(*before, *merged, now->profile);
  if (!parted) return tl::unexpected(std::move(parted.error()));
  return Parting{std::move(**alias), std::move(*own), std::move(*now), std::move(*parted)};
}

Result<std::vector<Write>> CaseStore::Impl::writes_to_merge(const Case& of, const std::string& who) const {
  const Facts& agreed = of.log.front().said.facts;
  const bool asking_stays = agreed.survivor == of.asking.profile;
  if (!asking_stays && agreed.survivor != of.answering.profile)
    return fail(ErrorCode::kInvalid, "facts.survivor", "is neither of the two", "the id of one of them");
  const std::string& other = asking_stays ? of.answering.profile : of.asking.profile;
  for (const std::string& id : {agreed.survivor, other})
    if (Status may = check_mergeable(of, id); !may) return tl::unexpected(std::move(may.error()));
  const Result<bool> excluded = is_excluded(database, other), stays = is_excluded(database, agreed.survivor);
  if (!excluded) return tl::unexpected(excluded.error());
  if (!stays) return tl::unexpected(stays.error());
  if (*excluded && !*stays)
    return fail(ErrorCode::kConflict, other, "is excluded, and the one that stays is not", "state the same of both first");
  const Result<Merging> merging = merging_of(store, agreed.survivor, other, agreed.keep);
  if (!merging) return tl::unexpected(merging.error());
  Write gone;
  gone.kind = Write::Kind::kAlias;
  gone.profile.id = other;
  gone.expect_version = merging->b.version;
  gone.who = who;
  gone.alias.survivor = agreed.survivor;
  gone.alias.case_id = of.id;
  gone.alias.own = body_of(merging->b.profile);
  gone.alias.before = body_of(merging->a.profile);
  gone.alias.merged = body_of(merging->merged.profile);
  return std::vector<Write>{putting(merging->merged.profile, merging->a.version, of, who), std::move(gone)};
}

Result<std::vector<Write>> CaseStore::Impl::writes_to_part(const Case& of, const std::string& who) const {
  for (const Side side : kSides) {
    const std::string& id = of.party(side).profile;
    const Result<std::optional<Alias>> alias = read_alias(database, id);
    if (!alias) return tl::unexpected(alias.error());
    if (!*alias || (*alias)->case_id != of.id) continue;
    const Result<Parting> parting = parting_of(store, id);
    if (!parting) return tl::unexpected(parting.error());
    Write back = putting(parting->own, 0, of, who);
    back.parts = true;
    return std::vector<Write>{putting(parting->parted.profile, parting->now.version, of, who), std::move(back)};
  }
  return fail(ErrorCode::kConflict, of.answering.profile, "is no alias", "it was parted already, or never merged");
}

}  // namespace counterpart::index
