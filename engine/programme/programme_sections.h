// The sections of a programme file beyond its sides: gates, [panel], [[quotas]], [exposure], [diversity], each a table
// of keys. All write into what a base has already set; a list replaces the base's list.
#pragma once

#include <string>
#include <vector>

#include "engine/programme/programme.h"
#include "engine/programme/programme_values.h"

namespace counterpart::engine {

// A gate whose side is known by name only until all sides are read.
struct NamedGate {
  Gate gate;
  std::string side;
  const toml::node* at = nullptr;  // where `side` is given, or the gate itself
};

// [gates.NAME]; a gate of the same name is amended.
void read_gates(Reading& reading, const toml::node& node, std::vector<NamedGate>& gates);
void read_panel(Reading& reading, const toml::node& node, Programme& programme);
void read_quotas(Reading& reading, const toml::node& node, Programme& programme);
void read_exposure(Reading& reading, const toml::node& node, Programme& programme);
void read_diversity(Reading& reading, const toml::node& node, Programme& programme);

// What no single key can tell: a panel without seats, quotas that together ask for more than there is. `declared` is the
// programme's own table.
void check_panel(Reading& reading, const toml::node& declared, const Programme& programme);

}  // namespace counterpart::engine
