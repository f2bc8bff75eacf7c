// The network of offices as the store has it: this directory's own office, the others that it knows, how far each has come.
// Records of Family::kMeta; where this office has not joined there are none.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/base/signing.h"
#include "index/layer.h"
#include "index/network/operation.h"
#include "index/store/database.h"

namespace counterpart::index {

// What an office hands to another one, so that they can write to each other.
struct OfficeCard {
  std::string office;  // 1 to 64 of a-z 0-9 . _ -
  std::string name;    // as people call it
  PublicKeys keys;
};
Status check_office_id(std::string_view office);
bool is_office_name(std::string_view name);  // 1 to 800 bytes on one line
// As lines of text, signed by its own key, so that one that was garbled is found out.
std::string write_card(const OfficeCard& card, const SecretKeys& keys);
// kInvalid: it is none, or was changed.
Result<OfficeCard> read_card(std::string_view text);
// Of both keys, in groups of four digits: what two people compare on the telephone.
std::string fingerprint_of(const OfficeCard& card);

// What another office has of our operations, as it said itself.
struct Confirmation {
  Position position;
  std::uint64_t clean = 0;           // up to this one erasures are through all of its files; kUncleanYet: not even the first
  std::vector<std::uint64_t> ahead;  // erasures beyond its position that are
  std::uint64_t answers = 0;         // number of the last bundle of ours that it saw
  std::uint64_t at = 0;              // by its clock
};

// Beyond every position: files still hold what was erased before this epoch began.
inline constexpr std::uint64_t kUncleanYet = std::numeric_limits<std::uint64_t>::max();

// All of it but `at`, as a bundle tells it and a record keeps it.
void append_confirmation(std::string& bytes, const Confirmation& confirmed);
bool take_confirmation(std::string_view& bytes, Confirmation& confirmed);

// Another office.
struct OtherOffice {
  OfficeCard card;
  std::uint64_t exported = 0;  // number of the last bundle that was made for it
  Confirmation confirmed;      // what it has of ours
  Position offered;            // what the last whole state that was made for it is the state of; epoch 0: none was
  Position received;           // what we have of its operations
  std::uint64_t as_of = 0;     // by its clock: what it had published then is here
  std::uint64_t heard = 0;     // number of the last bundle of it
  std::uint64_t heard_at = 0;  // by our clock; 0: nothing was ever heard of it
  // Its whole state, which comes piece by piece where operations are missing: what it is the state of, and up to which id it is
  // here. Epoch 0: none is coming.
  Position base;
  std::string covered;
};

// Nothing: this office has not joined.
Result<std::optional<OfficeCard>> read_self(const Database& database);
Result<std::optional<Position>> read_network_head(const Database& database, const Database::View* view = nullptr);
Result<std::optional<OtherOffice>> read_office(const Database& database, std::string_view office);
// By id.
Result<std::vector<OtherOffice>> read_offices(const Database& database);
// What is stored of it, byte for byte; empty: nothing.
Result<std::string> office_bytes(const Database& database, std::string_view office);

Database::Edit edit_of_self(const OfficeCard& card);
Database::Edit edit_of_head(const Position& position);
Database::Edit edit_of(const OtherOffice& office);
Database::Edit edit_removing(std::string_view office);

// An own operation as it is kept until every office has confirmed it, with where it led.
struct KeptOperation {
  Operation operation;  // without its payload
  Position position;    // after it
};
Database::Edit edit_of(const KeptOperation& kept);
Database::Edit edit_removing_operation(std::uint64_t sequence);
// Those after `sequence`, ascending, as long as `visit` says so.
Status for_each_operation(const Database& database, std::uint64_t sequence, const Database::View* view,
                          const std::function<bool(const KeptOperation& kept)>& visit);
// After the operation of that number; nothing: it is not kept any more, or was never made.
Result<std::optional<Position>> position_at(const Database& database, std::uint64_t sequence);

// An own profile that was erased for good: which operation told the others.
struct ErasedOperation {
  std::uint64_t epoch = 0, sequence = 0, at = 0;
};
Database::Edit edit_of(const ErasedOperation& erased, std::string_view profile);
Result<std::optional<ErasedOperation>> read_erased(const Database& database, std::string_view profile);
Status for_each_erased(const Database& database, const std::function<void(const ErasedOperation& erased)>& visit);

// Of a received profile: which office it is of, and as of when (by that office's clock) what it had published is here.
struct Origin {
  std::string office, name;
  std::uint64_t as_of = 0;  // 0: not known, for that office's state is still coming
};
// Nothing: it is an own one, or not there.
Result<std::optional<Origin>> origin_of(const Database& database, std::string_view profile);

// What another office's operations left to do or to know, by office and profile.
enum class Note : std::uint8_t {
  kParked,  // an operation that could not be taken in yet, and why
  kAhead,   // gone ahead of its turn: what earlier operations say of this profile no longer counts
  kBeside,  // of a case, or of when an office works: to be done, or what it waits for
  kErase,   // gone from the store, but what it said may still stand in files
};
struct NoteOf {
  std::string office, profile;
  std::uint64_t epoch = 0;
  Operation operation;  // kAhead, kErase: the one that says so, without a payload
  std::string reason;   // kParked, kBeside
};
Database::Edit edit_of(Note kind, const NoteOf& note);
Database::Edit edit_removing(Note kind, std::string_view office, std::string_view profile);
Result<std::optional<NoteOf>> read_note(const Database& database, Note kind, std::string_view office, std::string_view profile);
// `office` empty: of all. By office, then profile.
Result<std::vector<NoteOf>> read_notes(const Database& database, Note kind, std::string_view office = {});

}  // namespace counterpart::index
