// Cases <-> JSON, along tables of members: for the store and for HTTP.
#pragma once

#include <boost/json/fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/casework/case.h"
#include "engine/profile/members.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

std::span<const Member> case_members();
std::span<const Member> said_members();   // {reason, note, facts}
std::span<const Member> facts_members();  // what an act can state, as the saids of the table name it

// What somebody says with an act. `json` comes from parse_strictly(). kInvalid: the place is the member ("facts.amount");
// unknown members are refused. Whether it belongs to the act is for apply() to say.
Result<Said> read_said(const boost::json::value& json, const Taxonomy& taxonomy);
Result<Facts> read_facts(const boost::json::value& json, const Taxonomy& taxonomy);

// For those who ask: without a version.
std::string to_json(const Case& given);
std::string to_json(const Act& act);
std::string to_json(const Facts& facts);

// For the store: with the version of the form. kCorrupt: not ours, or cut short; kUnsupported: of a newer program.
std::string encode_case(const Case& given);
Result<Case> decode_case(std::string_view bytes);

}  // namespace counterpart::engine
