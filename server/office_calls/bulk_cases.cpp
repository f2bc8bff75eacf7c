#include <algorithm>

#include "engine/base/nearest.h"
#include "engine/casework/case_json.h"
#include "index/base/time.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/cases.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostCases = 1000, kMaxId = 128, kMaxVerb = 64;
constexpr Limit kVersion{1, 1'000'000'000};

struct Wanted {
  std::string id;
  std::optional<unsigned> version = {};  // number of the last act that the caller has seen
};
struct BulkBody {
  std::string verb;
  std::vector<Wanted> cases;
  Said said;
};

// Acts that every kind of case has: of others each case wants its own words.
Status check_verb(const std::string& verb) {
  std::vector<std::string_view> verbs;
  for (const ActRow& row : life_cycles().acts)
    if (row.kind == "*") verbs.push_back(row.verb);
  if (std::ranges::find(verbs, verb) != verbs.end()) return {};
  return fail(ErrorCode::kInvalid, "verb", "is not done to many cases at once", "there are " + joined_with_or(verbs));
}

Result<Wanted> read_wanted(const json::value& value, const std::string& place) {
  Wanted wanted;
  const json::object* object = value.if_object();
  if (object)
    for (const auto& [name, member] : *object)
      if (name != "id" && name != "version")
        return fail(ErrorCode::kInvalid, place + "." + std::string(name).substr(0, 80), "no such member",
                    "members are id, version");
  const json::value none;
  const json::value* id = object ? object->if_contains("id") : &value;
  if (Status read = into(words_of(id ? *id : none, object ? place + ".id" : place, kMaxId), wanted.id); !read)
    return tl::unexpected(read.error());
  if (!is_id(wanted.id)) return fail(ErrorCode::kInvalid, place, "not an id", "as GET /v1/desk has it");
  if (const json::value* version = object ? object->if_contains("version") : nullptr) {
    const Result<std::uint64_t> number = number_of(*version, place + ".version", kVersion);
    if (!number) return tl::unexpected(number.error());
    wanted.version = static_cast<unsigned>(*number);
  }
  return wanted;
}

Result<std::vector<Wanted>> read_cases(const json::value* list) {
  if (!list || !list->is_array() || list->as_array().empty() || list->as_array().size() > kMostCases)
    return fail(ErrorCode::kInvalid, "cases", "not a list of cases",
                R"(write ["ID", ...] or [{"id": "ID", "version": 3}, ...], 1 to 1,000)");
  std::vector<Wanted> cases;
  for (const json::value& one : list->as_array()) {
    const std::string place = "cases[" + std::to_string(cases.size()) + "]";
    Result<Wanted> wanted = read_wanted(one, place);
    if (!wanted) return tl::unexpected(std::move(wanted.error()));
    if (std::ranges::find(cases, wanted->id, &Wanted::id) != cases.end())
      return fail(ErrorCode::kInvalid, place, "`" + wanted->id + "` is given twice", "name each case once");
    cases.push_back(std::move(*wanted));
  }
  return cases;
}

Result<BulkBody> read_bulk_body(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& sent_body = json_body(request);
  Result<json::object> object = sent_body;
  if (!object) return tl::unexpected(std::move(object.error()));
  BulkBody body;
  const json::value none;
  const json::value* verb = object->if_contains("verb");
  if (Status read = into(words_of(verb ? *verb : none, "verb", kMaxVerb), body.verb); !read)
    return tl::unexpected(std::move(read.error()));
  if (Status known = check_verb(body.verb); !known) return tl::unexpected(std::move(known.error()));
  if (Status read = into(read_cases(object->if_contains("cases")), body.cases); !read)
    return tl::unexpected(std::move(read.error()));
  object->erase("verb");
  object->erase("cases");
  if (Status read = into(read_said(json::value(std::move(*object)), taxonomy), body.said); !read)
    return tl::unexpected(std::move(read.error()));
  return body;
}

json::object write_done(const Acted& acted, const CaseTeller& teller) {
  json::object row{{"case", acted.after.id}, {"status", "done"}, {"version", acted.after.log.size()}};
  if (const OpenItem* open = std::get_if<OpenItem>(&acted.standing)) {
    row["owner"] = write_owner(open->task.owner, teller);
    row["due"] = iso_time(static_cast<std::uint64_t>(open->task.due.at));
  }
  row["letters"] = write_readers(acted.letters, teller);
  return row;
}
json::object write_refused(const std::string& id, const Error& error, const RefusalsIn& reader) {
  json::object row = write_refusal(error, reader);
  row["case"] = id;
  return row;
}

// The answer to what was done, or would be, or is undone: rows as they come.
class Verdicts {
 public:
  Verdicts(const Call& call, const CaseTeller& teller)
      : reader_{call.data.refusals, language_of_refusals(call.request)}, teller_(teller) {}
  void add(const std::string& id, const Result<Acted>& verdict) {
    verdict ? ++done_ : ++refused_;
    rows_.push_back(verdict ? write_done(*verdict, teller_) : write_refused(id, verdict.error(), reader_));
  }
  // Of a call that was repeated: what is remembered of the first.
  void add(const BulkRow& row) {
    row.refused ? ++refused_ : ++done_;
    rows_.push_back(row.refused ? write_refused(row.case_id, *row.refused, reader_)
                                : json::object{{"case", row.case_id}, {"status", "done"}, {"version", row.act}});
  }
  Response answer(const std::string& id, const std::string& verb, bool preview) && {
    json::object body{{"verb", verb}, {"preview", preview}, {"done", done_}, {"refused", refused_}, {"rows", std::move(rows_)}};
    if (!id.empty()) body["id"] = id;
    return json_response(200, std::move(body));
  }

 private:
  RefusalsIn reader_;
  const CaseTeller& teller_;
  std::size_t done_ = 0, refused_ = 0;
  json::array rows_;
};

// With which desk the caller acts on many cases; owners do not.
Result<BulkCall> signed_by(const Call& call) {
  const Result<Desk> desk = acting_desk(call);
  if (!desk) return tl::unexpected(desk.error());
  return BulkCall{.desk = desk->id, .office = desk->office, .who = call.caller.name};
}

Response act_on_many(const Call& call) {
  Result<BulkCall> by = signed_by(call);
  if (!by) return problem(by.error(), call.request);
  const Result<BulkBody> body = read_bulk_body(call.request, call.data.taxonomy);
  if (!body) return problem(body.error(), call.request);
  const Result<bool> preview = flag_of(call.request, "preview");
  if (!preview) return problem(preview.error(), call.request);
  if (Status keyed = into(repeat_key_of(call.request, call.caller.name), by->repeat); !keyed)
    return problem(keyed.error(), call.request);
  by->verb = body->verb;

  // What is not in sight is told as if it were not there, and is no part of the operation.
  const std::int64_t now = call.data.now();
  std::vector<ActRequest> requests;
  std::vector<std::optional<Error>> hidden;
  for (const Wanted& wanted : body->cases) {
    const Result<CaseNow> seen = call.data.cases.get(wanted.id, now);
    hidden.push_back(seen && is_in_sight(call, *seen)
                         ? std::optional<Error>()
                         : Error{ErrorCode::kNotFound, "id", "there is no such case in your sight", "look at GET /v1/desk"});
    if (!hidden.back())
      requests.push_back({.case_id = wanted.id,
                          .desk = by->desk,
                          .verb = body->verb,
                          .said = body->said,
                          .last = wanted.version,
                          .who = by->who});
  }
  BulkDone done;
  if (*preview) {
    done.verdicts = call.data.cases.preview(requests, now);
  } else if (!requests.empty()) {
    Result<BulkDone> acted = call.data.cases.act_in_bulk(requests, *by, now);
    if (!acted) return problem(acted.error(), call.request);
    done = std::move(*acted);
  }
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const CaseTeller teller = teller_of(call, *offices);
  Verdicts verdicts(call, teller);
  for (std::size_t i = 0, at = 0; i < body->cases.size(); ++i) {
    if (hidden[i])
      verdicts.add(body->cases[i].id, tl::unexpected(*hidden[i]));
    else if (!done.repeated)
      verdicts.add(body->cases[i].id, done.verdicts[at++]);
  }
  if (done.repeated)
    for (const BulkRow& row : done.bulk.rows) verdicts.add(row);
  return std::move(verdicts).answer(done.bulk.id, body->verb, *preview);
}

Response undo_many(const Call& call) {
  const Result<BulkCall> by = signed_by(call);
  if (!by) return problem(by.error(), call.request);
  const Result<BulkDone> undone = call.data.cases.undo(call.id, *by, call.data.now());
  if (!undone) return problem(undone.error(), call.request);
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const CaseTeller teller = teller_of(call, *offices);
  Verdicts verdicts(call, teller);
  for (std::size_t i = 0; i < undone->verdicts.size(); ++i) verdicts.add(undone->bulk.rows[i].case_id, undone->verdicts[i]);
  return std::move(verdicts).answer(undone->bulk.id, undone->bulk.verb, false);
}

constexpr std::string_view kText = R"({"type":"string","minLength":1})";
constexpr Parameter kDeskParameter = {"desk", kText, "the desk that acts; an officer's token has its own"};
constexpr Parameter kActing[] = {
    kDeskParameter,
    {"preview", R"({"type":"string","enum":["true","false"],"default":"false"})",
     "true: nothing is stored; each row tells what would be"},
    {"Idempotency-Key", kKeySchema,
     "a repeated call with this key, of the same token within a week, is answered by what the first one did; the same key with "
     "another body is refused with 409",
     false, kHeader}};
constexpr Parameter kUndoing[] = {kDeskParameter};

constexpr Answer kDone[] = {{200, kJson, "BulkAnswer", "a verdict a case; `id` undoes it"},
                            {404, {}, {}, "no such desk"},
                            {409, {}, {}, "the key was used for another request"}};
constexpr Answer kUndone[] = {
    {200, kJson, "BulkAnswer", "a verdict a case: owners are put back where nothing has happened since"},
    {404, {}, {}, "no such operation of this office, or of more than 30 days ago"},
    {409, {}, {}, "it was undone already"}};

constexpr Route kRoutes[] = {{"POST",
                              "/v1/cases:bulk",
                              act_on_many,
                              Right::kCasework,
                              "Claim, hand over or remind of many cases at once",
                              kActing,
                              kDone,
                              {256 * 1024, kJson, "BulkRequest"}},
                             {"POST", "/v1/bulk/{id}:undo", undo_many, Right::kCasework,
                              "Put the owners back that an operation has changed", kUndoing, kUndone}};

}  // namespace

std::span<const Route> bulk_case_routes() { return kRoutes; }

}  // namespace counterpart::server
