// Which vector instructions the kernels use.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "engine/base/result.h"
#include "engine/taxonomy/vocabulary.h"
#include "index/layer.h"

namespace counterpart::index {

enum class Instructions : std::uint8_t { kPortable, kAvx2, kVnni };

// What may lower them, so that both kinds of machines can be measured and tested on one: the name of one.
inline constexpr const char* kInstructionsVariable = "COUNTERPART_INSTRUCTIONS";

// The best that this processor has, or what kInstructionsVariable lowers it to (not for BLAS). Settled before main() and never
// changed. Results are the same with all of them.
Instructions instructions();

// kInvalid: the variable names none, or more than this processor has.
Status check_instructions();

}  // namespace counterpart::index

template <>
struct counterpart::engine::Vocabulary<counterpart::index::Instructions> {
  static constexpr std::array<std::string_view, 3> kNames{"portable", "avx2", "avx512_vnni"};
};
