#include "server/api/openapi.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <stdexcept>

#include "engine/allocation/panel.h"
#include "engine/casework/standing.h"
#include "engine/corpus/field.h"
#include "engine/taxonomy/vocabulary.h"
#include "server/access/rights.h"
#include "server/api/openapi_members.h"
#include "server/api/routes.h"
#include "server/page/embedded.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::array codes(const CodeList& list) {
  json::array out;
  for (const CodeList::Entry& entry : list.entries()) out.emplace_back(entry.code);
  return out;
}

template <class Word>
json::array words() {
  return json::array(Vocabulary<Word>::kNames.begin(), Vocabulary<Word>::kNames.end());
}

// What "@name" stands for in openapi_schemas.json and in a parameter's schema; {"@": "@name", ...} has its members beside
// those that follow.
using Lists = std::map<std::string, json::value, std::less<>>;

// The rules of engine/profile/profile_check.h as patterns; characters beyond U+FFFF are left out of them.
Lists patterns() {
  const std::string never = R"(\ufdd0-\ufdef\ufffe\uffff)";  // noncharacters
  const std::string control = R"(\u0000-\u001f\u007f-\u009f\u2028\u2029)" + never;
  const std::string blank =
      R"(\s\u00a0\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f\u2028-\u202f)"
      R"(\u205f-\u206f\u3000\ufeff\ufff9-\ufffb)";
  const std::string visible = "[^" + control + blank + "]";
  const std::string any = "[^" + control + "]*";
  const std::string name = "[^@ " + control + "]+";
  Lists lists;
  lists["@line"] = "^" + any + visible + any + "$";
  lists["@text"] = R"(^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f)" + never + "]*$";
  lists["@visible"] = visible;
  lists["@email"] = "^" + name + "@" + name + "$";
  return lists;
}

json::object schema_of(const Limit& limit) {
  json::object out{{"type", "integer"}, {"minimum", limit.least}, {"maximum", limit.most}};
  if (limit.standard) out["default"] = *limit.standard;
  return out;
}

// The values of one field in a condition.
json::object field_values() {
  return {
      {"type", "array"}, {"minItems", kFieldValues.least}, {"maxItems", kFieldValues.most}, {"items", {{"type", "string"}}}};
}

// Limits of numbers in bodies.
void add_limits(Lists& lists) {
  lists.insert({{"@match_list", schema_of(kMatchList)},
                {"@panel_seed", schema_of(kPanelSeed)},
                {"@panel_seats", schema_of(kPanelSeats)},
                {"@panel_topics", kPanelTopics.most},
                {"@run_candidates", schema_of(kRunCandidates)},
                {"@run_listed", schema_of(kRunListed)},
                {"@run_spare", schema_of(kRunSpare)},
                {"@runs_kept", schema_of(kRunsKept)},
                {"@run_memory", schema_of(kRunMemory)},
                {"@run_threads", schema_of(kRunThreads)},
                {"@run_workers", schema_of(kRunWorkers)},
                {"@run_nice", schema_of(kRunNice)},
                {"@token_life", schema_of(kTokenLife)},
                {"@link_life", schema_of(kLinkLife)},
                {"@match_after", schema_of(kMatchAfter)},
                {"@backups_kept", schema_of(kBackupsKept)},
                {"@field_values", field_values()}});
}

// Each once, but those of the clock.
json::array verbs_of_cases() {
  json::array verbs{"move"};
  for (const ActRow& row : life_cycles().acts)
    if (row.who != kClock && std::ranges::find(verbs, json::value(row.verb)) == verbs.end()) verbs.emplace_back(row.verb);
  return verbs;
}

Lists lists_of(const Taxonomy& taxonomy) {
  Lists lists = member_schemas(taxonomy);
  lists.merge(patterns());
  lists.insert({{"@kinds", words<Kind>()},
                {"@countries", codes(taxonomy.countries)},
                {"@country_groups", codes(taxonomy.country_groups)},
                {"@sectors", codes(taxonomy.sectors)}});
  json::array either = lists["@countries"].as_array();
  for (const json::value& group : lists["@country_groups"].as_array()) either.push_back(group);
  lists["@countries_and_groups"] = std::move(either);
  json::array names;
  for (const Field& field : fields()) names.emplace_back(field.name);
  lists["@fields"] = std::move(names);
  lists["@un_languages"] = json::array(std::begin(kUnLanguages), std::end(kUnLanguages));
  lists["@panel_levels"] = json::array(std::begin(kPanelLevels), std::end(kPanelLevels));
  lists["@token_roles"] = json::array(kRoleNames.begin(), kRoleNames.end());
  lists["@verbs"] = verbs_of_cases();
  json::array kinds;
  for (const KindRow& row : life_cycles().kinds) kinds.emplace_back(row.kind);
  lists["@case_kinds"] = std::move(kinds);
  lists.insert({{"@steps", words<Step>()}, {"@found", words<Found>()}, {"@cooperations", words<Cooperation>()}});
  add_limits(lists);
  return lists;
}

// Throws on the name of a list that there is none of; a test reads the document.
void fill_in(json::value& value, const Lists& lists) {
  if (value.is_array()) {
    for (json::value& entry : value.as_array()) fill_in(entry, lists);
  } else if (value.is_object()) {
    json::object& object = value.as_object();
    for (auto& [name, member] : object) fill_in(member, lists);
    if (const auto more = object.find("@"); more != object.end()) {
      const json::object members = std::move(more->value().as_object());
      object.erase(more);
      for (const auto& [name, member] : members) object.emplace(name, member);
    }
  } else if (value.is_string() && value.as_string().starts_with("@")) {
    const auto found = lists.find(std::string_view(value.as_string()));
    if (found == lists.end()) throw std::logic_error("OpenAPI document: no list " + std::string(value.as_string()));
    value = found->second;
    fill_in(value, lists);
  }
}

json::object schema_of(std::string_view component) { return {{"$ref", "#/components/schemas/" + std::string(component)}}; }

json::value written(std::string_view schema) { return json::parse(schema); }
json::value written(const Limit& limit) { return schema_of(limit); }

std::string_view path_schema(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> kSchemas[] = {{"country", "Country"},
                                                                        {"programme", "ProgrammeName"},
                                                                        {"verb", "Verb"},
                                                                        {"number", "LetterNumber"},
                                                                        {"version", "VersionNumber"}};
  const auto found = std::ranges::find(kSchemas, name, &std::pair<std::string_view, std::string_view>::first);
  return found != std::end(kSchemas) ? found->second : "Id";
}

json::array parameters_of(const Route& route) {
  json::array out;
  for (std::size_t brace = route.pattern.find('{'); brace != route.pattern.npos; brace = route.pattern.find('{', brace + 1)) {
    const std::string_view name = route.pattern.substr(brace + 1, route.pattern.find('}', brace) - brace - 1);
    out.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", schema_of(path_schema(name))}});
  }
  const auto add = [&](const Parameter& parameter) {
    json::object one{{"name", parameter.name},
                     {"in", parameter.in == Parameter::In::kQuery ? "query" : "header"},
                     {"required", parameter.required},
                     {"description", parameter.help},
                     {"schema", std::visit([](const auto& schema) { return written(schema); }, parameter.schema)}};
    const json::value* type = one["schema"].as_object().if_contains("type");
    if (type && *type == "array") one["explode"] = false;
    out.push_back(std::move(one));
  };
  std::ranges::for_each(route.parameters, add);
  if (takes_lang(route) && std::ranges::find(route.parameters, kLang.name, &Parameter::name) == route.parameters.end())
    add(kLang);
  if (route.filters)
    for (const Field& field : fields())
      out.push_back({{"name", field.name},
                     {"in", "query"},
                     {"required", false},
                     {"description", std::string(field.help) + "; values joined by commas, any of which must hold"},
                     {"explode", false},
                     {"schema", field_values()}});
  return out;
}

// Every call can meet these.
struct Common {
  int status;
  std::string_view help;
};
constexpr std::array kCommon{
    Common{400, "malformed, or breaks a rule: `member` says where, `remedy` what would be right"},
    Common{401, "no token, or none that is in force"},
    Common{403, "beyond what the token may, or sent by a page of another site"},
    Common{408, "did not arrive in time"},
    Common{413, "over the size that this call takes"},
    Common{415, "not the media type of this call"},
    Common{417, "an Expect field other than 100-continue"},
    Common{429, "over this token's budget; Retry-After says when to come again"},
    Common{414, "target over the header's limit"},
    Common{431, "header over its limit"},
    Common{500, "a fault of the server"},
    Common{501, "a Transfer-Encoding other than chunked"},
    Common{503, "overloaded, stopping, or given up after a minute; Retry-After says when to come again"},
    Common{507, "the disk refused; nothing was changed"}};

json::object problem_of(std::string_view help) {
  return {{"description", help}, {"content", {{"application/problem+json", {{"schema", schema_of("Problem")}}}}}};
}

json::object responses_of(const Route& route) {
  json::object out;
  for (const Common& common : kCommon) {
    if (common.status == 415 && route.body.media.empty()) continue;
    if (common.status == 507 && route.method == "GET") continue;
    out[std::to_string(common.status)] = problem_of(common.help);
  }
  for (const Answer& answer : route.answers) {
    json::object one{{"description", answer.help}};
    if (answer.status >= 400) one = problem_of(answer.help);
    if (!answer.media.empty())
      one["content"] = {
          {answer.media, answer.schema.empty() ? json::object{} : json::object{{"schema", schema_of(answer.schema)}}}};
    if (answer.schema == "Written" || answer.schema == "ReadProfile")
      one["headers"] = {{"ETag", {{"schema", {{"type", "string"}}}, {"description", "the version, quoted"}}}};
    if (answer.schema == "SignedIn" && answer.status == 201)
      one["headers"] = {{"Set-Cookie", {{"schema", {{"type", "string"}}}, {"description", "the session, for browsers alone"}}}};
    json::value& documented = out[std::to_string(answer.status)];  // of one status there may be several media
    if (documented.is_object() && answer.status < 400 && documented.as_object().contains("content"))
      documented.at("content").as_object()[answer.media] = std::move(one.at("content").at(answer.media));
    else
      documented = std::move(one);
  }
  return out;
}

json::object operation_of(const Route& route) {
  json::object out{{"summary", route.summary}, {"responses", responses_of(route)}};
  if (json::array parameters = parameters_of(route); !parameters.empty()) out["parameters"] = std::move(parameters);
  if (!route.body.media.empty()) {
    const json::object schema = route.body.schema.empty() ? json::object{{"type", "string"}} : schema_of(route.body.schema);
    out["requestBody"] = {{"required", true},
                          {"description", "at most " + std::to_string(route.body.limit) + " bytes"},
                          {"content", {{route.body.media, {{"schema", schema}}}}}};
    json::object& content = out["requestBody"].at("content").as_object();
    for (const std::string_view media : route.body.also)
      content[media] = json::object{{"schema", {{"type", "string"}, {"format", "binary"}}}};
  }
  return out;
}

}  // namespace

std::string openapi_of(const Taxonomy& taxonomy) {
  json::value schemas = json::parse(json::string_view(embedded_file("openapi_schemas.json")));
  const Lists lists = lists_of(taxonomy);
  fill_in(schemas, lists);
  json::object paths;
  for (const Route& route : routes()) {
    if (!route.documented) continue;
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    json::value& path = paths.emplace(route.pattern, json::object{}).first->value();
    json::value operation = operation_of(route);
    fill_in(operation, lists);
    path.as_object()[method] = std::move(operation);
  }
  return json::serialize(json::object{{"openapi", "3.1.0"},
                                      {"info",
                                       {{"title", "Counterpart"},
                                        {"version", COUNTERPART_VERSION},
                                        {"description",
                                         "Partner matching for investment and technology promotion. Any call may also be made "
                                         "with OPTIONS, and each GET with HEAD."}}},
                                      {"paths", std::move(paths)},
                                      {"components", {{"schemas", std::move(schemas)}}}});
}

}  // namespace counterpart::server
