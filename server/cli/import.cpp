// import: files of profiles into the directory, or to the server that holds it.
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <span>

#include "engine/profile/profile_json.h"
#include "index/import/import_row.h"
#include "index/import/import_seen.h"
#include "index/import/importer.h"
#include "server/cli/verb.h"
#include "server/client/json.h"
#include "server/client/told.h"
#include "server/service/cases.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct ImportArguments {
  std::vector<std::string> files;
  bool dry_run = false;
  std::string encoding;  // of CSV and JSON Lines; empty: UTF-8, or found out
  bool replace_private = false;
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
  app.add_option("--desk", arguments.desk, "who submits what is held back");
}

struct Totals {
  Told told;
  ImportProgress sum;
  std::uint64_t files = 0, failed_files = 0;
  json::array refusals, remarks;            // for --json, the first 1,000 of each
  std::optional<std::uint64_t> duplicates;  // possible ones that the import brought
};

void add(const ImportProgress& from, ImportProgress& to) {
  to.accepted += from.accepted;
  to.created += from.created;
  to.replaced += from.replaced;
  to.unchanged += from.unchanged;
  to.held += from.held;
  to.refused += from.refused;
  to.remarked += from.remarked;
  to.revealing += from.revealing;
}

json::object write_fault(const Error& error) {
  return {{"member", error.place}, {"message", error.message}, {"remedy", error.remedy}};
}

// One entry a row: its first fault, and the others in `also`.
void note(const std::string& file, std::uint64_t line, std::span<const Error> errors, bool as_json, json::array& list) {
  if (!as_json || list.size() >= 1'000 || errors.empty()) return;
  json::object row = write_fault(errors.front());
  row["file"] = file;
  row["line"] = line;
  if (errors.size() > 1) {
    json::array& also = (row["also"] = json::array()).as_array();
    for (const Error& error : errors.subspan(1)) also.push_back(write_fault(error));
  }
  list.push_back(std::move(row));
}

void refuse(const std::string& file, std::uint64_t line, std::span<const Error> errors, bool as_json, Totals& totals) {
  const std::vector<Error> faults = totals.told.say(errors);
  note(file, line, faults, as_json, totals.refusals);
  if (!as_json)
    for (const Error& fault : faults) std::cerr << file << ":" << line << ": " << describe(fault) << "\n";
}

void remark(const std::string& file, std::uint64_t line, std::span<const Error> errors, bool as_json, Totals& totals) {
  const std::vector<Error> remarks = totals.told.say(errors);
  note(file, line, remarks, as_json, totals.remarks);
  if (!as_json)
    for (const Error& one : remarks)
      std::cerr << file << ":" << line << ": " << (one.place == kOfFile ? "" : "taken in, but ") << describe(one) << "\n";
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

int print_totals(const CommandContext& context, const Totals& totals, bool dry_run) {
  const ImportProgress& sum = totals.sum;
  if (context.json) {
    json::object out{{"accepted", sum.accepted},   {"created", sum.created},
                     {"replaced", sum.replaced},   {"unchanged", sum.unchanged},
                     {"refused", sum.refused},     {"remarked", sum.remarked},
                     {"revealing", sum.revealing}, {"failed_files", totals.failed_files},
                     {"dry_run", dry_run},         {"refusals", totals.refusals},
                     {"remarks", totals.remarks},  {"interrupted", interrupted()}};
    out["held"] = sum.held;
    if (totals.duplicates) out["possible_duplicates"] = *totals.duplicates;
    std::cout << json::serialize(out) << "\n";
  } else {
    std::printf("%s: %s accepted (%s new, %s replaced, %s unchanged), %s refused, %s of %s files failed\n",
                dry_run         ? "dry run, nothing written"
                : interrupted() ? "interrupted"
                                : "done",
                grouped(sum.accepted).c_str(), grouped(sum.created).c_str(), grouped(sum.replaced).c_str(),
                grouped(sum.unchanged).c_str(), grouped(sum.refused).c_str(), grouped(totals.failed_files).c_str(),
                grouped(totals.files).c_str());
    if (sum.held > 0)
      std::printf("%s are held back until they are reviewed; see `counterpart review list --open`\n",
                  grouped(sum.held).c_str());
    if (sum.remarked > 0) std::printf("%s were taken in with a remark; see above\n", grouped(sum.remarked).c_str());
    if (sum.revealing > 0)
      std::printf("%s have contact data in a text that everybody may read; look at them\n", grouped(sum.revealing).c_str());
    if (totals.duplicates.value_or(0) > 0)
      std::printf("%s possible duplicates; see `counterpart duplicates`\n", grouped(*totals.duplicates).c_str());
  }
  return sum.refused == 0 && totals.failed_files == 0 ? kDone : kRefused;
}

Status import_here(const OpenedData& data, const std::string& file, const CommandContext& context,
                   const ImportArguments& arguments, RowsMet& rehearsed, Totals& totals) {
  ProgressBar bar(std::filesystem::path(file).filename().string());
  ImportProgress progress;
  const Sending sending{.desk = arguments.desk, .to_review = arguments.as == "review"};
  const auto hold_back = [&](const Write& write, bool dry) -> std::optional<Result<bool>> {
    if (!sending.to_review && !is_reviewed(data.cases, data.store, write.profile)) return std::nullopt;
    if (dry) return true;
    return server::hold_back(data, write, sending).map([](const Submitted& submitted) { return !submitted.unchanged; });
  };
  const ImportOptions options{
      .dry_run = arguments.dry_run,
      .rehearsed = &rehearsed,
      .replace_private = arguments.replace_private,
      .who = Caller::local().name,
      .threads = 0,
      .encoding = arguments.encoding,
      .hold_back = hold_back,
      .on_refused = [&](std::uint64_t line,
                        std::span<const Error> faults) { refuse(file, line, faults, context.json, totals); },
      .on_remark = [&](std::uint64_t line,
                       std::span<const Error> remarks) { remark(file, line, remarks, context.json, totals); },
      .on_progress = [&](const ImportProgress& p) { bar.update(p.accepted + p.refused, p.bytes_read, p.bytes_total); },
      .cancelled = [] { return interrupted(); }};
  const Result<ImportProgress> done = import_file(file, data.store, data.taxonomy, data.embedder, options, &progress);
  add(done ? *done : progress, totals.sum);
  if (!done) return tl::unexpected(done.error());
  return {};
}

std::string target_of(const ImportArguments& arguments) {
  std::string target = std::string("/v1/profiles:import?replace_private=") + (arguments.replace_private ? "true" : "false");
  if (!arguments.as.empty()) target += "&as=" + arguments.as;
  return arguments.desk.empty() ? target : target + "&desk=" + url_encode(arguments.desk);
}

// Sends rows in parts to the server that holds the directory; each part's verdicts come back when they are durable.
class RemoteImport {
 public:
  RemoteImport(Backend& backend, std::string file, const CommandContext& context, const ImportArguments& arguments,
               const Taxonomy& taxonomy, Totals& totals)
      : backend_(backend), file_(std::move(file)), context_(context), target_(target_of(arguments)), totals_(totals),
        taxonomy_(taxonomy) {}

  Status run(BulkReader& reader, std::uint64_t bytes_total) {
    ProgressBar bar(std::filesystem::path(file_).filename().string());
    while (!interrupted()) {
      Result<std::optional<BulkReader::Raw>> row = reader.next();
      if (interrupted()) break;  // what was not sent was not acknowledged
      if (!row) {
        if (Status sent = send(); !sent) return sent;
        return tl::unexpected(row.error());
      }
      if (!*row) break;
      std::vector<Error>& remarks = (*row)->remarks;
      const auto of_file =
          std::partition(remarks.begin(), remarks.end(), [](const Error& one) { return one.place != kOfFile; });
      if (of_file != remarks.end()) remark(file_, (*row)->line, {of_file, remarks.end()}, context_.json, totals_);
      remarks.erase(of_file, remarks.end());
      if (refused_here(**row)) continue;
      lines_.push_back({(*row)->line, std::move((*row)->remarks)});
      body_ += (*row)->json + "\n";
      bar.update(totals_.sum.accepted + totals_.sum.refused, (*row)->bytes_read, bytes_total);
      if (lines_.size() >= 512 || body_.size() > (4U << 20U))
        if (Status sent = send(); !sent) return sent;
    }
    return interrupted() ? Status() : send();
  }

 private:
  // What the server cannot see: the file's own form, and ids in parts that were sent before.
  bool refused_here(const BulkReader::Raw& row) {
    std::vector<Error> faults;
    if (row.refused || !row.faults.empty()) {
      faults = check_row(row, taxonomy_).faults;
    } else if (const std::string id = id_of(row.json); !id.empty()) {
      if (const auto before = seen_.find(id))
        faults.push_back(id_given_twice(before->line));
      else
        seen_.set(id, RowsMet::row(row.line, {}));
    }
    if (faults.empty()) return false;
    ++totals_.sum.refused;
    refuse(file_, row.line, faults, context_.json, totals_);
    return true;
  }

  static std::string id_of(const std::string& row) {
    boost::system::error_code failed;
    const json::value value = json::parse(row, failed);
    const json::value* id = failed || !value.is_object() ? nullptr : value.as_object().if_contains("id");
    return id && id->is_string() ? std::string(id->as_string()) : std::string();
  }

  Status send() {
    if (lines_.empty()) return {};
    const Result<std::string> answer = backend_.call("POST", target_, body_, "application/x-ndjson");
    if (!answer) return tl::unexpected(answer.error());
    std::size_t at = 0, row = 0;
    for (; at < answer->size() && row < lines_.size(); ++row) {
      const std::size_t end = std::min(answer->find('\n', at), answer->size());
      judge(std::move(lines_[row]), std::string_view(*answer).substr(at, end - at));
      at = end + 1;
    }
    if (row < lines_.size())
      return fail(ErrorCode::kUnavailable, file_ + ":" + std::to_string(lines_[row].number),
                  "the server gave no verdict on this row and those after it", "run the import again: it resumes");
    lines_.clear();
    body_.clear();
    return {};
  }

  struct Line {
    std::uint64_t number;
    std::vector<Error> remarks;
  };

  // Appends those of a verdict's member.
  static void add_errors(const json::value& verdict, std::string_view member, std::vector<Error>& errors) {
    const json::value* list = verdict.is_object() ? verdict.as_object().if_contains(member) : nullptr;
    if (!list || !list->is_array()) return;
    for (const json::value& one : list->as_array()) {
      const auto text = [&](std::string_view key) {
        const json::value* found = one.is_object() ? one.as_object().if_contains(key) : nullptr;
        return found && found->is_string() ? std::string(found->as_string()) : std::string{};
      };
      errors.push_back({ErrorCode::kInvalid, text("member"), text("detail"), text("remedy")});
    }
  }

  void judge(Line line, std::string_view verdict_text) {
    boost::system::error_code failed;
    const json::value verdict = json::parse(verdict_text, failed);
    const auto text = [&](std::string_view key) {
      const json::value* found = failed || !verdict.is_object() ? nullptr : verdict.as_object().if_contains(key);
      return found && found->is_string() ? std::string(found->as_string()) : std::string{};
    };
    const std::string status = text("status");
    ImportProgress& sum = totals_.sum;
    if (!failed && verdict.is_object() && verdict.as_object().contains("reveals")) ++sum.revealing;
    const std::pair<std::string_view, std::uint64_t*> taken[] = {
        {"created", &sum.created}, {"replaced", &sum.replaced}, {"unchanged", &sum.unchanged}, {"held", &sum.held}};
    const auto found = std::ranges::find(taken, status, &std::pair<std::string_view, std::uint64_t*>::first);
    if (found != std::end(taken)) {
      ++sum.accepted, ++*found->second;
    } else {
      ++sum.refused;
      std::vector<Error> faults{{ErrorCode::kInvalid, text("member"), text("detail"), text("remedy")}};
      add_errors(verdict, "also", faults);
      return refuse(file_, line.number, faults, context_.json, totals_);
    }
    add_errors(verdict, "remarks", line.remarks);
    if (line.remarks.empty()) return;
    ++sum.remarked;
    remark(file_, line.number, line.remarks, context_.json, totals_);
  }

  Backend& backend_;
  std::string file_;
  const CommandContext& context_;
  std::string target_;
  Totals& totals_;
  const Taxonomy& taxonomy_;
  RowsMet seen_;
  std::vector<Line> lines_;
  std::string body_;
};

Status import_there(Backend& backend, const std::string& file, const CommandContext& context, const ImportArguments& arguments,
                    Totals& totals) {
  const Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(context.service.datasets / "taxonomy");
  if (!taxonomy) return tl::unexpected(taxonomy.error());
  Result<std::unique_ptr<BulkReader>> reader =
      open_bulk(file, **taxonomy, {.encoding = arguments.encoding, .stop = [] { return interrupted(); }});
  if (!reader) return tl::unexpected(reader.error());
  return RemoteImport(backend, file, context, arguments, **taxonomy, totals).run(**reader, size_of(file));
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

int run_import(const CommandContext& context, const ImportArguments& arguments) {
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
  Totals totals;
  Result<Told> told = Told::in(context.language, context.service.datasets);
  if (!told) return report(told.error());
  totals.told = std::move(*told);
  RowsMet rehearsed;
  const std::optional<std::uint64_t> before = ask_number(*backend, "/v1/profiles?limit=1", "sequence");
  for (const std::string& file : arguments.files) {
    ++totals.files;
    const Status done = backend->service()
                            ? import_here(backend->service()->data(), file, context, arguments, rehearsed, totals)
                            : import_there(*backend, file, context, arguments, totals);
    if (!done) {
      ++totals.failed_files;
      report(totals.told.say(done.error()));
    }
    if (interrupted()) break;
  }
  if (backend->service() && !arguments.dry_run)
    if (const Status saved = backend->service()->save(); !saved) report(saved.error());
  if (before && totals.sum.created + totals.sum.replaced > 0 && !arguments.dry_run && !interrupted())
    totals.duplicates = ask_number(*backend, "/v1/duplicates?limit=1&since=" + std::to_string(*before), "total");
  const int status = print_totals(context, totals, arguments.dry_run);
  if (interrupted()) {
    std::cerr << "counterpart: interrupted; run the same command again to go on\n";
    return kRefused;
  }
  return status;
}

const RegisteredVerb import({.order = 10,
                             .name = "import",
                             .help = "take profiles in: .jsonl, .csv (also .tsv), IATI .xml",
                             .define = bind(add_options, run_import),
                             .makes_directory = true});

}  // namespace
}  // namespace counterpart::server
