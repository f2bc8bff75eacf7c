// The certificate of a panel's draw: the seed, who stood, the rules and the result, each with its hash, and all that is needed
// to draw it again. Whoever has the file can check it, without the server and without its data.
//
//   {format, programme, name, level, seed, drawn_at, sequence,
//    rules: {seats, quotas: [{group, at_least, at_most}], per_country_at_most, per_organisation_at_most, topics,
//            experts_per_topic_at_least, alternates_per_seat},
//    candidates: [{id, country, organisation, groups, merit, topics}],
//    result: {seats: [{id, title, country, constituency, draw, alternates: [{id, title, country, alike}]}]},
//    hashes: {candidates, rules, result}, certificate_hash}
//
// A hash is SHA-256, in hexadecimal digits, of the member's JSON without blanks, its members in the order of the file;
// `certificate_hash` that of the whole without itself. `merit` is in millionths, `draw` in units of 2^-53, `topics` are the
// places of those covered in `rules.topics`, regions that no quota names are left out, `organisation` is a number that two
// candidates of one organisation share (0: one of its own); thus all numbers are whole, and read the same everywhere. No
// contact data and no private member is in it.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/allocation/panel.h"
#include "engine/base/result.h"
#include "server/layer.h"
#include "server/service/service_panels.h"

namespace counterpart::server {

inline constexpr std::string_view kDrawFormat = "counterpart-draw-1";
inline constexpr std::size_t kMaxCertificate = 16U << 20U;  // bytes

// `now`: when it was drawn, seconds since 1970, UTC.
boost::json::object write_certificate(const PanelAnswer& answer, std::int64_t now);

// kInvalid: what stands at `place` is in no certificate.
tl::unexpected<Error> no_certificate(std::string place);

// What was drawn from what, of a certificate.
struct Draw {
  PanelRules rules;
  std::vector<PanelCandidate> candidates;
};
// kInvalid: what is no certificate, and at which member.
Result<Draw> read_draw(const boost::json::object& certificate);

// The result of a panel as a certificate says it.
boost::json::object write_draw_result(const Panel& panel);

std::string hash_of(const boost::json::value& member);
// Of all but the hash itself.
std::string certificate_hash(const boost::json::object& certificate);

}  // namespace counterpart::server
