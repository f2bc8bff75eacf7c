// The letters that wait, sent.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "server/layer.h"
#include "server/post/compose.h"
#include "server/post/transport.h"

namespace counterpart::server {

// Sends some hundreds of the letters whose turn it is, each at the pace that THE table of letters gives it, and notes what
// became of each. What goes at once goes by itself. Daily letters wait for the opening hour of their reader's office after the
// time at which they were written, reminders for its next working moment, and those to one reader then go as one message. A
// reminder that is not needed any more is noted as sent, with words that say so, and does not leave. A letter without a usable
// address is refused, in words. Returns when it wants to be called again, seconds since 1970: `now` where more wait, the
// largest number where none does. One thread at a time. Errors: of the store; what left is not noted then, and is not sent
// again by the same transport.
Result<std::int64_t> deliver_queued(CaseStore& cases, Transport& transport, const LetterSources& sources, std::int64_t now);

}  // namespace counterpart::server
