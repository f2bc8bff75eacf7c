// What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: libFuzzer calls it under the preset
// `fuzz` (tests/fuzz/run), replay.cpp over the committed corpus everywhere else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/base/result.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace counterpart::engine {

inline std::string_view text_of_input(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Ends the process, which is how a target tells the fuzzer of a find.
inline void must(bool holds, const char* what, const std::string& detail = {}) {
  if (holds) return;
  std::fprintf(stderr, "the target found: %s %s\n", what, detail.c_str());
  std::abort();
}

// Whoever is refused must be told where and what; `place` may be empty where a whole text is at fault.
inline void must_be_told(const Error& error, bool with_place = true) {
  must(!error.message.empty(), "an error without a message", error.place);
  must(!with_place || !error.place.empty(), "an error without a place", error.message);
  must(error.code != ErrorCode::kInternal, "an input that is called our fault", error.message);
}

}  // namespace counterpart::engine
