#include "index/vector/instructions.h"

#include <dnnl.h>
#include <hwy/targets.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string>

namespace counterpart::index {
namespace {

constexpr auto& kNames = Vocabulary<Instructions>::kNames;

Instructions best_here() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const bool avx512 =
      __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
  if (avx512 && __builtin_cpu_supports("avx512vnni")) return Instructions::kVnni;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Instructions::kAvx2;
#endif
  return Instructions::kPortable;
}

std::string_view asked() {
  const char* const value = std::getenv(kInstructionsVariable);
  return value ? value : std::string_view{};
}

std::optional<Instructions> named(std::string_view name) {
  const auto* const found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt : std::optional(static_cast<Instructions>(found - kNames.begin()));
}

// Highway chooses at its first use, so this comes before.
Instructions settle() {
  const Instructions best = best_here(), lowered = std::min(best, named(asked()).value_or(best));
  if (lowered == best) return best;
#if defined(__x86_64__)
  hwy::DisableTargets(HWY_AVX3 | HWY_AVX3_DL | (lowered == Instructions::kAvx2 ? 0 : HWY_AVX2));
#endif
  return lowered;
}

const Instructions kSettled = settle();

}  // namespace

Instructions instructions() { return kSettled; }

Status check_instructions() {
  const std::string name(asked());
  if (name.empty()) return {};
  const std::optional<Instructions> wanted = named(name);
  const std::string best(kNames[static_cast<std::size_t>(best_here())]);
  if (wanted && *wanted <= best_here()) return {};
  return fail(ErrorCode::kInvalid, kInstructionsVariable, "`" + name + "` names no vector instructions that this processor has",
              "leave it unset, or name portable, avx2 or avx512_vnni; this processor has " + best);
}

}  // namespace counterpart::index
