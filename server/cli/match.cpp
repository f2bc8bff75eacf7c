// match and explain: ask, then print what came back for a person or as JSON.
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <optional>
#include <utility>

#include "engine/base/file.h"
#include "engine/profile/profile_json_tree.h"
#include "server/cli/limited.h"
#include "server/cli/verb.h"
#include "server/client/json.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

double number_of(const json::value& value, std::string_view key) {
  const json::value* found = value.as_object().if_contains(key);
  return found && found->is_number() ? found->to_number<double>() : 0;
}

bool flag_of(const json::value& value, std::string_view key) {
  const json::value* found = value.as_object().if_contains(key);
  return found && found->is_bool() && found->as_bool();
}

void print_parts(const json::value& parts) {
  for (const json::value& part : parts.as_array())
    std::printf("       %-15s %+.4f  (value %.3f, weight %.2f%s)\n", text_if(part, "signal").c_str(),
                number_of(part, "contribution"), number_of(part, "value"), number_of(part, "weight"),
                !flag_of(part, "counted")   ? ", not counted"
                : flag_of(part, "inferred") ? ", inferred from the text"
                : flag_of(part, "known")    ? ""
                                            : ", not stated: as expected");
}

// "exposure: LDC 3 of 10 (floor 2; 120 qualify), ...; the floors cost 0.004 of the mean score"; a group that none of those
// who qualify belongs to, and that no floor asks for, is not worth a word.
void print_exposure(const json::value& answer) {
  const char* before = "exposure: ";
  for (const json::value& one : answer.at("exposure").as_array()) {
    const double floor = number_of(one, "floor"), qualifying = number_of(one, "qualifying");
    if (floor == 0 && qualifying == 0) continue;
    const std::string side = text_if(one, "side");
    std::printf("%s%s %.0f of %.0f%s (", std::exchange(before, ", "), text_if(one, "group").c_str(), number_of(one, "in_list"),
                number_of(one, "of_list"), side.empty() ? "" : (" as " + side).c_str());
    if (floor > 0) std::printf("floor %.0f; ", floor);
    std::printf("%.0f qualify)", qualifying);
  }
  if (*before == 'e') return;
  if (const double cost = number_of(answer, "exposure_cost"); cost > 0)
    std::printf("; the floors cost %.4f of the mean score", cost);
  if (const double cost = number_of(answer, "diversity_cost"); cost > 0)
    std::printf("; variety costs %.4f of the mean score", cost);
  std::printf(".\n");
}

void print_evidence(const json::value& answer) {
  const json::value* evidence = answer.as_object().if_contains("evidence");
  if (!evidence) return;
  std::printf("       %s\"…%s…\"\n", text_if(*evidence, "face") == "seeks" ? "they seek: " : "",
              text_if(*evidence, "text").c_str());
  const json::value* reference = evidence->as_object().if_contains("reference");
  if (!reference) return;
  std::string where = text_if(*reference, "country");
  if (const auto year = static_cast<int>(number_of(*reference, "year")); year > 0)
    where += (where.empty() ? "" : " ") + std::to_string(year);
  std::printf("       reference: %s%s\n", text_if(*reference, "title").c_str(), where.empty() ? "" : (", " + where).c_str());
}

void print_would_help(const json::value& answer) {
  const json::value* help = answer.as_object().if_contains("would_help");
  if (!help) return;  // from an older server
  std::printf("What would help: %s.\n", text_if(*help, "summary").c_str());
  for (const json::value& edit : help->at("edits").as_array())
    std::printf("  - %s: rank %.0f, score %.3f\n", text_if(edit, "words").c_str(), number_of(edit, "rank"),
                number_of(edit, "score"));
  for (const json::value& verdict : help->at("blocking").as_array())
    std::printf("  ! %s (condition of %s)\n", text_if(verdict, "condition").c_str(), text_if(verdict, "owner").c_str());
}

// "supplier, technology_supplier; 0.14 as near expected by chance; you are 3rd in its list"
std::string standing_of(const json::value& match) {
  std::string text = text_if(match, "side");
  if (const json::value* roles = match.as_object().if_contains("roles"))
    for (const json::value& role : roles->as_array()) text += (text.empty() ? "" : ", ") + std::string(role.as_string());
  if (match.as_object().contains("expected_by_chance")) {
    char expected[64];
    std::snprintf(expected, sizeof expected, "%.2g as near expected by chance", number_of(match, "expected_by_chance"));
    text += (text.empty() ? "" : "; ") + std::string(expected);
  }
  if (const double place = number_of(match, "place"); place > 0)
    text +=
        (text.empty() ? "" : "; ") + std::string("you are number ") + std::to_string(static_cast<int>(place)) + " in its list";
  return text;
}

// Of a list of nobody, or of weak matches alone: which condition shuts out the most, what opens it, how to keep the question.
void print_nobody(const json::value& answer) {
  const double qualifying = number_of(answer, "qualifying");
  if (qualifying == 0) {
    std::printf("Nobody meets all conditions.\n");
    print_absence(answer);
  } else {
    std::printf("Nobody really fits: of %.0f who meet all conditions none is nearer than chance would bring.\n", qualifying);
    if (const json::value* removed = answer.as_object().if_contains("removed"); removed && !removed->as_array().empty())
      print_absence(answer);
    if (number_of(answer, "weak") > 0) std::printf("--all-bands shows the weak matches.\n");
  }
  if (answer.as_object().contains("keep"))
    std::printf("To be told of whoever comes later and fits: counterpart standing add, with the same words.\n");
}

// Due diligence and good practice.
void print_beside(const json::value& match) {
  print_origin(match, 7);
  if (const json::value* stated = match.as_object().if_contains("due_diligence"))
    std::printf("       %s by %s, %s\n", text_if(*stated, "status").c_str(), text_if(*stated, "by").c_str(),
                text_if(*stated, "at").substr(0, 10).c_str());
  const json::value* told = match.as_object().if_contains("good_practice");
  if (!told) return;
  for (const json::value& one : told->as_array())
    std::printf("       good practice with %s, %s: %s\n", text_if(one, "partner").c_str(),
                text_if(one, "at").substr(0, 4).c_str(), text_if(one, "outcome").c_str());
}

void print_matches(const json::value& answer) {
  const bool nobody = text_if(answer, "fit") == "nobody";
  if (nobody) print_nobody(answer);
  int rank = 0;
  for (const json::value& match : answer.at("matches").as_array()) {
    std::printf("%3d. %-8s  %s  %s  [%s]\n", ++rank, text_if(match, "band").c_str(), text_if(match, "country").c_str(),
                text_if(match, "title").c_str(), text_if(match, "id").c_str());
    if (const std::string standing = standing_of(match); !standing.empty()) std::printf("       %s\n", standing.c_str());
    for (const json::value& reason : match.at("reasons").as_array())
      std::printf("       - %s\n", std::string(reason.as_string()).c_str());
    if (const json::value* floors = match.as_object().if_contains("exposure")) {
      std::string groups;
      for (const json::value& group : floors->as_array())
        groups += (groups.empty() ? "" : ", ") + std::string(group.as_string());
      std::printf("       stands here for the floor of %s, before others of better scores\n", groups.c_str());
    }
    if (const json::value* also = match.as_object().if_contains("also")) {
      const char* before = "       also of this organisation: ";
      for (const json::value& id : also->as_array())
        std::printf("%s%s", std::exchange(before, ", "), std::string(id.as_string()).c_str());
      std::printf("\n");
    }
    print_evidence(match);
    print_beside(match);
    if (const json::value* parts = match.as_object().if_contains("parts")) print_parts(*parts);
  }
  if (const double weak = number_of(answer, "weak"); weak > 0 && !nobody)
    std::printf("No more are nearer than chance would bring; --all-bands shows weak matches too.\n");
  if (const double full = number_of(answer, "full"); full > 0)
    std::printf("%.0f have no free place for another introduction and were passed over; --full lists them.\n", full);
  std::printf("%.0f of %.0f qualifying profiles compared (%s); the list is %s.\n", number_of(answer, "scanned"),
              number_of(answer, "qualifying"), text_if(answer, "method").c_str(),
              flag_of(answer, "complete") ? "complete" : "not proven complete; --exact compares everything");
  print_exposure(answer);
  print_note(answer);
}

void print_explanation(const json::value& answer) {
  const bool matched = flag_of(answer, "matched");
  std::printf("%s and %s %s under %s.\n", text_if(answer, "a").c_str(), text_if(answer, "b").c_str(),
              matched ? "match" : "do NOT match", text_if(answer, "programme").c_str());
  if (matched) {
    const double rank = number_of(answer, "rank");
    if (rank > 0) std::printf("Rank %.0f among all who qualify.\n", rank);
  }
  const std::string band = text_if(answer, "band"), standing = standing_of(answer);
  if (!band.empty()) std::printf("Band: %s%s\n", band.c_str(), standing.empty() ? "" : (" (" + standing + ")").c_str());
  std::printf("Score %.3f%s\n", number_of(answer, "score"), matched ? "" : " (what it would be)");
  print_parts(answer.at("parts"));
  for (const json::value& reason : answer.at("reasons").as_array())
    std::printf("  - %s\n", std::string(reason.as_string()).c_str());
  print_evidence(answer);
  print_beside(answer);
  for (const json::value& verdict : answer.at("verdicts").as_array()) {
    std::printf("  %s %s (condition of %s; found: %s)\n", flag_of(verdict, "met") ? "met   " : "BROKEN",
                text_if(verdict, "condition").c_str(), text_if(verdict, "owner").c_str(), text_if(verdict, "found").c_str());
    if (const std::string change = text_if(verdict, "change"); !change.empty())
      std::printf("         what would change it: %s\n", change.c_str());
  }
  print_would_help(answer);
  print_note(answer);
}

struct MatchArguments {
  std::optional<std::string> profile, text, offering, draft;
  std::string programme = "open", country = {}, side = {};
  std::vector<std::string> where;  // FIELD=VALUE[,VALUE]
  std::size_t limit = kMatchList.standard.value();
  bool explain = false;
  bool exact = false;
  bool diversify = false, full = false;
  bool all_bands = false;
};

void add_options(CLI::App& app, MatchArguments& arguments) {
  CLI::Option* profile = app.add_option("--profile", arguments.profile, "id of a stored profile");
  CLI::Option* text = app.add_option("--text", arguments.text, "what is sought, in your own words");
  CLI::Option* offering = app.add_option("--offering", arguments.offering, "what is offered, in your own words");
  CLI::Option* draft = app.add_option("--draft", arguments.draft, "a file with one profile as JSON, which is not stored");
  profile->excludes(text)->excludes(offering)->excludes(draft);
  draft->excludes(text)->excludes(offering);
  app.add_option("--country", arguments.country, "of a text: where you are, as in KE")->excludes(profile)->excludes(draft);
  app.add_option("--side", arguments.side, "the side of the programme from which you ask");
  app.add_option("--programme", arguments.programme, "by whose rules")->capture_default_str();
  app.add_option("--where", arguments.where, "FIELD=VALUE[,VALUE], repeatable");
  app.add_option("--limit", arguments.limit, "how many")->capture_default_str();
  app.add_flag("--all-bands", arguments.all_bands, "list weak matches too");
  app.add_flag("--full", arguments.full, "list those too who have no free place");
  app.add_flag("--explain", arguments.explain, "show the parts of each score");
  app.add_flag("--exact", arguments.exact, "compare every profile that qualifies");
  app.add_flag("--diversify", arguments.diversify, "vary countries, organisations and texts");
}

// The profile in a file, as it stands there.
Result<json::value> read_draft(const std::string& file) {
  const Result<std::string> text = read_file(file);
  if (!text) return tl::unexpected(text.error());
  return parse_strictly(*text).map_error([&](Error error) {
    error.place = file;
    return error;
  });
}

void print_without_parts(const json::value& answer) {
  json::value shown = answer;
  for (json::value& match : shown.at("matches").as_array()) match.as_object().erase("parts");
  print_matches(shown);
}

int run_match(const CommandContext& context, const MatchArguments& arguments) {
  if (!arguments.profile && !arguments.text && !arguments.offering && !arguments.draft) {
    std::cerr << "counterpart match: give --profile ID, or --text TEXT, or --offering TEXT, or --draft FILE\n";
    return kWrongUsage;
  }
  const Result<json::object> where = where_of(arguments.where);
  if (!where) return report(where.error(), kWrongUsage);
  // A person is shown what each says of itself, which comes with the parts.
  json::object body{
      {"programme", arguments.programme}, {"limit", arguments.limit}, {"explain", arguments.explain || !context.json}};
  if (arguments.draft) {
    Result<json::value> draft = read_draft(*arguments.draft);
    if (!draft) return report(draft.error());
    body["draft"] = std::move(*draft);
  }
  if (!arguments.country.empty()) body["country"] = arguments.country;
  if (!arguments.side.empty()) body["side"] = arguments.side;
  if (arguments.all_bands) body["bands"] = json::array{"strong", "good", "possible", "weak"};
  if (arguments.exact) body["exact"] = true;
  if (arguments.diversify) body["diversify"] = true;
  if (arguments.full) body["full"] = true;
  for (const auto& [name, given] :
       {std::pair{"profile", &arguments.profile}, {"text", &arguments.text}, {"offering", &arguments.offering}})
    if (*given && !(*given)->empty()) body[name] = **given;
  if (!where->empty()) body["where"] = *where;
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  return print_answer(context, backend->call("POST", "/v1/match", json::serialize(body)),
                      arguments.explain ? print_matches : print_without_parts);
}

struct ExplainArguments {
  std::string a, b, programme = "open";
};

void add_options(CLI::App& app, ExplainArguments& arguments) {
  app.add_option("A", arguments.a, "id of the one who asks")->required();
  app.add_option("B", arguments.b, "id of the other")->required();
  app.add_option("--programme", arguments.programme, "by whose rules")->capture_default_str();
}

int run_explain(const CommandContext& context, const ExplainArguments& arguments) {
  Result<Backend> backend = Backend::open(context);
  if (!backend) return report(backend.error());
  const std::string target = "/v1/explain?a=" + url_encode(arguments.a) + "&b=" + url_encode(arguments.b) +
                             "&programme=" + url_encode(arguments.programme);
  return print_answer(context, backend->call("GET", target), print_explanation);
}

const RegisteredVerb match({.order = 30,
                            .name = "match",
                            .help = "ranked counterparts of a profile or a text",
                            .define = bind<MatchArguments>(add_options, run_match)});
const RegisteredVerb explain({.order = 40,
                              .name = "explain",
                              .help = "why two profiles match, or why not",
                              .define = bind<ExplainArguments>(add_options, run_explain)});

}  // namespace
}  // namespace counterpart::server
