// A part that was opened into its place, or why it was not.
#pragma once

#include <utility>

#include "engine/base/result.h"
#include "server/layer.h"

namespace counterpart::server {

template <class Part, class Target>
Status opened_into(Result<Part> opened, Target& target) {
  if (!opened) return tl::unexpected(opened.error());
  target = std::move(*opened);
  return {};
}

}  // namespace counterpart::server
