// Options that take a whole number within a limit of the interface (server/service/limits.h).
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "server/layer.h"
#include "server/service/limits.h"

namespace counterpart::server {

// What the option's check and its help say. `Number`: the type that help names.
template <class Number = int>
CLI::Range within(const Limit& limit) {
  return CLI::Range(static_cast<Number>(limit.least), static_cast<Number>(limit.most));
}
// The same where 0 stands for what the call does by itself, and so cannot be asked for.
template <class Number = int>
CLI::Range from_one(const Limit& limit) {
  return CLI::Range(Number{1}, static_cast<Number>(limit.most));
}
// "of each profile (default: 20)"
inline std::string with_standard(const std::string& help, const Limit& limit) {
  return help + " (default: " + std::to_string(limit.standard.value()) + ")";
}

}  // namespace counterpart::server
