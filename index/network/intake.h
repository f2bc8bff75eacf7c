// A bundle's operations as writes of the store: what each comes to, beside what is there. Of receiving.cpp alone.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"
#include "index/layer.h"
#include "index/network/records.h"
#include "index/store/store.h"

namespace counterpart::index {

// Works out one batch. One thread; reads the store, and writes nothing.
class Intake {
 public:
  Intake(const Store& store, const Taxonomy& taxonomy, const Embedder& embedder, std::string office, std::uint64_t epoch)
      : store_(store), taxonomy_(taxonomy), embedder_(embedder), office_(std::move(office)), epoch_(epoch) {}

  // An operation in its turn. `state`: it is of a whole state, so that it has no turn of its own; `base`: of that one.
  Status take(const Operation& operation, std::optional<std::uint64_t> base = {});
  // A removal ahead of its turn.
  Status go_ahead(const Operation& operation);
  // What goes beside the operations. `newest`: the bundle is the newest of that office so far.
  Status beside(const Operation& operation, bool newest);
  // A profile that a whole state does not have.
  Status remove_absent(const std::string& profile);
  // What was parked, once more. True: it is taken in.
  Result<bool> take_parked(const NoteOf& note);
  // Makes the vectors of what is to be written, on all cores: most of the work there is.
  void embed();
  // Marks up to `sequence` have had their turn; those of other epochs have none.
  Status forget_ahead(std::uint64_t sequence);

  // Those that the store refused for their id: they are parked.
  std::set<std::string> refused = {};

  std::vector<Write> writes;
  std::vector<Database::Edit> edits;
  std::size_t parked = 0, removed = 0;

 private:
  struct Here {
    bool received = false;  // of this office
    std::string obstacle;   // why it cannot be written; empty: it can
  };
  Result<Here> here(const std::string& profile) const;
  Result<bool> is_here(const std::string& profile);
  Result<bool> is_as_stored(const Operation& operation) const;
  Status put(const Operation& operation);
  Status remove(const Operation& operation, bool for_good);
  Result<bool> forget_beside(const std::string& profile);
  void park(const Operation& operation, std::string reason);
  void unpark(const std::string& profile);

  const Store& store_;
  const Taxonomy& taxonomy_;
  const Embedder& embedder_;
  std::string office_;
  std::uint64_t epoch_;
  std::map<std::string, bool> after_;                               // whether it is here once the writes so far are done
  std::map<std::string, std::uint64_t> went_ahead_;                 // by this batch
  std::set<std::string> noted_;                                     // what this batch says beside
  std::set<std::string> set_aside_;                                 // what it parks, were it only for a moment
  std::optional<std::multimap<std::string, std::string>> waiting_;  // notes of cases before this batch, by their profiles
};

}  // namespace counterpart::index
