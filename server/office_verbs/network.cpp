// network: this office and the others, and the bundles that they hand each other on a stick or by mail.
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "engine/base/file.h"
#include "index/base/files.h"
#include "server/cli/verb.h"
#include "server/client/json.h"
#include "server/office_verbs/network_certificate.h"
#include "server/suitcase/sealing.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string count_of(const json::value& object, const char* name) {
  return grouped(object.at(name).to_number<std::uint64_t>());
}

// --- Who is in it.

void print_other(const json::value& office) {
  std::printf("%-12s %s\n", text_if(office, "office").c_str(), text_if(office, "name").c_str());
  std::printf("    keys           %s\n", text_if(office, "fingerprint").c_str());
  const std::string confirmed = text_if(office.at("confirmed"), "at");
  std::printf("    has of ours    operation %s, %s behind%s%s\n", count_of(office.at("confirmed"), "sequence").c_str(),
              count_of(office, "behind").c_str(), office.at("whole_state_due").as_bool() ? ", is due the whole state" : "",
              confirmed.empty() ? "; nothing was confirmed yet" : ("; confirmed " + confirmed).c_str());
  const std::string as_of = text_if(office, "as_of");
  std::printf("    we have of it  %s profiles%s%s\n", count_of(office, "profiles").c_str(), as_of.empty() ? "" : ", as of ",
              as_of.c_str());
  for (const json::value& one : office.at("set_aside").as_array())
    std::printf("    set aside      %s: %s\n", text_if(one, "profile").c_str(), text_if(one, "reason").c_str());
  if (office.at("erasures_unconfirmed").to_number<std::uint64_t>() > 0)
    std::printf("    erasures       %s of ours not confirmed yet: their receipts wait for this office\n",
                count_of(office, "erasures_unconfirmed").c_str());
  if (office.at("erasures_pending").to_number<std::uint64_t>() > 0)
    std::printf("    erasures of it %s not through all files here yet\n", count_of(office, "erasures_pending").c_str());
}

void print_network(const json::value& network) {
  if (!network.at("joined").as_bool()) {
    std::printf("This office is in no network; `counterpart network join --office ID` begins it.\n");
    return;
  }
  const json::value& own = network.at("own");
  std::printf(
      "%-12s %s: this office\n    keys           %s\n    told           operation %s; %s kept until all have confirmed\n",
      text_if(own, "office").c_str(), text_if(own, "name").c_str(), text_if(own, "fingerprint").c_str(),
      count_of(network.at("position"), "sequence").c_str(), count_of(network, "operations_kept").c_str());
  for (const json::value& office : network.at("offices").as_array()) print_other(office);
  if (network.at("offices").as_array().empty()) std::printf("No other office is known.\n");
}

int run_status(const CommandContext& context) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("GET", "/v1/network"), print_network);
}

struct JoinArguments {
  std::string office, name;
};

void add_options(CLI::App& app, JoinArguments& arguments) {
  app.add_option("--office", arguments.office, "id by which the others know it: 1 to 64 of a-z 0-9 . _ -")->required();
  app.add_option("--name", arguments.name, "as people call it (default: the id)");
}

int run_join(const CommandContext& context, const JoinArguments& arguments) {
  json::object body{{"office", arguments.office}};
  if (!arguments.name.empty()) body["name"] = arguments.name;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("PUT", "/v1/network", json::serialize(body)), [](const json::value& network) {
    print_network(network);
    std::printf("`counterpart network card --output FILE` writes what the others need to know of it.\n");
  });
}

struct CardArguments {
  std::string output;
};

void add_options(CLI::App& app, CardArguments& arguments) {
  app.add_option("--output", arguments.output, "writes it there (default: standard output)")->type_name("FILE");
}

int run_card(const CommandContext& context, const CardArguments& arguments) {
  const Result<json::value> network = get_json(context, "/v1/network");
  if (!network) return report(network.error());
  if (!network->at("joined").as_bool())
    return report({ErrorCode::kNotFound, "network", "this office is in no network of offices",
                   "`counterpart network join --office ID` begins it"});
  const std::string card = text_if(network->at("own"), "card");
  if (arguments.output.empty()) {
    std::cout << card;
    return kDone;
  }
  AtomicFile file{arguments.output};
  file.write(card);
  if (const Status written = file.finish(); !written) return report(written.error());
  std::printf("%s: have it added by the other offices, which compare %s with you.\n", arguments.output.c_str(),
              text_if(network->at("own"), "fingerprint").c_str());
  return kDone;
}

struct AddArguments {
  std::string card;
};

void add_options(CLI::App& app, AddArguments& arguments) {
  app.add_option("CARD", arguments.card, "file that `network card` wrote there")->required();
}

int run_add(const CommandContext& context, const AddArguments& arguments) {
  const Result<std::string> card = read_file(arguments.card);
  if (!card) return report(card.error());
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> answer =
      backend->call("POST", "/v1/network/offices", json::serialize(json::object{{"card", *card}}));
  return print_answer(context, answer, [](const json::value& added) {
    std::printf(
        "%s (%s) is known. Its keys: %s\nAsk its people, by another way than the file came, whether that is what they see.\n",
        text_if(added, "office").c_str(), text_if(added, "name").c_str(), text_if(added, "fingerprint").c_str());
  });
}

struct RemoveArguments {
  std::string office;
};

void add_options(CLI::App& app, RemoveArguments& arguments) {
  app.add_option("OFFICE", arguments.office, "id of the other office")->required();
}

int run_remove(const CommandContext& context, const RemoveArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<std::string> gone = backend->call("DELETE", "/v1/network/offices/" + url_encode(arguments.office));
  return gone ? kDone : report(gone.error());
}

// --- What they hand each other.

struct ExportArguments {
  std::string to, folder;
};

void add_options(CLI::App& app, ExportArguments& arguments) {
  app.add_option("FOLDER", arguments.folder, "where the bundles are written, as on a stick")->required();
  app.add_option("--to", arguments.to, "id of the office that is to read them")->required();
}

// A name by which bundles sort as they are to be handed in.
std::string file_name(const std::string& from, const std::string& to, std::uint64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 8 ? 8 - digits.size() : 0, '0');
  return from + "-to-" + to + "-" + digits + ".bundle";
}

int run_export(const CommandContext& context, const ExportArguments& arguments) {
  std::error_code failed;
  std::filesystem::create_directories(arguments.folder, failed);
  if (failed) return report({ErrorCode::kStorage, arguments.folder, failed.message(), "name a folder that can be written"});
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const Result<json::value> network = call_json(*backend, "GET", "/v1/network");
  if (!network) return report(network.error());
  json::array files;
  json::object body{{"to", arguments.to}};
  for (bool more = true; more;) {
    const Result<json::value> made = call_json(*backend, "POST", "/v1/network/bundles", json::serialize(body));
    if (!made) return report(made.error());
    const std::optional<std::string> bytes = base64_decoded(text_if(*made, "bundle"));
    if (!bytes) return report({ErrorCode::kInternal, "bundle", "the answer holds none", {}});
    const std::string own = text_if(network->at("own"), "office");
    const std::filesystem::path path =
        std::filesystem::path(arguments.folder) / file_name(own, arguments.to, made->at("number").to_number<std::uint64_t>());
    AtomicFile file{path};
    file.write(*bytes);
    if (const Status written = file.finish(); !written) return report(written.error());
    json::object told{{"file", path.string()}};
    for (const char* name : {"number", "operations", "removals", "state"}) told[name] = made->at(name);
    if (!context.json)
      std::printf("%s: %s %s, %s removals that wait for nothing\n", path.c_str(), count_of(*made, "operations").c_str(),
                  made->at("state").as_bool() ? "profiles of the whole state" : "operations",
                  count_of(*made, "removals").c_str());
    files.push_back(std::move(told));
    more = !text_if(*made, "next").empty();
    if (more) body["from"] = text_if(*made, "next");
  }
  if (context.json) std::cout << json::serialize(json::object{{"bundles", std::move(files)}}) << "\n";
  return kDone;
}

struct ApplyArguments {
  std::vector<std::string> files;
};

void add_options(CLI::App& app, ApplyArguments& arguments) {
  app.add_option("FILE", arguments.files, "bundles, in the order of their numbers; one that was handed in before does no harm")
      ->required();
}

void print_received(const std::string& file, const json::value& received) {
  std::printf("%s: of %s; %s taken in, %s were here, %s set aside, %s removed\n", file.c_str(),
              text_if(received, "from").c_str(), count_of(received, "operations").c_str(),
              count_of(received, "repeated").c_str(), count_of(received, "parked").c_str(),
              count_of(received, "removed").c_str());
  if (const json::value* trouble = received.as_object().if_contains("trouble"))
    std::printf("    NOT ALL: %s; %s\n", text_if(*trouble, "reason").c_str(), text_if(*trouble, "remedy").c_str());
}

int run_apply(const CommandContext& context, const ApplyArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  json::array all;
  bool whole = true;
  std::string from;
  for (const std::string& file : arguments.files) {
    const Result<std::string> bytes = read_file(file);
    if (!bytes) return report(bytes.error());
    const Result<std::string> answer = backend->call("POST", "/v1/network/bundles:receive", *bytes, "application/octet-stream");
    const Result<json::value> received = answer ? parse_answer(*answer) : tl::unexpected(answer.error());
    if (!received) {
      Error why = received.error();
      why.place = file;
      (void)report(why);
      whole = false;
      continue;
    }
    whole = whole && received->at("whole").as_bool();
    from = text_if(*received, "from");
    if (!context.json) print_received(file, *received);
    json::object told = received->as_object();
    told["file"] = file;
    all.push_back(std::move(told));
  }
  if (context.json)
    std::cout << json::serialize(json::object{{"bundles", std::move(all)}}) << "\n";
  else if (!from.empty())
    std::printf(
        "`counterpart network export --to %s FOLDER` writes the confirmation for them, and what they do not have yet.\n",
        from.c_str());
  return whole ? kDone : kRefused;
}

const RegisteredVerb network_of_offices(
    {.order = 195,
     .name = "network",
     .help = "a network of offices, each of which owns its profiles: who is in it, and what they hand each other",
     .parts = {
         {.name = "status", .help = "this office and the others: what each has of the other", .define = bind(run_status)},
         {.name = "join",
          .help = "this office is one of a network from now on, under keys of its own",
          .define = bind<JoinArguments>(add_options, run_join),
          .makes_directory = true},
         {.name = "card",
          .help = "what the other offices need to know of this one",
          .define = bind<CardArguments>(add_options, run_card),
          .writes_for_everybody = true},
         {.name = "add", .help = "another office is known by its card", .define = bind<AddArguments>(add_options, run_add)},
         {.name = "remove",
          .help = "another office is not known any more, and what it sent goes",
          .define = bind<RemoveArguments>(add_options, run_remove)},
         {.name = "export",
          .help = "what another office has not confirmed yet, and what it is to know of us, as sealed bundles",
          .define = bind<ExportArguments>(add_options, run_export)},
         {.name = "apply",
          .help = "takes in bundles of another office, each operation once",
          .define = bind<ApplyArguments>(add_options, run_apply)},
         network_certificate_part()}});

}  // namespace
}  // namespace counterpart::server
