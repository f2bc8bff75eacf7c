// Of `counterpart network`: certificates for the wire between offices.
#pragma once

#include "server/cli/verb.h"
#include "server/layer.h"

namespace counterpart::server {

Verb network_certificate_part();

}  // namespace counterpart::server
