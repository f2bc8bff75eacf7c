// Errors as values: what the world does wrong travels in a Result, never in an exception.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace counterpart::engine {

// The closed list of reasons; kInternal stays the last. server/http/problem.cpp has the table that answers each over HTTP.
enum class ErrorCode {
  kInvalid,          // the input breaks a rule; the sender can mend it
  kNotFound,         // no such profile, programme, file
  kConflict,         // the version or key given is no longer the current one
  kTooLarge,         // over a stated limit
  kUnsupported,      // a media type, format or newer data version that we do not read
  kUnauthenticated,  // no token, or none that is in force
  kForbidden,        // the token does not reach this far
  kTooMany,          // over this token's budget for now
  kUnavailable,      // held by another process, or overloaded; the same call may succeed later
  kCorrupt,          // stored bytes fail their checksum or do not decode
  kStorage,          // the disk or the store refused: full, read-only, I/O error
  kInternal,         // a fault of ours
};

// `place` says where ("line 12, sectors[1]"), `message` what is wrong, `remedy` what would be right (may be empty).
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string place;
  std::string message;
  std::string remedy;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = tl::expected<void, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string place, std::string message, std::string remedy = {}) {
  return tl::unexpected<Error>(Error{code, std::move(place), std::move(message), std::move(remedy)});
}

// "place: message; remedy", the parts that are present.
inline std::string describe(const Error& error) {
  std::string text = error.place.empty() ? error.message : error.place + ": " + error.message;
  if (!error.remedy.empty()) text += "; " + error.remedy;
  return text;
}

}  // namespace counterpart::engine
