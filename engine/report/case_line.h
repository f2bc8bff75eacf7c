// The log that reports are made of, as lines that anybody may recompute them from.
#pragma once

#include <array>
#include <string>

#include "engine/casework/case.h"
#include "engine/report/funnel.h"

namespace counterpart::engine {

// A case as one line of JSON: who acted when for which side, by which office, with which reason, and what a conclusion stated;
// with `traits` {from, to} of both sides' profiles. Neither what somebody wrote, nor which desk acted, nor an organisation.
std::string case_line(const Case& of, const std::array<PartyTraits, 2>& traits);

}  // namespace counterpart::engine
