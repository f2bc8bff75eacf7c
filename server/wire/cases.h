// JSON of cases, of what a desk has on it and of letters.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "index/casework/case_store.h"
#include "server/http/request.h"
#include "server/layer.h"
#include "server/wire/runs.h"

namespace counterpart::server {

// Kinds of cases and where they are found: "interest" at /v1/interests, any at /v1/cases.
struct Collection {
  std::string_view kind, path;
};
std::vector<std::string_view> case_kinds();  // of the table
std::string_view path_of(std::string_view kind);
std::string_view kind_at(std::string_view target);  // of a path of the interface; empty: any
std::string link_to(std::string_view kind, std::string_view id);

// With what cases are told.
struct CaseTeller {
  const Directory& directory;
  NameOf name_of;
  const Speech& speech;
  bool to_owner = false;  // what is between offices alone is left out: notes, reasons, who passed it to whom
};

// A case as it stands: parties, state, task with owner and due time, what may be done and what must be said with it, timeline.
boost::json::object write_case(const CaseNow& now, const CaseTeller& teller);
// The same in a list, without acts and timeline.
boost::json::object write_listed_case(const CaseNow& now, const CaseTeller& teller);
// Until when a term runs that was agreed; jurors and the mean of their points, of which an owner is told nothing.
void add_figures(boost::json::object& out, const Case& of, bool to_owner);
// One line of a desk.
boost::json::object write_desk_row(const DeskRow& row, const CaseTeller& teller);
// {desk, office, name}, and the way from whoever was asked for to who has it.
boost::json::object write_owner(const Responsible& owner, const CaseTeller& teller);
// Letters about to go, with their readers' names.
boost::json::array write_readers(const std::vector<Letter>& letters, const CaseTeller& teller);
boost::json::object write_letter(const StoredLetter& letter);
boost::json::array write_contacts(const std::vector<ReleasedContact>& contacts);

// "Kima Water (UG) and Nordlicht (DE)"; one alone where `to` is empty or the same.
std::string subject_of(const std::string& from, const std::string& to, const CaseTeller& teller);
// "due Thursday 3 December: 5 working days from Thursday 26 November, Wednesday 2 December is a holiday in AE". `limit`: of the
// table.
Phrase sentence_of(const Due& due, Step step, std::string_view limit);

// The body of a call that opens a case. {from | profile, to, programme, verb, answers | facts, found, reason, note}, or of any
// kind {kind, from, to, programme, verb, facts, reason, note}; kInvalid names the member.
struct OpeningCall {
  NewCase opens;
  std::string verb;  // empty: the kind's first
  Said said;
};
Result<OpeningCall> read_opening(const Request& request, std::string_view kind, const Taxonomy& taxonomy);

// The body of an act: {reason, note, facts}, and {to}, the state to move to, of `move`. An empty body says nothing.
struct ActCall {
  Said said;
  std::string to;
};
Result<ActCall> read_act(const Request& request, bool moves, const Taxonomy& taxonomy);

}  // namespace counterpart::server
