// duplicates, advice and profile: the care of the collection, and what became of one profile.
#include <boost/json.hpp>
#include <cstdio>
#include <functional>
#include <iostream>

#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, std::string_view key) { return std::string(value.at(key).as_string()); }

struct DuplicatesArguments {
  std::size_t limit = kDuplicatePairs.standard.value();
};

void add_options(CLI::App& app, DuplicatesArguments& arguments) {
  app.add_option("--limit", arguments.limit, "how many pairs")->check(within(kDuplicatePairs))->capture_default_str();
}

int run_duplicates(const CommandContext& context, const DuplicatesArguments& arguments) {
  const Result<json::value> answer = get_json(context, "/v1/duplicates?limit=" + std::to_string(arguments.limit));
  if (!answer) return report(answer.error());
  if (context.json) return kDone;
  for (const json::value& pair : answer->at("pairs").as_array()) {
    std::printf("%.2f  keep   %s  %s\n", pair.at("score").to_number<double>(), text_of(pair, "keep").c_str(),
                text_of(pair, "keep_title").c_str());
    print_origin(pair, 13, "keep_received_from");
    std::printf("      alias  %s  %s\n", text_of(pair, "erase").c_str(), text_of(pair, "erase_title").c_str());
    print_origin(pair, 13, "erase_received_from");
    for (const json::value& reason : pair.at("reasons").as_array())
      std::printf("      - %s\n", std::string(reason.as_string()).c_str());
    std::printf("      if they are one: counterpart profile merge %s %s --preview --desk DESK --data '%s'\n",
                text_of(pair, "keep").c_str(), text_of(pair, "erase").c_str(), context.service.data.string().c_str());
  }
  const auto total = answer->at("total").to_number<std::uint64_t>();
  const std::size_t shown = answer->at("pairs").as_array().size();
  std::printf("%s possible duplicates%s. Which to keep is a proposal: the more complete one.\n", grouped(total).c_str(),
              shown < total ? (", " + grouped(shown) + " shown; --limit N shows more").c_str() : "");
  return kDone;
}

struct AdviceArguments {
  std::string id;
};

void add_options(CLI::App& app, AdviceArguments& arguments) {
  app.add_option("ID", arguments.id, "id of a stored profile")->required();
}

int run_advice(const CommandContext& context, const AdviceArguments& arguments) {
  const Result<json::value> answer = get_json(context, "/v1/profiles/" + url_encode(arguments.id) + "/advice");
  if (!answer) return report(answer.error());
  if (context.json) return kDone;
  std::printf("%s is %.0f %% complete.\n", arguments.id.c_str(), answer->at("completeness").to_number<double>() * 100);
  for (const json::value& one : answer->at("advice").as_array())
    std::printf("  +%2.0f %%  %-24s  %s\n", one.at("help").to_number<double>() * 100, text_of(one, "member").c_str(),
                text_of(one, "add").c_str());
  if (const json::value* inferred = answer->as_object().if_contains("inferred_sectors")) {
    std::printf("Its texts speak of these sectors; state those that are true:\n");
    for (const json::value& one : inferred->as_array())
      std::printf("  %3.0f %%  %-3s  %s\n", one.at("probability").to_number<double>() * 100, text_of(one, "code").c_str(),
                  text_of(one, "title").c_str());
  }
  return kDone;
}

// ---- versions and drafts

struct VersionArguments {
  std::string id, version, against, desk;
};

std::string at_profile(const std::string& id) { return "/v1/profiles/" + url_encode(id); }

// As `diff` of words does it: what went in brackets with a minus, what came with a plus.
void print_differences(const json::value& answer) {
  const json::value* list = answer.as_object().if_contains("differences");
  if (!list) return;
  for (const json::value& one : list->as_array()) {
    std::printf("  %s:", text_of(one, "member").c_str());
    const bool entries = text_of(one, "of") == "entries";
    std::string line;
    for (const json::value& part : one.at("parts").as_array()) {
      const std::string change = text_of(part, "change"), text = text_of(part, "text");
      if (entries) line += ' ';
      line += change == "kept" ? text : change == "removed" ? "[-" + text + "-]" : "{+" + text + "+}";
    }
    std::printf("%s%s\n", entries ? "" : " ", line.c_str());
  }
  if (list->as_array().empty()) std::printf("  Nothing differs.\n");
}

void print_version(const json::value& one) {
  std::printf("version %s  %s", grouped(one.at("version").to_number<std::uint64_t>()).c_str(), text_of(one, "at").c_str());
  for (const std::string_view member : {"who", "case"})
    if (const std::string text = text_if(one, member); !text.empty())
      std::printf("  %s %s", member == "who" ? "by" : "under", text.c_str());
  std::printf("\n");
}

void print_versions(const json::value& answer) {
  for (const json::value& one : answer.at("versions").as_array()) print_version(one);
  std::printf("The last one is in force.\n");
}

void print_one_version(const json::value& answer) {
  print_version(answer);
  if (answer.as_object().contains("differences"))
    print_differences(answer);
  else
    std::cout << json::serialize(answer.at("profile")) << "\n";
}

void print_draft(const json::value& answer) {
  std::printf("%s  proposed %s by %s under %s\n", text_of(answer, "id").c_str(), text_of(answer, "at").c_str(),
              text_of(answer, "who").c_str(), text_of(answer, "case").c_str());
  if (answer.as_object().contains("differences"))
    print_differences(answer);
  else
    std::cout << json::serialize(answer.at("profile")) << "\n";
}

void print_restored(const json::value& answer) {
  const std::string status = text_of(answer, "status");
  if (status == "held")
    std::printf("%s waits for its review under %s.\n", text_of(answer, "id").c_str(), text_of(answer, "case").c_str());
  else
    std::printf("%s: %s, version %s.\n", text_of(answer, "id").c_str(), status.c_str(),
                grouped(answer.at("version").to_number<std::uint64_t>()).c_str());
}

int ask(const CommandContext& context, const char* method, const std::string& target,
        const std::function<void(const json::value&)>& show) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call(method, target), show);
}

void add_id(CLI::App& app, VersionArguments& arguments) { app.add_option("ID", arguments.id, "id of a profile")->required(); }
void add_version(CLI::App& app, VersionArguments& arguments) {
  add_id(app, arguments);
  app.add_option("VERSION", arguments.version, "its number")->required();
}
void add_two_versions(CLI::App& app, VersionArguments& arguments) {
  add_version(app, arguments);
  app.add_option("AGAINST", arguments.against, "the number of the one that it is compared with")->required();
}
void add_restoring(CLI::App& app, VersionArguments& arguments) {
  add_version(app, arguments);
  app.add_option("--desk", arguments.desk, "who submits it where it is reviewed; a token's own desk where it has one");
}

int run_versions(const CommandContext& context, const VersionArguments& given) {
  return ask(context, "GET", at_profile(given.id) + "/versions", print_versions);
}
int run_version(const CommandContext& context, const VersionArguments& given) {
  return ask(context, "GET", at_profile(given.id) + "/versions/" + url_encode(given.version), print_one_version);
}
int run_diff(const CommandContext& context, const VersionArguments& given) {
  const std::string target = at_profile(given.id) + "/versions/" + url_encode(given.version);
  return ask(context, "GET", target + "?against=" + url_encode(given.against), print_one_version);
}
int run_restore(const CommandContext& context, const VersionArguments& given) {
  const std::string desk = given.desk.empty() ? "" : "?desk=" + url_encode(given.desk);
  return ask(context, "POST", at_profile(given.id) + "/versions/" + url_encode(given.version) + ":restore" + desk,
             print_restored);
}
int run_draft(const CommandContext& context, const VersionArguments& given) {
  return ask(context, "GET", at_profile(given.id) + "/draft", print_draft);
}

// ---- two that are one

struct MergeArguments {
  std::string survivor, other, note, desk;
  std::vector<std::string> keep;
  bool preview = false;
};

void add_acting(CLI::App& app, MergeArguments& arguments) {
  app.add_option("--desk", arguments.desk, "who acts; a token's own desk where it has one");
  app.add_flag("--preview", arguments.preview, "tell what would be, and do nothing");
}
void add_merge(CLI::App& app, MergeArguments& arguments) {
  app.add_option("A", arguments.survivor, "id of the profile that stays")->required();
  app.add_option("B", arguments.other, "id of the one that becomes its alias")->required();
  app.add_option("--keep", arguments.keep, "MEMBER=a, b or both: whose word stands where they differ; repeatable")
      ->allow_extra_args(false);
  app.add_option("--note", arguments.note, "to the other office, in a sentence");
  add_acting(app, arguments);
}
void add_unmerge(CLI::App& app, MergeArguments& arguments) {
  app.add_option("ALIAS", arguments.other, "id of a profile that was merged into another")->required();
  add_acting(app, arguments);
}

std::string acting_query(const MergeArguments& given) {
  std::string query = given.desk.empty() ? "" : "?desk=" + url_encode(given.desk);
  if (given.preview) query += (query.empty() ? "?" : "&") + std::string("preview=true");
  return query;
}

void print_value(const char* side, const json::value& member) {
  const json::value* value = member.as_object().if_contains(side);
  if (value) std::printf("      %-6s %s\n", side, value->is_null() ? "(not stated)" : json::serialize(*value).c_str());
}

void print_merge_case(const json::value& answer) {
  const json::value& of = answer.at("case");
  const bool preview = answer.at("preview").as_bool();
  std::printf("%s %s: %s\n", preview ? "Nothing is stored. It would be" : "It is", text_of(of, "id").c_str(),
              text_of(of, "state").c_str());
  if (const json::value* why = of.as_object().if_contains("why_due"))
    std::printf("  %s: %s\n", text_if(of.at("owner"), "desk").c_str(), text_if(*why, "text").c_str());
}

void print_merge(const json::value& answer) {
  std::printf("%s stays, %s becomes an alias of it. Where they differ:\n", text_of(answer, "survivor").c_str(),
              text_of(answer, "alias").c_str());
  for (const json::value& member : answer.at("differing").as_array()) {
    std::printf("  %s: %s%s\n", text_of(member, "member").c_str(), text_of(member, "keep").c_str(),
                member.at("private").as_bool() ? "  (private)" : "");
    for (const char* side : {"a", "b", "result"}) print_value(side, member);
  }
  print_merge_case(answer);
}

void print_unmerge(const json::value& answer) {
  std::printf("%s and %s are two again.\n", text_of(answer, "survivor").c_str(), text_of(answer, "alias").c_str());
  for (const json::value& member : answer.at("stays").as_array())
    std::printf("  %s was changed since the merge, and stays as it is in %s\n", std::string(member.as_string()).c_str(),
                text_of(answer, "survivor").c_str());
  print_merge_case(answer);
}

int run_merge(const CommandContext& context, const MergeArguments& given) {
  json::object body{{"with", given.other}}, keep;
  for (const std::string& choice : given.keep) {
    const std::size_t equals = choice.find('=');
    if (equals == std::string::npos || equals == 0)
      return report({ErrorCode::kInvalid, "--keep", "`" + choice + "` is no choice", "write MEMBER=b, as in title=b"},
                    kWrongUsage);
    keep[choice.substr(0, equals)] = choice.substr(equals + 1);
  }
  if (!keep.empty()) body["keep"] = std::move(keep);
  if (!given.note.empty()) body["note"] = given.note;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = at_profile(given.survivor) + ":merge" + acting_query(given);
  return print_answer(context, backend->call("POST", target, json::serialize(body)), print_merge);
}
int run_unmerge(const CommandContext& context, const MergeArguments& given) {
  return ask(context, "POST", at_profile(given.other) + ":unmerge" + acting_query(given), print_unmerge);
}

// ---- due diligence

struct CheckArguments {
  std::string id, as, reason, until, desk, if_match;
};

void add_check(CLI::App& app, CheckArguments& arguments) {
  app.add_option("ID", arguments.id, "id of a profile")->required();
  app.add_option("--as", arguments.as, "checked, excluded or not_checked; without it, what is stated is shown");
  app.add_option("--reason", arguments.reason, "in a sentence, for officers alone; required of an exclusion");
  app.add_option("--until", arguments.until, "the last day on which it counts as checked");
  app.add_option("--desk", arguments.desk, "who states it; a token's own desk where it has one");
  app.add_option("--if-match", arguments.if_match, "number of the statement that was seen; refused where there is a newer one")
      ->check(CLI::Number);
}

void print_check(const json::value& stated) {
  std::printf("%s  %s", text_if(stated, "profile").c_str(), text_if(stated, "status").c_str());
  if (const std::string by = text_if(stated, "by"); !by.empty())
    std::printf("  by %s %s, %s", by.c_str(), text_if(stated, "desk").c_str(), text_if(stated, "at").c_str());
  if (const std::string until = text_if(stated, "until"); !until.empty()) std::printf(", until %s", until.c_str());
  std::printf("\n");
  if (const std::string reason = text_if(stated, "reason"); !reason.empty()) std::printf("  %s\n", reason.c_str());
  if (const json::value* listed = stated.as_object().if_contains("listed"))
    std::printf("  on the list of exclusions (%s): %s, %s %s, row %.0f\n", text_if(*listed, "likeness").c_str(),
                text_if(*listed, "name").c_str(), text_if(*listed, "source").c_str(), text_if(*listed, "date").c_str(),
                listed->at("line").to_number<double>());
}

int run_check(const CommandContext& context, const CheckArguments& given) {
  if (given.as.empty()) return ask(context, "GET", at_profile(given.id) + "/due-diligence", print_check);
  json::object body{{"as", given.as}};
  if (!given.reason.empty()) body["reason"] = given.reason;
  if (!given.until.empty()) body["until"] = given.until;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const CallHeaders headers = given.if_match.empty() ? CallHeaders() : CallHeaders{{"if-match", '"' + given.if_match + '"'}};
  const std::string target = at_profile(given.id) + ":check" + (given.desk.empty() ? "" : "?desk=" + url_encode(given.desk));
  return print_answer(context, backend->call("POST", target, json::serialize(body), "application/json", {}, headers),
                      print_check);
}

const RegisteredVerb profile(
    {.order = 179,
     .name = "profile",
     .help = "a profile's versions, what is proposed for it, its due diligence, and two that are one",
     .parts = {
         {.name = "versions", .help = "who published what when", .define = bind<VersionArguments>(add_id, run_versions)},
         {.name = "version", .help = "one, with its text", .define = bind<VersionArguments>(add_version, run_version)},
         {.name = "diff", .help = "what differs from another", .define = bind<VersionArguments>(add_two_versions, run_diff)},
         {.name = "restore", .help = "make an old one the next", .define = bind<VersionArguments>(add_restoring, run_restore)},
         {.name = "draft", .help = "what is proposed", .define = bind<VersionArguments>(add_id, run_draft)},
         {.name = "merge",
          .help = "propose that another profile becomes an alias of one",
          .define = bind<MergeArguments>(add_merge, run_merge)},
         {.name = "check",
          .help = "state that it was looked into, or is excluded",
          .define = bind<CheckArguments>(add_check, run_check)},
         {.name = "unmerge",
          .help = "make an alias a profile of its own again",
          .define = bind<MergeArguments>(add_unmerge, run_unmerge)}}});
const RegisteredVerb duplicates({.order = 60,
                                 .name = "duplicates",
                                 .help = "profiles that may be one and the same, for a human to merge",
                                 .define = bind<DuplicatesArguments>(add_options, run_duplicates)});
const RegisteredVerb advice({.order = 80,
                             .name = "advice",
                             .help = "how complete a profile is, and what to add to it",
                             .define = bind<AdviceArguments>(add_options, run_advice)});

}  // namespace
}  // namespace counterpart::server
