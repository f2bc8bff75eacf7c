#include <algorithm>

#include "engine/base/nearest.h"
#include "engine/profile/profile_json_tree.h"
#include "engine/survey/brief.h"
#include "index/base/time.h"
#include "index/caseload/brief_book.h"
#include "server/handlers/desks.h"
#include "server/handlers/entity_tags.h"
#include "server/handlers/route.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

json::array write_titles(const std::vector<BriefCount>& list, const Speech& speech) {
  json::array out;
  for (const BriefCount& one : list) out.push_back(json::object{{"code", one.code}, {"title", speech.word(one.title)}});
  return out;
}

json::array write_counts(const std::vector<BriefCount>& list, const Speech& speech) {
  json::array out;
  for (const BriefCount& one : list)
    out.push_back(json::object{{"code", one.code}, {"title", speech.word(one.title)}, {"profiles", one.profiles}});
  return out;
}

json::object write_brief(const CountryBrief& brief, const Speech& speech) {
  json::array programmes;
  for (const BriefProgramme& one : brief.programmes) {
    json::array sides;
    for (const std::string& side : one.sides) sides.emplace_back(speech.authored(side));
    programmes.push_back(json::object{
        {"slug", one.slug}, {"name", speech.authored(one.name)}, {"sides", std::move(sides)}, {"profiles", one.profiles}});
  }
  json::object out{{"country", brief.code},
                   {"name", speech.word(Title{Title::List::kCountries, brief.code})},
                   {"groups", write_titles(brief.groups, speech)},
                   {"regions", write_titles(brief.regions, speech)},
                   {"profiles", brief.profiles},
                   {"from_abroad", brief.from_abroad},
                   {"kinds", write_counts(brief.kinds, speech)},
                   {"roles", write_counts(brief.roles, speech)},
                   {"sectors", write_counts(brief.sectors, speech)},
                   {"offices", write_counts(brief.offices, speech)},
                   {"programmes", std::move(programmes)},
                   {"sequence", brief.sequence}};
  if (!brief.income.empty()) out["income"] = write_titles(brief.income, speech).at(0);
  if (!brief.currency.empty()) {
    json::object currency{{"code", brief.currency}, {"title", speech.word(Title{Title::List::kCurrencies, brief.currency})}};
    if (brief.usd) currency["usd"] = *brief.usd;
    out["currency"] = std::move(currency);
  }
  return out;
}

json::object write_section(const KeptSection& kept, const Speech& speech) {
  const std::string_view language = shown_in(kept.section, speech.language);
  json::array languages;
  for (const std::string_view one : languages_of(kept.section)) languages.emplace_back(one);
  const json::value section = json::parse(to_json(kept.section));
  json::object out{{"section", name_of(kept.part)},
                   {"title", speech.term("brief." + std::string(name_of(kept.part)))},
                   {"text", text_in(kept.section, language)},
                   {"lang", language},
                   {"languages", std::move(languages)},
                   {"sources", json::array()},
                   {"office", kept.office},
                   {"changed", iso_time(static_cast<std::uint64_t>(kept.at))},
                   {"version", kept.version}};
  if (const json::value* sources = section.as_object().if_contains("sources")) out["sources"] = *sources;
  return out;
}

Response brief(const Call& call) {
  const Result<CountryBrief> answer =
      country_brief(*call.data.corpus(), call.data.programmes, call.id, call.data.today(), call.data.taxonomy);
  if (!answer) return problem(answer.error(), call.request);
  const Result<std::vector<KeptSection>> kept = kept_sections(call.data.store, answer->code);
  if (!kept) return problem(kept.error(), call.request);
  json::array sections;
  for (const KeptSection& one : *kept) sections.push_back(write_section(one, call.speech));
  json::object body = write_brief(*answer, call.speech);
  body["sections"] = std::move(sections);
  return json_response(200, std::move(body));
}

// A section of a country, and who keeps it.
struct Kept {
  BriefPart part = BriefPart::kRegistration;
  std::optional<KeptSection> now;
  std::string office;  // of who acts
};

Result<Kept> section_at(const Call& call) {
  Kept kept;
  Result<Desk> desk = acting_desk(call);
  if (!desk) return tl::unexpected(std::move(desk.error()));
  kept.office = std::move(desk->office);
  const auto part = parse_word<BriefPart>(call.part);
  if (!part)
    return fail(ErrorCode::kNotFound, "section", "there is no such section",
                "it is one of " + joined_with_or(Vocabulary<BriefPart>::kNames));
  kept.part = *part;
  if (!call.data.taxonomy.countries.find(call.id))
    return fail(ErrorCode::kNotFound, "country", "`" + call.id.substr(0, 80) + "` is no country",
                "give its ISO 3166-1 alpha-2 code, as in KE");
  Result<std::vector<KeptSection>> all = kept_sections(call.data.store, call.id);
  if (!all) return tl::unexpected(std::move(all.error()));
  const auto found = std::ranges::find(*all, kept.part, &KeptSection::part);
  if (found != all->end()) kept.now = std::move(*found);
  return kept;
}

Response change_section(const Call& call, const std::optional<BriefSection>& section) {
  if (std::optional<Response> wrong = malformed_tags(call.request)) return std::move(*wrong);
  const Result<Kept> kept = section_at(call);
  if (!kept) return problem(kept.error(), call.request);
  const std::uint64_t version = kept->now ? kept->now->version : 0;
  std::optional<std::uint64_t> expect;
  if (const std::string match = header(call.request, "if-match"); !match.empty()) {
    if (!names_version(match, version, false)) {
      Conflict conflict{.yours = sent(call.request), .no_base = "the section has no earlier version"};
      if (kept->now) conflict.theirs = write_section(*kept->now, call.speech);
      return overtaken(call.request, "If-Match", conflict);
    }
    expect = version;
  }
  const Result<std::uint64_t> done =
      keep_section(call.data.store, call.id, kept->part, section, kept->office, expect, call.caller.name, call.data.now());
  if (!done) return problem(done.error(), call.request);
  if (!section) return {.status = 204, .content_type = {}, .headers = {}, .body = {}, .stream = {}};
  const KeptSection now{kept->part, *section, version > 0 ? kept->now->office : kept->office, *done, call.data.now()};
  Response response = json_response(version > 0 ? 200 : 201, write_section(now, call.speech));
  response.headers.emplace_back("ETag", etag_of(*done));
  return response;
}

Response put_section(const Call& call) {
  if (const Result<Desk> desk = acting_desk(call); !desk) return problem(desk.error(), call.request);
  const Result<json::object>& body = json_body(call.request);
  if (!body) return problem(body.error(), call.request);
  const Result<BriefSection> section = read_brief_section(*body, call.data.taxonomy);
  if (!section) return problem(section.error(), call.request);
  return change_section(call, *section);
}

Response delete_section(const Call& call) { return change_section(call, std::nullopt); }

constexpr Answer kBriefed[] = {{200, kJson, "CountryBrief", "the country, what is here of it, and what offices keep of it"},
                               {404, {}, {}, "no such country"}};
constexpr Answer kPut[] = {{201, kJson, "BriefSection", "kept by the caller's office from now on"},
                           {200, kJson, "BriefSection", "changed"},
                           {404, {}, {}, "no such country, section or desk"},
                           {412, {}, {}, "somebody has changed it meanwhile; `theirs` tells what it is"}};
constexpr Answer kRemoved[] = {{204, {}, {}, "removed"},
                               {404, {}, {}, "no such country, section or desk"},
                               {412, {}, {}, "somebody has changed it meanwhile; `theirs` tells what it is"}};
constexpr Parameter kKeeping[] = {
    {"desk", R"({"type":"string","minLength":1})", "the desk that acts; an officer's token has its own"},
    {"If-Match", kTags, "the version that the caller has seen; else 412", false, kHeader}};

constexpr Route kRoutes[] = {{"GET",
                              "/v1/countries/{country}/brief",
                              brief,
                              Right::kSurvey,
                              "What to know of a country before writing to someone there",
                              {},
                              kBriefed},
                             {"PUT",
                              "/v1/countries/{country}/brief/{section}",
                              put_section,
                              Right::kCasework,
                              "Keep a section of a country's brief: the office that wrote it first changes it",
                              kKeeping,
                              kPut,
                              {256 * 1024, kJson, "BriefText"}},
                             {"DELETE", "/v1/countries/{country}/brief/{section}", delete_section, Right::kCasework,
                              "Remove a section that the caller's office keeps", kKeeping, kRemoved}};

}  // namespace

std::span<const Route> brief_routes() { return kRoutes; }

}  // namespace counterpart::server
