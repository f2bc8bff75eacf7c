// --table: what a verb prints with --json, as a table in a file.
#pragma once

#include <functional>
#include <string>

#include "server/client/backend.h"
#include "server/layer.h"

namespace counterpart::server {

// Runs `action` for its JSON, and writes the list in it to `file`, .csv or .xlsx by its ending: the columns are those that the
// HTTP call has which the verb makes, in words of the language where one was asked for. An exit status.
int write_table(const CommandContext& context, const std::string& file,
                const std::function<int(const CommandContext&)>& action);

}  // namespace counterpart::server
