// What this office tells the others: an operation for each change of what it has published, written in the very batch that
// makes the change, and kept until every office has confirmed it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/network/records.h"
#include "index/store/commit_hook.h"
#include "index/store/store.h"

namespace counterpart::index {

// More are not kept for an office that confirms nothing; it gets the whole state in their place.
inline constexpr std::uint64_t kMostKept = 1'000'000;

// A commit hook of the store, which outlives it. Published is every own profile that is there and not excluded: its public
// members, never a private one. Where the office has not joined it adds nothing.
class Ledger final : public CommitHook {
 public:
  explicit Ledger(Store& store);
  ~Ledger() override;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  Status before_commit(const WriteGroup& group, std::vector<Database::Edit>& edits) override;

 private:
  Store& store_;
};

// This office is one of the network from then on, under keys of its own; what it has published is the state from which others
// begin. kConflict: it has joined as another one. Joining again under the same id changes its name.
Result<OfficeCard> join_network(Store& store, const std::string& office, const std::string& name, const std::string& who);
// kNotFound: this office has not joined.
Result<OfficeCard> own_card(const Store& store);
Result<SecretKeys> own_keys(const Store& store);

// Another office is known from then on: it may be sent what is published, and what it sends is taken in. kConflict: it is this
// office itself, or it is known by other keys; it is removed first, when its people have said that they have new ones.
Status add_office(Store& store, const OfficeCard& card, const std::string& who);
// Nothing of it is taken in from then on, and what was received of it goes. Cut off, it is gone on with by the next call.
// kNotFound.
Status remove_office(Store& store, const std::string& office, const std::string& who);

// The operations that all of `offices` have confirmed are let go. Adds what removes them.
Status forget_confirmed(const Database& database, const Position& head, const std::vector<OtherOffice>& offices,
                        std::vector<Database::Edit>& edits);

}  // namespace counterpart::index
