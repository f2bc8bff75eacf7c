// What carries bundles between offices by itself. It may lose, repeat and delay them: it is never asked what is true.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "index/layer.h"

namespace counterpart::index {

// Of one office; one thread. After an error it is of no more use: another one is opened.
class Mailbox {
 public:
  virtual ~Mailbox() = default;

  // kUnavailable: it was not taken, or nobody knows.
  virtual Status send(const std::string& office, std::string_view bundle) = 0;

  // Waits for what comes for this office, at most so long; `take` is given each, and it comes again unless `take` says that it
  // is done with.
  virtual Status fetch(std::chrono::milliseconds patience, const std::function<bool(std::string_view bundle)>& take) = 0;
};

}  // namespace counterpart::index
