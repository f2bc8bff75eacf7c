// [cases], [cohort] and [membership] of a programme file: which kinds of cases the programme runs, who answers, and what is set
// for them. All write into what a base has already set; a list replaces the base's list.
#pragma once

#include "engine/programme/programme.h"
#include "engine/programme/programme_values.h"

namespace counterpart::engine {

void read_cases(Reading& reading, const toml::node& node, CaseRules& rules);
void read_cohort(Reading& reading, const toml::node& node, CaseRules& rules);
void read_membership(Reading& reading, const toml::node& node, CaseRules& rules);

// What no single key can tell: a kind that has a call without a deadline, one that has tiers without any, a call that closes
// before it opens. `declared` is the programme's own table.
void check_cases(Reading& reading, const toml::node& declared, const CaseRules& rules);

}  // namespace counterpart::engine
