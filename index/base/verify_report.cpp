#include "index/base/verify_report.h"

#include <utility>

namespace counterpart::index {

void VerifyReport::differs(std::string what) {
  constexpr std::size_t kShown = 100;
  ++difference_count;
  if (differences.size() < kShown) differences.push_back(std::move(what));
}

}  // namespace counterpart::index
