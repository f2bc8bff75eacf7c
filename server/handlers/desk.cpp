#include <algorithm>

#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::int64_t kSoon = 30 * 86'400;  // seconds; what runs to an end that is further away is nothing for today
constexpr std::size_t kProposals = 20;       // profiles of each run
constexpr std::size_t kStuckLetters = 100;

// Whose work is asked for.
struct Asked {
  std::string desk, office;  // `desk` empty: of the whole office
};

Result<Asked> asked_of(const Call& call, const Directory& directory) {
  const bool officer = call.caller.role == TokenRole::kOfficer;
  Asked asked{text_of(call.request, "desk"), text_of(call.request, "office")};
  if (!asked.desk.empty() && !asked.office.empty())
    return fail(ErrorCode::kInvalid, "desk", "given beside `office`", "give one of the two");
  if (asked.desk.empty() && asked.office.empty() && officer) {
    if (call.caller.desk.empty()) return Asked{{}, call.caller.office};
    asked.desk = call.caller.desk;
  }
  if (asked.desk.empty() && asked.office.empty())
    return fail(ErrorCode::kInvalid, "desk", "missing", "say whose: ?desk=DESK or ?office=OFFICE");
  if (!asked.desk.empty()) {
    const Desk* desk = directory.desk(asked.desk);
    if (!desk) return fail(ErrorCode::kNotFound, "desk", "there is no such desk", "GET /v1/desks lists them");
    asked.office = desk->office;
  }
  if (call.caller.reach(Right::kCasework) == Reach::kAll || (officer && asked.office == call.caller.office)) return asked;
  return tl::unexpected(out_of_reach(call.caller, Right::kCasework, text_of(call.request, "desk").empty() ? "office" : "desk"));
}

// What runs to a profile's end, and not to a number of working days, is told apart.
bool runs_to_an_end(const DeskRow& row) {
  const LimitRow* limit = life_cycles().limit(row.limit);
  return limit && limit->unit == Unit::kBeforeEnd;
}

// Rows of `list`, but for those that run to an end: these go to `expiring` when it is near.
json::array tasks(const DeskList& list, std::int64_t now, const CaseTeller& teller, json::array& expiring) {
  json::array out;
  for (const DeskRow& row : list.rows) {
    if (!runs_to_an_end(row))
      out.push_back(write_desk_row(row, teller));
    else if (row.due.at <= now + kSoon)
      expiring.push_back(write_desk_row(row, teller));
  }
  return out;
}

// Who came into a list of the office's profiles by the last run of each programme.
json::array proposals(const Call& call, const std::string& office, const CaseTeller& teller) {
  json::array out;
  for (const PublishedFigures& published : call.data.runs.published()) {
    const auto run = call.data.runs.newest(published.programme);
    if (!run) continue;
    const std::shared_ptr<const PublishedRun> before = call.data.runs.before(**run);
    for (const ProfileChanges& profile : digest_of(**run, before.get(), office, kProposals).profiles)
      for (const MatchChange& change : profile.changes) {
        if (change.kind != ChangeKind::kNew && change.kind != ChangeKind::kNowProposed) continue;
        const std::string other = teller.name_of(change.counterpart).title, own = teller.name_of(profile.id).title;
        json::object one{{"id", profile.id},
                         {"kind", "proposal"},
                         {"subject", (own.empty() ? profile.id : own) + " and " + (other.empty() ? change.counterpart : other)},
                         {"from", profile.id},
                         {"to", change.counterpart},
                         {"programme", published.programme},
                         {"run", (*run)->manifest().id},
                         {"place", change.place},
                         {"next", json::array{"send"}}};
        if (change.band) one["band"] = engine::name_of(*change.band);
        out.push_back(std::move(one));
      }
  }
  return out;
}

// Letters that did not leave: refused for good, or tried in vain.
Result<json::array> stuck_letters(const Call& call, const std::string& office) {
  json::array out;
  for (const LetterState state : {LetterState::kRefused, LetterState::kQueued}) {
    const auto letters = call.data.cases.letters({.state = state, .office = office}, 0, kStuckLetters);
    if (!letters) return tl::unexpected(letters.error());
    for (const StoredLetter& letter : *letters)
      if (state == LetterState::kRefused || letter.tries > 0) out.push_back(write_letter(letter));
  }
  return out;
}

Response get_desk(const Call& call) {
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Result<Asked> asked = asked_of(call, offices->directory);
  if (!asked) return problem(asked.error(), call.request);
  const std::int64_t now = call.data.now();
  const auto most = static_cast<std::size_t>(*limit);
  const Result<DeskView> view =
      asked->desk.empty() ? call.data.cases.office(asked->office, now, most) : call.data.cases.desk(asked->desk, now, most);
  if (!view) return problem(view.error(), call.request);
  Result<json::array> letters = stuck_letters(call, asked->office);
  if (!letters) return problem(letters.error(), call.request);
  const CaseTeller teller = teller_of(call, *offices);
  json::array expiring;
  json::object answer{{"office", asked->office}};
  if (!asked->desk.empty()) answer["desk"] = asked->desk;
  answer["mine"] = tasks(view->mine, now, teller, expiring);
  answer["inbox"] = tasks(view->inbox, now, teller, expiring);
  answer["waiting"] = tasks(view->waiting, now, teller, expiring);
  answer["proposals"] = proposals(call, asked->office, teller);
  answer["expiring"] = std::move(expiring);
  answer["outbox"] = std::move(*letters);
  answer["counts"] = json::object{{"mine", view->mine.count}, {"inbox", view->inbox.count}, {"waiting", view->waiting.count}};
  return json_response(200, std::move(answer));
}

Result<std::optional<LetterState>> state_asked(const Call& call) {
  const std::string asked = text_of(call.request, "state");
  if (asked.empty()) return std::nullopt;
  if (const std::optional<LetterState> state = parse_word<LetterState>(asked)) return state;
  return fail(ErrorCode::kInvalid, "state", "no state of a letter", "there are queued, sent, refused");
}

Response list_letters(const Call& call) {
  const Result<std::uint64_t> after = number_of(call.request, "after", kAfter);
  if (!after) return problem(after.error(), call.request);
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kPage);
  if (!limit) return problem(limit.error(), call.request);
  const Result<std::optional<LetterState>> state = state_asked(call);
  if (!state) return problem(state.error(), call.request);
  const std::string about = text_of(call.request, "case");
  if (!about.empty() && !is_id(about))
    return problem({ErrorCode::kInvalid, "case", "not an id", "as GET /v1/desk has it"}, call.request);
  const Result<std::string> office = office_asked(call);
  if (!office) return problem(office.error(), call.request);
  auto found = call.data.cases.letters({.state = *state, .office = *office, .case_id = about}, *after,
                                       static_cast<std::size_t>(*limit) + 1);
  if (!found) return problem(found.error(), call.request);
  const bool more = found->size() > *limit;
  if (more) found->pop_back();
  json::array letters;
  for (const StoredLetter& letter : *found) letters.push_back(write_letter(letter));
  const std::uint64_t last = found->empty() ? *after : found->back().number;
  return json_response(200, json::object{{"letters", std::move(letters)}, {"after", last}, {"more", more}});
}

// The letter of that number, if it concerns the caller's office.
Result<StoredLetter> letter_in_sight(const Call& call, std::uint64_t number) {
  const Result<std::string> office = office_asked(call);
  if (!office) return tl::unexpected(office.error());
  auto found = call.data.cases.letters({.office = *office}, number - 1, 1);
  if (!found) return tl::unexpected(found.error());
  if (!found->empty() && found->front().number == number) return std::move(found->front());
  return fail(ErrorCode::kNotFound, "number", "there is no such letter of your office", "GET /v1/outbox lists them");
}

Response retry_letter(const Call& call) {
  std::uint64_t number = 0;
  for (const char digit : call.id) {
    if (digit < '0' || digit > '9' || number > kMaxSequence / 10 - 1)
      return problem({ErrorCode::kInvalid, "number", "not the number of a letter", "as GET /v1/outbox has it"}, call.request);
    number = number * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  if (number == 0)
    return problem({ErrorCode::kInvalid, "number", "not the number of a letter", "they begin with 1"}, call.request);
  if (const Result<StoredLetter> letter = letter_in_sight(call, number); !letter) return problem(letter.error(), call.request);
  if (const Status queued = call.data.cases.retry(number, call.caller.name, call.data.now()); !queued)
    return problem(queued.error(), call.request);
  const Result<StoredLetter> letter = letter_in_sight(call, number);
  if (!letter) return problem(letter.error(), call.request);
  return json_response(200, write_letter(*letter));
}

constexpr std::string_view kText = R"({"type":"string","minLength":1})";
constexpr Parameter kDeskOf[] = {{"desk", kText, "whose; without it that of an officer's token"},
                                 {"office", kText, "of all desks of an office"},
                                 {"limit", kPage, "lines of each list at most, the soonest due first"}};
constexpr Parameter kLettersOf[] = {
    {"office", kText, "that they concern; without it an officer's own, and an administrator's all"},
    {"state", R"({"type":"string","enum":["queued","sent","refused"]})", "only these"},
    {"case", kIdSchema, "only about this case"},
    {"after", kAfter, "later than the letter of this number"},
    {"limit", kPage, "letters a page"}};

constexpr Answer kDesk[] = {{200, kJson, "DeskView", "each list by due time"}, {404, {}, {}, "no such desk or office"}};
constexpr Answer kLetters[] = {{200, kJson, "Letters", "oldest first"}};
constexpr Answer kQueued[] = {{200, kJson, "Letter", "queued again"},
                              {404, {}, {}, "no such letter of the caller's office"},
                              {409, {}, {}, "it was not refused"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/desk", get_desk, Right::kCasework, "What needs a desk, or an office, today", kDeskOf, kDesk},
    {"GET", "/v1/outbox", list_letters, Right::kCasework, "Letters about cases, and what became of them", kLettersOf, kLetters},
    {"POST",
     "/v1/outbox/{number}:retry",
     retry_letter,
     Right::kCasework,
     "Queue a letter that was refused again",
     {},
     kQueued}};

}  // namespace

std::span<const Route> desk_routes() { return kRoutes; }

}  // namespace counterpart::server
