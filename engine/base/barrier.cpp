#include "engine/base/barrier.h"

#include <boost/core/demangle.hpp>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <typeinfo>

namespace counterpart::engine {
namespace {

constexpr std::size_t kInPlace = 15;  // characters that a std::string holds without asking for memory

// The innermost handler asks for no memory at all: these texts fit into a string's own bytes.
Error out_of_memory(std::string_view place) noexcept {
  return {ErrorCode::kUnavailable, std::string(place.substr(0, kInPlace)), "out of memory", "ask for less"};
}

Error named(std::string_view place, const char* kind, std::string_view more = {}) {
  return {
      ErrorCode::kInternal, std::string(place), "internal fault (" + boost::core::demangle(kind) + std::string(more) + ")", {}};
}

}  // namespace

Error caught(std::string_view place) noexcept {
  try {
    try {
      throw;
    } catch (const std::bad_alloc&) {
      return out_of_memory(place);
    } catch (const std::system_error& error) {  // its number says much and quotes nobody
      return named(place, typeid(error).name(), ", " + std::to_string(error.code().value()));
    } catch (const std::exception& error) {
      return named(place, typeid(error).name());
    } catch (...) {
      return named(place, "?");
    }
  } catch (...) {
    return out_of_memory(place);
  }
}

}  // namespace counterpart::engine
