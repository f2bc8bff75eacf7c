// coverage and brief: who is missing from a programme, and what to know of a country.
#include <boost/json.hpp>
#include <cstdio>

#include "engine/base/file.h"
#include "engine/base/nearest.h"
#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value, std::string_view key) { return std::string(value.at(key).as_string()); }
std::uint64_t number_of(const json::value& value, std::string_view key) { return value.at(key).to_number<std::uint64_t>(); }

// "developing          3   10.0 %  of 81.6 %  ratio 0.12"
void print_key(const json::value& key) {
  const json::value* ratio = key.as_object().if_contains("ratio");
  char compared[32] = "";
  if (ratio) std::snprintf(compared, sizeof compared, "  ratio %.2f", ratio->to_number<double>());
  const std::string code = text_of(key, "key"), title = text_of(key, "title");
  std::printf("  %-26s %7s  %5.1f %%  %s %5.1f %%%s  %s\n", code.c_str(), grouped(number_of(key, "members")).c_str(),
              key.at("share").to_number<double>() * 100, key.at("asked").as_bool() ? "asked   " : "expected",
              key.at("expected").to_number<double>() * 100, compared, title == code ? "" : title.c_str());
}

void print_dimension(const json::value& dimension) {
  std::printf("%s: %s members state it; compared with %s\n", text_of(dimension, "name").c_str(),
              grouped(number_of(dimension, "stated")).c_str(),
              text_of(dimension, "reference") == "countries" ? "all countries" : "all who could take part");
  for (const json::value& key : dimension.at("keys").as_array())
    if (number_of(key, "members") > 0 || key.at("expected").to_number<double>() > 0) print_key(key);
}

void print_gap(const json::value& gap, int number) {
  const std::uint64_t could = number_of(gap, "could_join");
  std::printf("%3d. %s %s (%s): %s missing; %s\n", number, text_of(gap, "dimension").c_str(), text_of(gap, "key").c_str(),
              text_of(gap, "title").c_str(), grouped(number_of(gap, "missing")).c_str(),
              could == 0 ? "nobody here could join" : (grouped(could) + " could join").c_str());
  for (const json::value& filler : gap.at("fillers").as_array()) {
    std::printf("       %s  %s  [%s]\n", text_of(filler, "country").c_str(), text_of(filler, "title").c_str(),
                text_of(filler, "id").c_str());
    print_origin(filler, 11);
  }
}

std::string joined(const json::value& list, std::string_view member) {
  std::string text;
  for (const json::value& one : list.as_array()) text += (text.empty() ? "" : ", ") + text_of(one, member);
  return text.empty() ? "none" : text;
}

// "Manufacturing 12, Construction 3"
std::string with_counts(const json::value& list) {
  std::string text;
  for (const json::value& one : list.as_array())
    text += (text.empty() ? "" : ", ") + text_of(one, "title") + " " + grouped(number_of(one, "profiles"));
  return text.empty() ? "none" : text;
}

void print_currency(const json::value& brief) {
  const json::value* currency = brief.as_object().if_contains("currency");
  if (!currency) return;
  std::printf("  currency   %s, %s", text_of(*currency, "code").c_str(), text_of(*currency, "title").c_str());
  if (const json::value* usd = currency->as_object().if_contains("usd"))
    std::printf(" (1 %s = %.4g USD)", text_of(*currency, "code").c_str(), usd->to_number<double>());
  std::printf("\n");
}

// Those in which nobody of the country can be matched yet are only named.
void print_programmes(const json::array& programmes) {
  std::string others;
  for (const json::value& programme : programmes) {
    const std::string slug = text_of(programme, "slug");
    if (number_of(programme, "profiles") == 0) {
      others += (others.empty() ? "" : ", ") + slug;
      continue;
    }
    std::printf("  programme  %s, %s: %s profiles may be matched\n", slug.c_str(), text_of(programme, "name").c_str(),
                grouped(number_of(programme, "profiles")).c_str());
    for (const json::value& side : programme.at("sides").as_array())
      std::printf("             - as %s\n", std::string(side.as_string()).c_str());
  }
  if (!others.empty()) std::printf("  open to it, with nobody there yet: %s\n", others.c_str());
}

struct CoverageArguments {
  std::string programme = "global-alliance";
  std::vector<std::string> shares;  // KEY=SHARE
  std::size_t gaps = kCoverageGaps.standard.value(), fillers = kGapFillers.standard.value();
};

void add_options(CLI::App& app, CoverageArguments& arguments) {
  app.add_option("--programme", arguments.programme, "whose members")->capture_default_str();
  app.add_option("--share", arguments.shares, "KEY=SHARE that a key ought to have, as in LDC=0.3; repeatable")
      ->allow_extra_args(false);
  app.add_option("--gaps", arguments.gaps, "how many gaps")->check(within(kCoverageGaps))->capture_default_str();
  app.add_option("--fillers", arguments.fillers, "how many profiles that could fill each")
      ->check(within(kGapFillers))
      ->capture_default_str();
}

int run_coverage(const CommandContext& context, const CoverageArguments& arguments) {
  std::string shares;
  for (const std::string& share : arguments.shares) shares += (shares.empty() ? "" : ",") + share;
  std::string target = "/v1/programmes/" + url_encode(arguments.programme) +
                       "/coverage?gaps=" + std::to_string(arguments.gaps) + "&fillers=" + std::to_string(arguments.fillers);
  if (!shares.empty()) target += "&shares=" + url_encode(shares);
  const Result<json::value> answer = get_json(context, target);
  if (!answer) return report(answer.error());
  if (context.json) return kDone;
  std::printf("%s has %s members.\n", arguments.programme.c_str(), grouped(number_of(*answer, "members")).c_str());
  print_absence(*answer);
  if (answer->at("assumed").as_bool())
    std::printf("No profile names it in `programmes`: these are all who name none and are eligible.\n");
  if (const std::uint64_t outside = number_of(*answer, "not_eligible"); outside > 0)
    std::printf("%s of them stand on none of its sides.\n", grouped(outside).c_str());
  for (const json::value& dimension : answer->at("dimensions").as_array()) print_dimension(dimension);
  const json::array& gaps = answer->at("gaps").as_array();
  std::printf("%s\n",
              gaps.empty() ? "No gaps are listed." : "Gaps, by how many members are missing to reach the expected share:");
  int number = 0;
  for (const json::value& gap : gaps) print_gap(gap, ++number);
  return kDone;
}

struct BriefArguments {
  std::string country;
};

void add_options(CLI::App& app, BriefArguments& arguments) {
  app.add_option("COUNTRY", arguments.country, "ISO 3166-1 alpha-2, as in KE")->required();
}

int run_brief(const CommandContext& context, const BriefArguments& arguments) {
  const Result<json::value> answer = get_json(context, "/v1/countries/" + url_encode(upper_case(arguments.country)) + "/brief");
  if (!answer) return report(answer.error());
  if (context.json) return kDone;
  const json::value* income = answer->as_object().if_contains("income");
  std::printf("%s  %s\n", text_of(*answer, "country").c_str(), text_of(*answer, "name").c_str());
  std::printf("  groups     %s\n", joined(answer->at("groups"), "title").c_str());
  std::printf("  income     %s\n", income ? text_of(*income, "title").c_str() : "not classified");
  std::printf("  regions    %s\n", joined(answer->at("regions"), "title").c_str());
  print_currency(*answer);
  std::printf("  profiles   %s seated there, %s more work there\n", grouped(number_of(*answer, "profiles")).c_str(),
              grouped(number_of(*answer, "from_abroad")).c_str());
  for (const char* list : {"kinds", "roles", "sectors", "offices"})
    std::printf("  %-9s  %s\n", list, with_counts(answer->at(list)).c_str());
  print_programmes(answer->at("programmes").as_array());
  for (const json::value& section : answer->at("sections").as_array()) {
    std::printf("\n  %s  (%s, %s)\n  %s\n", text_of(section, "title").c_str(), text_of(section, "office").c_str(),
                text_of(section, "changed").substr(0, 10).c_str(), text_of(section, "text").c_str());
    for (const json::value& source : section.at("sources").as_array())
      std::printf("    - %s, %s %s\n", text_of(source, "title").c_str(), text_of(source, "date").c_str(),
                  text_if(source, "address").c_str());
  }
  return kDone;
}

struct KeepArguments {
  std::string country, section, file, desk;
  bool remove = false;
};

void add_options(CLI::App& app, KeepArguments& arguments) {
  app.add_option("COUNTRY", arguments.country, "ISO 3166-1 alpha-2, as in KE")->required();
  app.add_option("SECTION", arguments.section, "registration, tax, incentives, agencies or sources")->required();
  CLI::Option* file = app.add_option("FILE", arguments.file,
                                     R"(JSON, as in {"fr": "...", "sources": [{"title": "...", "date": "2026-01-31"}]})");
  app.add_flag("--remove", arguments.remove, "removes it instead")->excludes(file);
  app.add_option("--desk", arguments.desk, "whose office keeps it");
}

int run_keep(const CommandContext& context, const KeepArguments& arguments) {
  if (arguments.file.empty() && !arguments.remove)
    return report({ErrorCode::kInvalid, "FILE", "is required", "a file with the text, or --remove"}, kWrongUsage);
  const Result<std::string> text = arguments.remove ? Result<std::string>(std::string()) : read_file(arguments.file);
  if (!text) return report(text.error());
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = "/v1/countries/" + url_encode(upper_case(arguments.country)) + "/brief/" +
                             url_encode(arguments.section) +
                             (arguments.desk.empty() ? std::string() : "?desk=" + url_encode(arguments.desk));
  const Result<std::string> answer = backend->call(arguments.remove ? "DELETE" : "PUT", target, *text);
  if (!answer) return report(answer.error());
  if (context.json) std::printf("%s\n", answer->c_str());
  return kDone;
}

const RegisteredVerb coverage({.order = 100,
                               .name = "coverage",
                               .help = "which members a programme has, lacks and could have",
                               .define = bind<CoverageArguments>(add_options, run_coverage)});
const RegisteredVerb brief({.order = 110,
                            .name = "brief",
                            .help = "what to know of a country before writing to someone there",
                            .define = bind<BriefArguments>(add_options, run_brief)});
const RegisteredVerb brief_section({.order = 111,
                                    .name = "brief-section",
                                    .help = "keep or remove a section of a country's brief: registration, tax, incentives",
                                    .define = bind<KeepArguments>(add_options, run_keep)});

}  // namespace
}  // namespace counterpart::server
