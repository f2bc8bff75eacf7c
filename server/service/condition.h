// A condition of a request, checked against the table of fields.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/corpus/corpus.h"
#include "engine/taxonomy/taxonomy.h"
#include "server/layer.h"

namespace counterpart::server {

// That a profile's `field` is one of `values`; owner kRequest. kInvalid: no such field, no value, or one that the field does
// not take.
Result<Condition> requested_condition(std::string_view field, std::span<const std::string> values, const Taxonomy& taxonomy);

}  // namespace counterpart::server
