// A draft of an owner without an account as JSON: what was written, what it lacks, and what became of what was handed in.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/match/audience.h"
#include "engine/profile/identity.h"
#include "index/casework/case_store.h"
#include "index/draft/own_draft.h"
#include "index/store/versions.h"
#include "server/layer.h"
#include "server/service/service_quality.h"
#include "server/wire/cases.h"
#include "server/words/refusals.h"

namespace counterpart::server {

// All that its answer tells.
struct DraftState {
  OwnDraft draft;
  std::string mail;            // the address that stands in it; empty: none that can be written to
  std::vector<Error> missing;  // what keeps it from being handed in
  std::vector<Revelation> reveals;
  AdviceAnswer advice;
  std::optional<LetterState> letter = {};  // of the last letter that asked for a confirmation
  std::optional<CaseNow> review = {};      // nothing: nothing was handed in
  std::vector<ProfileVersion> versions = {};
};

// Its mailbox is told in words: nobody's address, and of the office nobody's name.
boost::json::object write_own_draft(const DraftState& state, const CaseTeller& teller, const RefusalsIn& reader);

boost::json::object write_audience(const Audience& audience, const std::string& programme, const Speech& speech);

}  // namespace counterpart::server
