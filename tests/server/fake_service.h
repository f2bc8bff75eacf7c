// A Service over a map: the same class as server/service/service.h, its functions defined anew in fake_service.cpp, so that the
// routes are tested without a disk or a text model. The program itself is tested whole by tests/server/schemathesis.py.
#pragma once

#include <functional>
#include <memory>

#include "server/service/service.h"

namespace counterpart::server {

std::unique_ptr<Service> fake_service();

// Does `what` right after the next profile is read, as somebody else's call might, before the one that read it goes on.
void after_next_read(std::function<void()> what);

}  // namespace counterpart::server
