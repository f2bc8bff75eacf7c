// export, refine and verify: profiles out, vectors made, indexes against the truth.
#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "engine/profile/profile_json.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct ExportArguments {
  bool with_private = false;
  std::string as = "jsonl";
};

void add_options(CLI::App& app, ExportArguments& arguments) {
  app.add_flag("--with-private", arguments.with_private, "contacts and legal names too");
  app.add_option("--as", arguments.as,
                 "jsonl, csv or xlsx; a table is what `import` takes, with headings in the language of --lang")
      ->check(CLI::IsMember({"jsonl", "csv", "xlsx"}))
      ->capture_default_str();
}

int run_export(const CommandContext& context, const ExportArguments& arguments) {
  const bool with_private = arguments.with_private, table = arguments.as != "jsonl";
  if (table && with_private)
    return report({ErrorCode::kInvalid, "--with-private", "tables have the public members alone", "leave out --as, or this"},
                  kWrongUsage);
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  if (!backend->service() || table) {
    if (with_private)
      return report({ErrorCode::kUnavailable, "--with-private",
                     "a server holds the directory, and it never gives private members in bulk", "stop the server first"});
    const Result<std::string> answer =
        backend->call("GET", "/v1/profiles:export" + (table ? "." + arguments.as : std::string()), {}, {},
                      [](std::string_view piece) { std::cout << piece; });
    if (!answer) return report(answer.error());
    std::cout << *answer;
  } else {
    Store& store = backend->service()->data().store;
    if (with_private)
      if (const Status noted = store.write_audited({}, {.who = Caller::local().name, .what = "export private"}); !noted)
        return report(noted.error());
    const Status done = store.for_each(with_private, [&](const StoredProfile& stored, const std::optional<Embedding>&) {
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
    return !interrupted();
  });
  if (const Status saved = backend->service()->save(); !saved) return report(saved.error());
  if (context.json)
    std::cout << json::serialize(json::object{{"made", made}, {"missing", wanted - made}}) << "\n";
  else
    std::printf("%s profiles have their fine vectors now, %s still lack them\n", grouped(made).c_str(),
                grouped(wanted - made).c_str());
  if (made == wanted) return kDone;
  std::cerr << (interrupted() ? "counterpart: interrupted; run the same command again to go on\n"
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
    std::printf("%s profiles stored, %s indexed, %s awaiting their vectors, %s differences\n", grouped(count("stored")).c_str(),
                grouped(count("indexed")).c_str(), grouped(count("awaiting")).c_str(),
                grouped(count("difference_count")).c_str());
    if (const json::value* list = result.if_contains("differences"))
      for (const json::value& difference : list->as_array()) std::printf("  %s\n", std::string(difference.as_string()).c_str());
  }
  return count("difference_count") == 0 ? kDone : kRefused;
}

const RegisteredVerb exported(
    {.order = 20, .name = "export", .help = "write all profiles as JSON Lines", .define = bind(add_options, run_export)});
const RegisteredVerb refine({.order = 120,
                             .name = "refine",
                             .help = "make the fine vectors that are still missing; a running server does it by itself",
                             .define = bind(run_refine)});
const RegisteredVerb verify(
    {.order = 220, .name = "verify", .help = "compare every index with the store", .define = bind(run_verify)});

}  // namespace
}  // namespace counterpart::server
