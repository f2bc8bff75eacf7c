// What one office hands to another one in one piece, on a stick or over a wire: operations, or a piece of its whole state; and
// what it has of the other's. Signed by its sender and sealed for its reader, so that it may lie about anywhere.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/base/signing.h"
#include "index/layer.h"
#include "index/network/operation.h"
#include "index/network/records.h"

namespace counterpart::index {

inline constexpr std::size_t kMaxBundle = 16 << 20;  // bytes, sealed

struct Bundle {
  enum class Part : std::uint8_t {
    kNothing,     // a confirmation alone
    kOperations,  // what follows on `start`
    kState,       // what is published of the ids beyond `covered` up to `covers`, as of `start` or later
  };
  std::string from, to;
  std::uint64_t number = 0;  // of the sender's bundles for this reader
  std::uint64_t at = 0;      // by the sender's clock
  Confirmation confirmed;    // what the sender has of the reader's operations
  Position head;             // the sender's last operation
  // Removals that the reader may not have seen yet, whatever else it lacks: they do not wait for their turn.
  std::vector<Operation> gone;
  Part part = Part::kNothing;
  Position start;
  std::vector<Operation> operations;  // of a state: one a profile, its sequence 0
  std::vector<Operation> beside;      // when the sender works; of a state: its cases with the reader, of the same profiles
  std::string covered, covers;        // of a state; `covers` empty: to the end, and the state is whole with this piece
};

std::string encode(const Bundle& bundle);
// kCorrupt.
Result<Bundle> decode_bundle(std::string_view bytes);

// `keys`: the sender's own.
std::string seal_bundle(const Bundle& bundle, const SecretKeys& keys, const PublicKeys& reader);
// Who it says it is from and for, which nothing proves yet. kInvalid: it is no bundle. kUnsupported: a newer program's.
struct Envelope {
  std::string from, to;
};
Result<Envelope> read_envelope(std::string_view sealed);
// kInvalid: it is not for `self`, was changed or cut short, or is not signed by `sender`.
Result<Bundle> open_bundle(std::string_view sealed, const OfficeCard& self, const SecretKeys& keys, const OfficeCard& sender);

}  // namespace counterpart::index
