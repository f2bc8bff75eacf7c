#include "index/backup/backup.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>

#include "index/backup/backup_files.h"
#include "index/base/codec.h"
#include "index/base/files.h"
#include "index/base/kill_point.h"
#include "index/base/time.h"
#include "index/store/store_files.h"
#include "index/tail/standby.h"

namespace counterpart::index {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kManifestEnd = ".manifest";
constexpr const char* kTrial = "trial";
constexpr std::string_view kLastKey = "last backup";  // in kMeta: when it was done

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string padded(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(digits.size() < 6 ? 6 - digits.size() : 0, '0') + digits;
}

bool is_absent(std::error_code error) { return error == std::errc::no_such_file_or_directory; }

// Names of backups in `folder`, damaged ones too, by number. kStorage: the folder cannot be read, and there may be more of
// them.
Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(folder / "backups", error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    if (!name.ends_with(kManifestEnd)) continue;
    name.resize(name.size() - kManifestEnd.size());
    if (is_number(name)) names.push_back(std::move(name));
  }
  if (error && !is_absent(error)) return disk_error(folder / "backups", error.value());
  std::ranges::sort(names, {}, [](const std::string& name) { return std::stoull(name); });
  return names;
}

fs::path manifest_file(const fs::path& folder, const std::string& name) {
  return folder / "backups" / (name + std::string(kManifestEnd));
}

Result<BackupManifest> read_manifest(const fs::path& folder, const std::string& name) {
  const Result<std::string> text = read_file(manifest_file(folder, name));
  if (!text) return tl::unexpected(text.error());
  Result<BackupManifest> manifest = parse_backup_manifest(*text);
  if (manifest && manifest->name != name)
    return fail(ErrorCode::kCorrupt, "manifest of the backup", "it is that of backup " + manifest->name,
                "put it back under its name");
  return manifest;
}

// Second names of every published run's files: runs are removed while others are copied. A run at work is none.
Status stage_runs(const fs::path& data, const fs::path& stage) {
  std::error_code error;
  for (fs::directory_iterator programme(data / "runs", error), end; !error && programme != end; programme.increment(error)) {
    std::error_code gone;
    for (fs::directory_iterator run(programme->path(), gone); !gone && run != end; run.increment(gone)) {
      if (!is_number(run->path().filename().string())) continue;
      const fs::path to = stage / "runs" / programme->path().filename() / run->path().filename();
      if (Status made = make_folders(to); !made) return made;
      std::error_code failed;
      for (fs::directory_iterator file(run->path(), failed); !failed && file != end; file.increment(failed))
        if (::link(file->path().c_str(), (to / file->path().filename()).c_str()) != 0)
          failed.assign(errno, std::generic_category());
      if (failed && !is_absent(failed)) return disk_error(run->path(), failed.value());
      if (failed)  // removed meanwhile
        if (Status dropped = remove_folder(to); !dropped) return dropped;
    }
    if (gone && !is_absent(gone)) return disk_error(programme->path(), gone.value());
  }
  if (error && !is_absent(error)) return disk_error(data / "runs", error.value());
  return {};
}

// The store's files, fixed at one sequence, and what says which that is.
Status stage_store(Store& store, const fs::path& stage, BackupManifest& manifest, std::optional<Database::View>& view) {
  return store.run_exclusively([&](Database& database) -> Status {
    if (Status fixed = database.checkpoint(stage / "store"); !fixed) return fixed;
    for (const char* name : {"FORMAT", "HIGH-WATER"})
      if (const auto copied = copy_hashed(store.directory() / name, stage / name); !copied)
        return tl::unexpected(copied.error());
    const fs::path key = store.directory() / "MASTER-KEY";
    std::error_code absent;
    manifest.with_key = fs::equivalent(store.key_file(), key, absent);
    if (manifest.with_key)
      if (const auto copied = copy_hashed(key, stage / "MASTER-KEY"); !copied) return tl::unexpected(copied.error());
    manifest.sequence = store.sequence();
    manifest.profiles = store.size();
    manifest.store_format = kStoreFormat;
    manifest.taken_at = iso_time(now_utc());
    view.emplace(database);
    return {};
  });
}

// A content that is there already is read again, and replaced where it is no longer what its name says.
Status keep_file(const fs::path& from, const fs::path& folder, BackupFile& file, std::uint64_t& copied) {
  const Result<FileHash> hash = hash_file(from);
  if (!hash) return tl::unexpected(hash.error());
  file.size = hash->size;
  file.sha256 = hash->sha256;
  const fs::path to = folder / "files" / hash->sha256;
  if (const Result<FileHash> there = hash_file(to); there && there->size == hash->size && there->sha256 == hash->sha256)
    return {};
  const Result<FileHash> done = copy_hashed(from, to);
  if (!done) return tl::unexpected(done.error());
  copied += done->size;
  return {};
}

Status keep_files(const fs::path& stage, const fs::path& folder, BackupManifest& manifest, std::uint64_t& copied) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(stage, error), end; !error && at != end; at.increment(error))
    if (at->is_regular_file(error)) files.push_back(at->path());
  if (error) return disk_error(stage, error.value());
  std::ranges::sort(files);
  for (const fs::path& from : files) {
    BackupFile file{fs::relative(from, stage).generic_string(), 0, {}};
    if (Status kept = keep_file(from, folder, file, copied); !kept) return kept;
    manifest.files.push_back(std::move(file));
  }
  return {};
}

Status try_out(const Store& store, const fs::path& folder, const BackupManifest& manifest) {
  const fs::path trial = folder / kTrial;
  if (Status made = make_folders(trial); !made) return made;
  Status tried = check_backup_files(folder, manifest);
  if (tried)
    tried =
        restore_into(folder, manifest, trial, manifest.with_key ? fs::path() : store.key_file(), true).map([](const auto&) {});
  Status removed = remove_folder(trial);
  return tried ? removed : tried;
}

// Older backups than the newest `keep`, and contents that no backup names any more. While a manifest does not read, no
// content goes: it may be its own.
Status drop_older(const fs::path& folder, std::size_t keep) {
  const Result<std::vector<std::string>> listed = names_in(folder);
  if (!listed) return tl::unexpected(listed.error());
  const std::vector<std::string>& names = *listed;
  const std::size_t older = keep == 0 || names.size() <= keep ? 0 : names.size() - keep;
  std::error_code error;
  for (std::size_t i = 0; i < older; ++i) fs::remove(manifest_file(folder, names[i]), error);
  if (error) return disk_error(folder / "backups", error.value());
  if (Status synced = sync_directory(folder / "backups"); !synced) return synced;
  kill_point("backup: older ones removed, contents there");
  std::set<std::string> named;
  for (std::size_t i = older; i < names.size(); ++i) {
    const Result<BackupManifest> manifest = read_manifest(folder, names[i]);
    if (!manifest) return {};
    for (const BackupFile& file : manifest->files) named.insert(file.sha256);
  }
  std::vector<fs::path> unnamed;
  for (fs::directory_iterator at(folder / "files", error), end; !error && at != end; at.increment(error))
    if (!named.contains(at->path().filename().string())) unnamed.push_back(at->path());
  for (const fs::path& file : unnamed)
    if (!error) fs::remove(file, error);
  if (error) return disk_error(folder / "files", error.value());
  return {};
}

Status check_folder(const Store& store, const fs::path& folder) {
  if (!folder.is_absolute())
    return fail(ErrorCode::kInvalid, "folder", "`" + folder.string() + "` is no absolute path", "begin it with /");
  std::error_code error;
  const fs::path inside = fs::weakly_canonical(folder, error);
  const fs::path data = error ? fs::path() : fs::canonical(store.directory(), error);
  if (error) return disk_error(folder, error.value());
  const auto [end, unused] = std::mismatch(data.begin(), data.end(), inside.begin(), inside.end());
  if (end == data.end())
    return fail(ErrorCode::kInvalid, "folder", "a backup within the data directory would be lost with it",
                "name a folder elsewhere, best on another disk");
  return {};
}

// Nobody follows a restored directory yet, and it would wait for whoever followed the one that the backup is of.
Status forget_standby(Store& store) {
  const auto standby = store.database().get(Family::kMeta, kStandbyKey);
  if (!standby) return tl::unexpected(standby.error());
  if (!*standby) return {};
  return store.write_audited({{Family::kMeta, std::string(kStandbyKey), std::nullopt}}, {.who = "local", .what = "restore"});
}

}  // namespace

Result<BackupDone> make_backup(Store& store, const fs::path& folder, std::size_t keep, const std::string& who) {
  if (Status there = store.in_place(); !there) return tl::unexpected(there.error());
  if (Status fit = check_folder(store, folder); !fit) return tl::unexpected(fit.error());
  const fs::path stage = store.directory() / kBackupStage;
  const Result<FolderLock> here = FolderLock::take(stage);
  if (!here) return tl::unexpected(here.error());
  const Result<FolderLock> there = FolderLock::take(folder);
  if (!there && there.error().code == ErrorCode::kStorage)
    return fail(ErrorCode::kInvalid, "folder", "cannot be made or read: " + there.error().message,
                "name a folder that can be written to");
  if (!there) return tl::unexpected(there.error());

  BackupDone done;
  std::optional<Database::View> view;
  const auto steps = [&]() -> Status {
    if (Status emptied = empty_folder(stage); !emptied) return emptied;
    for (const char* name : {"files", "backups"})
      if (Status made = make_folders(folder / name); !made) return made;
    if (Status cleared = remove_folder(folder / kTrial); !cleared) return cleared;
    // Runs first: none of them may be of a later state than the store.
    if (Status staged = stage_runs(store.directory(), stage); !staged) return staged;
    kill_point("backup: runs staged");
    if (Status staged = stage_store(store, stage, done.manifest, view); !staged) return staged;
    kill_point("backup: store staged");
    if (Status kept = keep_files(stage, folder, done.manifest, done.copied); !kept) return kept;
    kill_point("backup: contents copied");
    Result<std::string> heads = heads_of(store.database(), &*view);
    if (!heads) return tl::unexpected(heads.error());
    done.manifest.heads = std::move(*heads);
    const Result<std::vector<std::string>> before = names_in(folder);
    if (!before) return tl::unexpected(before.error());
    done.manifest.name = padded(before->empty() ? 1 : std::stoull(before->back()) + 1);
    if (Status tried = try_out(store, folder, done.manifest); !tried) return tried;
    kill_point("backup: tried out, without manifest");
    AtomicFile file(manifest_file(folder, done.manifest.name));
    file.write(to_text(done.manifest));
    if (Status finished = file.finish(); !finished) return finished;
    kill_point("backup: manifest written");
    return drop_older(folder, keep);
  };
  Status made = steps();
  // Its files hold what may be erased a moment later.
  const Status removed = remove_folder(stage);
  if (!made || !removed) return tl::unexpected(made ? removed.error() : made.error());
  done.bytes = bytes_of(done.manifest);
  const auto now = now_utc();
  const Status noted =
      store.write_audited({{Family::kMeta, std::string(kLastKey), big_endian(now)}}, {.who = who, .what = "backup"});
  if (!noted)
    return fail(noted.error().code, folder.string(),
                "backup " + done.manifest.name + " is whole, but it could not be noted: " + noted.error().message,
                noted.error().remedy);
  return done;
}

std::uint64_t last_backup(const Store& store) {
  std::uint64_t at = 0;
  if (const auto bytes = store.database().get(Family::kMeta, kLastKey); bytes && *bytes) (void)parse_big_endian(**bytes, at);
  return at;
}

Result<std::vector<ListedBackup>> list_backups(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder / "backups", error))
    return fail(ErrorCode::kNotFound, folder.string(), "is no folder of backups",
                "name the one that `counterpart backup` was given");
  const Result<std::vector<std::string>> names = names_in(folder);
  if (!names) return tl::unexpected(names.error());
  std::vector<ListedBackup> listed;
  for (const std::string& name : *names) listed.push_back({name, read_manifest(folder, name)});
  return listed;
}

Result<RestoredBackup> restore_backup(const fs::path& folder, const std::string& name, const fs::path& target,
                                      const fs::path& key_file, const fs::path& spool) {
  const Result<std::vector<ListedBackup>> listed = list_backups(folder);
  if (!listed) return tl::unexpected(listed.error());
  const auto found = name.empty() ? (listed->empty() ? listed->end() : listed->end() - 1)
                                  : std::ranges::find(*listed, name, &ListedBackup::name);
  if (found == listed->end())
    return fail(ErrorCode::kNotFound, name.empty() ? folder.string() : name.substr(0, 80), "there is no such backup",
                "`counterpart backup --list` names those that are there");
  if (!found->manifest) return tl::unexpected(found->manifest.error());
  const BackupManifest& manifest = *found->manifest;
  RestoredBackup restored{manifest, {}};
  if (manifest.store_format > kStoreFormat)
    return fail(ErrorCode::kUnsupported, "manifest of the backup",
                "its data has format " + std::to_string(manifest.store_format) + ", this program reads up to " +
                    std::to_string(kStoreFormat),
                "use the newer program");
  const fs::path place = fs::absolute(target).lexically_normal();
  const fs::path whole = place.filename().empty() ? place.parent_path() : place;  // "data/" is "data"
  std::error_code error;
  if (fs::exists(fs::symlink_status(whole, error)) && !(fs::is_directory(whole, error) && fs::is_empty(whole, error)))
    return fail(ErrorCode::kConflict, whole.string(), "is in use or holds something already",
                "name a directory that does not exist yet; move the old one aside first, and stop the server that holds it");
  if (!spool.empty() && !fs::is_directory(spool, error))
    return fail(ErrorCode::kNotFound, spool.string(), "is no outbox", "name the outbox of the old directory, or leave it out");
  const fs::path draft = whole.string() + ".restoring";
  const Result<FolderLock> lock = FolderLock::take(draft);
  if (!lock) return tl::unexpected(lock.error());
  const auto steps = [&]() -> Status {
    if (Status emptied = empty_folder(draft); !emptied) return emptied;
    kill_point("restore: draft begun");
    if (Status checked = check_backup_files(folder, manifest); !checked) return checked;
    Result<LeftSince> left = restore_into(folder, manifest, draft, key_file, false).and_then([&](const auto& store) {
      return forget_standby(*store).and_then([&] { return mark_restored(*store, manifest.taken_at, spool); });
    });
    if (!left) return tl::unexpected(left.error());
    restored.letters = std::move(*left);
    if (Status synced = sync_tree(draft); !synced) return synced;
    kill_point("restore: draft whole, without its name");
    std::error_code failed;
    fs::rename(draft, whole, failed);  // over an empty directory, or over nothing
    if (failed) return disk_error(whole, failed.value());
    kill_point("restore: named");
    return sync_directory(whole.parent_path());
  };
  if (Status done = steps(); !done) {
    (void)remove_folder(draft);
    return tl::unexpected(done.error());
  }
  return restored;
}

}  // namespace counterpart::index
