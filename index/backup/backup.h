// Backups: a consistent copy of a data directory while it is served, and a directory from such a copy.
//
// FOLDER/files/<SHA-256> holds contents, each once, however many backups share it; FOLDER/backups/NAME.manifest says which
// files make up a backup. A manifest appears last, when all it names is on disk and was restored for a trial: a backup is
// there whole or not at all. The index files, the matches of a run at work and server.json are not in it: they are made anew;
// nor is the spool, whose files are a mail program's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "index/backup/backup_manifest.h"
#include "index/casework/case_store.h"
#include "index/layer.h"
#include "index/store/store.h"

namespace counterpart::index {

struct BackupDone {
  BackupManifest manifest;
  std::uint64_t bytes = 0;   // of all its files
  std::uint64_t copied = 0;  // bytes that no earlier backup in the folder had
};

// Writes go on meanwhile, but for the moment in which the store's files are fixed. Verified by a trial restore before it
// counts. `keep`: so many of the newest stay in the folder, this one included; 0: all. kInvalid: `folder` is not absolute,
// or lies in the data directory. kConflict: another backup is at work. kStorage, kCorrupt: nothing was added, unless the
// message says that it could only not be noted. `who`: asked for it, for the audit log, which is told once it is there.
Result<BackupDone> make_backup(Store& store, const std::filesystem::path& folder, std::size_t keep = 0,
                               const std::string& who = "local");

// When the newest backup was done, seconds since 1970; 0: none was.
std::uint64_t last_backup(const Store& store);

struct ListedBackup {
  std::string name;
  Result<BackupManifest> manifest;  // kCorrupt: damaged
};
// Oldest first. kNotFound: no such folder, or none of backups.
Result<std::vector<ListedBackup>> list_backups(const std::filesystem::path& folder);

// Makes the directory `target` from a backup; `name` empty: the newest. All hashes are checked first, and the restored
// store is opened and compared with the manifest before it gets its name: `target` is whole or not there. `key_file`: the
// master key, for a backup without it; empty: MASTER-KEY in `target`. kConflict: `target` holds something already, or is
// being restored by somebody. kCorrupt: a file differs from what was backed up; the message names it.
// Letters that wait in the backup do not leave by themselves: mark_restored(), which is told `spool` (kNotFound: there is
// none).
struct RestoredBackup {
  BackupManifest manifest;
  LeftSince letters;  // what `spool` told
};
Result<RestoredBackup> restore_backup(const std::filesystem::path& folder, const std::string& name,
                                      const std::filesystem::path& target, const std::filesystem::path& key_file = {},
                                      const std::filesystem::path& spool = {});

}  // namespace counterpart::index
