// Is what an act says what the table asks for?
#pragma once

#include "engine/base/result.h"
#include "engine/casework/case.h"

namespace counterpart::engine {

// kInvalid: a reason or fact is missing, is no code of the table, or belongs to another act. A note may come with every act.
Status check_said(const ActRow& row, const Said& said, const LifeCycles& table);

}  // namespace counterpart::engine
