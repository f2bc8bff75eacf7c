// JSON <-> domain; ErrorCode -> HTTP status. Where Boost.JSON meets the requests.
#pragma once

#include <boost/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/profile/identity.h"
#include "server/http/problem.h"
#include "server/layer.h"
#include "server/service/service.h"
#include "server/service/service_search.h"
#include "server/words/speech.h"

namespace counterpart::server {

// The body, read once for whoever asks first; it lives as long as the request. kInvalid: not an object, or as
// parse_strictly().
const Result<boost::json::object>& json_body(const Request& request);

// The body of POST /v1/match; wrong types, unknown and missing members are refused by name.
Result<MatchCall> read_match_call(const Request& request, const Taxonomy& taxonomy);

// {"FIELD": ["VALUE", ...]} as conditions of a request; kInvalid names "where.FIELD".
Result<Conditions> read_where(const boost::json::value& value, const Taxonomy& taxonomy);

boost::json::object write_matches(const Matches& matches, const MatchCall& call, const Speech& speech);
boost::json::object write_explanation(const ExplainAnswer& answer, const Speech& speech);
boost::json::object write_search(const SearchAnswer& answer, const Speech& speech);
boost::json::object write_advice(const AdviceAnswer& answer);
boost::json::object write_duplicates(const DuplicatesAnswer& answer, const Speech& speech);
boost::json::object write_written(const Written& written);
// [{"member", "offset", "length", "kind"}]
boost::json::array write_revelations(const std::vector<Revelation>& found);
// [{"member", "detail", "remedy"}], of each what there is, and `detail_language` as put_into_language() has it.
boost::json::array write_remarks(std::span<const Error> remarks, const RefusalsIn& reader);
// One line of an import's answer: {"line":7,"status":"refused","member":...} or {"line":7,"status":"created","id":...}.
boost::json::object write_refusal(const Error& error, const RefusalsIn& reader);  // what a verdict tells of it
boost::json::object write_verdict(std::uint64_t line, const Result<Written>& written, const RefusalsIn& reader);

}  // namespace counterpart::server
