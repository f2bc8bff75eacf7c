// One row of a bulk file made ready for the store: checked, given its language and id, compared, embedded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/bulk/bulk_reader.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// A row as its reader gave it, checked.
struct CheckedRow {
  Result<Profile> profile;
  std::vector<Error> faults = {};   // all of a row that is refused; the first is profile.error()
  std::vector<Error> remarks = {};  // of one that is not
  PrivateRemoved removed = {};      // private members that it says are none
};
// Safe from any thread.
CheckedRow check_row(BulkReader::Raw raw, const Taxonomy& taxonomy);

struct ReadyRow {
  std::uint64_t line = 0;
  Result<Write> write;
  std::vector<Error> faults = {}, remarks = {};
  bool own_id = true;                     // it was given with the row, and not made of its content
  bool stored_equal = false;              // an equal profile is stored at write->expect_version; no vectors were made
  bool stored_before = false;             // some version of it was stored (for a dry run's counts)
  bool revealing = false;                 // a public text of it holds contact data
  std::optional<Result<bool>> held = {};  // instead of being written it was to be held back; false: the same is published
};

// Safe from any thread. `embed` false: no vectors are made (a dry run). Nothing throws.
ReadyRow make_ready(BulkReader::Raw raw, const Store& store, const Taxonomy& taxonomy, const Embedder& embedder, bool embed,
                    PrivateMembers private_members = PrivateMembers::kKeep);
// Gives a row that was thought equal to what is stored its vectors and lifts its expectation.
Status embed_row(Write& write, const Embedder& embedder);

// "p-" and 32 hexadecimal digits of the public members, so that a row without an id gets the same one each time.
std::string id_of_content(const Profile& profile);

}  // namespace counterpart::index
