// JSON and CSV <-> match runs.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/service/match_runs.h"
#include "server/service/service.h"
#include "server/wire/csv_writer.h"
#include "server/words/speech.h"

namespace counterpart::server {

// The body of POST /v1/runs; wrong types and unknown members are refused by name.
Result<RematchCall> read_rematch_call(const Request& request);

boost::json::object write_status(const RunStatus& status);
boost::json::value write_manifest(const RunManifest& manifest);

// Title and country of a profile as it is now; empty where it is gone.
struct ProfileName {
  std::string title, country;
};
using NameOf = std::function<ProfileName(std::string_view id)>;

// The list of one profile, with what changed since `before` (may be null).
struct RunListCall {
  std::string_view id;
  std::size_t limit = kRunMatchList.standard.value();
  bool weak = false;                                    // weak matches are listed too
  std::function<bool(std::string_view id)> hides = {};  // who has left every list since the run; empty: nobody
};
boost::json::object write_run_matches(const PublishedRun& run, const PublishedRun* before, const RunListCall& call,
                                      const NameOf& name_of, const Speech& speech);
boost::json::object write_digest(const PublishedRun& run, const PublishedRun* before, std::string_view office,
                                 const Digest& digest, const NameOf& name_of, const Speech& speech);
// The digest's `profiles`, with the marks of origin that they have, for a spreadsheet: a header and one line a change; words
// and header are in the language of `speech`.
std::string write_digest_csv(const boost::json::array& profiles, CsvStyle style, const Speech& speech);

}  // namespace counterpart::server
