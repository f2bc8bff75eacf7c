// convene: a panel, printed for the manager of a programme; the certificate of its draw, written and checked.
#include <boost/json.hpp>
#include <cstdio>

#include "engine/allocation/panel_group.h"
#include "engine/base/file.h"
#include "engine/base/nearest.h"
#include "index/base/files.h"
#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"
#include "server/client/told.h"
#include "server/draw/certificate.h"
#include "server/draw/certificate_check.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, std::string_view key) { return std::string(value.at(key).as_string()); }
std::string count_of(const json::value& value, std::string_view key) {
  return grouped(value.at(key).to_number<std::uint64_t>());
}

std::string joined(const json::value& list, std::string_view between) {
  std::string text;
  for (const json::value& one : list.as_array())
    text += (text.empty() ? "" : std::string(between)) + std::string(one.as_string());
  return text;
}

// "eastern africa" of "region:eastern-africa"; codes ("002") say the same to machines.
std::string regions_of(const json::value& seat) {
  std::string text;
  for (const json::value& one : seat.at("regions").as_array()) {
    std::string region(one.as_string());
    if (const std::size_t colon = region.find(':'); colon != std::string::npos) region.erase(0, colon + 1);
    if (region.empty() || (region[0] >= '0' && region[0] <= '9')) continue;
    text += (text.empty() ? "" : ", ") + region;
  }
  return text;
}

void print_seats(const json::value& panel) {
  int number = 0;
  for (const json::value& seat : panel.at("seats").as_array()) {
    std::printf("%4d. %s  %s  [%s]\n", ++number, text_of(seat, "country").c_str(), text_of(seat, "title").c_str(),
                text_of(seat, "id").c_str());
    print_origin(seat, 6);
    const std::string regions = regions_of(seat), topics = joined(seat.at("topics"), "; ");
    std::printf("      for %s%s%s; merit %.2f\n", text_of(seat, "constituency").c_str(), regions.empty() ? "" : "; ",
                regions.c_str(), seat.at("merit").to_number<double>());
    if (!topics.empty()) std::printf("      covers: %s\n", topics.c_str());
    for (const json::value& one : seat.at("alternates").as_array()) {
      std::printf("      alternate: %s  %s  [%s]\n", text_of(one, "country").c_str(), text_of(one, "title").c_str(),
                  text_of(one, "id").c_str());
      print_origin(one, 17);
    }
    if (const std::string why = text_if(seat, "no_alternate"); !why.empty())
      std::printf("      no alternate: %s\n", why.c_str());
  }
}

void print_quotas(const json::value& panel) {
  if (!panel.at("quotas").as_array().empty()) std::printf("Quotas (seats asked, got; candidates):\n");
  for (const json::value& quota : panel.at("quotas").as_array()) {
    std::string asked;
    if (quota.as_object().contains("at_least")) asked = "at least " + count_of(quota, "at_least");
    if (quota.as_object().contains("at_most"))
      asked += (asked.empty() ? "at most " : ", at most ") + count_of(quota, "at_most");
    std::printf("  %-28s %-24s got %-5s of %s candidates\n", text_of(quota, "group").c_str(), asked.c_str(),
                count_of(quota, "got").c_str(), count_of(quota, "candidates").c_str());
  }
  if (!panel.at("coverage").as_array().empty()) std::printf("Topics (experts asked, got; candidates who cover it):\n");
  for (const json::value& topic : panel.at("coverage").as_array())
    std::printf("  %-53s at least %s, got %s of %s\n", text_of(topic, "topic").c_str(), count_of(topic, "asked").c_str(),
                count_of(topic, "got").c_str(), count_of(topic, "candidates").c_str());
}

void print_panel(const json::value& panel) {
  const std::size_t seats = panel.at("seats").as_array().size();
  std::printf("%s (%s), level %s: %s seats of %s asked, %s candidates, seed %s\n", text_of(panel, "name").c_str(),
              text_of(panel, "programme").c_str(), text_of(panel, "level").c_str(), grouped(seats).c_str(),
              count_of(panel, "seats_asked").c_str(), count_of(panel, "candidates").c_str(),
              std::to_string(panel.at("seed").to_number<std::uint64_t>()).c_str());
  print_absence(panel);
  print_seats(panel);
  print_quotas(panel);
  const json::array& relaxations = panel.at("relaxations").as_array();
  std::printf(relaxations.empty() ? "All rules are kept.\n" : "What had to give way:\n");
  for (const json::value& one : relaxations) std::printf("  - %s\n", text_of(one, "message").c_str());
  if (!panel.at("relaxation_proven").as_bool()) std::printf("The search ended at its limit: perhaps less had to give way.\n");
  if (const auto bare = panel.at("seats_without_alternate").to_number<std::uint64_t>(); bare > 0)
    std::printf("%s seats have no alternate: nobody else of their constituency can take them without breaking a rule.\n",
                grouped(bare).c_str());
  if (seats == 0) return;
  const double gap = panel.at("gap").to_number<double>();
  if (panel.at("proven_optimal").as_bool())
    std::printf("No better panel is possible under these rules. Total merit %.2f.\n", panel.at("merit").to_number<double>());
  else
    std::printf("A better panel, if there is one, is better by %.4f %% at most. Total merit %.2f.\n", gap * 100,
                panel.at("merit").to_number<double>());
}

struct ConveneArguments {
  std::string programme;  // empty: the first that composes a panel
  std::uint64_t seed = 0;
  std::size_t seats = 0;  // 0: as the programme says
  std::string level;      // empty: the same
  std::vector<std::string> topics;
  std::string certificate;  // a file to write; empty: none
  std::string check;        // a file to check; empty: a panel is drawn
  std::string invite;       // a file whose seats are invited; empty: none
  std::string desk;
  bool preview = false, nominated = false;
};

void add_options(CLI::App& app, ConveneArguments& arguments) {
  app.add_option("--programme", arguments.programme, "by whose rules (default: the first that composes a panel)");
  app.add_option("--seed", arguments.seed, "of the public draw among equals")
      ->check(within<std::uint64_t>(kPanelSeed))
      ->capture_default_str();
  app.add_option("--seats", arguments.seats, "how many (default: as the programme says)")
      ->check(within<std::size_t>(kPanelSeats));
  app.add_option("--level", arguments.level, joined_with_or(kPanelLevels));
  app.add_option("--topic", arguments.topics, "of the agenda, in words; repeatable (default: the programme's)")
      ->allow_extra_args(false);
  app.add_flag("--nominated", arguments.nominated, "only those stand whose nomination is confirmed")->needs("--programme");
  app.add_option("--certificate", arguments.certificate, "writes the certificate of the draw, which anybody can check")
      ->type_name("FILE");
  app.add_option("--check", arguments.check, "checks such a certificate, with nothing but the file")
      ->type_name("FILE")
      ->excludes("--programme", "--seats", "--level", "--topic", "--certificate", "--seed");
  CLI::Option* invite =
      app.add_option("--invite", arguments.invite, "invites whom such a certificate seats; again: tells how its seats stand")
          ->type_name("FILE")
          ->excludes("--programme", "--seats", "--level", "--topic", "--certificate", "--seed", "--check");
  app.add_option("--desk", arguments.desk, "of the programme's office, that invites")->needs(invite);
  app.add_flag("--preview", arguments.preview, "tells what would be done, and does nothing")->needs(invite);
}

// The certificate as it is printed and signed: who was drawn, from what, and what the check found.
void print_certificate(const json::object& certificate, const json::object& verdict) {
  const auto said = [&](const char* name) {
    const json::value* value = certificate.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : value ? json::serialize(*value) : std::string();
  };
  std::printf("Certificate of a draw\n\n  %s (%s)\n  level %s, seed %s, drawn %s\n", said("name").c_str(),
              said("programme").c_str(), said("level").c_str(), said("seed").c_str(), said("drawn_at").c_str());
  for (const auto& [name, hash] : certificate.at("hashes").as_object())
    std::printf("  %s: SHA-256 %s\n", std::string(name).c_str(), json::serialize(hash).c_str());
  std::printf("\n");
  int number = 0;
  for (const json::value& seat : certificate.at("result").at("seats").as_array()) {
    std::printf("%4d. %s  %s  [%s]  for %s\n", ++number, text_if(seat, "country").c_str(), text_if(seat, "title").c_str(),
                text_if(seat, "id").c_str(), text_if(seat, "constituency").c_str());
    for (const json::value& one : seat.at("alternates").as_array())
      std::printf("      alternate: %s  %s  [%s]\n", text_if(one, "country").c_str(), text_if(one, "title").c_str(),
                  text_if(one, "id").c_str());
  }
  std::printf("\n");
  for (const json::value& one : verdict.at("findings").as_array())
    std::printf("%s  %s\n", one.at("holds").as_bool() ? "right" : "WRONG", text_if(one, "finding").c_str());
}

Result<json::object> read_certificate(const std::string& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  boost::system::error_code failed;
  const json::value value = json::parse(*text, failed);
  if (failed || !value.is_object() || text->size() > kMaxCertificate) return no_certificate(file);
  return value.as_object();
}

// Without a data directory and without a server.
int run_check(const CommandContext& context, const std::string& file) {
  const Result<Told> told = Told::in(context.language, context.service.datasets);
  if (!told) return report(told.error());
  const Result<json::object> certificate = read_certificate(file);
  if (!certificate) return report(told->say(certificate.error()));
  const Result<DrawVerdict> verdict = check_certificate(*certificate);
  if (!verdict) return report(told->say(verdict.error()));
  const Result<std::shared_ptr<const Taxonomy>> taxonomy = Taxonomy::load(context.service.datasets / "taxonomy");
  if (!taxonomy) return report(taxonomy.error());
  const Result<std::unique_ptr<const Words>> words = Words::load(context.service.datasets / "words", **taxonomy);
  if (!words) return report(words.error());
  const json::object said = write_draw_verdict(*verdict, {**words, context.language.empty() ? "en" : context.language});
  if (context.json)
    std::printf("%s\n", json::serialize(said).c_str());
  else
    print_certificate(*certificate, said);
  return verdict->holds() ? kDone : kRefused;
}

void print_seats_filled(const json::value& panel) {
  int number = 0;
  for (const json::value& seat : panel.at("seats").as_array()) {
    const bool failed = seat.as_object().contains("status");
    std::printf("%4d. %-24s %s\n", ++number, text_of(seat, "seat").c_str(),
                failed ? ("not invited: " + text_if(seat, "detail") + "; " + text_if(seat, "remedy")).c_str()
                       : (text_of(seat, "state") + "  " + text_of(seat, "id") + "  [" + text_of(seat, "case") + "]").c_str());
  }
  std::printf("%s invited%s.\n", count_of(panel, "invited").c_str(), panel.at("preview").as_bool() ? " if it were done" : "");
}

int run_invite(const CommandContext& context, const ConveneArguments& arguments) {
  const Result<json::object> certificate = read_certificate(arguments.invite);
  if (!certificate) return report(certificate.error());
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  std::string target = arguments.preview ? "/v1/panels:invite?preview=true" : "/v1/panels:invite?preview=false";
  if (!arguments.desk.empty()) target += "&desk=" + url_encode(arguments.desk);
  return print_answer(context, backend->call("POST", target, json::serialize(*certificate)), print_seats_filled);
}

// Writes the certificate that the answer has, and takes it out: what is printed is the panel.
Status keep_certificate(std::string& answer, const std::string& file) {
  Result<json::value> panel = parse_answer(answer);
  if (!panel) return tl::unexpected(panel.error());
  AtomicFile out{file};
  out.write(json::serialize(panel->at("certificate")) + "\n");
  if (Status written = out.finish(); !written) return written;
  panel->as_object().erase("certificate");
  answer = json::serialize(*panel);
  return {};
}

int run_convene(const CommandContext& context, const ConveneArguments& arguments) {
  if (!arguments.check.empty()) return run_check(context, arguments.check);
  if (!arguments.invite.empty()) return run_invite(context, arguments);
  json::object body{{"seed", arguments.seed}};
  if (!arguments.programme.empty()) body["programme"] = arguments.programme;
  if (arguments.seats > 0) body["seats"] = arguments.seats;
  if (!arguments.level.empty()) body["level"] = arguments.level;
  if (!arguments.topics.empty()) body["topics"] = json::array(arguments.topics.begin(), arguments.topics.end());
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  if (arguments.nominated) body["nominated"] = true;
  if (!arguments.certificate.empty()) body["certificate"] = true;
  Result<std::string> answer = backend->call("POST", "/v1/panels", json::serialize(body));
  if (answer && !arguments.certificate.empty())
    if (const Status kept = keep_certificate(*answer, arguments.certificate); !kept) return report(kept.error());
  return print_answer(context, answer, print_panel);
}

const RegisteredVerb convene({.order = 50,
                              .name = "convene",
                              .help = "a panel that keeps a programme's quotas, with alternates",
                              .define = bind(add_options, run_convene)});

}  // namespace
}  // namespace counterpart::server
