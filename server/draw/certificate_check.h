// Checks a certificate of a draw with nothing but the file: hashes, numbers, and the panel drawn again.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/base/result.h"
#include "server/layer.h"
#include "server/words/speech.h"

namespace counterpart::server {

struct DrawVerdict {
  struct Line {
    bool holds = false;
    Phrase finding;
  };
  std::vector<Line> lines;  // what was looked at, in this order: candidates, rules, result, whole file, numbers, panel
  bool holds() const;
};

// kInvalid: it is no certificate (the place tells at which member); of convene(): its rules are none. A panel that was changed
// by hand is no error but a verdict. Takes as long as the draw took.
Result<DrawVerdict> check_certificate(const boost::json::object& certificate);

// {holds, findings: [{holds, finding}]}
boost::json::object write_draw_verdict(const DrawVerdict& verdict, const Speech& speech);

}  // namespace counterpart::server
