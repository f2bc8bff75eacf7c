// What a store is asked to write and what it answers: profiles as stored, writes with their conditions, changes.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "index/layer.h"
#include "index/store/aliases.h"
#include "index/store/checks.h"
#include "index/vector/embedding.h"

namespace counterpart::index {

// A profile as stored: `version` counts its writes from 1, `sequence` is the change that wrote it.
struct StoredProfile {
  Profile profile;  // private members filled only where asked for
  std::uint64_t version = 0;
  std::uint64_t sequence = 0;
  std::string accepted_at;  // ISO 8601 UTC, seconds
};

// What a write meets when its turn comes and nobody else writes.
struct Present {
  const Profile* profile;  // public members; nullptr: there is none
  std::uint64_t life;      // as Store::life() says
};
// Whom the list of exclusions takes a profile for, of its public members. Must not throw.
using Screen = std::function<std::optional<ListedAs>(const Profile& profile)>;
// An error refuses the write. Must not throw, nor ask the store.
using Consent = std::function<Status(const Present& present)>;

// What a put does about private members that are stored already.
enum class PrivateMembers : std::uint8_t {
  kReplace,  // those that it leaves out are removed
  kKeep,     // those that it leaves out are kept
  kUnseen,   // the same, for who may not know them: a put that says any is never told to be `unchanged`, whatever is stored
};

struct Write {
  enum class Kind : std::uint8_t {
    kPut,
    kErase,  // of an alias or what it leads to: all of them, for they are one
    kCheck,  // of what is there: `check` is stated of it, and it is compared with the list of exclusions; no new version
    kAlias,  // of what is there: it is `alias.survivor`'s from then on, with its versions and its life
  };
  Kind kind = Kind::kPut;
  Profile profile;                              // kErase, kCheck, kAlias: only `id` is read
  std::optional<Embedding> embedding;           // kPut: its vectors, made from this very text
  std::optional<std::uint64_t> expect_version;  // set: kConflict unless the stored version is this (0: must not exist)
  std::string who = {};                         // who asked for it, for the audit log
  Consent consent = {};                         // asked within the writer; empty: not needed
  PrivateMembers private_members = PrivateMembers::kReplace;
  PrivateRemoved removed = {};  // kPut: private members that are said to be none
  // kPut with expect_version 0: a digest of what was asked for and by whom. Where the profile that is there was made by an
  // equal one, the write is told to be `unchanged` instead of kConflict. It is forgotten when the profile is erased.
  std::string request = {};
  std::string via = {};             // kPut: id of the case that publishes it, for the version's record; empty: none does
  std::optional<Check> check = {};  // kCheck: nothing: what was stated stays
  Alias alias = {};                 // kAlias: what is kept of it
  bool parts = false;               // kPut: of an alias, which is a profile of its own again; else that is refused
};

struct Written {
  std::string id;
  std::uint64_t version = 0;
  std::uint64_t sequence = 0;
  bool created = false;    // false: replaced or erased
  bool unchanged = false;  // the same profile was already there; nothing was written, version and sequence are its own
  std::vector<std::string> with = {};  // ids that were erased with it
};

struct Change {
  std::uint64_t sequence = 0;
  std::string id;
  bool erased = false;
};

}  // namespace counterpart::index
