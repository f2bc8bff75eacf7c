// Is what an act says what the table asks for?
#pragma once

#include "engine/base/result.h"
#include "engine/casework/case.h"

namespace counterpart::engine {

// kInvalid: a reason or fact is missing, is no code of the table, or belongs to another act. A note may come with every act.
Status check_said(const ActRow& row, const Said& said, const Terms& terms, const LifeCycles& table);
// Adds the facts that follow from those that are said.
void complete_said(const ActRow& row, Said& said, const Terms& terms, const LifeCycles& table);

}  // namespace counterpart::engine
