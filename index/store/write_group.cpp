#include "index/store/write_group.h"

#include <utility>

#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/store/origins.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kMaxId = 128;

Status check_id(std::string_view id) {
  if (!id.empty() && id.size() <= kMaxId) return {};
  return fail(ErrorCode::kInvalid, "id", id.empty() ? "is missing" : "is longer than 128 characters",
              "give the profile an id of 1 to 128 characters");
}

tl::unexpected<Error> conflict(const PreparedWrite& write, std::uint64_t stored) {
  const std::string expected = std::to_string(write.expect_version.value_or(0));
  if (stored == 0)
    return fail(ErrorCode::kConflict, write.id, "version " + expected + " was expected, but it does not exist",
                "look it up again");
  return fail(ErrorCode::kConflict, write.id,
              "version " + expected + " was expected, version " + std::to_string(stored) + " is stored",
              "read the profile again and repeat the change on it");
}

// The private members after `write`: its own, and those stored that it keeps.
Result<std::string> private_after(const PreparedWrite& write, const ProfileState& state) {
  if (write.private_members == PrivateMembers::kReplace || state.private_json.empty()) return write.private_json;
  const auto stored = decode_profile("{}", state.private_json);
  if (!stored) return tl::unexpected(stored.error());
  auto given = decode_profile("{}", write.private_json);
  if (!given) return tl::unexpected(given.error());
  keep_private(*given, write.removed, *stored);
  return private_json(*given);
}

bool says_private(const PreparedWrite& write) { return !write.private_json.empty() || !write.removed.members.empty(); }

}  // namespace

Result<PreparedWrite> prepare(const Write& write) {
  if (const auto valid = check_id(write.profile.id); !valid) return tl::unexpected(valid.error());
  PreparedWrite prepared;
  prepared.id = write.profile.id;
  prepared.expect_version = write.expect_version;
  prepared.who = write.who;
  prepared.consent = write.consent;
  prepared.private_members = write.private_members;
  prepared.removed = write.removed;
  prepared.request = write.request;
  prepared.via = write.via;
  if (write.kind != Write::Kind::kPut) {
    prepared.kind = write.kind == Write::Kind::kErase   ? PreparedWrite::Kind::kErase
                    : write.kind == Write::Kind::kCheck ? PreparedWrite::Kind::kCheck
                                                        : PreparedWrite::Kind::kAlias;
    prepared.alias = write.alias;
    prepared.check = write.check;
    return prepared;
  }
  prepared.parts = write.parts;
  prepared.public_json = to_json(write.profile, Visibility::kPublic);
  prepared.private_json = private_json(write.profile);
  if (write.embedding) {
    prepared.model = write.embedding->model;
    prepared.vectors = encode_embedding(*write.embedding);
  }
  return prepared;
}

Result<PreparedWrite> prepare_vectors(std::string_view id, std::uint64_t version, const Embedding& embedding) {
  if (const auto valid = check_id(id); !valid) return tl::unexpected(valid.error());
  PreparedWrite prepared;
  prepared.kind = PreparedWrite::Kind::kVectors;
  prepared.id = id;
  prepared.model = embedding.model;
  prepared.vectors = encode_embedding(embedding);
  prepared.expect_version = version;
  return prepared;
}

Result<ProfileState*> WriteGroup::state_of(const std::string& id) {
  auto found = states_.find(id);
  if (found == states_.end()) {
    auto loaded = reads_.load(id);
    if (!loaded) return tl::unexpected(loaded.error());
    found = states_.emplace(id, std::move(*loaded)).first;
  }
  return &found->second;
}

Result<Written> WriteGroup::apply(const PreparedWrite& write) {
  if (write.kind == PreparedWrite::Kind::kErase && reads_.family) return erase_all(write);
  const Result<ProfileState*> state = state_of(write.id);
  if (!state) return tl::unexpected(state.error());
  return apply_to(write, **state);
}

// Whoever is erased is so under each id that it has.
Result<Written> WriteGroup::erase_all(const PreparedWrite& write) {
  const Result<std::vector<std::string>> ids = reads_.family(write.id);
  if (!ids) return tl::unexpected(ids.error());
  PreparedWrite own = write;
  own.id = ids->front();
  const Result<ProfileState*> state = state_of(own.id);
  if (!state) return tl::unexpected(state.error());
  std::vector<std::pair<std::string, ProfileState*>> others;
  for (auto id = ids->begin() + 1; id != ids->end(); ++id) {
    const Result<ProfileState*> other = state_of(*id);
    if (!other) return tl::unexpected(other.error());
    if ((*other)->alias) others.emplace_back(*id, *other);
  }
  Result<Written> written = apply_to(own, **state);
  if (!written) return written;
  for (const auto& [id, other] : others) {
    erase(id, *other);
    written->with.push_back(id);
  }
  return written;
}

Result<Written> WriteGroup::apply_to(const PreparedWrite& write, ProfileState& state) {
  if (state.alias && write.kind == PreparedWrite::Kind::kPut && !write.parts)
    return fail(ErrorCode::kConflict, write.id, "is an alias of `" + state.alias->survivor + "`",
                "send it under that id, or undo the merge");
  if (Status given = agreed(write, state); !given) return tl::unexpected(given.error());
  if (Status own = owned(write, state); !own) return tl::unexpected(own.error());
  const std::uint64_t stored = state.live ? state.head.version : 0;
  if (state.live && !write.request.empty() && write.request == state.request)
    return Written{write.id, stored, state.head.sequence, false, true};
  if (write.expect_version && *write.expect_version != stored) return conflict(write, stored);
  if (write.kind == PreparedWrite::Kind::kPut) return put(write, state);
  const bool goes = write.kind == PreparedWrite::Kind::kErase && state.proposed;
  if (!state.live && !goes) return fail(ErrorCode::kNotFound, write.id, "there is no such profile");
  if (write.kind == PreparedWrite::Kind::kAlias) return become_alias(write, state);
  if (write.kind == PreparedWrite::Kind::kCheck) return state_check(write, state);
  return write.kind == PreparedWrite::Kind::kErase ? erase(write.id, state) : vectors(write, state);
}

Status WriteGroup::agreed(const PreparedWrite& write, const ProfileState& state) const {
  if (!write.consent) return {};
  if (!state.live) return write.consent({nullptr, state.life});
  const auto profile = decode_profile(state.public_json, state.private_json);
  if (!profile) return tl::unexpected(profile.error());
  return write.consent({&*profile, state.life});
}

// What was received is written by the network alone, and the network writes nothing else. Vectors and what an office here
// states of it stand beside it.
Status WriteGroup::owned(const PreparedWrite& write, const ProfileState& state) const {
  if (write.kind == PreparedWrite::Kind::kVectors || write.kind == PreparedWrite::Kind::kCheck) return {};
  const std::optional<std::string_view> office = network_office(write.who);
  if (!office || (!state.origin.empty() && state.origin != *office)) return check_own(write.id, state.origin);
  if (state.origin.empty() && (state.live || state.alias || state.proposed))
    return fail(ErrorCode::kConflict, write.id, "is the id of a profile of this office's own",
                "give one of the two another id; the other office's is taken in then");
  return {};
}

Written WriteGroup::written(const std::string& id, ProfileState& state, bool created) {
  state.head.sequence = ++sequence_;
  state.changed = true;
  return {id, state.head.version, state.head.sequence, created, false};
}

Result<Written> WriteGroup::put(const PreparedWrite& write, ProfileState& state) {
  auto private_json = private_after(write, state);
  if (!private_json) return tl::unexpected(private_json.error());
  const bool same_public = state.live && state.public_json == write.public_json;
  const bool same_private =
      write.private_members == PrivateMembers::kUnseen ? !says_private(write) : *private_json == state.private_json;
  const bool same = same_public && same_private;
  if (same && (!write.model || write.model == state.model))
    return Written{write.id, state.head.version, state.head.sequence, false, true};
  const bool created = !state.live;
  if (created) ++live_;
  if (!same) {  // new vectors alone make no new version
    if (!created) {
      state.note.public_json = std::move(state.public_json);
      state.past.push_back(std::move(state.note));
    }
    ++state.head.version;
    state.head.accepted_at = now_;
    state.note = {state.head.version, now_, write.who, write.via, {}};
  }
  state.live = true;
  if (state.alias) state.alias_changed = true;
  state.alias.reset();
  state.origin = network_office(write.who).value_or(std::string_view());
  state.public_json = write.public_json;
  state.private_json = std::move(*private_json);
  if (created) state.request = write.request;
  if (!same)
    if (Status screened = screen(state); !screened) return tl::unexpected(std::move(screened.error()));
  // Vectors are made from public text: those of an older text must not stand for the new one.
  if (write.model || !same_public) {
    state.vectors_changed = true;
    state.model = write.model;
    state.vectors = write.vectors;
  }
  return written(write.id, state, created);
}

Written WriteGroup::erase(const std::string& id, ProfileState& state) {
  if (state.live) --live_;
  ++state.head.version;
  state.live = false;
  state.erased = true;
  state.origin.clear();
  state.proposed = false;
  state.note = {};
  state.past.clear();
  ++state.life;
  state.request.clear();
  state.public_json.clear();
  state.private_json.clear();
  state.model.reset();
  state.vectors.clear();
  state.vectors_changed = true;
  if (state.alias) state.alias_changed = true;
  state.alias.reset();
  state.diligence = {};
  return written(id, state, false);
}

Status WriteGroup::screen(ProfileState& state) const {
  if (!reads_.screen) return {};
  const auto profile = decode_profile(state.public_json);
  if (!profile) return tl::unexpected(profile.error());
  state.diligence.listed = reads_.screen(*profile);
  return {};
}

// Indexes follow it by its sequence.
Result<Written> WriteGroup::state_check(const PreparedWrite& write, ProfileState& state) {
  const Diligence before = state.diligence;
  if (write.check) state.diligence.check = write.check;
  if (Status screened = screen(state); !screened) return tl::unexpected(std::move(screened.error()));
  if (state.diligence == before) return Written{write.id, state.head.version, state.head.sequence, false, true};
  return written(write.id, state, false);
}

// To every index it is gone; nothing of it is.
Written WriteGroup::become_alias(const PreparedWrite& write, ProfileState& state) {
  --live_;
  state.live = false;
  state.alias = write.alias;
  state.alias->id = write.id;
  state.alias->who = write.who;
  state.alias->at = now_;
  state.alias_changed = true;
  state.note.public_json = std::move(state.public_json);
  state.past.push_back(std::move(state.note));
  state.note = {};
  state.public_json.clear();
  state.private_json.clear();
  state.model.reset();
  state.vectors.clear();
  state.vectors_changed = true;
  return written(write.id, state, false);
}

Written WriteGroup::vectors(const PreparedWrite& write, ProfileState& state) {
  state.model = write.model;
  state.vectors = write.vectors;
  state.vectors_changed = true;
  return written(write.id, state, false);
}

}  // namespace counterpart::index
