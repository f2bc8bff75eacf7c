// A Service over a store in a temporary folder: matches and explanations are made up, and no text model is needed, so that the
// routes are tested in seconds. The program itself is tested whole by tests/server/schemathesis.py.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "server/service/service.h"

namespace counterpart::server {

std::unique_ptr<Service> fake_service();

// Does `what` right after the next profile is read, as somebody else's call might, before the one that read it goes on.
void after_next_read(std::function<void()> what);

// The time of its casework, seconds since 1970.
std::int64_t& casework_now();

}  // namespace counterpart::server
