// The record of each suitcase: who took what along until when, its keys, and what of its answers was done already. All of it
// lies in the store; nothing is kept in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/store/store.h"
#include "server/layer.h"

namespace counterpart::server {

inline constexpr std::int64_t kGrace = 14 * 86'400;      // seconds after its end in which answers are still taken
inline constexpr std::int64_t kForgotten = 90 * 86'400;  // seconds after its end when its record goes

struct Suitcase {
  std::string id = {};   // given when it is made
  std::string who = {};  // id of the token that it was made with, or what a caller without one is called
  std::string office = {}, desk = {};
  std::int64_t made = 0, until = 0;  // seconds since 1970
  std::int64_t returned = 0;         // when answers last came; 0: none did
  std::int64_t revoked = 0;          // 0: it is in force
  std::size_t done = 0;              // of its operations; told by list_suitcases() alone
};

// What only the server and the inside of the suitcase have.
struct SuitcaseKeys {
  std::string seals, signs;
};

// An operation that was done, or that its writer gave up.
struct DoneOperation {
  std::int64_t at = 0;
  bool given_up = false;
};

// Each change is durable when its call returns. kCorrupt: a record does not decode.

// Gives it an id; into the audit log as made by `who`. Forgets those that ended long ago.
Result<Suitcase> make_suitcase(Store& store, Suitcase suitcase, const SuitcaseKeys& keys);
// kNotFound.
Result<Suitcase> find_suitcase(const Store& store, std::string_view id);
// kNotFound: a revoked one has none any more.
Result<SuitcaseKeys> keys_of_suitcase(const Store& store, const Suitcase& suitcase);
// By id; `office` empty: of all.
Result<std::vector<Suitcase>> list_suitcases(const Store& store, std::string_view office);
// Its keys are destroyed: whatever comes back is refused. kNotFound; of one that is revoked already nothing changes.
Status revoke_suitcase(Store& store, const std::string& id, const std::string& who, std::int64_t now);
// Answers have come.
Status note_return(Store& store, const std::string& id, const std::string& who, std::int64_t now);

Result<std::optional<DoneOperation>> done_before(const Store& store, const std::string& suitcase, const std::string& operation);
Status note_done(Store& store, const std::string& suitcase, const std::string& operation, const DoneOperation& done);

}  // namespace counterpart::server
