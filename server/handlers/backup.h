// Backups of the directory that this server holds.
#pragma once

#include "server/api/routes.h"

namespace counterpart {

Response create_backup(const Call& call);

}  // namespace counterpart
