// What comes of an owner as files: the copy from which a follower begins, and what is published beside the store.
#pragma once

#include <filesystem>

#include "engine/base/result.h"
#include "index/tail/position.h"
#include "server/layer.h"
#include "server/replica/owner_link.h"

namespace counterpart::server {

// Before the directory is opened: makes it a follower's, with a copy of the owner's data where it has none or a new one is due,
// and says so on the log. False: this directory has taken over from that owner and is the owner now. kConflict: it holds data
// of its own, or is of a later epoch than that owner. kInvalid: the master key is missing, which goes over no wire. kForbidden:
// what it never handed over would go, and that was not agreed to (`accept_loss`).
Result<bool> prepare_to_follow(const OwnerLink& link, const std::filesystem::path& data, const std::filesystem::path& key_file,
                               bool accept_loss);

// Before a new copy takes the place of one that stands at `own`. kConflict: that server is no owner, or of an earlier epoch.
// kForbidden: it lacks batches of this epoch that are here, as after it was restored from an older backup.
Status check_replaces(const OwnerLink& link, const TailPosition& own);

// Fetches those that are not in `data`.
Status fetch_published(const OwnerLink& link, const std::filesystem::path& data);

}  // namespace counterpart::server
