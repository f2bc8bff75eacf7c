#include "server/replica/copying.h"

#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "engine/base/hex.h"
#include "index/backup/backup_files.h"
#include "index/base/crypto.h"
#include "index/base/files.h"
#include "index/replica/checkpoint.h"
#include "index/replica/published.h"
#include "index/replica/role.h"
#include "server/replica/cleaning.h"

namespace counterpart::server {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* kStage = "replica-stage";
constexpr std::size_t kIdBytes = 8;
constexpr std::chrono::seconds kBusyPause{1};
constexpr std::chrono::minutes kCopyPatience{10};  // until it begins, and between two pieces: the owner saves its index first

ClientRequest get(std::string target) {
  ClientRequest request;
  request.target = std::move(target);
  return request;
}

Status take_copy_now(const OwnerLink& link, const fs::path& data) {
  Result<std::unique_ptr<CheckpointSink>> sink = CheckpointSink::make(data / kStage);
  if (!sink) return tl::unexpected(sink.error());
  ClientRequest request = get("/v1/replica/checkpoint");
  request.sink = [&](std::string_view piece) { (*sink)->add(piece); };
  request.patience = kCopyPatience;
  if (const Result<ClientAnswer> came = link.ask(std::move(request)); !came) return tl::unexpected(came.error());
  return (*sink)->finish();
}

// While the owner makes a backup, or cleans its files of what was erased, it is waited for: nobody may be there to start this
// server again.
Status take_copy(const OwnerLink& link, const fs::path& data) {
  spdlog::warn("replica: a new copy of {} is taken", link.url());
  const auto until = std::chrono::steady_clock::now() + kCopyPatience;
  while (true) {
    Status taken = take_copy_now(link, data);
    const bool busy = !taken && taken.error().code == ErrorCode::kConflict;
    if (!busy || std::chrono::steady_clock::now() > until) return taken;
    std::this_thread::sleep_for(kBusyPause);
  }
}

Status check_master_key(const fs::path& data, const fs::path& key_file) {
  const fs::path key = key_file.empty() ? data / "MASTER-KEY" : key_file;
  std::error_code error;
  if (fs::exists(key, error)) return {};
  return fail(ErrorCode::kInvalid, "--key-file", "`" + key.string() + "` is not there: private members could not be read here",
              "copy the owner's master key to that place by hand; it goes over no wire");
}

// A copy of an owner that was replaced meanwhile would undo what came after. `number`: of the last batch here, if there is one.
Status check_owner(const OwnerLink& link, std::uint64_t own, std::uint64_t number) {
  const Result<ClientAnswer> answer = link.ask(get("/v1/replica"));
  if (!answer) return tl::unexpected(answer.error());
  const json::value told = json::parse(answer->body);
  const auto theirs = told.at("epoch").to_number<std::uint64_t>();
  const bool owns = theirs >= own && told.at("role").as_string() != "fenced";
  const auto has = told.at("number").to_number<std::uint64_t>();
  if (owns && theirs == own && number > has)
    return fail(ErrorCode::kForbidden, "--follow",
                "this copy has " + std::to_string(number - has) + " batches that its owner lacks, and they would go",
                "let it take over: `counterpart promote`; or start it again with --accept-loss, and they are given up");
  if (owns) return {};
  return fail(ErrorCode::kConflict, "--follow",
              "`" + link.url() + "` is no owner any more: it stands in epoch " + std::to_string(theirs) + ", another in " +
                  std::to_string(own),
              "follow the server that has taken over");
}

}  // namespace

Result<bool> prepare_to_follow(const OwnerLink& link, const fs::path& data, const fs::path& key_file, bool accept_loss) {
  Result<ReplicaRole> read = read_role(data);
  if (!read) return tl::unexpected(read.error());
  ReplicaRole role = std::move(*read);
  std::error_code error;
  if (role.kind == ReplicaRole::Kind::kPromoted) {
    if (role.url == link.url()) return false;
    return fail(ErrorCode::kConflict, "--follow", "this directory has taken over from `" + role.url + "` and is the owner now",
                "leave --follow out; what is to follow another begins with an empty directory");
  }
  if (role.kind == ReplicaRole::Kind::kOwner && fs::exists(data / "FORMAT", error))
    return fail(ErrorCode::kConflict, "--follow", "`" + data.string() + "` holds data of its own",
                "what follows another begins with an empty directory: name one by --data");
  if (role.kind == ReplicaRole::Kind::kFenced && role.left_behind > 0 && !accept_loss)
    return fail(ErrorCode::kForbidden, "--follow",
                std::to_string(role.left_behind) + " acts were written here that the new owner never had, and would go",
                "see DATA/LEFT-BEHIND, export what is to be kept, and start again with --accept-loss");
  if (Status made = make_folders(data); !made) return tl::unexpected(made.error());
  if (Status key = check_master_key(data, key_file); !key) return tl::unexpected(key.error());
  if (role.kind != ReplicaRole::Kind::kFollower) {
    // As long as there is no copy, what is there is nothing: it must never be taken for an owner's.
    const std::uint64_t epoch = role.epoch;
    if (Status later = check_owner(link, epoch, 0); !later) return tl::unexpected(later.error());
    role = {ReplicaRole::Kind::kFollower, link.url(), hex(random_bytes(kIdBytes)), epoch, true, 0};
  } else if (role.copy_due || (role.left_behind > 0 && accept_loss)) {
    if (Status later = check_owner(link, role.epoch, 0); !later) return tl::unexpected(later.error());
    role.copy_due = true;
    role.left_behind = 0;
  }
  role.url = link.url();
  if (Status written = write_role(data, role); !written) return tl::unexpected(written.error());
  if (!role.copy_due) return true;
  if (!is_whole_checkpoint(data / kStage))
    if (Status taken = take_copy(link, data); !taken) return tl::unexpected(taken.error());
  // The owner may have been about to clean its own files.
  if (Status marked = mark_unclean(data); !marked) return tl::unexpected(marked.error());
  if (Status placed = take_checkpoint(data / kStage, data); !placed) return tl::unexpected(placed.error());
  role.copy_due = false;
  if (Status written = write_role(data, role); !written) return tl::unexpected(written.error());
  spdlog::info("replica: the copy of {} is in its place", link.url());
  return true;
}

Status check_replaces(const OwnerLink& link, const TailPosition& own) { return check_owner(link, own.epoch, own.number); }

Status fetch_published(const OwnerLink& link, const fs::path& data) {
  const Result<ClientAnswer> answer = link.ask(get("/v1/replica/files"));
  if (!answer) return tl::unexpected(answer.error());
  std::vector<PublishedFile> listed;
  const json::value told = json::parse(answer->body);
  for (const json::value& file : told.at("files").as_array()) {
    std::string name(file.at("name").as_string());
    if (is_published_name(name)) listed.push_back({std::move(name), file.at("size").to_number<std::uint64_t>()});
  }
  const fs::path stage = data / kStage;
  if (Status emptied = remove_folder(stage); !emptied) return emptied;
  for (const PublishedFile& file : missing_files(data, listed)) {
    if (Status made = make_folders((stage / file.name).parent_path()); !made) return made;
    AtomicFile to(stage / file.name);
    ClientRequest request = get("/v1/replica/file?name=" + file.name);
    request.sink = [&](std::string_view piece) { to.write(piece); };
    const Result<ClientAnswer> came = link.ask(std::move(request));
    if (!came && came.error().code == ErrorCode::kNotFound) {  // removed meanwhile: the run is not taken
      if (Status gone = remove_folder((stage / file.name).parent_path()); !gone) return gone;
      continue;
    }
    if (!came) return tl::unexpected(came.error());
    if (Status finished = to.finish(); !finished) return finished;
  }
  return take_published(stage, data, listed);
}

}  // namespace counterpart::server
