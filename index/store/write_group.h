// What a group of writes makes of the profiles it touches: versions, sequences and verdicts, before anything is stored.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/store/aliases.h"
#include "index/store/checks.h"
#include "index/store/record.h"
#include "index/store/versions.h"
#include "index/store/write.h"

namespace counterpart::index {

// A write with everything encoded that needs no knowledge of what is stored.
struct PreparedWrite {
  enum class Kind : std::uint8_t { kPut, kErase, kCheck, kAlias, kVectors };
  Kind kind = Kind::kPut;
  std::string id;
  std::string public_json, private_json;  // kPut
  std::optional<std::string> model;       // of `vectors`; empty: a put without vectors
  std::string vectors;
  std::optional<std::uint64_t> expect_version;
  std::string who, via;
  Consent consent;
  PrivateMembers private_members = PrivateMembers::kReplace;
  PrivateRemoved removed;
  std::string request;
  std::optional<Check> check;
  Alias alias;
  bool parts = false;
};
// kInvalid: an id that is empty or too long.
Result<PreparedWrite> prepare(const Write& write);
Result<PreparedWrite> prepare_vectors(std::string_view id, std::uint64_t version, const Embedding& embedding);

// One profile, as stored and then as the group leaves it. An erased one keeps its head, so that its versions go on
// where they stopped and an old If-Match never fits a new profile.
struct ProfileState {
  bool live = false;
  RecordHead head;  // version 0: never stored
  std::string public_json, private_json;
  std::optional<std::string> model;  // of its stored vectors
  std::uint64_t life = 0;            // as Store::life() says
  std::string request = {};          // of the write that made it; empty: it had none
  ProfileVersion note = {};          // of the version in force, without its text
  bool proposed = false;             // of one that is not live: something is held back that may become it
  Diligence diligence = {};          // what is stated of it
  std::string origin = {};           // of one that was received: as read_origin() says
  std::optional<Alias> alias =
      {};  // of one that is not live: it is another one's; stored without private members, given with them

  bool changed = false;          // by this group, as are those below
  bool erased = false;           // at some point, whether it is live again or not
  bool vectors_changed = false;  // to `vectors`, or to none when `model` is empty
  std::string vectors;
  std::uint64_t stored_sequence = 0;       // before the group; 0: never stored
  std::string stored_private = {};         // the same
  std::uint64_t stored_life = 0;           // the same
  std::string stored_request = {};         // the same
  std::uint64_t stored_version = 0;        // of a live one or an alias, the same
  Diligence stored_diligence = {};         // the same
  std::string stored_origin = {};          // the same
  std::optional<Alias> stored_alias = {};  // the same
  bool alias_changed = false;
  std::vector<ProfileVersion> past = {};  // versions that the group replaced
};

// Not thread-safe.
class WriteGroup {
 public:
  // What is stored of an id; called once for each. And as family_of() says; empty: nobody has an alias.
  using Load = std::function<Result<ProfileState>(const std::string& id)>;
  using Family = std::function<Result<std::vector<std::string>>(const std::string& id)>;
  struct Reads {
    Load load;
    Family family = {};
    Screen screen = {};  // empty: nobody is on a list
  };
  WriteGroup(std::uint64_t sequence, std::uint64_t live, std::uint64_t now, Reads reads)
      : sequence_(sequence), live_(live), now_(now), reads_(std::move(reads)) {}

  // A refused write leaves no trace.
  Result<Written> apply(const PreparedWrite& write);

  const std::map<std::string, ProfileState>& states() const { return states_; }
  std::uint64_t sequence() const { return sequence_; }
  std::uint64_t live() const { return live_; }

 private:
  Result<ProfileState*> state_of(const std::string& id);
  Result<Written> apply_to(const PreparedWrite& write, ProfileState& state);
  Result<Written> erase_all(const PreparedWrite& write);
  Status agreed(const PreparedWrite& write, const ProfileState& state) const;
  Status owned(const PreparedWrite& write, const ProfileState& state) const;
  Result<Written> put(const PreparedWrite& write, ProfileState& state);
  Written erase(const std::string& id, ProfileState& state);
  Result<Written> state_check(const PreparedWrite& write, ProfileState& state);
  Status screen(ProfileState& state) const;
  Written become_alias(const PreparedWrite& write, ProfileState& state);
  Written vectors(const PreparedWrite& write, ProfileState& state);
  Written written(const std::string& id, ProfileState& state, bool created);

  std::uint64_t sequence_, live_, now_;
  Reads reads_;
  std::map<std::string, ProfileState> states_;
};

}  // namespace counterpart::index
