// The letter that asks whether a mailbox is its reader's.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/result.h"
#include "server/layer.h"
#include "server/post/compose.h"

namespace counterpart::server {

// It leads to `sources.site`, where a button does what a mere visit never does: programs open the links of letters, too. Behind
// a # the code stays with the browser, and comes into no log. Nothing in it was written by whoever asked for it, for it may go
// to a stranger. kNotFound: the draft or its code is gone. Other errors: of `sources`; kInternal: the catalogue cannot say it.
Result<Mail> compose_confirmation(const StoredLetter& letter, const Offices& offices, const LetterSources& sources,
                                  const std::string& sender, std::int64_t now);

}  // namespace counterpart::server
