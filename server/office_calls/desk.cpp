#include <algorithm>
#include <set>

#include "engine/base/nearest.h"
#include "index/run/run_changes.h"
#include "server/handlers/desks.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/wire/arguments.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kNews = 20;  // profiles of each run
constexpr std::size_t kStuckLetters = 100;

// Whose work is asked for.
struct Asked {
  std::string desk, office;  // `desk` empty: of the whole office
};

// What is not there is answered by the names that are nearest.
template <class Row>
tl::unexpected<Error> no_such(std::string_view what, const std::string& asked, const std::vector<Row>& rows) {
  std::vector<std::string_view> names;
  for (const Row& row : rows) names.insert(names.end(), {row.id, row.name});
  const std::string_view near = nearest(asked, names);
  const auto meant = std::ranges::find_if(rows, [&](const Row& row) { return row.id == near || row.name == near; });
  const bool is_desk = what == "desk";
  const std::string_view nothing = is_desk ? "there is no desk `" : "there is no office `";
  const std::string_view all = is_desk ? "GET /v1/desks lists them" : "GET /v1/offices lists them";
  return fail(ErrorCode::kNotFound, std::string(what), std::string(nothing) + asked.substr(0, 80) + "`",
              (near.empty() ? "" : "did you mean `" + meant->id + "`, " + meant->name + "? ") + std::string(all));
}

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
    if (!desk) return no_such("desk", asked.desk, directory.desks());
    asked.office = desk->office;
  }
  const bool all = call.caller.reach(Right::kCasework) == Reach::kAll;
  const bool theirs = text_of(call.request, "desk").empty();
  if (!all && (!officer || asked.office != call.caller.office))
    return tl::unexpected(out_of_reach(call.caller, Right::kCasework, theirs ? "office" : "desk"));
  if (!directory.office(asked.office)) return no_such("office", asked.office, directory.offices());
  return asked;
}

json::array lines(const DeskList& list, const CaseTeller& teller) {
  json::array out;
  for (const DeskRow& row : list.rows) out.push_back(write_desk_row(row, teller));
  return out;
}

// Profiles of the office that state when they end, where no case does: their ids in `told` have one.
void add_ending_profiles(const Call& call, const std::string& office, std::int64_t now, const Offices& offices,
                         const CaseTeller& teller, json::array& expiring) {
  std::set<std::string, std::less<>> told;
  for (const json::value& row : expiring) told.insert(std::string(row.at("from").as_string()));
  const Office& own = offices.directory.office_or_duty(office);
  const Day today = offices.clock->day_in(own.id, now), last = today + static_cast<Day>(kSoon / kSecondsOfDay);
  const Responsible owner = responsible(own.head, own.id, today, offices.directory);
  std::vector<std::pair<std::string, Day>> ending = ending_profiles(*call.data.corpus(), office, today, last);
  std::erase_if(ending, [&](const auto& one) { return told.contains(one.first); });
  std::ranges::stable_sort(ending, {}, &std::pair<std::string, Day>::second);
  for (const auto& [id, end] : ending) {
    DeskRow row{.case_id = id,
                .kind = "profile",
                .programme = {},
                .from = id,
                .to = id,
                .origin = {},
                .state = "published",
                .desk = owner.desk,
                .office = owner.office,
                .limit = "end",
                .due = {},
                .next = {"begin"}};
    row.due.acted = row.due.from = today;
    row.due.due = end;
    row.due.at = row.promised = (static_cast<std::int64_t>(end) + 1) * kSecondsOfDay;
    row.since = now;
    expiring.push_back(write_desk_row(row, teller));
  }
}

// Of the last run of each programme: who was proposed to the office's profiles, and what else is new for them.
struct News {
  json::array proposals, changes;
};
bool is_proposal(const MatchChange& change) {
  return change.kind == ChangeKind::kNowProposed || (change.kind == ChangeKind::kNew && change.proposed);
}
bool is_worth_a_look(const MatchChange& change) {
  return change.kind == ChangeKind::kNew || change.kind == ChangeKind::kRisen || change.kind == ChangeKind::kWithdrawn;
}

json::object write_news(const std::string& profile, const MatchChange& change, const RunManifest& run,
                        const CaseTeller& teller) {
  json::object one{{"id", profile},   {"kind", "proposal"},       {"subject", subject_of(profile, change.counterpart, teller)},
                   {"from", profile}, {"to", change.counterpart}, {"programme", run.programme},
                   {"run", run.id},   {"place", change.place},    {"next", json::array{"send"}}};
  if (change.band) one["band"] = engine::name_of(*change.band);
  if (is_proposal(change)) return one;
  one["kind"] = "change";
  one["change"] = index::name_of(change.kind);
  one["why"] = teller.speech.term("change.cause." + std::string(index::name_of(change.cause)));
  return one;
}

News news_of(const Call& call, const std::string& office, const CaseTeller& teller) {
  News news;
  const auto left = left_since(call);
  for (const PublishedFigures& published : call.data.runs.published()) {
    const auto run = call.data.runs.newest(published.programme);
    if (!run) continue;
    const std::shared_ptr<const Digest> digest = call.data.runs.digest(**run, office, kNews);
    for (const ProfileChanges& profile : digest->profiles)
      for (const MatchChange& change : profile.changes) {
        if (left(profile.id) || left(change.counterpart)) continue;
        if (is_proposal(change))
          news.proposals.push_back(write_news(profile.id, change, (*run)->manifest(), teller));
        else if (is_worth_a_look(change))
          news.changes.push_back(write_news(profile.id, change, (*run)->manifest(), teller));
      }
  }
  return news;
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
  const auto stuck = call.data.cases.stuck_letters(asked->office, kStuckLetters);
  if (!stuck) return problem(stuck.error(), call.request);
  const CaseTeller teller = teller_of(call, *offices);
  json::object answer{{"office", asked->office}};
  if (!asked->desk.empty()) answer["desk"] = asked->desk;
  answer["mine"] = lines(view->mine, teller);
  answer["inbox"] = lines(view->inbox, teller);
  answer["waiting"] = lines(view->waiting, teller);
  News news = news_of(call, asked->office, teller);
  answer["proposals"] = std::move(news.proposals);
  answer["changes"] = std::move(news.changes);
  json::array expiring = lines(view->expiring, teller);
  add_ending_profiles(call, asked->office, now, *offices, teller, expiring);
  answer["expiring"] = std::move(expiring);
  json::array letters;
  for (const StoredLetter& letter : *stuck) letters.push_back(write_letter(letter));
  answer["outbox"] = std::move(letters);
  answer["counts"] = json::object{{"mine", view->mine.count},
                                  {"inbox", view->inbox.count},
                                  {"waiting", view->waiting.count},
                                  {"expiring", view->expiring.count}};
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
