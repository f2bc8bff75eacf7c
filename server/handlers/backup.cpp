#include "index/backup/backup.h"

#include "server/handlers/route.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxFolder = 1024;

struct Asked {
  std::string folder;
  std::uint64_t keep = kBackupsKept.standard.value();
};

Result<Asked> read_call(const Request& request) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  Asked asked;
  for (const auto& [name, value] : *object) {
    if (name == "folder") {
      Result<std::string> folder = words_of(value, "folder", kMaxFolder);
      if (!folder) return tl::unexpected(folder.error());
      asked.folder = std::move(*folder);
    } else if (name == "keep") {
      const Result<std::uint64_t> keep = number_of(value, "keep", kBackupsKept);
      if (!keep) return tl::unexpected(keep.error());
      asked.keep = *keep;
    } else {
      return fail(ErrorCode::kInvalid, std::string(name).substr(0, 80), "no such member", "members are folder and keep");
    }
  }
  if (!asked.folder.starts_with('/') || asked.folder.find('\0') != asked.folder.npos)
    return fail(ErrorCode::kInvalid, "folder", "no absolute path",
                "name a folder of the server's own machine; begin it with /");
  return asked;
}

Response create_backup(const Call& call) {
  // Whoever reaches a server that asks for no token shall not fill its disks.
  if (!call.caller.known)
    return problem({ErrorCode::kForbidden,
                    {},
                    "this server asks nobody who it is, and then takes no backups over HTTP",
                    "use `counterpart backup` on its own machine"},
                   call.request);
  const Result<Asked> asked = read_call(call.request);
  if (!asked) return problem(asked.error(), call.request);
  const Result<BackupDone> done = make_backup(call.data.store, asked->folder, asked->keep, call.caller.name);
  if (!done) return problem(done.error(), call.request);
  const BackupManifest& manifest = done->manifest;
  return json_response(201, json::object{{"name", manifest.name},
                                         {"sequence", manifest.sequence},
                                         {"profiles", manifest.profiles},
                                         {"taken_at", manifest.taken_at},
                                         {"with_key", manifest.with_key},
                                         {"files", manifest.files.size()},
                                         {"bytes", done->bytes},
                                         {"copied", done->copied}});
}

constexpr Answer kBackedUp[] = {{201, kJson, "Backup", "complete, and restored for a trial"},
                                {409, {}, {}, "another backup is at work"}};

constexpr Route kRoutes[] = {{"POST",
                              "/v1/backups",
                              create_backup,
                              Right::kOperate,
                              "Back up the directory while it is served",
                              {},
                              kBackedUp,
                              {8 * 1024, kJson, "BackupRequest"}}};

}  // namespace

std::span<const Route> backup_routes() { return kRoutes; }

}  // namespace counterpart::server
