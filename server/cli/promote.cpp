// promote: this directory's server takes over from the owner that it follows, or goes on without its standby.
#include <boost/json.hpp>
#include <cstdio>

#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

struct PromoteArguments {
  bool accept_loss = false, status = false;
};

void add_options(CLI::App& app, PromoteArguments& arguments) {
  app.add_flag("--status", arguments.status, "only tells who owns the data and who follows");
  app.add_flag("--accept-loss", arguments.accept_loss,
               "take over though the owner may have acknowledged what is not here, and may go on to do so until it is reached");
}

void print_state(const json::value& state) {
  const auto number = [&](const char* name) { return grouped(state.at(name).to_number<std::uint64_t>()); };
  std::printf("%s, epoch %s, batch %s\n", text_if(state, "role").c_str(), number("epoch").c_str(), number("number").c_str());
  const json::object& told = state.as_object();
  if (told.contains("follows"))
    std::printf("    follows        %s, %s batches behind\n", text_if(state, "follows").c_str(), number("lag").c_str());
  if (const json::value* by = told.if_contains("fenced_by"))
    std::printf("    taken over by  %s, epoch %s; %s acts of this one never came there (DATA/LEFT-BEHIND)\n",
                text_if(*by, "url").c_str(), grouped(by->at("epoch").to_number<std::uint64_t>()).c_str(),
                number("left_behind").c_str());
  if (const json::value* standby = told.if_contains("standby"))
    std::printf("    standby        %s%s\n", text_if(*standby, "id").c_str(),
                told.contains("stands_by")       ? (state.at("stands_by").as_bool() ? ": this one" : "")
                : standby->at("heard").as_bool() ? ", confirms"
                                                 : ", does not answer: nothing is written meanwhile");
}

int run_promote(const CommandContext& context, const PromoteArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  if (arguments.status) return print_answer(context, backend->call("GET", "/v1/replica"), print_state);
  const std::string body = json::serialize(json::object{{"accept_loss", arguments.accept_loss}});
  return print_answer(context, backend->call("POST", "/v1/replica:promote", body), print_state);
}

const RegisteredVerb promote({.order = 245,
                              .name = "promote",
                              .help = "take over from the owner that is followed, or go on without a standby",
                              .define = bind(add_options, run_promote)});

}  // namespace
}  // namespace counterpart::server
