// The letters that wait, sent.
#pragma once

#include <cstdint>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "server/layer.h"
#include "server/post/compose.h"
#include "server/post/transport.h"

namespace counterpart::server {

// Sends up to a hundred letters whose turn it is, and notes what became of each. Reminders wait for the next working moment of
// their reader's office, then those to one desk go as one message; one that is not needed any more is noted as sent, with words
// that say so, and does not leave. All others go at once. A letter without a usable address is refused, in words.
// Returns when it wants to be called again, seconds since 1970: `now` where more wait, the largest number where none does.
// One thread at a time. Errors: of the store; what left is not noted then, and is not sent again by the same transport.
Result<std::int64_t> deliver_queued(CaseStore& cases, Transport& transport, const LetterSources& sources, std::int64_t now);

}  // namespace counterpart::server
