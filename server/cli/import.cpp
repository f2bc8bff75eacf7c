// import: files of profiles into the directory, or to the server that holds it.
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>

#include "index/base/files.h"
#include "index/import/import_seen.h"
#include "index/import/importer.h"
#include "server/cli/verb.h"
#include "server/client/import_report.h"
#include "server/client/json.h"
#include "server/client/remote_import.h"
#include "server/client/told.h"
#include "server/service/cases.h"
#include "server/tables/headings.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct ImportArguments {
  std::vector<std::string> files;
  bool dry_run = false;
  std::string encoding;  // of CSV and JSON Lines; empty: UTF-8, or found out
  bool replace_private = false;
  std::string verdicts;  // file; empty: none
  std::string as, desk;  // as: empty, as their offices say; "review": held back
};

void add_options(CLI::App& app, ImportArguments& arguments) {
  app.add_option("files", arguments.files, "files")->required();
  app.add_flag("--dry-run", arguments.dry_run, "check everything, write nothing");
  app.add_option("--encoding", arguments.encoding,
                 "of files that are not in UTF-8, as in windows-1252; without it told from the file where that is safe");
  app.add_flag("--replace-private", arguments.replace_private,
               "a row without contact or legal name removes those that are stored (default: it keeps them; null removes them)");
  app.add_option("--as", arguments.as, "review: held back until reviewed, whatever the profiles' offices say")
      ->check(CLI::IsMember({"review"}));
  app.add_option(
      "--verdicts", arguments.verdicts,
      "a file that is written: the table that came in with two columns more, the verdict on each row and what to mend");
  app.add_option("--desk", arguments.desk, "who submits what is held back");
}

// What the bar measures by; 0: not known, as of a pipe.
std::uint64_t size_of(const std::string& file) {
  std::error_code unknown;
  const auto size = std::filesystem::is_regular_file(file, unknown) ? std::filesystem::file_size(file, unknown) : 0;
  return unknown ? 0 : size;
}

// A number out of the answer to a call; nothing when it cannot be had, which is no fault of the import.
std::optional<std::uint64_t> ask_number(Backend& backend, const std::string& target, std::string_view member) {
  const Result<json::value> value = call_json(backend, "GET", target);
  const json::value* found = value && value->is_object() ? value->as_object().if_contains(member) : nullptr;
  return found && found->is_number() ? std::optional(found->to_number<std::uint64_t>()) : std::nullopt;
}

// What columns and codes are called, where `file` is a table.
BulkWords words_for(const std::string& file, const Words& words, const Taxonomy& taxonomy) {
  const Result<BulkFormat> format = format_of(file);
  return format && is_table(*format) ? bulk_words(words, taxonomy) : BulkWords();
}

// The table with the verdicts, where they were asked for.
Status give_back(const std::string& file, const ImportArguments& arguments, const CommandContext& context, const Sayer& sayer,
                 const BulkWords& called, ImportReport& report) {
  if (arguments.verdicts.empty() || interrupted()) return {};
  const Result<BulkFormat> format = format_of(file);
  const Result<std::string> bytes = read_file(file);
  if (!bytes) return tl::unexpected(bytes.error());
  const Result<std::string> table =
      report.verdicts.written(*format, *bytes, report.table.value_or(SentTable()), sayer, context.language,
                              {.encoding = arguments.encoding, .stop = {}, .words = &called});
  if (!table) return tl::unexpected(table.error());
  AtomicFile out(arguments.verdicts);
  out.write(*table);
  if (Status written = out.finish(); !written) return written;
  report.given_back = arguments.verdicts;
  return {};
}

Status import_here(const OpenedData& data, const std::string& file, const CommandContext& context,
                   const ImportArguments& arguments, RowsMet& rehearsed, ImportReport& report) {
  ProgressBar bar(std::filesystem::path(file).filename().string());
  ImportProgress progress;
  const Sending sending{.desk = arguments.desk, .to_review = arguments.as == "review"};
  const auto hold_back = [&](const Write& write, bool dry) -> std::optional<Result<bool>> {
    if (!sending.to_review && !is_reviewed(data.cases, data.store, write.profile)) return std::nullopt;
    if (dry) return true;
    return server::hold_back(data, write, sending).map([](const Submitted& submitted) { return !submitted.unchanged; });
  };
  const BulkWords called = words_for(file, data.words, data.taxonomy);
  const ImportOptions options{
      .dry_run = arguments.dry_run,
      .rehearsed = &rehearsed,
      .replace_private = arguments.replace_private,
      .who = Caller::local().name,
      .threads = 0,
      .encoding = arguments.encoding,
      .words = &called,
      .hold_back = hold_back,
      .on_refused = [&](std::uint64_t line, std::span<const Error> faults) { report.refused(line, faults); },
      .on_remark = [&](std::uint64_t line, std::span<const Error> remarks) { report.remarked(line, remarks); },
      .on_taken = [&](std::uint64_t line, std::string_view status) { report.taken(line, status); },
      .on_table = [&](const SentTable& table) { report.table = table; },
      .on_progress = [&](const ImportProgress& p) { bar.update(p.accepted + p.refused, p.bytes_read, p.bytes_total); },
      .cancelled = [] { return interrupted(); }};
  const Result<ImportProgress> done = import_file(file, data.store, data.taxonomy, data.embedder, options, &progress);
  add(done ? *done : progress, report.sum);
  if (!done) return tl::unexpected(done.error());
  return give_back(file, arguments, context, {data.words, data.refusals, data.taxonomy}, called, report);
}

std::string target_of(const ImportArguments& arguments) {
  std::string target = std::string("/v1/profiles:import?replace_private=") + (arguments.replace_private ? "true" : "false");
  if (!arguments.as.empty()) target += "&as=" + arguments.as;
  return arguments.desk.empty() ? target : target + "&desk=" + url_encode(arguments.desk);
}

Status import_there(Backend& backend, const std::string& file, const CommandContext& context, const ImportArguments& arguments,
                    ImportReport& report) {
  const Result<LoadedWords> loaded = LoadedWords::load(context.service.datasets);
  if (!loaded) return tl::unexpected(loaded.error());
  const BulkWords called = words_for(file, *loaded->words, *loaded->taxonomy);
  const BulkOptions options{.encoding = arguments.encoding, .stop = [] { return interrupted(); }, .words = &called};
  Result<std::unique_ptr<BulkReader>> reader = open_bulk(file, *loaded->taxonomy, options);
  if (!reader) return tl::unexpected(reader.error());
  const RemoteImport import{
      backend, file, target_of(arguments), *loaded->taxonomy, context.language, !arguments.verdicts.empty()};
  Status done = import_remotely(import, **reader, size_of(file), report);
  if (!done) return done;
  if ((*reader)->sent()) report.table = *(*reader)->sent();
  return give_back(file, arguments, context, {*loaded->words, *loaded->refusals, *loaded->taxonomy}, called, report);
}

// An empty directory for as long as it lives: what a dry run compares with where there is no data directory yet.
class EmptyDirectory {
 public:
  EmptyDirectory() : path_((std::filesystem::temp_directory_path() / "counterpart-XXXXXX").string()) {
    if (!::mkdtemp(path_.data())) path_.clear();
  }
  ~EmptyDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  EmptyDirectory(const EmptyDirectory&) = delete;
  EmptyDirectory& operator=(const EmptyDirectory&) = delete;
  const std::string& path() const { return path_; }  // empty: none could be made

 private:
  std::string path_;
};

// Whether the verdicts can be given back as they were asked for.
Status check_verdicts(const ImportArguments& arguments) {
  if (arguments.verdicts.empty()) return {};
  const auto wrong = [](std::string message, std::string remedy) {
    return fail(ErrorCode::kInvalid, "--verdicts", std::move(message), std::move(remedy));
  };
  if (arguments.files.size() != 1) return wrong("goes with one file", "import one file after the other");
  const Result<BulkFormat> given = format_of(arguments.files.front()), wanted = format_of(arguments.verdicts);
  if (!given) return tl::unexpected(given.error());
  if (!is_table(*given)) return wrong("only tables are given back with verdicts", "import .csv, .tsv or .xlsx");
  if (!wanted || *wanted != *given)
    return wrong("a table is given back in the form in which it came",
                 "name a file with the ending of the one that is imported");
  std::error_code unknown;
  if (std::filesystem::equivalent(arguments.files.front(), arguments.verdicts, unknown))
    return wrong("is the file that is imported", "name another file");
  if (std::filesystem::exists(arguments.files.front(), unknown) &&
      !std::filesystem::is_regular_file(arguments.files.front(), unknown))
    return wrong("the table is read twice, which a pipe cannot be", "import a file");
  return {};
}

int run_import(const CommandContext& context, const ImportArguments& arguments) {
  if (const Status checked = check_verdicts(arguments); !checked) return report(checked.error(), kWrongUsage);
  CommandContext opening = context;
  const auto readable = [](const std::string& file) { return ::access(file.c_str(), R_OK) == 0; };
  const bool nothing = std::ranges::none_of(arguments.files, readable);
  opening.service.makes = !arguments.dry_run && !nothing;
  std::optional<EmptyDirectory> stand_in;
  if (std::error_code unknown; arguments.dry_run && !nothing && !std::filesystem::exists(context.service.data, unknown)) {
    std::cerr << "counterpart: there is no data directory " << context.service.data.string()
              << " yet; checked as if into a new one\n";
    opening.service.data = stand_in.emplace().path();
    opening.service.makes = true;
  }
  Result<Backend> backend = Backend::open(opening);
  if (!backend && nothing)
    return report(
        {ErrorCode::kNotFound, arguments.files.front(), "there is no such file, or it cannot be read", "check its name"});
  if (!backend) return report(backend.error());
  if (!backend->service() && arguments.dry_run)
    return report({ErrorCode::kUnsupported, "--dry-run", "a server holds the directory, and it takes no dry runs",
                   "stop the server, or give --data another data directory for the dry run"});
  // Ctrl-C ends the import after the rows under way; what was acknowledged stays.
  catch_interrupt();
  Result<Told> told = Told::in(context.language, context.service.datasets);
  if (!told) return report(told.error());
  ImportReport totals(context, std::move(*told));
  RowsMet rehearsed;
  const std::optional<std::uint64_t> before = ask_number(*backend, "/v1/profiles?limit=1", "sequence");
  for (const std::string& file : arguments.files) {
    ++totals.files;
    totals.begin(file);
    const Status done = backend->service()
                            ? import_here(backend->service()->data(), file, context, arguments, rehearsed, totals)
                            : import_there(*backend, file, context, arguments, totals);
    if (!done) totals.failed(done.error());
    if (interrupted()) break;
  }
  if (backend->service() && !arguments.dry_run)
    if (const Status saved = backend->service()->save(); !saved) report(saved.error());
  if (before && totals.sum.created + totals.sum.replaced > 0 && !arguments.dry_run && !interrupted())
    totals.duplicates = ask_number(*backend, "/v1/duplicates?limit=1&since=" + std::to_string(*before), "total");
  const int status = totals.print(arguments.dry_run);
  if (interrupted()) {
    std::cerr << "counterpart: interrupted; run the same command again to go on\n";
    return kRefused;
  }
  return status;
}

const RegisteredVerb import({.order = 10,
                             .name = "import",
                             .help = "take profiles in: .jsonl, .csv (also .tsv), .xlsx, IATI .xml",
                             .define = bind(add_options, run_import),
                             .makes_directory = true});

}  // namespace
}  // namespace counterpart::server
