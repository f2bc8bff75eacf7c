// A file of the officers' page as an answer.
#pragma once

#include <optional>

#include "server/http/request.h"
#include "server/layer.h"
#include "server/page/page.h"

namespace counterpart::server {

// Compressed as the request takes it, with the page's policy, lasting where the name tells the content; 304 where the caller
// has it already.
Response page_answer(const PageFile& file, const Request& request);

// Where a reader's browser asks for an address that nothing has: the page, which says so. nullopt: it is no browser, or no
// address of a view.
std::optional<Response> page_of_no_view(const Request& request);

// The same before anything is loaded: the page waits until the server is ready, and goes on by itself.
std::optional<Response> page_while_starting(const Request& request);

}  // namespace counterpart::server
