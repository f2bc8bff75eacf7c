// suitcase: a desk's work without a link, as one sealed file; and what was written in it, handed in.
#include <boost/json.hpp>
#include <cstdio>

#include "engine/base/file.h"
#include "index/base/files.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct SuitcaseArguments {
  std::string office, desk, output, answers, revoke;
  unsigned days = 14;
  bool list = false;
};

void add_options(CLI::App& app, SuitcaseArguments& arguments) {
  app.add_option("--office", arguments.office, "whose work; without a desk to read alone");
  app.add_option("--desk", arguments.desk, "whose work, and who acts");
  app.add_option("--days", arguments.days, "how long it is of use")->check(CLI::Range(1, 60))->capture_default_str();
  CLI::Option* output = app.add_option("--output", arguments.output, "writes it there")->type_name("FILE");
  CLI::Option* answers =
      app.add_option("--return", arguments.answers, "hands in the answers that it saved; again: nothing is done twice")
          ->type_name("FILE")
          ->excludes(output);
  CLI::Option* list = app.add_flag("--list", arguments.list, "those that there are")->excludes(output, answers);
  app.add_option("--revoke", arguments.revoke, "takes no more answers of the one with that id")
      ->type_name("ID")
      ->excludes(output, answers, list);
}

std::string count_of(const json::value& object, const char* name) {
  return std::to_string(object.at(name).to_number<std::uint64_t>());
}

void print_packed(const json::value& one) {
  std::printf("Suitcase %s of %s, of use until %s; its answers are taken until %s.\n", text_if(one, "id").c_str(),
              text_if(one, "office").c_str(), text_if(one, "until").c_str(), text_if(one, "taken_until").c_str());
  std::printf("Passphrase, shown this once: %s\n", text_if(one, "passphrase").c_str());
  for (const json::value& left : one.at("left_out").as_array())
    std::printf("For want of room there are %s of %s %s in it.\n", count_of(left, "taken").c_str(),
                count_of(left, "of").c_str(), text_if(left, "what").c_str());
}

int run_pack(const CommandContext& context, const SuitcaseArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  std::string target = "/v1/desk:suitcase?days=" + std::to_string(arguments.days);
  if (!arguments.office.empty()) target += "&office=" + url_encode(arguments.office);
  if (!arguments.desk.empty()) target += "&desk=" + url_encode(arguments.desk);
  Result<json::value> packed = call_json(*backend, "POST", target);
  if (!packed) return report(packed.error());
  AtomicFile file{arguments.output};
  file.write(text_if(*packed, "html"));
  if (const Status written = file.finish(); !written) return report(written.error());
  packed->as_object().erase("html");
  return print_answer(context, json::serialize(*packed), print_packed);
}

void print_verdicts(const json::value& answer) {
  for (const json::value& one : answer.at("verdicts").as_array()) {
    std::printf("%-12s %s %s %s\n", text_if(one, "verdict").c_str(), text_if(one, "does").c_str(),
                text_if(one, "subject").c_str(), text_if(one, "verb").c_str());
    if (const json::value* problem = one.as_object().if_contains("problem"))
      std::printf("    %s; %s\n", text_if(*problem, "detail").c_str(), text_if(*problem, "remedy").c_str());
    if (const json::value* members = one.as_object().if_contains("members"))
      for (const json::value& row : members->as_array()) {
        const auto said = [&](const char* name) {
          const json::value* value = row.as_object().if_contains(name);
          return value ? json::serialize(*value) : std::string("-");
        };
        std::printf("    %s: was %s, yours %s, theirs %s\n", text_if(row, "member").c_str(), said("base").c_str(),
                    said("yours").c_str(), said("theirs").c_str());
      }
  }
  const json::value& counts = answer.at("counts");
  std::printf("%s done, %s done before, %s in conflict, %s refused, %s given up.\n", count_of(counts, "done").c_str(),
              count_of(counts, "already_done").c_str(), count_of(counts, "conflict").c_str(),
              count_of(counts, "refused").c_str(), count_of(counts, "given_up").c_str());
}

int run_return(const CommandContext& context, const std::string& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return report(text.error());
  boost::system::error_code failed;
  const json::value answers = json::parse(*text, failed);
  const std::string id = failed ? std::string() : text_if(answers, "suitcase");
  if (id.empty())
    return report(
        {ErrorCode::kInvalid, file, "not a file of answers from a suitcase", "give the file as the suitcase saved it"});
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> answer = backend->call("POST", "/v1/suitcases/" + url_encode(id) + ":return", *text);
  const int shown = print_answer(context, answer, print_verdicts);
  if (!answer || shown != kDone) return shown;
  const Result<json::value> told = parse_answer(*answer);
  const auto none = [&](const char* name) { return told->at("counts").at(name).to_number<std::uint64_t>() == 0; };
  return told && none("conflict") && none("refused") ? kDone : kRefused;
}

void print_listed(const json::value& one) {
  std::printf("%s  %-12s %-12s made %s, until %s, %s done%s\n", text_if(one, "id").c_str(), text_if(one, "office").c_str(),
              text_if(one, "desk").c_str(), text_if(one, "made").c_str(), text_if(one, "until").c_str(),
              count_of(one, "done").c_str(), one.as_object().contains("revoked") ? ", revoked" : "");
}

int run_list(const CommandContext& context, const SuitcaseArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string office = arguments.office.empty() ? std::string() : "?office=" + url_encode(arguments.office);
  return print_answer(context, backend->call("GET", "/v1/suitcases" + office), [](const json::value& answer) {
    for (const json::value& one : answer.at("suitcases").as_array()) print_listed(one);
    if (answer.at("suitcases").as_array().empty()) std::printf("None.\n");
  });
}

int run_revoke(const CommandContext& context, const std::string& id) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> gone = backend->call("DELETE", "/v1/suitcases/" + url_encode(id));
  return gone ? kDone : report(gone.error());
}

int run_suitcase(const CommandContext& context, const SuitcaseArguments& arguments) {
  if (arguments.list) return run_list(context, arguments);
  if (!arguments.revoke.empty()) return run_revoke(context, arguments.revoke);
  if (!arguments.answers.empty()) return run_return(context, arguments.answers);
  if (arguments.output.empty())
    return report({ErrorCode::kInvalid, "--output", "missing", "name the file, or say --return FILE, --list or --revoke ID"},
                  kWrongUsage);
  return run_pack(context, arguments);
}

const RegisteredVerb suitcase({.order = 174,
                               .name = "suitcase",
                               .help = "a desk's work without a link, as one sealed HTML file, and its answers handed in",
                               .define = bind<SuitcaseArguments>(add_options, run_suitcase)});

}  // namespace
}  // namespace counterpart::server
