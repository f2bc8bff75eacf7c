#include "server/suitcase/suitcase_calls.h"

#include <algorithm>

#include "index/base/crypto.h"
#include "index/base/time.h"
#include "server/handlers/desks.h"
#include "server/suitcase/applying.h"
#include "server/suitcase/contents.h"
#include "server/suitcase/document.h"
#include "server/suitcase/sealing.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr Limit kDays{1, 60, 14};
constexpr std::string_view kFormat = "counterpart-suitcase-1";
constexpr std::size_t kMostAnswers = 8 * kMiB;

std::string at(std::int64_t seconds) { return iso_time(static_cast<std::uint64_t>(seconds)); }

json::object write_suitcase(const Call& call, const Suitcase& one) {
  json::object out{{"id", one.id}, {"packed_by", one.who}, {"office", one.office}};
  if (!one.desk.empty()) out["desk"] = one.desk;
  if (const std::optional<Token> token = call.data.tokens.in_force(one.who); token && !token->label.empty())
    out["label"] = token->label;
  out["made"] = at(one.made);
  out["until"] = at(one.until);
  out["taken_until"] = at(one.until + kGrace);
  if (one.returned > 0) out["returned"] = at(one.returned);
  if (one.revoked > 0) out["revoked"] = at(one.revoked);
  return out;
}

// Whose work is taken along.
struct Whose {
  std::string office, desk;
};

Result<Whose> whose(const Call& call) {
  const Caller& caller = call.caller;
  Whose asked{text_of(call.request, "office"), text_of(call.request, "desk")};
  if (caller.role == TokenRole::kOwner) return tl::unexpected(out_of_reach(caller, Right::kCasework, "desk"));
  if (caller.role == TokenRole::kOfficer) {
    if (!asked.office.empty() && asked.office != caller.office)
      return tl::unexpected(out_of_reach(caller, Right::kCasework, "office"));
    if (!asked.desk.empty() && asked.desk != caller.desk) return tl::unexpected(out_of_reach(caller, Right::kCasework, "desk"));
    if (!caller.desk.empty()) {
      const Result<Desk> desk = acting_desk(call);
      if (!desk) return tl::unexpected(desk.error());
    }
    return Whose{caller.office, caller.desk};
  }
  if (asked.office.empty() && asked.desk.empty())
    return fail(ErrorCode::kInvalid, "desk", "missing", "say whose: ?desk=DESK or ?office=OFFICE");
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  if (!asked.desk.empty()) {
    const Desk* desk = offices->directory.desk(asked.desk);
    if (!desk) return fail(ErrorCode::kNotFound, "desk", "there is no such desk", "GET /v1/desks lists them");
    if (!asked.office.empty() && asked.office != desk->office)
      return fail(ErrorCode::kInvalid, "desk", "no desk of the office `" + asked.office.substr(0, 80) + "`",
                  "GET /v1/desks lists them");
    asked.office = desk->office;
  }
  if (!offices->directory.office(asked.office))
    return fail(ErrorCode::kNotFound, "office", "there is no such office", "GET /v1/offices lists them");
  return asked;
}

// Who sees what is taken along: an officer of that office, whoever packs it.
Caller as_officer(const Caller& packer, const Whose& whose) {
  Caller caller = packer;
  caller.role = TokenRole::kOfficer;
  caller.office = whose.office;
  caller.desk = whose.desk;
  return caller;
}

json::object header_of(const Call& call, const Suitcase& one) {
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Office* office = offices->directory.office(one.office);
  return {{"format", kFormat},
          {"id", one.id},
          {"office", office ? office->name : one.office},
          {"made", at(one.made)},
          {"until", at(one.until)},
          {"taken_until", at(one.until + kGrace)},
          {"language", call.speech.language}};
}

Response make(const Call& call) {
  const Result<std::uint64_t> days = number_of(call.request, "days", kDays);
  if (!days) return problem(days.error(), call.request);
  const Result<Whose> asked = whose(call);
  if (!asked) return problem(asked.error(), call.request);
  Suitcase one{.who = call.caller.name, .office = asked->office, .desk = asked->desk, .made = call.data.now()};
  one.until = one.made + static_cast<std::int64_t>(*days) * 86'400;
  SuitcaseKeys keys{random_bytes(kKeyBytes), random_bytes(kKeyBytes)};
  json::object inside = contents_of(call, as_officer(call.caller, *asked), asked->office, asked->desk);
  Result<Suitcase> made = make_suitcase(call.data.store, std::move(one), keys);
  if (!made) return problem(made.error(), call.request);
  inside["id"] = made->id;
  inside["office"] = made->office;
  inside["desk"] = made->desk;
  inside["keys"] = json::object{{"seals", base64(keys.seals)}, {"signs", base64(keys.signs)}};
  inside["names"] = names_within(call.speech.language);
  json::object answer = write_suitcase(call, *made);
  answer["left_out"] = inside.at("left_out");
  std::string passphrase = new_passphrase();
  std::string html = suitcase_document(header_of(call, *made), inside, passphrase, call.speech.language);
  answer["passphrase"] = passphrase;
  answer["file_name"] = "counterpart-" + made->office + "-" + at(made->made).substr(0, 10) + ".html";
  answer["html"] = std::move(html);
  return json_response(201, std::move(answer));
}

Response list(const Call& call) {
  const Result<std::string> office = office_asked(call);
  if (!office) return problem(office.error(), call.request);
  const Result<std::vector<Suitcase>> found = list_suitcases(call.data.store, *office);
  if (!found) return problem(found.error(), call.request);
  json::array out;
  for (const Suitcase& one : *found) {
    json::object row = write_suitcase(call, one);
    row["done"] = one.done;
    out.push_back(std::move(row));
  }
  return json_response(200, json::object{{"suitcases", std::move(out)}});
}

// One of the caller's office; of another's nobody is told that it is there.
Result<Suitcase> in_sight(const Call& call) {
  if (call.caller.role == TokenRole::kOwner) return tl::unexpected(out_of_reach(call.caller, Right::kCasework, "id"));
  Result<Suitcase> one = find_suitcase(call.data.store, call.id);
  const bool all = call.caller.reach(Right::kCasework) == Reach::kAll;
  const bool own = call.caller.role == TokenRole::kOfficer && one && one->office == call.caller.office;
  if (!one || all || own) return one;
  return find_suitcase(call.data.store, "none");
}

Response revoke(const Call& call) {
  const Result<Suitcase> one = in_sight(call);
  if (!one) return problem(one.error(), call.request);
  const Status revoked = revoke_suitcase(call.data.store, one->id, call.caller.name, call.data.now());
  if (!revoked) return problem(revoked.error(), call.request);
  return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}};
}

// Whose rights its operations have: those of whoever packed it, as they are now.
Result<Caller> packer_of(const Call& call, const Suitcase& one) {
  constexpr std::string_view kAnew = "pack a new one";
  if (one.revoked > 0) return fail(ErrorCode::kForbidden, "id", "this suitcase was revoked", std::string(kAnew));
  if (one.until + kGrace <= call.data.now())
    return fail(ErrorCode::kForbidden, "id", "this suitcase ended too long ago for its answers to be taken",
                std::string(kAnew));
  const bool own = one.who == call.caller.name;
  if (!own && call.caller.reach(Right::kCasework) != Reach::kAll)
    return fail(ErrorCode::kForbidden, "id", "somebody else has packed this suitcase",
                "whoever packed it hands its answers in, or an administrator");
  const std::optional<Token> token = own ? std::nullopt : call.data.tokens.in_force(one.who);
  if (!own && !token)
    return fail(ErrorCode::kForbidden, "id", "the token that this suitcase was packed with is not in force any more",
                "write its answers down anew, with a token that is");
  Caller packer = own ? call.caller : token->caller;
  const std::shared_ptr<const Offices> offices = call.data.cases.offices();
  const Desk* desk = one.desk.empty() ? nullptr : offices->directory.desk(one.desk);
  if (!one.desk.empty() && (!desk || desk->office != one.office))
    return fail(ErrorCode::kForbidden, "desk", "the desk of this suitcase is none of its office any more",
                "write its answers down anew, with a desk that is");
  const bool same = packer.role != TokenRole::kOfficer || (packer.office == one.office && packer.desk == one.desk);
  if (!same) return tl::unexpected(out_of_reach(packer, Right::kCasework, "desk"));
  return packer;
}

Response take_back(const Call& call) {
  const Result<Suitcase> one = in_sight(call);
  if (!one) return problem(one.error(), call.request);
  const Result<json::object>& body = json_body(call.request);
  if (!body) return problem(body.error(), call.request);
  const Result<Answers> answers = read_answers(*body);
  if (!answers) return problem(answers.error(), call.request);
  if (answers->suitcase != call.id)
    return problem({ErrorCode::kInvalid, "suitcase", "these answers were changed, or are of another suitcase",
                    "give the file as the suitcase saved it"},
                   call.request);
  const Result<Caller> packer = packer_of(call, *one);
  if (!packer) return problem(packer.error(), call.request);
  const Result<SuitcaseKeys> keys = keys_of_suitcase(call.data.store, *one);
  if (!keys) return problem(keys.error(), call.request);
  const Result<std::vector<Operation>> operations = open_answers(*answers, *keys);
  if (!operations) return problem(operations.error(), call.request);
  if (const Status noted = note_return(call.data.store, one->id, call.caller.name, call.data.now()); !noted)
    return problem(noted.error(), call.request);
  json::object counts;
  for (const std::string_view name : kVerdicts) counts[name] = 0;
  json::array verdicts;
  for (const Operation& operation : *operations) {
    const auto choice = answers->choices.find(operation.id);
    json::object verdict =
        verdict_on(call, *packer, *one, operation, choice == answers->choices.end() ? nullptr : &choice->second);
    json::value& count = counts[verdict.at("verdict").as_string()];
    count = count.to_number<std::int64_t>() + 1;
    verdicts.push_back(std::move(verdict));
  }
  return json_response(200,
                       json::object{{"suitcase", one->id}, {"counts", std::move(counts)}, {"verdicts", std::move(verdicts)}});
}

// Packing matches dozens of profiles and stretches a passphrase; what is handed in costs as its operations do.
constexpr double kPackingCosts = 900, kAnswersCost = 200;
double packing_costs(const Request&) { return kPackingCosts; }
double answers_cost(const Request& request) { return kAnswersCost + static_cast<double>(request.body.size()) / 2000; }

constexpr std::string_view kText = R"({"type":"string","minLength":1})";
constexpr Parameter kPacking[] = {{"desk", kText, "whose; without it that of an officer's token"},
                                  {"office", kText, "of all desks of an office, to read: without a desk nothing is acted on"},
                                  {"days", kDays, "how long it is of use"}};
constexpr Parameter kListed[] = {{"office", kText, "whose; without it an officer's own, and an administrator's all"}};
constexpr Answer kPacked[] = {{201, kJson, "PackedSuitcase", "the file, and the passphrase, which is shown this once"},
                              {404, {}, {}, "no such desk or office"}};
constexpr Answer kThere[] = {{200, kJson, "Suitcases", "by id, ended ones too"}};
constexpr Answer kRevoked[] = {{204, {}, {}, "its answers are refused from now on"},
                               {404, {}, {}, "no such suitcase in sight"}};
constexpr Answer kTakenBack[] = {{200, kJson, "TakenAnswers", "a verdict on each operation, in the order of the file"},
                                 {404, {}, {}, "no such suitcase in sight"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/desk:suitcase",
     make,
     Right::kCasework,
     "Take a desk's work along: one sealed HTML file that needs no server",
     kPacking,
     kPacked,
     {.limit = 0, .cost = packing_costs}},
    {"GET", "/v1/suitcases", list, Right::kCasework, "What was taken along", kListed, kThere},
    {"DELETE", "/v1/suitcases/{id}", revoke, Right::kCasework, "Revoke a suitcase, as when its stick was lost", {}, kRevoked},
    {"POST",
     "/v1/suitcases/{id}:return",
     take_back,
     Right::kCasework,
     "Hand in what was written without a link; each operation is done once, by the call that it stands for",
     {},
     kTakenBack,
     {kMostAnswers, kJson, "SuitcaseAnswers", answers_cost}}};

}  // namespace

std::span<const Route> suitcase_routes() { return kRoutes; }

}  // namespace counterpart::server
