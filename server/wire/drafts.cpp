#include "server/wire/drafts.h"

#include "engine/base/date.h"
#include "engine/casework/standing.h"
#include "index/base/time.h"
#include "index/draft/own_drafts.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string time_of(std::int64_t seconds) { return iso_time(static_cast<std::uint64_t>(seconds)); }

json::object write_mailbox(const DraftState& state) {
  json::object out{{"confirmed", !state.mail.empty() && state.mail == state.draft.confirmed}};
  if (state.letter) out["letter"] = engine::name_of(*state.letter);
  return out;
}

// From one character to the one behind the last, in Unicode code points.
json::array write_marks(const std::vector<Revelation>& found) {
  json::array out;
  for (const Revelation& one : found)
    out.push_back(
        json::object{{"member", one.member}, {"from", one.offset}, {"to", one.offset + one.length}, {"kind", one.kind}});
  return out;
}

// What was asked for the last time that it was sent back, or said when it was published.
json::array write_comments(const Case& of) {
  json::array out;
  for (auto act = of.log.rbegin(); act != of.log.rend() && out.empty(); ++act)
    for (const Comment& comment : act->said.facts.comments) {
      json::object one{{"text", comment.text}};
      if (!comment.member.empty()) one["member"] = comment.member;
      out.push_back(std::move(one));
    }
  return out;
}

json::object write_review(const CaseNow& now, const CaseTeller& teller) {
  const auto state_of = [&](std::string_view state) { return now.of.kind + ".state." + std::string(state); };
  json::object out{{"case", now.of.id}, {"comments", write_comments(now.of)}};
  if (const ClosedItem* closed = std::get_if<ClosedItem>(&now.standing)) {
    out["state"] = closed->state;
    out["said"] = teller.speech.term(state_of(closed->state));
    out["yours"] = false;
    out["closed"] = time_of(closed->at);
    return out;
  }
  const OpenItem& open = std::get<OpenItem>(now.standing);
  const Task& task = open.task;
  const Office& office = teller.directory.office_or_duty(task.owner.office);
  out["state"] = open.state;
  out["said"] = teller.speech.term(state_of(open.state));
  out["yours"] = task.side == Side::kAsking;
  out["with"] = {{"office", office.id}, {"name", office.name}, {"step", engine::name_of(task.step)}};
  out["due"] = time_of(task.due.at);
  out["day"] = iso_date(task.due.due);
  out["why"] = teller.speech.say(sentence_of(task.due, task.step, task.limit));
  return out;
}

json::array write_published(const std::vector<ProfileVersion>& versions) {
  json::array out;
  for (const ProfileVersion& version : versions)
    out.push_back(json::object{{"version", version.version}, {"at", iso_time(version.at)}});
  return out;
}

}  // namespace

json::object write_own_draft(const DraftState& state, const CaseTeller& teller, const RefusalsIn& reader) {
  const OwnDraft& draft = state.draft;
  json::object out{{"id", draft.id},
                   {"version", draft.version},
                   {"begun", time_of(draft.begun)},
                   {"saved", time_of(draft.saved)},
                   {"profile", json::parse(draft.json)},
                   {"advice", write_advice(state.advice)},
                   {"missing", write_remarks(state.missing, reader)},
                   {"reveals", write_marks(state.reveals)},
                   {"mailbox", write_mailbox(state)},
                   {"published", write_published(state.versions)}};
  if (draft.handed_in > 0)
    out["handed_in"] = draft.handed_in;
  else
    out["expires"] = time_of(draft.saved + kDraftDays * kDay);
  if (state.review) out["review"] = write_review(*state.review, teller);
  return out;
}

json::object write_audience(const Audience& audience, const std::string& programme, const Speech& speech) {
  json::array facts;
  for (const AudienceFact& fact : audience.facts)
    facts.push_back(json::object{{"member", fact.member}, {"add", speech.say(fact.words)}, {"more", fact.more}});
  json::object out{
      {"programme", programme}, {"now", nullptr}, {"rounded_to", kRounded}, {"below", kLeastTold}, {"facts", std::move(facts)}};
  if (audience.now) out["now"] = *audience.now;
  return out;
}

}  // namespace counterpart::server
