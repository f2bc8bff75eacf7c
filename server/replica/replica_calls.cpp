// Who owns the data and who follows: how a copy gets what it is made of, and how another server takes over.
#include <array>
#include <fstream>
#include <memory>
#include <utility>

#include "index/base/codec.h"
#include "index/replica/checkpoint.h"
#include "index/replica/published.h"
#include "index/replica/replication.h"
#include "server/handlers/route.h"
#include "server/replica/tail_call.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::string_view kBytes = "application/octet-stream";
constexpr std::size_t kMostUrl = 200, kPiece = 256 * 1024;
constexpr Limit kEpoch{2, 1'000'000'000}, kEntries{0, 9'000'000'000'000'000};
constexpr std::array<std::string_view, 4> kRoles{"owner", "follower", "owner", "fenced"};

// Whoever reaches a server that asks for no token shall carry nothing away, nor put it out of force.
std::optional<Response> unless_known(const Call& call) {
  if (call.caller.known) return std::nullopt;
  return problem({ErrorCode::kForbidden,
                  {},
                  "this server asks nobody who it is, and then lets nobody follow it",
                  "start it without --open-local"},
                 call.request);
}

json::object write_state(const ReplicationState& state) {
  json::object out{{"role", kRoles[static_cast<std::size_t>(state.role.kind)]},
                   {"epoch", state.position.epoch},
                   {"number", state.position.number},
                   {"visible", state.visible}};
  if (state.role.kind == ReplicaRole::Kind::kFollower) {
    out["follows"] = state.role.url;
    out["lag"] = std::max(state.owner_at, state.visible) - state.visible;
  }
  if (state.role.kind == ReplicaRole::Kind::kFenced) {
    out["fenced_by"] = json::object{{"url", state.role.url}, {"epoch", state.role.epoch}};
    out["left_behind"] = state.role.left_behind;
  }
  if (state.standby) {
    out["standby"] = json::object{{"id", state.standby->id}, {"heard", state.standby_heard}, {"confirmed", state.confirmed}};
    if (state.role.kind == ReplicaRole::Kind::kFollower) out["stands_by"] = state.standby->id == state.role.id;
  }
  if (state.takeover) out["took_over_after"] = state.takeover->after.number;
  return out;
}

Response get_state(const Call& call) { return json_response(200, write_state(call.data.replication.state())); }

Response get_tail(const Call& call) {
  if (std::optional<Response> stranger = unless_known(call)) return std::move(*stranger);
  const Result<TailCall> asked = read_tail_call(call.request);
  if (!asked) return problem(asked.error(), call.request);
  Result<std::string> bytes = call.data.replication.tail(*asked);
  if (!bytes) return problem(bytes.error(), call.request);
  Response response;
  response.content_type = kBytes;
  response.body = std::move(*bytes);
  return response;
}

Response get_checkpoint(const Call& call) {
  if (std::optional<Response> stranger = unless_known(call)) return std::move(*stranger);
  // The newest index with it spares the copy the making of its own.
  if (const Status saved = call.service.save(); !saved) return problem(saved.error(), call.request);
  Result<std::unique_ptr<CheckpointSource>> made = CheckpointSource::make(call.data.store);
  if (!made) return problem(made.error(), call.request);
  Response response;
  response.content_type = kBytes;
  response.stream = [source = std::shared_ptr(std::move(*made))](std::string& piece) {
    const Result<bool> more = source->next(piece);
    return more && *more;  // an error cuts the copy short, and whoever takes it sees that its end is missing
  };
  return response;
}

Response get_files(const Call& call) {
  json::array files;
  for (const PublishedFile& file : published_files(call.data.store.directory()))
    files.push_back(json::object{{"name", file.name}, {"size", file.size}});
  return json_response(200, json::object{{"files", std::move(files)}});
}

Response get_file(const Call& call) {
  if (std::optional<Response> stranger = unless_known(call)) return std::move(*stranger);
  const std::string name = text_of(call.request, "name");
  auto file = std::make_shared<std::ifstream>();
  if (is_published_name(name)) file->open(call.data.store.directory() / name, std::ios::binary);
  if (!file->is_open())
    return problem({ErrorCode::kNotFound, "name", "there is no such file", "ask for the list again"}, call.request);
  Response response;
  response.content_type = kBytes;
  response.stream = [file](std::string& piece) {
    std::string bytes(kPiece, '\0');
    file->read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    piece.append(bytes, 0, static_cast<std::size_t>(file->gcount()));
    return static_cast<bool>(*file);
  };
  return response;
}

Response fence(const Call& call) {
  if (std::optional<Response> stranger = unless_known(call)) return std::move(*stranger);
  const Result<json::object>& object = json_body(call.request);
  if (!object) return problem(object.error(), call.request);
  std::uint64_t epoch = 0;
  std::string url;
  std::optional<Takeover> takeover;
  for (const auto& [name, value] : *object) {
    Status read;
    std::uint64_t entries = 0;
    if (name == "epoch")
      read = into(number_of(value, "epoch", kEpoch), epoch);
    else if (name == "url")
      read = into(words_of(value, "url", kMostUrl), url);
    else if (name == "audit_entries")
      read = into(number_of(value, "audit_entries", kEntries), entries);
    else
      read = fail(ErrorCode::kInvalid, std::string(name).substr(0, 80), "no such member",
                  "members are audit_entries, epoch and url");
    if (!read) return problem(read.error(), call.request);
    if (name == "audit_entries") takeover = Takeover{epoch, {}, entries};
  }
  if (epoch == 0 || url.empty())
    return problem({ErrorCode::kInvalid, epoch == 0 ? "epoch" : "url", "missing", "members are audit_entries, epoch and url"},
                   call.request);
  const Result<ReplicaRole> fenced = call.data.replication.fence(epoch, url, takeover);
  if (!fenced) return problem(fenced.error(), call.request);
  json::object out = write_state(call.data.replication.state());
  return json_response(200, out);
}

Response promote(const Call& call) {
  if (std::optional<Response> stranger = unless_known(call)) return std::move(*stranger);
  const Result<json::object>& object = json_body(call.request);
  if (!object) return problem(object.error(), call.request);
  bool accept_loss = false;
  for (const auto& [name, value] : *object) {
    if (name != "accept_loss")
      return problem({ErrorCode::kInvalid, std::string(name).substr(0, 80), "no such member", "the one member is accept_loss"},
                     call.request);
    if (Status read = into(flag_of(value, "accept_loss"), accept_loss); !read) return problem(read.error(), call.request);
  }
  Replication& replication = call.data.replication;
  const Replication::Promoting with = replication.promoting();
  if (with.before)
    if (Status ready = with.before(accept_loss); !ready) return problem(ready.error(), call.request);
  // What came before has seen to it that nothing is missing, or that it was agreed to.
  const Result<Takeover> done = replication.promote(accept_loss || with.before, call.caller.name);
  if (!done) return problem(done.error(), call.request);
  Response response = json_response(200, write_state(replication.state()));
  if (with.after) with.after();
  return response;
}

constexpr Parameter kAt[] = {
    {"epoch", R"({"type":"integer","minimum":1})", "of the batch that the copy has written last", true},
    {"number", R"({"type":"integer","minimum":0})", "of that batch", true},
    {"hash", R"({"type":"string","pattern":"^[0-9a-f]{64}$"})", "of all up to it", true},
    {"follower", R"({"type":"string","maxLength":64})", "by which the copy is known"},
    {"stands_by", R"({"type":"string","enum":["true","false"],"default":"false"})",
     "true: from now on nothing is acknowledged that this copy has not confirmed by asking for what comes after it"}};
constexpr Parameter kNamed[] = {{"name", R"({"type":"string","minLength":1,"maxLength":200})", "as the list has it", true}};

constexpr Answer kState[] = {{200, kJson, "ReplicaState", "where this server stands"}};
constexpr Answer kTailed[] = {{200, kBytes, {}, "the batches that follow; after a second without any, none"},
                              {409, {}, {}, "that is not on the way to here, or too far back: a new copy is due"},
                              {503, {}, {}, "this server is a copy itself"}};
constexpr Answer kCopied[] = {{200, kBytes, {}, "all files, in pieces, with their hash at the end"},
                              {409, {}, {}, "a backup or another copy is at work"}};
constexpr Answer kListed[] = {{200, kJson, "ReplicaFiles", "match runs and the corpus's space"}};
constexpr Answer kFile[] = {{200, kBytes, {}, "the file"}, {404, {}, {}, "it is there no more"}};
constexpr Answer kFencedAnswer[] = {{200, kJson, "ReplicaState", "nothing is written here any more"},
                                    {409, {}, {}, "this server has a later epoch"}};
constexpr Answer kPromoted[] = {{200, kJson, "ReplicaState", "this server is the owner, and starts anew as one"},
                                {403, {}, {}, "what was acknowledged may not be here, and that was not agreed to"},
                                {409, {}, {}, "it is the owner already, and has no standby"}};

constexpr Route kRoutes[] = {
    {"GET", "/v1/replica", get_state, Right::kMeasure, "Who owns the data, who follows, and how far", {}, kState},
    {"GET", "/v1/replica/tail", get_tail, Right::kFollow, "What was written after a position, batch by batch", kAt, kTailed},
    {"GET",
     "/v1/replica/checkpoint",
     get_checkpoint,
     Right::kFollow,
     "The whole directory at one position, without the master key",
     {},
     kCopied},
    {"GET", "/v1/replica/files", get_files, Right::kFollow, "What is published beside the store", {}, kListed},
    {"GET", "/v1/replica/file", get_file, Right::kFollow, "One of these", kNamed, kFile},
    {"POST",
     "/v1/replica:fence",
     fence,
     Right::kFollow,
     "Another server takes over: nothing is written here any more",
     {},
     kFencedAnswer,
     {4096, kJson, "FenceRequest"}},
    {"POST",
     "/v1/replica:promote",
     promote,
     Right::kFollow,
     "Take over from the owner, or go on without a standby",
     {},
     kPromoted,
     {4096, kJson, "PromoteRequest"}}};

}  // namespace

std::span<const Route> replica_routes() { return kRoutes; }

}  // namespace counterpart::server
