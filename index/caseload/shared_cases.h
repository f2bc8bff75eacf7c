// Cases that two offices of the network share: each keeps a record of its own, and what it tells the other of it. The office
// that answers has the log that counts; the one that asks has a copy, and behind it what it did itself and was not confirmed
// yet. Records of Family::kMeta.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "index/layer.h"
#include "index/store/database.h"

namespace counterpart::index {

// An act that the asking office did, on its way to the answering one.
struct AskedAct {
  std::string id;       // random: it is done once, however often it is told
  unsigned seen = 0;    // how many acts of the log its office had been told of
  Act act;              // at the asking office: as it was done there; at the answering one: nothing
  unsigned number = 0;  // in the log that counts; 0: not there yet, or refused
  std::string refused;  // why the answering office did not do it
  bool answered() const { return number != 0 || !refused.empty(); }
};

// One shared case, as it is here.
struct SharedCase {
  std::string office;                        // the other one, in the network
  std::string shared;                        // id that both know it by
  std::string kind, origin;                  // `origin`: of the shared case that it came of, its id at both; empty: none
  std::string case_id;                       // here; empty: it was never opened here, for it was refused
  std::string profile;                       // of this office's side
  bool home = false;                         // this office answers: its log counts
  bool gone = false;                         // it was erased here
  bool over = false;                         // the other office has no record of it any more
  std::uint64_t version = 0;                 // of what is told; counted here
  std::uint64_t told_epoch = 0, told = 0;    // the operation that tells of it; 0: none yet
  std::uint64_t heard_epoch = 0, heard = 0;  // of what the other one told last
  unsigned confirmed = 0;                    // where it is not at home: so many acts of the log are those of its home
  bool releases = false;                     // the same: the other office may have what this side's profile keeps private
  std::vector<AskedAct> asked;               // acts of the asking office, in their order

  Side side() const { return home ? Side::kAnswering : Side::kAsking; }
  std::vector<AskedAct>::iterator find(std::string_view id);
  std::size_t waiting() const;  // acts that are not answered
};

// What one of the two tells the other: all that it has to say of the case, so that the last message is enough.
struct CaseMessage {
  std::string shared, kind, origin;
  bool home = false, gone = false;  // of who tells it
  std::uint64_t version = 0;
  std::optional<Case> of;       // as both may read it: see neutral(); from the asking office without a log
  std::vector<AskedAct> asked;  // from the asking office: its acts; from the answering one: what became of them
  std::string contact;          // private members of the teller's side, sealed for the reader; empty: not released, or none
};
// What must be known to read one.
inline constexpr std::uint64_t kCaseSchema = 1;
std::string encode(const CaseMessage& message);
// kCorrupt, kUnsupported.
Result<CaseMessage> decode_case_message(std::string_view bytes);

// One that was told. Borrows all.
struct CaseTelling {
  const CaseMessage& message;
  const std::string& office;   // that tells it
  std::uint64_t epoch = 0;     // of its operations
  const std::string& contact;  // of the message, opened
};

// The case without what is nobody else's business: whose desk it is. `asking`, `answering`: what stands for the two offices.
Case neutral(Case of, const std::string& asking, const std::string& answering);

// What stands for another office of the network in this one's directory: an office and its only desk, both of this id.
std::string stand_in_of(std::string_view office);
struct StandIn {
  std::string office;  // in the network
  std::string facts;   // as it told them last
};
// Nothing: the office is one's own, or not there.
Result<std::optional<StandIn>> read_stand_in(const Database& database, std::string_view id);
Database::Edit edit_of_stand_in(std::string_view id, const std::optional<StandIn>& stand_in);

// Under which the vault has what the other office released of its side of the case.
std::string released_key(std::string_view case_id);

Result<std::optional<SharedCase>> read_shared(const Database& database, std::string_view office, std::string_view shared);
// Nothing: the case is this office's alone.
Result<std::optional<SharedCase>> shared_of(const Database& database, std::string_view case_id);
Result<std::vector<SharedCase>> shared_with(const Database& database, std::string_view office,
                                            const Database::View* view = nullptr);
// `untold`: the other office is to be told.
void add_shared(const SharedCase& shared, bool untold, std::vector<Database::Edit>& edits);
// Adds what removes it, and nobody is told.
void remove_shared(const SharedCase& shared, std::vector<Database::Edit>& edits);
// Those that are to be told, by office and id.
Result<std::vector<std::pair<std::string, std::string>>> untold_cases(const Database& database);
Database::Edit edit_told(std::string_view office, std::string_view shared);

}  // namespace counterpart::index
