#include <algorithm>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "engine/base/language_tag.h"
#include "engine/base/patience.h"
#include "engine/base/utf8.h"
#include "engine/corpus/field.h"
#include "engine/profile/members.h"
#include "engine/profile/profile_json.h"
#include "index/base/crypto.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/handlers/scope.h"
#include "server/service/condition.h"
#include "server/service/service_search.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kMaxQueryText = 1000;  // characters: percent-encoded, they must fit into a request's header

// What a repeated call with a key is answered: as the first one was.
Written as_created(Written written, bool by_key) {
  written.created = written.created || by_key;
  return written;
}

// Is `profile` what is stored already, as far as the caller may know? A language that was left out was detected then and would
// be again. Of one whose private members the caller may not know, a profile that says any is told to be another, whatever is
// stored: else they could be guessed.
bool same_as_stored(const Call& call, Profile profile, const StoredProfile& stored) {
  profile.lang = profile.lang.empty() ? stored.profile.lang : canonical_language(profile.lang);
  const Visibility seen = sees_private(call) ? Visibility::kWithPrivate : Visibility::kPublic;
  if (seen == Visibility::kPublic && !private_json(profile).empty()) return false;
  return to_json(profile, seen) == to_json(stored.profile, seen);
}

// A key is its caller's own: another's equal one means another profile.
std::string id_of_key(const Caller& caller, const std::string& key) {
  static const boost::uuids::uuid kSpace{
      {0x6d, 0x1f, 0x0a, 0x52, 0x9c, 0x31, 0x4b, 0x1e, 0x8a, 0x77, 0x02, 0xc4, 0x5d, 0xe9, 0x60, 0xb3}};
  return "p-" +
         boost::uuids::to_string(boost::uuids::name_generator_sha1(kSpace)("POST /v1/profiles " + caller.name + " " + key));
}

std::vector<std::string> split(const std::multimap<std::string, std::string>& query, const std::string& name) {
  std::vector<std::string> values;
  const auto [from, to] = query.equal_range(name);
  for (auto at = from; at != to; ++at)
    for (std::size_t begin = 0; begin <= at->second.size();) {
      const std::size_t comma = std::min(at->second.find(',', begin), at->second.size());
      values.push_back(at->second.substr(begin, comma - begin));
      begin = comma + 1;
    }
  return values;
}

Result<SearchCall> read_search(const Call& call) {
  SearchCall search;
  const auto& query = call.request.query;
  search.q = text_of(call.request, "q");
  search.cursor = text_of(call.request, "cursor");
  search.facets = query.contains("facets") ? split(query, "facets") : std::vector<std::string>{};
  if (characters_in(search.q) > kMaxQueryText)
    return fail(ErrorCode::kInvalid, "q", "longer than " + std::to_string(kMaxQueryText) + " characters",
                "shorten it, or send it to POST /v1/match");
  const Result<std::uint64_t> limit = number_of(call.request, "limit", kSearchPage);
  if (!limit) return tl::unexpected(limit.error());
  search.limit = *limit;
  for (const Field& field : fields()) {
    const std::string name(field.name);
    if (!query.contains(name)) continue;
    Result<Condition> condition = requested_condition(name, split(query, name), call.data.taxonomy);
    if (!condition) return tl::unexpected(condition.error());
    search.where.push_back(std::move(*condition));
  }
  narrow(call, search.where);
  search.in_sight = call.caller.filter.size();
  return search;
}

// The answer where `profile` could not be created because its id is taken: it may be there as it was sent.
Response id_is_taken(const Call& call, const Profile& profile, bool by_key) {
  if (by_key)
    return problem({ErrorCode::kConflict, "Idempotency-Key", "this key has been used for another profile",
                    "use a new key for a new profile"},
                   call.request);
  const Result<StoredProfile> stored = call.service.get(profile.id, true);
  if (stored && same_as_stored(call, profile, *stored))
    return written_response({profile.id, stored->version, stored->sequence, false, true}, 200);
  return problem({ErrorCode::kConflict, "id", "there is another profile of this id", "replace it by PUT, or choose another id"},
                 call.request);
}

// What a profile is told with and is none of its members may come back with it, and changes nothing.
std::string own_members(const std::string& body) {
  if (body.find("\"due_diligence\"") == body.npos && body.find("\"received_from\"") == body.npos) return body;
  boost::json::parse_options options;
  boost::system::error_code failed;
  boost::json::value sent = boost::json::parse(body, failed, {}, options);
  if (failed || !sent.is_object()) return body;
  if (sent.as_object().erase("due_diligence") + sent.as_object().erase("received_from") == 0) return body;
  return boost::json::serialize(sent);
}

// What was sent is read and checked first; then what the caller may, then the store, then what its verdict means.
Response create_profile(const Call& call) {
  PrivateRemoved removed;
  Result<Profile> profile = parse_profile(own_members(call.request.body), call.data.taxonomy, &removed);
  if (!profile) return problem(profile.error(), call.request);
  const Result<std::string> key = idempotency_key(call.request);
  if (!key) return problem(key.error(), call.request);
  const Result<Sending> sending = sending_of(call);
  if (!sending) return problem(sending.error(), call.request);
  const bool by_key = profile->id.empty() && !key->empty();
  if (by_key) profile->id = id_of_key(call.caller, *key);
  if (std::optional<Response> found = revealing(call, *profile)) return std::move(*found);

  Result<Write> write = putting(call, Right::kWrite, {*profile, removed});
  if (!write) return problem(write.error(), call.request);
  write->expect_version = 0;
  // The key, which is kept nowhere, makes the digest one that tells nothing of the body.
  if (by_key) write->request = digest_of(call.caller.name + "\n" + *key + "\n" + call.request.body);

  const Result<TakenIn> taken = take_one(call, std::move(*write), *sending);
  if (taken && taken->held) return held_response(*taken->held);
  const auto created = taken && (taken->written.created || by_key);
  if (taken) return written_response(as_created(taken->written, by_key), created ? 201 : 200);
  const bool is_there = taken.error().code == ErrorCode::kConflict && taken.error().place != "offices" && !profile->id.empty();
  return is_there ? id_is_taken(call, *profile, by_key) : problem(taken.error(), call.request);
}

Response get_profile(const Call& call) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<StoredProfile> stored = seen_by(call, call.id);
  if (!stored) return problem(stored.error(), call.request);
  Response response;
  response.headers.emplace_back("Vary", "Authorization");
  if (stored->profile.id != call.id) {  // without a tag: it would be the version of another profile
    boost::json::object body = boost::json::parse(to_json(stored->profile, Visibility::kWithPrivate)).as_object();
    body["alias_of"] = stored->profile.id;
    response.body = boost::json::serialize(body);
    response.headers.emplace_back("Content-Location", "/v1/profiles/" + stored->profile.id);
    return response;
  }
  response.headers.emplace_back("ETag", etag_of(stored->version));
  if (const std::string none = header(call.request, "if-none-match");
      !none.empty() && names_version(none, stored->version, true)) {
    response.status = 304;
    return response;
  }
  response.body = to_json(stored->profile, Visibility::kWithPrivate);  // those that look_up left in
  boost::json::object beside;
  if (boost::json::value stated = due_diligence(call, call.id); !stated.is_null()) beside["due_diligence"] = std::move(stated);
  if (const Status told = tell_origin(call, call.id, beside); !told) return problem(told.error(), call.request);
  if (!beside.empty()) {
    boost::json::object body = boost::json::parse(response.body).as_object();
    for (auto& [name, value] : beside) body[name] = std::move(value);
    response.body = boost::json::serialize(body);
  }
  return response;
}

Response replace_profile(const Call& call) {
  PrivateRemoved removed;
  Result<Profile> profile = parse_profile(own_members(call.request.body), call.data.taxonomy, &removed);
  if (!profile) return problem(profile.error(), call.request);
  if (!profile->id.empty() && profile->id != call.id)
    return problem({ErrorCode::kInvalid, "id", "another id than the path's", "leave it out, or make them equal"}, call.request);
  profile->id = call.id;
  const Result<Sending> sending = sending_of(call);
  if (!sending) return problem(sending.error(), call.request);
  if (std::optional<Response> found = revealing(call, *profile)) return std::move(*found);
  Result<Write> write = putting(call, Right::kWrite, {std::move(*profile), removed});
  if (!write) return problem(write.error(), call.request);
  Precondition condition = precondition_of(call);
  if (condition.failed) return std::move(*condition.failed);
  write->expect_version = condition.version;
  return put_response(call, take_one(call, std::move(*write), *sending), condition);
}

Response erase_profile(const Call& call) {
  Result<Write> write = erasing(call, call.id, "id");
  if (!write) return problem(write.error(), call.request);
  Precondition condition = precondition_of(call);
  if (condition.failed) return std::move(*condition.failed);
  write->expect_version = condition.version;
  const Result<Written> written = call.service.erase(std::move(*write));
  if (written) return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}};
  return refused(call, written.error(), condition);
}

Response search_profiles(const Call& call) {
  const Result<SearchCall> search = read_search(call);
  if (!search) return problem(search.error(), call.request);
  const Patience patience(call.request.stop);
  const std::shared_ptr<const Corpus> corpus = call.data.corpus();
  const Result<SearchAnswer> answer =
      search_profiles(*corpus, call.data.taxonomy, call.data.embedder, *search, call.data.today());
  if (!answer) return problem(answer.error(), call.request);
  boost::json::object body = write_search(*answer, call.speech);
  if (const Status told = tell_origins(call, body["profiles"].as_array()); !told) return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

constexpr Parameter kPreconditions[] = {kIfMatch,
                                        {"If-None-Match", kTags, "* : nothing must be stored; else 412", false, kHeader}};
constexpr Parameter kCached[] = {{"If-None-Match", kTags, "a version already known; 304 if it is still so", false, kHeader}};
constexpr Parameter kKeyed[] = {
    kInsist,
    kSentAs,
    kSentBy,
    {"Idempotency-Key", kKeySchema,
     "for a profile without an id: the id is derived from this key and the token, so that a repeated call finds the first "
     "one's profile; the same key with another body is refused with 409. Another token's equal key is another key",
     false, kHeader}};

constexpr Parameter kSearch[] = {
    {"q", R"({"type":"string","maxLength":1000})",
     "a name, an id or words: those whom it names come first, then those whose texts hold most of the words; without it, all "
     "in id order"},
    {"facets", R"({"type":"array","items":{"$ref":"#/components/schemas/FieldName"},"minItems":1,"maxItems":32})",
     "fields to count, joined by commas"},
    {"cursor", R"({"type":"string","maxLength":200})", "`next_cursor` of the page before, with the same q and filters"},
    {"limit", kSearchPage, "profiles a page"}};

constexpr Parameter kReplacing[] = {kPreconditions[0], kPreconditions[1], kInsist, kSentAs, kSentBy};
constexpr Answer kCreated[] = {{201, kJson, "Written", "stored, on disk"},
                               {200, kJson, "Written", "the same profile was there already"},
                               kHeld,
                               {404, {}, {}, "no such desk"},
                               {409, {}, {}, "there is another profile of this id or key"},
                               {422, {}, {}, "a public text tells who it is; `findings` says where"}};

constexpr Answer kGot[] = {{200, kJson, "ReadProfile",
                            "its members, private ones for whom they are; of an alias those of the profile that it is merged "
                            "into, which `alias_of` and Content-Location name"},
                           {304, {}, {}, "unchanged"},
                           {404, {}, {}, "no such profile"}};
constexpr Answer kReplaced[] = {{200, kJson, "Written", "replaced, or the same was there already"},
                                {201, kJson, "Written", "stored, on disk"},
                                kHeld,
                                {404, {}, {}, "no such desk"},
                                {409, {}, {}, "changed by another call at the same moment"},
                                {422, {}, {}, "a public text tells who it is; `findings` says where"},
                                {412, {}, {}, "the stored version is another"}};

constexpr Answer kErased[] = {
    {204, {}, {}, "gone"}, {404, {}, {}, "no such profile"}, {412, {}, {}, "the stored version is another"}};
constexpr Answer kFound[] = {{200, kJson, "SearchAnswer", "one page"}};

constexpr Route kRoutes[] = {
    {"POST",
     "/v1/profiles",
     create_profile,
     Right::kWrite,
     "Take one profile in. Whoever does not see private members is told of one that says any, under an id that is taken, 409 "
     "whatever is stored",
     kKeyed,
     kCreated,
     {kMaxProfileBytes, kJson, "Profile"}},
    {.method = "GET",
     .pattern = "/v1/profiles",
     .handle = search_profiles,
     .right = Right::kRead,
     .summary = "Search, filter and count profiles",
     .parameters = kSearch,
     .answers = kFound,
     .filters = true},
    {"GET", "/v1/profiles/{id}", get_profile, Right::kRead, "One profile", kCached, kGot},
    {"PUT",
     "/v1/profiles/{id}",
     replace_profile,
     Right::kWrite,
     "Replace a whole profile: what is left out is removed, but private members that the caller does not see are kept unless "
     "null",
     kReplacing,
     kReplaced,
     {kMaxProfileBytes, kJson, "Profile"}},
    {"DELETE", "/v1/profiles/{id}", erase_profile, Right::kWrite, "Remove a profile", kPreconditions, kErased}};

}  // namespace

std::span<const Route> profile_routes() { return kRoutes; }

}  // namespace counterpart::server
