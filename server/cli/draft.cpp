// draft: a profile that somebody writes without an account, over a running server, with nothing but its secret.
#include <boost/json.hpp>
#include <cstdio>
#include <iostream>

#include "index/base/crypto.h"
#include "index/base/files.h"
#include "index/draft/own_drafts.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct DraftArguments {
  std::string secret_file, file, code, programme = "open";
  bool insist = false;
};

// The secret has the draft's id in it.
std::string id_in(const std::string& secret) {
  const std::size_t from = std::min(kDraftSecretPrefix.size(), secret.size());
  return secret.substr(from, secret.find('_', from) - from);
}

Result<std::string> read_secret(const std::string& file) {
  Result<std::string> text = read_file(file);
  if (!text) return text;
  text->resize(std::min(text->find_first_of("\r\n"), text->size()));
  if (text->starts_with(kDraftSecretPrefix)) return text;
  return fail(ErrorCode::kInvalid, file, "has no secret of a draft in it", "name the file that `draft begin` wrote");
}

// A secret never stands in a command line, where every user of the machine can read it.
Result<std::string> ask(const CommandContext& context, const std::string& secret, const std::string& method, std::string target,
                        const std::string& body = {}) {
  Result<std::unique_ptr<Remote>> remote = Remote::find(context.service.data);
  if (!remote) return tl::unexpected(remote.error());
  (*remote)->speak_as(secret);
  if (!context.language.empty()) target += (target.find('?') == target.npos ? "?lang=" : "&lang=") + context.language;
  return (*remote)->call(method, target, body);
}

void print_missing(const json::value& draft) {
  for (const json::value& one : draft.at("missing").as_array())
    std::printf("  missing  %-22s  %s; %s\n", text_if(one, "member").c_str(), text_if(one, "detail").c_str(),
                text_if(one, "remedy").c_str());
  for (const json::value& one : draft.at("reveals").as_array())
    std::printf("  reveals  %-22s  characters %lld to %lld: %s\n", text_if(one, "member").c_str(),
                one.at("from").to_number<long long>(), one.at("to").to_number<long long>(), text_if(one, "kind").c_str());
  for (const json::value& one : draft.at("advice").at("advice").as_array())
    std::printf("  +%2.0f %%    %-22s  %s\n", one.at("help").to_number<double>() * 100, text_if(one, "member").c_str(),
                text_if(one, "add").c_str());
}

void print_review(const json::value& review) {
  std::printf("  %s (%s)", text_if(review, "said").c_str(), text_if(review, "case").c_str());
  if (const json::value* with = review.as_object().if_contains("with"))
    std::printf(": with %s, %s", text_if(*with, "name").c_str(), text_if(review, "why").c_str());
  std::printf("\n");
  for (const json::value& one : review.at("comments").as_array())
    std::printf("  asked    %-22s  %s\n", text_if(one, "member").c_str(), text_if(one, "text").c_str());
}

void print_draft(const json::value& draft) {
  std::printf("%s  version %lld, saved %s, %.0f %% complete\n", text_if(draft, "id").c_str(),
              draft.at("version").to_number<long long>(), text_if(draft, "saved").c_str(),
              draft.at("advice").at("completeness").to_number<double>() * 100);
  if (const json::value* review = draft.as_object().if_contains("review")) print_review(*review);
  if (const json::array& published = draft.at("published").as_array(); !published.empty())
    std::printf("  published as version %lld\n", published.back().at("version").to_number<long long>());
  print_missing(draft);
}

void print_all(const json::value& answer) { std::cout << json::serialize(answer) << "\n"; }

void print_reach(const json::value& answer) {
  const json::value& now = answer.at("now");
  if (now.is_null())
    std::printf("Fewer than %lld counterparts admit it.\n", answer.at("below").to_number<long long>());
  else
    std::printf("About %lld counterparts admit it.\n", now.to_number<long long>());
  for (const json::value& fact : answer.at("facts").as_array())
    std::printf("  +%-6lld %-22s  %s\n", fact.at("more").to_number<long long>(), text_if(fact, "member").c_str(),
                text_if(fact, "add").c_str());
}

void print_receipt(const json::value& receipt) {
  for (const json::value& place : receipt.at("places").as_array())
    std::printf("  %-12s %s: %s\n", text_if(place, "verdict").c_str(), text_if(place, "place").c_str(),
                text_if(place, "detail").c_str());
  std::printf(receipt.at("complete").as_bool() ? "Nothing is left.\n"
                                               : "It is gone, but not yet from all files; that goes on by itself.\n");
}

void add_secret(CLI::App& app, DraftArguments& arguments) {
  app.add_option("--secret-file", arguments.secret_file, "file with the draft's secret, as `draft begin` wrote it")->required();
}
void add_file(CLI::App& app, DraftArguments& arguments) {
  add_secret(app, arguments);
  app.add_option("FILE", arguments.file, "any part of a profile, as one JSON object")->required();
}
void add_code(CLI::App& app, DraftArguments& arguments) {
  add_secret(app, arguments);
  app.add_option("CODE", arguments.code, "of the letter's link: what follows the point")->required();
}
void add_submitting(CLI::App& app, DraftArguments& arguments) {
  add_secret(app, arguments);
  app.add_flag("--insist", arguments.insist, "although a public text seems to hold contact data");
}
void add_reaching(CLI::App& app, DraftArguments& arguments) {
  add_secret(app, arguments);
  app.add_option("--programme", arguments.programme, "under whose rules")->capture_default_str();
}
void add_beginning(CLI::App& app, DraftArguments& arguments) {
  app.add_option("--secret-file", arguments.secret_file,
                 "file that takes the draft's secret; without it nothing opens the draft")
      ->required();
  app.add_option("FILE", arguments.file, "any part of a profile, as one JSON object; none: an empty draft");
}

int run_begin(const CommandContext& context, const DraftArguments& given) {
  const Result<std::string> text = given.file.empty() ? Result<std::string>("{}") : read_file(given.file);
  if (!text) return report(text.error());
  std::error_code ignored;
  if (std::filesystem::exists(given.secret_file, ignored))
    return report({ErrorCode::kConflict, given.secret_file, "is there already",
                   "name another file: it may hold the secret of another draft"});
  const Result<std::string> answer = ask(context, {}, "POST", "/v1/drafts", *text);
  if (!answer) return report(answer.error());
  const Result<json::value> begun = parse_answer(*answer);
  if (!begun) return report(begun.error());
  AtomicFile file(given.secret_file);  // readable by its owner alone
  file.write(text_if(*begun, "secret") + "\n");
  if (Status written = file.finish(); !written) return report(written.error());
  return print_answer(context, json::serialize(*begun), print_draft);
}

int run_call(const CommandContext& context, const DraftArguments& given, const char* method, const std::string& rest,
             const std::string& body, void (*show)(const json::value&)) {
  const Result<std::string> secret = read_secret(given.secret_file);
  if (!secret) return report(secret.error(), kWrongUsage);
  return print_answer(context, ask(context, *secret, method, "/v1/drafts/" + url_encode(id_in(*secret)) + rest, body), show);
}

int run_show(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "GET", "", {}, print_draft);
}
int run_save(const CommandContext& context, const DraftArguments& given) {
  const Result<std::string> text = read_file(given.file);
  return text ? run_call(context, given, "PUT", "", *text, print_draft) : report(text.error());
}
int run_confirm_mail(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "POST", ":confirm-mail", {}, print_draft);
}
int run_confirm(const CommandContext& context, const DraftArguments& given) {
  const Result<std::string> secret = read_secret(given.secret_file);
  if (!secret) return report(secret.error(), kWrongUsage);
  const Result<std::string> answer = ask(context, *secret, "POST", "/v1/drafts/" + url_encode(id_in(*secret)) + ":confirm",
                                         json::serialize(json::object{{"code", given.code}}));
  return answer ? run_show(context, given) : report(answer.error());
}
int run_submit(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "POST", given.insist ? ":submit?insist=true" : ":submit", {}, print_draft);
}
int run_withdraw(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "POST", ":withdraw", {}, print_draft);
}
int run_export(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "POST", ":export", {}, print_all);
}
int run_reach(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "GET", "/reach?programme=" + url_encode(given.programme), {}, print_reach);
}
int run_erase(const CommandContext& context, const DraftArguments& given) {
  return run_call(context, given, "POST", ":erase", {}, print_receipt);
}

const RegisteredVerb draft(
    {.order = 178,
     .name = "draft",
     .help = "a profile that is written without an account, over a running server (what is held for review: profile draft)",
     .parts = {
         {.name = "begin",
          .help = "a new one; its secret is written into a file",
          .define = bind<DraftArguments>(add_beginning, run_begin)},
         {.name = "show",
          .help = "what it lacks, who has it and until when",
          .define = bind<DraftArguments>(add_secret, run_show)},
         {.name = "save",
          .help = "any part of a profile in place of what was there",
          .define = bind<DraftArguments>(add_file, run_save)},
         {.name = "reach",
          .help = "how many would see it, and what would bring more",
          .define = bind<DraftArguments>(add_reaching, run_reach)},
         {.name = "confirm-mail",
          .help = "a letter to its mailbox",
          .define = bind<DraftArguments>(add_secret, run_confirm_mail)},
         {.name = "confirm", .help = "by the code of that letter", .define = bind<DraftArguments>(add_code, run_confirm)},
         {.name = "submit", .help = "to be reviewed and published", .define = bind<DraftArguments>(add_submitting, run_submit)},
         {.name = "withdraw",
          .help = "what was handed in or published",
          .define = bind<DraftArguments>(add_secret, run_withdraw)},
         {.name = "export", .help = "everything that is held about it", .define = bind<DraftArguments>(add_secret, run_export)},
         {.name = "erase", .help = "with every trace, and a receipt", .define = bind<DraftArguments>(add_secret, run_erase)}}});

}  // namespace
}  // namespace counterpart::server
