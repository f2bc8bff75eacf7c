// A batch as it goes to whoever follows: its position, and what it puts and erases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/layer.h"
#include "index/tail/position.h"

namespace counterpart::index {

struct TailBatch {
  TailPosition position;
  std::string edits;  // as add_edit() has written them
};

// A batch that writes this key of the store's metadata says that a file beside the store is another one now: a match run, or
// the corpus's space.
inline constexpr std::string_view kPublishedKey = "published";

// One more at the end of `edits`. `value`: nothing, the key is erased.
void add_edit(std::string& edits, std::uint8_t family, std::string_view key, std::optional<std::string_view> value);
// Each in order, of families below `families`. False: they do not decode; what was visited before stands.
using VisitEdit = std::function<void(std::uint8_t family, std::string key, std::optional<std::string> value)>;
bool for_each_edit(std::string_view edits, std::size_t families, const VisitEdit& visit);

// Batches in a row as bytes, and back. kInvalid: they do not decode.
void add_batch(std::string& bytes, const TailBatch& batch);
Result<std::vector<TailBatch>> read_batches(std::string_view bytes);

}  // namespace counterpart::index
