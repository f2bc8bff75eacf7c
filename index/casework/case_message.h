// What the other office is told of a case that both share.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/cycles/life_cycles.h"
#include "index/caseload/shared_cases.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

// As it is now. `contact` of it is not sealed yet: whoever hands it on seals it for the reader. `self`: this office's id in the
// network.
Result<CaseMessage> message_of(const Store& store, const SharedCase& of, const std::string& self,
                               const LifeCycles& table = life_cycles());

}  // namespace counterpart::index
