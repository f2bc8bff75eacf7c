// How far a store has come: every batch that it ever wrote is counted, and bound to all before it by a hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "index/layer.h"

namespace counterpart::index {

// Of the batch that was written last. Two stores of an equal position hold the same, whatever file either of them stands in.
struct TailPosition {
  std::uint64_t epoch = 1;                   // one more with each owner that takes over
  std::uint64_t number = 0;                  // of the batch, from 1 on without a gap; goes on over all epochs
  std::string hash = std::string(32, '\0');  // of the batch, its number, its epoch and the hash before
  bool operator==(const TailPosition&) const = default;
};

// The position after `batch`, which was written in `epoch`.
TailPosition position_after(const TailPosition& before, std::uint64_t epoch, std::string_view batch);

std::string encode_position(const TailPosition& position);
std::optional<TailPosition> decode_position(std::string_view bytes);

}  // namespace counterpart::index
