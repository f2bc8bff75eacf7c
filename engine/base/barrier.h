// The barrier that every thread we start and every task we post runs inside: what it throws comes back as an Error.
#pragma once

#include <string_view>
#include <type_traits>
#include <utility>

#include "engine/base/result.h"

namespace counterpart::engine {

// The exception that is being handled; to be called in a catch block. It tells the exception's kind alone, for what it says
// could quote a profile. kUnavailable: memory ran out. Throws nothing, and asks for no memory where that has run out.
Error caught(std::string_view place) noexcept;

// `work` returns a Result or a Status.
template <class Work>
auto guarded(std::string_view place, Work&& work) noexcept -> std::invoke_result_t<Work> {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    return tl::unexpected<Error>(caught(place));
  }
}

}  // namespace counterpart::engine
