// What an act asks for beside the state that a case is in: what the programme has set, and what others have done.
#pragma once

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/casework/standing.h"

namespace counterpart::engine {

// What the case's programme has set; nullptr: nothing is known of it.
const CaseRules* rules_of(const Case& of, const Casework& work);

// kConflict: the case's programme runs no cases of its kind.
Status check_run(const Case& of, const Casework& work);

// By the log and the programme alone: Asks that need the store are for its plan. kConflict.
Status check_asks(const Case& before, const Progress& progress, const ActRow& row, const Act& act, const Casework& work);

// What facts of the act are checked with.
Terms terms_of(const Case& before, const Progress& progress, const Act& act, const Casework& work);

}  // namespace counterpart::engine
