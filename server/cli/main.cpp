// Subcommand -> cli function.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <iostream>

#include "server/cli/cli.h"
#include "server/cli/limited.h"
#include "server/operations/process.h"
#include "server/operations/settings.h"

namespace {

using namespace counterpart::server;

// THE verbs that make the data directory where it is not there yet. To all others a directory that is not there is a slip of
// the pen: they say so and make nothing.
constexpr auto kMakeDirectory = std::to_array<std::string_view>({"import", "serve", "token create"});

// "match", "token create".
std::string chosen_verb(const CLI::App& app) {
  std::string name;
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    name += (name.empty() ? "" : " ") + at->get_name();
  }
  return name;
}

struct Arguments {
  CommandContext context;
  MatchArguments match;
  ConveneArguments convene;
  CoverageArguments coverage;
  ImportArguments import;
  RematchArguments rematch;
  DigestArguments digest;
  StandingArguments standing;
  AlertArguments alerts;
  ServeArguments serve;
  BackupArguments backup;
  RestoreArguments restore;
  TokenArguments token;
  AuditArguments audit;
  std::string data = "data", datasets, models, key_file, config, a, b, programme = "open", portfolio = "pcp", check_file, out;
  bool train = false;
  std::vector<std::string> files, ids;
  std::string id, language, brief_language = "en";
  std::size_t pairs = kDuplicatePairs.standard.value();
  bool with_private = false;
};

void add_common(CLI::App& verb, Arguments& arguments) {
  verb.add_option("--config", arguments.config, "configuration file (TOML)")->envname("COUNTERPART_CONFIG");
  verb.add_option("--data", arguments.data, "data directory; import, serve and token create make it where it is not there yet")
      ->capture_default_str();
  verb.add_option("--datasets", arguments.datasets, "code lists and programmes (default: those of this program)");
  verb.add_option("--models", arguments.models, "converted text models (default: those of this program)");
  verb.add_option("--key-file", arguments.key_file,
                  "master key of private members (default: MASTER-KEY in the data directory)");
  verb.add_option("--model", arguments.context.service.model, "text model")->capture_default_str();
  verb.add_option("--fine", arguments.context.service.fine, "second text model, slower and better, or none")
      ->capture_default_str();
  verb.add_flag("--json", arguments.context.json, "machine-readable output");
}

void add_convene(CLI::App& verb, ConveneArguments& convene) {
  verb.add_option("--programme", convene.programme, "by whose rules (default: the first that composes a panel)");
  verb.add_option("--seed", convene.seed, "of the public draw among equals")
      ->check(within<std::uint64_t>(kPanelSeed))
      ->capture_default_str();
  verb.add_option("--seats", convene.seats, "how many (default: as the programme says)")
      ->check(within<std::size_t>(kPanelSeats));
  verb.add_option("--level", convene.level, "global, regional, interregional or sectoral");
  verb.add_option("--topic", convene.topics, "of the agenda, in words; repeatable (default: the programme's)")
      ->allow_extra_args(false);
}

void add_rematch(CLI::App& verb, RematchArguments& rematch) {
  verb.add_option("--programme", rematch.programme, "by whose rules")->capture_default_str();
  verb.add_flag("--full", rematch.full, "take nothing over from the run before; the result is the same");
  verb.add_option("--threads", rematch.threads, "how many (default: one a core; a server keeps one core free)")
      ->check(from_one(kRunThreads));
  verb.add_option("--nice", rematch.nice, with_standard("0-19, 19: only when nobody else wants to work", kRunNice))
      ->check(within(kRunNice));
  verb.add_option("--memory", rematch.memory_mib, "MiB that the process may come to, beside the mapped index (default: any)")
      ->check(from_one(kRunMemory));
  verb.add_option("--candidates", rematch.candidates,
                  with_standard("of each profile's best by text, scored by all signals", kRunCandidates))
      ->check(within(kRunCandidates));
  verb.add_option("--listed", rematch.listed, with_standard("matches of each profile", kRunListed))->check(within(kRunListed));
  verb.add_option("--keep", rematch.keep, with_standard("published runs that are kept", kRunsKept))->check(within(kRunsKept));
}

void add_standing(CLI::App& verb, Arguments& arguments, std::function<int()>& chosen) {
  StandingArguments& query = arguments.standing;
  verb.require_subcommand(1);
  const auto part = [&](const char* name, const char* help, std::function<int()> action) -> CLI::App& {
    CLI::App* sub = verb.add_subcommand(name, help)->fallthrough();
    sub->callback([&chosen, action = std::move(action)] { chosen = action; });
    return *sub;
  };
  CLI::App& add = part("add", "keep a search: new and changed profiles are tested against it",
                       [&] { return run_standing_add(arguments.context, query); });
  add.add_option("--text", query.text, "what is sought, in your own words");
  add.add_option("--offering", query.offering, "what is offered, in your own words");
  add.add_option("--programme", query.programme, "by whose rules")->capture_default_str();
  add.add_option("--where", query.where, "FIELD=VALUE[,VALUE], repeatable")->allow_extra_args(false);
  add.add_option("--minimum", query.minimum, "text similarity from which on a profile fits (default: 0.25)")
      ->check(CLI::Range(-1.0, 1.0));
  add.add_option("--office", query.office, "whose query it is");
  CLI::App& list = part("list", "the queries kept", [&] { return run_standing_list(arguments.context, query.office); });
  list.add_option("--office", query.office, "only its own");
  CLI::App& remove =
      part("remove", "remove a query and its alerts", [&] { return run_standing_remove(arguments.context, arguments.id); });
  remove.add_option("ID", arguments.id, "id of the query")->required();
}

void add_audit(CLI::App& verb, Arguments& arguments, std::function<int()>& chosen) {
  verb.require_subcommand(1);
  const auto part = [&](const char* name, const char* help, std::function<int()> action) -> CLI::App& {
    CLI::App* sub = verb.add_subcommand(name, help)->fallthrough();
    sub->callback([&chosen, action = std::move(action)] { chosen = action; });
    return *sub;
  };
  CLI::App& list =
      part("list", "the entries, oldest first", [&] { return run_audit_list(arguments.context, arguments.audit); });
  list.add_option("--subject", arguments.audit.subject, "only of this profile or token");
  list.add_option("--after", arguments.audit.after, "only later than the entry of this number");
  list.add_option("--limit", arguments.audit.limit, "how many")->check(within(kPage))->capture_default_str();
  CLI::App& verify = part("verify", "does each entry follow from those before it?",
                          [&] { return run_audit_verify(arguments.context, arguments.id); });
  verify.add_option("--head", arguments.id, "a head noted earlier, which must still be on the chain");
}

void add_token(CLI::App& verb, Arguments& arguments, std::function<int()>& chosen) {
  TokenArguments& token = arguments.token;
  verb.require_subcommand(1);
  const auto part = [&](const char* name, const char* help, std::function<int()> action) -> CLI::App& {
    CLI::App* sub = verb.add_subcommand(name, help)->fallthrough();
    sub->callback([&chosen, action = std::move(action)] { chosen = action; });
    return *sub;
  };
  CLI::App& create = part("create", "make a token; it alone is printed on standard output, once",
                          [&] { return run_token_create(arguments.context, token); });
  create.add_option("--role", token.role, "admin, officer, owner, focal_point, batch or reader")->required();
  create.add_option("--office", token.office, "an officer's, as it stands in profiles");
  create.add_option("--profile", token.profiles, "an owner's, by id; repeatable")->allow_extra_args(false);
  create.add_option("--country", token.country, "a focal point's, as in KE");
  create.add_option("--where", token.where, "FIELD=VALUE[,VALUE] that each profile it reads or writes must meet; repeatable")
      ->allow_extra_args(false);
  create.add_option("--days", token.days, with_standard("how long it is in force", kTokenLife))->check(within(kTokenLife));
  create.add_option("--label", token.label, "whose it is, for the list");
  part("list", "the tokens, without their secrets", [&] { return run_token_list(arguments.context); });
  CLI::App& revoke =
      part("revoke", "put a token out of force", [&] { return run_token_revoke(arguments.context, arguments.id); });
  revoke.add_option("ID", arguments.id, "id of the token")->required();
}

void add_alerts(CLI::App& verb, AlertArguments& alerts) {
  verb.add_option("--query", alerts.query, "only of this standing query");
  verb.add_option("--after", alerts.after, "only later than the alert of this number")->check(within<std::uint64_t>(kAfter));
  verb.add_option("--limit", alerts.limit, "how many")->check(within(kPage))->capture_default_str();
}

int run(int argc, char** argv) {
  CLI::App app{"Counterpart pairs companies and projects that need each other across the development gap."};
  app.require_subcommand(1);
  app.set_version_flag("--version", "counterpart " COUNTERPART_VERSION);
  Arguments arguments;
  arguments.context.service.fine = "e5";
  std::function<int()> chosen;
  const auto verb = [&](const char* name, const char* help, std::function<int()> action) -> CLI::App& {
    CLI::App* sub = app.add_subcommand(name, help);
    add_common(*sub, arguments);
    // A part of the verb, which comes first, has the word.
    sub->callback([&chosen, action = std::move(action)] {
      if (!chosen) chosen = action;
    });
    return *sub;
  };

  CLI::App& import = verb("import", "take profiles in: .jsonl, .csv (also .tsv), IATI .xml",
                          [&] { return run_import(arguments.context, arguments.import); });
  import.add_option("files", arguments.import.files, "files")->required();
  import.add_flag("--dry-run", arguments.import.dry_run, "check everything, write nothing");
  import.add_option("--encoding", arguments.import.encoding,
                    "of files that are not in UTF-8, as in windows-1252; without it told from the file where that is safe");
  import.add_flag(
      "--replace-private", arguments.import.replace_private,
      "a row without contact or legal name removes those that are stored (default: it keeps them; null removes them)");

  CLI::App& exported =
      verb("export", "write all profiles as JSON Lines", [&] { return run_export(arguments.context, arguments.with_private); });
  exported.add_flag("--with-private", arguments.with_private, "contacts and legal names too");

  CLI::App& match = verb("match", "ranked counterparts of a profile or a text",
                         [&] { return run_match(arguments.context, arguments.match); });
  CLI::Option* profile = match.add_option("--profile", arguments.match.profile, "id of a stored profile");
  CLI::Option* text = match.add_option("--text", arguments.match.text, "what is sought, in your own words");
  CLI::Option* offering = match.add_option("--offering", arguments.match.offering, "what is offered, in your own words");
  profile->excludes(text)->excludes(offering);
  match.add_option("--programme", arguments.match.programme, "by whose rules")->capture_default_str();
  match.add_option("--where", arguments.match.where, "FIELD=VALUE[,VALUE], repeatable");
  match.add_option("--limit", arguments.match.limit, "how many")->capture_default_str();
  match.add_flag("--explain", arguments.match.explain, "show the parts of each score");
  match.add_flag("--exact", arguments.match.exact, "compare every profile that qualifies");
  match.add_flag("--diversify", arguments.match.diversify, "vary countries, organisations and texts");

  CLI::App& explain = verb("explain", "why two profiles match, or why not",
                           [&] { return run_explain(arguments.context, arguments.a, arguments.b, arguments.programme); });
  explain.add_option("A", arguments.a, "id of the one who asks")->required();
  explain.add_option("B", arguments.b, "id of the other")->required();
  explain.add_option("--programme", arguments.programme, "by whose rules")->capture_default_str();

  add_convene(verb("convene", "a panel that keeps a programme's quotas, with alternates",
                   [&] { return run_convene(arguments.context, arguments.convene); }),
              arguments.convene);

  CLI::App& duplicates = verb("duplicates", "profiles that may be one and the same, for a human to merge",
                              [&] { return run_duplicates(arguments.context, arguments.pairs); });
  duplicates.add_option("--limit", arguments.pairs, "how many pairs")->check(within(kDuplicatePairs))->capture_default_str();

  CLI::App& erase =
      verb("erase", "remove profiles and every trace of them, with a receipt; repeated, it goes on with one that could not end",
           [&] { return run_erase(arguments.context, arguments.ids); });
  erase.add_option("ID", arguments.ids, "ids")->required();

  CLI::App& advice = verb("advice", "how complete a profile is, and what to add to it",
                          [&] { return run_advice(arguments.context, arguments.id, arguments.language); });
  advice.add_option("ID", arguments.id, "id of a stored profile")->required();
  advice.add_option("--lang", arguments.language, "ar, zh, en, fr, ru or es (default: the profile's own)");

  CLI::App& assemble = verb("assemble", "a set of partners that together cover a project's needs and budget",
                            [&] { return run_assemble(arguments.context, arguments.id, arguments.portfolio); });
  assemble.add_option("PROJECT", arguments.id, "id of a stored project")->required();
  assemble.add_option("--programme", arguments.portfolio, "by whose rules")->capture_default_str();

  CLI::App& coverage = verb("coverage", "which members a programme has, lacks and could have",
                            [&] { return run_coverage(arguments.context, arguments.coverage); });
  coverage.add_option("--programme", arguments.coverage.programme, "whose members")->capture_default_str();
  coverage.add_option("--share", arguments.coverage.shares, "KEY=SHARE that a key ought to have, as in LDC=0.3; repeatable")
      ->allow_extra_args(false);
  coverage.add_option("--gaps", arguments.coverage.gaps, "how many gaps")->check(within(kCoverageGaps))->capture_default_str();
  coverage.add_option("--fillers", arguments.coverage.fillers, "how many profiles that could fill each")
      ->check(within(kGapFillers))
      ->capture_default_str();

  CLI::App& brief = verb("brief", "what to know of a country before writing to someone there",
                         [&] { return run_brief(arguments.context, arguments.id, arguments.brief_language); });
  brief.add_option("COUNTRY", arguments.id, "ISO 3166-1 alpha-2, as in KE")->required();
  brief.add_option("--lang", arguments.brief_language, "ar, zh, en, fr, ru or es")->capture_default_str();

  verb("refine", "make the fine vectors that are still missing; a running server does it by itself",
       [&] { return run_refine(arguments.context); });

  add_rematch(verb("rematch", "match everybody with everybody anew; goes on where one was cut off",
                   [&] { return run_rematch(arguments.context, arguments.rematch); }),
              arguments.rematch);

  CLI::App& digest = verb("digest", "what the last match run changed, for one office or all",
                          [&] { return run_digest(arguments.context, arguments.digest); });
  digest.add_option("--programme", arguments.digest.programme, "whose run")->capture_default_str();
  digest.add_option("--office", arguments.digest.office, "only profiles that answer to it");
  digest.add_option("--since", arguments.digest.since, "compared with this run (default: the one before)");
  digest.add_flag("--csv{csv}", arguments.digest.csv,
                  "one change a line, for programs; --csv=excel: as Excel reads it, separated by semicolons");
  digest.add_option("--sep", arguments.digest.separator, "between the cells of --csv: comma, semicolon or tab")
      ->check(CLI::IsMember({"comma", "semicolon", "tab"}));
  digest.add_option("--limit", arguments.digest.limit, "profiles at most")
      ->check(within(kDigestProfiles))
      ->capture_default_str();

  CLI::App& runs = verb("runs", "list the published match runs, or hold the one that works",
                        [&] { return run_runs(arguments.context, arguments.id, arguments.out); });
  runs.add_option("ACTION", arguments.id, "list, pause, resume or stop")
      ->check(CLI::IsMember({"list", "pause", "resume", "stop"}));
  runs.add_option("--programme", arguments.out, "only runs of this one");

  add_standing(verb("standing", "searches kept, that new and changed profiles are tested against", {}), arguments, chosen);
  add_alerts(verb("alerts", "profiles that began to fit a standing query, each told once",
                  [&] { return run_alerts(arguments.context, arguments.alerts); }),
             arguments.alerts);

  add_audit(verb("audit", "who did what when to which profile", {}), arguments, chosen);
  add_token(verb("token", "who may ask the server, and for what", {}), arguments, chosen);

  CLI::App& backup = verb("backup", "a consistent copy of the data directory, also while it is served",
                          [&] { return run_backup(arguments.context, arguments.backup); });
  backup.add_option("FOLDER", arguments.backup.folder, "where backups are kept, best on another disk")->required();
  backup.add_option("--keep", arguments.backup.keep, "remove older ones than the newest so many (default: none)")
      ->check(from_one(kBackupsKept));
  backup.add_flag("--list", arguments.backup.list, "make none; list those that are there");
  CLI::App& restore = verb("restore", "make the directory --data, which must not exist yet, from a backup",
                           [&] { return run_restore(arguments.context, arguments.restore); });
  restore.add_option("FOLDER", arguments.restore.folder, "where the backups are kept")->required();
  restore.add_option("--name", arguments.restore.name, "which (default: the newest)");

  verb("verify", "compare every index with the store", [&] { return run_verify(arguments.context); });

  CLI::App& evaluate = verb("evaluate", "match quality against known pairs", [&] {
    return run_evaluate(arguments.context, {arguments.files, arguments.train, arguments.out});
  });
  evaluate.add_option("files", arguments.files, "pair files, JSON Lines")->required();
  evaluate.add_flag("--train", arguments.train, "learn weights on half of the organisations, measure on the others");
  evaluate.add_option("--out", arguments.out, "where the learnt weights go (datasets/weights.toml is read by all verbs)");

  CLI::App& serve = verb("serve", "answer over HTTP", [&] { return run_serve(arguments.context, arguments.serve); });
  serve.add_option("--listen", arguments.serve.listen, "ADDRESS:PORT, port 0: any free one")->capture_default_str();
  serve.add_flag("--open-local", arguments.serve.open_local, "no tokens; loopback addresses only");
  serve.add_option("--tls-cert", arguments.serve.tls_certificate,
                   "PEM file of the certificate chain; read again when it changes");
  serve.add_option("--tls-key", arguments.serve.tls_key, "PEM file of its key");
  serve.add_option("--trusted-proxy", arguments.serve.trusted_proxies, "address whose X-Forwarded-For is believed; repeatable")
      ->allow_extra_args(false);
  serve
      .add_option("--budget", arguments.serve.budget,
                  "what each token may ask, in units a second (a match is 5, one by a long text up to 2,300); 0: no limit")
      ->check(budget_range())
      ->capture_default_str();
  serve.add_option("--log-level", arguments.serve.log_level, "debug, info, warn, error")->capture_default_str();
  serve.add_option("--log-format", arguments.serve.log_format, "text, or json: one object a line")->capture_default_str();

  CLI::App& programmes = verb("programmes", "list the programmes, or check a programme file",
                              [&] { return run_programmes(arguments.context, arguments.check_file); });
  CLI::App* check = programmes.add_subcommand("check", "check a programme file");
  check->fallthrough()->add_option("FILE", arguments.check_file, "its TOML file")->required();
  programmes.add_subcommand("list", "list them")->fallthrough();

  CLI::App& config = verb("config", "check the configuration file, or show what is in force", {});
  config.require_subcommand(1);
  config.add_subcommand("check", "check the file and what it says of the server")->fallthrough();
  config.add_subcommand("show", "every setting of the server, as it is in force")->fallthrough();

  for (CLI::App* each : app.get_subcommands({})) bind_environment(*each);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongUsage;
  }
  // What stands in the file is meant for the server; its settings are read for `config` too.
  CLI::App& reads = config.parsed() ? serve : *app.get_subcommands().front();
  if (!arguments.config.empty())
    if (const Status read = read_settings(arguments.config, reads); !read) {
      report(read.error());
      return kWrongUsage;
    }
  if (config.parsed()) {
    if (config.got_subcommand("show")) {
      std::cout << settings_text(serve);
      return kDone;
    }
    if (arguments.config.empty()) {
      std::cerr << "counterpart config check: give --config FILE\n";
      return kWrongUsage;
    }
    if (const Status checked = check_serve(arguments.serve); !checked) return report(checked.error());
    std::cout << arguments.config << " is in order\n";
    return kDone;
  }
  if (match.parsed() && !*profile && !*text && !*offering) {
    std::cerr << "counterpart match: give --profile ID, or --text TEXT, or --offering TEXT\n";
    return kWrongUsage;
  }
  const std::filesystem::path root = root_of_program();
  ServiceOptions& options = arguments.context.service;
  options.data = arguments.data;
  options.makes = std::ranges::find(kMakeDirectory, chosen_verb(app)) != kMakeDirectory.end();
  // Contact data is in what we write, and a library makes most of those files. Learnt weights are for everybody.
  if (!evaluate.parsed()) ::umask(S_IRWXG | S_IRWXO);
  options.key_file = arguments.key_file;
  options.datasets = arguments.datasets.empty() ? root / "datasets" : std::filesystem::path(arguments.datasets);
  const bool installed = std::filesystem::exists(root / "models");
  options.models =
      !arguments.models.empty() ? std::filesystem::path(arguments.models) : root / (installed ? "models" : "build/models");
  if (options.fine == "none") options.fine.clear();
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  // Standard output is for answers; verbs other than `serve` log nothing but what goes wrong.
  spdlog::set_default_logger(spdlog::stderr_logger_mt("counterpart"));
  spdlog::set_level(spdlog::level::warn);
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "counterpart: internal fault: " << error.what() << "\n";
    return counterpart::server::kRefused;
  }
}
