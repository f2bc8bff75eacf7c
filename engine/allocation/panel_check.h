// What is wrong with a panel's rules or candidates, before any is composed.
#pragma once

#include <span>

#include "engine/allocation/panel.h"

namespace counterpart::engine {

// kInvalid or kTooLarge as convene() promises; the first fault found.
Status check_panel(std::span<const PanelCandidate> candidates, const PanelRules& rules);

}  // namespace counterpart::engine
