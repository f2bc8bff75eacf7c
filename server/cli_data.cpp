// import, export and verify: profiles in, profiles out, indexes against the truth.
#include <csignal>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "engine/profile_json.h"
#include "server/cli_json.h"
#include "server/terminal.h"

namespace counterpart {
namespace {

namespace json = boost::json;

std::atomic<bool> interrupted{false};

// Ctrl-C ends a long verb between two profiles: what is done stays done.
void catch_interrupt() {
  std::signal(SIGINT, [](int) { interrupted = true; });
  std::signal(SIGTERM, [](int) { interrupted = true; });
}

struct Totals {
  ImportProgress sum;
  std::uint64_t files = 0, failed_files = 0;
  json::array refusals;  // for --json, the first 1,000
  std::optional<std::uint64_t> duplicates;  // possible ones that the import brought
};

void add(const ImportProgress& from, ImportProgress& to) {
  to.accepted += from.accepted;
  to.created += from.created;
  to.replaced += from.replaced;
  to.unchanged += from.unchanged;
  to.refused += from.refused;
  to.revealing += from.revealing;
}

void refuse(const std::string& file, std::uint64_t line, const Error& error, bool as_json, Totals& totals) {
  if (totals.refusals.size() < 1'000 && as_json)
    totals.refusals.push_back(json::object{{"file", file}, {"line", line}, {"member", error.place},
                                           {"message", error.message}, {"remedy", error.remedy}});
  if (!as_json) std::cerr << file << ":" << line << ": " << describe(error) << "\n";
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
    json::object out{{"accepted", sum.accepted}, {"created", sum.created},
                                              {"replaced", sum.replaced}, {"unchanged", sum.unchanged},
                                              {"refused", sum.refused}, {"revealing", sum.revealing}, {"failed_files", totals.failed_files},
                                              {"dry_run", dry_run}, {"refusals", totals.refusals}};
    if (totals.duplicates) out["possible_duplicates"] = *totals.duplicates;
    std::cout << json::serialize(out) << "\n";
  } else {
    std::printf("%s: %s accepted (%s new, %s replaced, %s unchanged), %s refused, %s of %s files failed\n",
                dry_run ? "dry run, nothing written" : "done", grouped(sum.accepted).c_str(),
                grouped(sum.created).c_str(), grouped(sum.replaced).c_str(), grouped(sum.unchanged).c_str(),
                grouped(sum.refused).c_str(), grouped(totals.failed_files).c_str(), grouped(totals.files).c_str());
    if (sum.revealing > 0)
      std::printf("%s have contact data in a text that everybody may read; look at them\n", grouped(sum.revealing).c_str());
    if (totals.duplicates.value_or(0) > 0)
      std::printf("%s possible duplicates; see `counterpart duplicates`\n", grouped(*totals.duplicates).c_str());
  }
  return sum.refused == 0 && totals.failed_files == 0 ? kDone : kRefused;
}

Status import_here(Service& service, const std::string& file, const CommandContext& context, bool dry_run,
                   Totals& totals) {
  ProgressBar bar(std::filesystem::path(file).filename().string());
  ImportProgress progress;
  const ImportOptions options{
      .dry_run = dry_run,
      .who = Caller::local().name,
      .threads = 0,
      .on_refused = [&](std::uint64_t line, const Error& error) { refuse(file, line, error, context.json, totals); },
      .on_progress = [&](const ImportProgress& p) { bar.update(p.accepted + p.refused, p.bytes_read, p.bytes_total); },
      .cancelled = [] { return interrupted.load(); }};
  const Result<ImportProgress> done = service.import_file(file, options, &progress);
  add(done ? *done : progress, totals.sum);
  if (!done) return tl::unexpected(done.error());
  return {};
}

// Sends rows in parts to the server that holds the directory; each part's verdicts come back when they are durable.
class RemoteImport {
 public:
  RemoteImport(Backend& backend, std::string file, const CommandContext& context, Totals& totals)
      : backend_(backend), file_(std::move(file)), context_(context), totals_(totals) {}

  Status run(BulkReader& reader, std::uint64_t bytes_total) {
    ProgressBar bar(std::filesystem::path(file_).filename().string());
    while (!interrupted) {
      Result<std::optional<BulkReader::Raw>> row = reader.next();
      if (!row) {
        if (Status sent = send(); !sent) return sent;
        return tl::unexpected(row.error());
      }
      if (!*row) break;
      if ((*row)->refused) {
        ++totals_.sum.refused;
        refuse(file_, (*row)->line, *(*row)->refused, context_.json, totals_);
        continue;
      }
      lines_.push_back((*row)->line);
      body_ += (*row)->json + "\n";
      bar.update(totals_.sum.accepted + totals_.sum.refused, (*row)->bytes_read, bytes_total);
      if (lines_.size() >= 512 || body_.size() > (4U << 20U))
        if (Status sent = send(); !sent) return sent;
    }
    return send();
  }

 private:
  Status send() {
    if (lines_.empty()) return {};
    const Result<std::string> answer =
        backend_.call("POST", "/v1/profiles:import", body_, "application/x-ndjson");
    if (!answer) return tl::unexpected(answer.error());
    std::size_t at = 0, row = 0;
    for (; at < answer->size() && row < lines_.size(); ++row) {
      const std::size_t end = std::min(answer->find('\n', at), answer->size());
      judge(lines_[row], std::string_view(*answer).substr(at, end - at));
      at = end + 1;
    }
    if (row < lines_.size())
      return fail(ErrorCode::kUnavailable, file_ + ":" + std::to_string(lines_[row]),
                  "the server gave no verdict on this row and those after it", "run the import again: it resumes");
    lines_.clear();
    body_.clear();
    return {};
  }

  void judge(std::uint64_t line, std::string_view verdict_text) {
    boost::system::error_code failed;
    const json::value verdict = json::parse(verdict_text, failed);
    const auto text = [&](std::string_view key) {
      const json::value* found = failed || !verdict.is_object() ? nullptr : verdict.as_object().if_contains(key);
      return found && found->is_string() ? std::string(found->as_string()) : std::string{};
    };
    const std::string status = text("status");
    ImportProgress& sum = totals_.sum;
    if (!failed && verdict.is_object() && verdict.as_object().contains("reveals")) ++sum.revealing;
    if (status == "created") {
      ++sum.accepted, ++sum.created;
    } else if (status == "replaced") {
      ++sum.accepted, ++sum.replaced;
    } else if (status == "unchanged") {
      ++sum.accepted, ++sum.unchanged;
    } else {
      ++sum.refused;
      refuse(file_, line, {ErrorCode::kInvalid, text("member"), text("detail"), text("remedy")}, context_.json, totals_);
    }
  }

  Backend& backend_;
  std::string file_;
  const CommandContext& context_;
  Totals& totals_;
  std::vector<std::uint64_t> lines_;
  std::string body_;
};

Status import_there(Backend& backend, const std::string& file, const CommandContext& context, Totals& totals) {
  const Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(context.service.datasets / "taxonomy");
  if (!taxonomy) return tl::unexpected(taxonomy.error());
  Result<std::unique_ptr<BulkReader>> reader = open_bulk(file, **taxonomy);
  if (!reader) return tl::unexpected(reader.error());
  std::error_code ignored;
  return RemoteImport(backend, file, context, totals).run(**reader, std::filesystem::file_size(file, ignored));
}

}  // namespace

int run_import(const CommandContext& context, const ImportArguments& arguments) {
  CommandContext opening = context;
  const auto readable = [](const std::string& file) { return ::access(file.c_str(), R_OK) == 0; };
  const bool nothing = std::ranges::none_of(arguments.files, readable);
  opening.service.makes = !arguments.dry_run && !nothing;
  Result<Backend> backend = Backend::open(opening);
  if (!backend && nothing)
    return report({ErrorCode::kNotFound, arguments.files.front(), "there is no such file, or it cannot be read", "check its name"});
  if (!backend) return report(backend.error());
  if (!backend->service() && arguments.dry_run)
    return report({ErrorCode::kUnsupported, "--dry-run", "a server holds the directory, and it takes no dry runs",
                   "stop the server, or give --data another data directory for the dry run"});
  // Ctrl-C ends the import after the rows under way; what was acknowledged stays.
  catch_interrupt();
  Totals totals;
  const std::optional<std::uint64_t> before = ask_number(*backend, "/v1/profiles?limit=1", "sequence");
  for (const std::string& file : arguments.files) {
    ++totals.files;
    const Status done = backend->service()
                            ? import_here(*backend->service(), file, context, arguments.dry_run, totals)
                            : import_there(*backend, file, context, totals);
    if (!done) {
      ++totals.failed_files;
      report(done.error());
    }
    if (interrupted) break;
  }
  if (backend->service() && !arguments.dry_run)
    if (const Status saved = backend->service()->save(); !saved) report(saved.error());
  if (before && totals.sum.created + totals.sum.replaced > 0 && !arguments.dry_run && !interrupted)
    totals.duplicates = ask_number(*backend, "/v1/duplicates?limit=1&since=" + std::to_string(*before), "total");
  const int status = print_totals(context, totals, arguments.dry_run);
  if (interrupted) {
    std::cerr << "counterpart: interrupted; run the same command again to go on\n";
    return kRefused;
  }
  return status;
}

int run_export(const CommandContext& context, bool with_private) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  if (!backend->service()) {
    if (with_private)
      return report({ErrorCode::kUnavailable, "--with-private", "a server holds the directory, and it never gives private members in bulk",
                     "stop the server first"});
    const Result<std::string> answer = backend->call("GET", "/v1/profiles:export", {}, {},
                                                     [](std::string_view piece) { std::cout << piece; });
    if (!answer) return report(answer.error());
  } else {
    Store& store = backend->service()->store();
    if (with_private)
      if (const Status noted = store.write_noted({}, {.who = Caller::local().name, .what = "export private"}); !noted)
        return report(noted.error());
    const Status done = store.for_each(
        with_private, [&](const StoredProfile& stored, const std::optional<Embedding>&) {
          std::cout << to_json(stored.profile, with_private ? Visibility::kWithPrivate : Visibility::kPublic) << "\n";
          return static_cast<bool>(std::cout);
        });
    if (!done) return report(done.error());
  }
  std::cout.flush();
  if (!std::cout) return report({ErrorCode::kStorage, "standard output", "cannot be written", {}});
  return kDone;
}

int run_refine(const CommandContext& context) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  if (!backend->service()) {
    std::cerr << "counterpart: that server makes the fine vectors by itself; nothing to do here\n";
    return kDone;
  }
  catch_interrupt();
  ProgressBar bar("fine vectors");
  std::uint64_t wanted = 0;
  const std::uint64_t made = backend->service()->refine([&](std::uint64_t done, std::uint64_t all) {
    wanted = all;
    bar.update(done, done, all);
    return !interrupted;
  });
  if (const Status saved = backend->service()->save(); !saved) return report(saved.error());
  if (context.json)
    std::cout << json::serialize(json::object{{"made", made}, {"missing", wanted - made}}) << "\n";
  else
    std::printf("%s profiles have their fine vectors now, %s still lack them\n", grouped(made).c_str(),
                grouped(wanted - made).c_str());
  if (made == wanted) return kDone;
  std::cerr << (interrupted ? "counterpart: interrupted; run the same command again to go on\n"
                            : "counterpart: some could not be made, see above; run the same command again to go on\n");
  return kRefused;
}

int run_verify(const CommandContext& context) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> answer = backend->call("POST", "/v1/verify");
  if (!answer) return report(answer.error());
  const Result<json::value> value = parse_answer(*answer);
  if (!value) return report(value.error());
  if (!value->is_object()) return report({ErrorCode::kInternal, {}, "the answer is no object", {}});
  const json::object& result = value->as_object();
  const auto count = [&](std::string_view key) {
    const json::value* found = result.if_contains(key);
    return found && found->is_number() ? found->to_number<std::uint64_t>() : 0;
  };
  if (context.json) {
    std::cout << *answer << "\n";
  } else {
    std::printf("%s profiles stored, %s indexed, %s awaiting their vectors, %s differences\n",
                grouped(count("stored")).c_str(), grouped(count("indexed")).c_str(),
                grouped(count("awaiting")).c_str(), grouped(count("difference_count")).c_str());
    if (const json::value* list = result.if_contains("differences"))
      for (const json::value& difference : list->as_array())
        std::printf("  %s\n", std::string(difference.as_string()).c_str());
  }
  return count("difference_count") == 0 ? kDone : kRefused;
}

}  // namespace counterpart
