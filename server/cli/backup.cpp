// backup and restore: a copy of the data directory while it is served, and a directory from such a copy.
#include "index/backup/backup.h"

#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::object object_of(const BackupManifest& manifest) {
  return {{"name", manifest.name},         {"sequence", manifest.sequence}, {"profiles", manifest.profiles},
          {"taken_at", manifest.taken_at}, {"with_key", manifest.with_key}, {"files", manifest.files.size()},
          {"bytes", bytes_of(manifest)}};
}

int list(const CommandContext& context, const std::string& folder) {
  const Result<std::vector<ListedBackup>> listed = list_backups(folder);
  if (!listed) return report(listed.error());
  json::array all;
  bool whole = true;
  for (const ListedBackup& one : *listed) {
    whole = whole && one.manifest;
    if (context.json) {
      all.push_back(one.manifest ? object_of(*one.manifest)
                                 : json::object{{"name", one.name}, {"damaged", one.manifest.error().message}});
    } else if (!one.manifest) {
      std::printf("%s  damaged: %s\n", one.name.c_str(), one.manifest.error().message.c_str());
    } else {
      std::printf("%s  %s  %s profiles at change %s, %s bytes%s\n", one.name.c_str(), one.manifest->taken_at.c_str(),
                  grouped(one.manifest->profiles).c_str(), grouped(one.manifest->sequence).c_str(),
                  grouped(bytes_of(*one.manifest)).c_str(), one.manifest->with_key ? "" : ", without the master key");
    }
  }
  if (context.json)
    std::cout << json::serialize(json::object{{"backups", std::move(all)}}) << "\n";
  else if (listed->empty())
    std::printf("No backups.\n");
  return whole ? kDone : kRefused;
}

std::uint64_t count_of(const json::value& value, std::string_view key) { return value.at(key).to_number<std::uint64_t>(); }

struct BackupArguments {
  std::string folder;
  std::uint64_t keep = 0;  // 0: all
  bool list = false;
};

void add_options(CLI::App& app, BackupArguments& arguments) {
  app.add_option("FOLDER", arguments.folder, "where backups are kept, best on another disk")->required();
  app.add_option("--keep", arguments.keep, "remove older ones than the newest so many (default: none)")
      ->check(from_one(kBackupsKept));
  app.add_flag("--list", arguments.list, "make none; list those that are there");
}

int run_backup(const CommandContext& context, const BackupArguments& arguments) {
  if (arguments.list) return list(context, arguments.folder);
  // The server, which may have been started elsewhere, writes it.
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(arguments.folder, error);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> answer = backend->call(
      "POST", "/v1/backups", json::serialize(json::object{{"folder", folder.string()}, {"keep", arguments.keep}}));
  return print_answer(context, answer, [&](const json::value& made) {
    std::printf(
        "Backup %s: %s profiles at change %s, %s bytes in %s files, of which %s bytes are new; restored for a trial, and the "
        "same\n",
        text_if(made, "name").c_str(), grouped(count_of(made, "profiles")).c_str(), grouped(count_of(made, "sequence")).c_str(),
        grouped(count_of(made, "bytes")).c_str(), grouped(count_of(made, "files")).c_str(),
        grouped(count_of(made, "copied")).c_str());
    if (!made.at("with_key").as_bool())
      std::printf("The master key of private members is not in it: keep a copy of its file as well.\n");
    std::printf("counterpart restore %s --data NEW  makes a directory of it\n", arguments.folder.c_str());
  });
}

struct RestoreArguments {
  std::string folder, name;  // name empty: the newest
  std::string outbox;        // of the directory that was lost; empty: that is lost too
};

void add_options(CLI::App& app, RestoreArguments& arguments) {
  app.add_option("FOLDER", arguments.folder, "where the backups are kept")->required();
  app.add_option("--name", arguments.name, "which (default: the newest)");
  app.add_option("--outbox", arguments.outbox,
                 "DATA/outbox of the directory that was backed up, where that is left: which letters left since");
}

int run_restore(const CommandContext& context, const RestoreArguments& arguments) {
  const Result<RestoredBackup> done =
      restore_backup(arguments.folder, arguments.name, context.service.data, context.service.key_file, arguments.outbox);
  if (!done) return report(done.error());
  const BackupManifest& restored = done->manifest;
  const LeftSince& left = done->letters;
  if (context.json) {
    json::object told = object_of(restored);
    told["letters_sent_since"] = json::value_from(left.sent);
    told["letters_about_lost_acts"] = json::value_from(left.lost);
    std::cout << json::serialize(told) << "\n";
  } else {
    std::printf(
        "%s holds backup %s of %s: %s profiles at change %s. The index is made anew when it is first opened.\n"
        "Profiles erased after that are in it again: `counterpart audit list` of the old directory names them; erase them "
        "anew.\n"
        "Letters that waited then may have left since, and are held back: `counterpart outbox list --state refused` has them, "
        "`outbox retry` sends one.\n",
        context.service.data.c_str(), restored.name.c_str(), restored.taken_at.c_str(), grouped(restored.profiles).c_str(),
        grouped(restored.sequence).c_str());
    if (!arguments.outbox.empty())
      std::printf("By %s %zu of them had left; %zu more letters there are about acts that are lost%s\n",
                  arguments.outbox.c_str(), left.sent.size(), left.lost.size(),
                  left.lost.empty() ? "." : ": act anew, or tell their readers.");
  }
  return kDone;
}

const RegisteredVerb backup({.order = 200,
                             .name = "backup",
                             .help = "a consistent copy of the data directory, also while it is served",
                             .define = bind<BackupArguments>(add_options, run_backup)});
const RegisteredVerb restore({.order = 210,
                              .name = "restore",
                              .help = "make the directory --data, which must not exist yet, from a backup",
                              .define = bind<RestoreArguments>(add_options, run_restore)});

}  // namespace
}  // namespace counterpart::server
