// JSON text -> a tree of values, stricter than Boost.JSON's own parser: a member given twice is an error at any depth.
#pragma once

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <string_view>

#include "engine/base/result.h"

namespace counterpart::engine {

// kInvalid: not JSON, not UTF-8, a lone surrogate, deeper than kMaxJsonDepth, a member given twice (place: its path), more
// members in one object than any call has, a number that no double holds.
Result<boost::json::value> parse_strictly(std::string_view text, boost::json::storage_ptr memory = {});

// Owns the memory of its tree.
class JsonTree {
 public:
  // Errors as parse_strictly().
  Status parse(std::string_view text);
  const boost::json::value& root() const { return root_; }

 private:
  unsigned char buffer_[8192];  // enough for most profiles, so that decoding allocates nothing but the profile
  boost::json::monotonic_resource memory_{buffer_, sizeof buffer_};
  // Of the same memory: taking the tree over would copy it otherwise.
  boost::json::value root_ = boost::json::value(boost::json::storage_ptr(&memory_));
};

}  // namespace counterpart::engine
