#include "server/wire/wire.h"

#include <algorithm>

#include "engine/corpus/field.h"
#include "engine/profile/profile_check.h"
#include "engine/profile/profile_json.h"
#include "engine/profile/profile_json_tree.h"
#include "server/service/condition.h"
#include "server/wire/absence.h"
#include "server/wire/arguments.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostFacets = 32;  // as many as GET /v1/profiles takes

json::array write_parts(const std::vector<ScorePart>& parts, const Speech& speech) {
  json::array out;
  for (const ScorePart& part : parts)
    out.push_back(json::object{{"signal", part.signal},
                               {"name", speech.term("signal." + std::string(part.signal))},
                               {"value", part.value},
                               {"weight", part.weight},
                               {"contribution", part.contribution},
                               {"known", part.known},
                               {"inferred", part.inferred},
                               {"counted", part.counted}});
  return out;
}

json::object write_evidence(const Evidence& evidence) {
  json::object out{{"face", evidence.face},
                   {"member", evidence.member},
                   {"text", evidence.text},
                   {"offset", evidence.offset},
                   {"length", evidence.length}};
  if (!evidence.lang.empty()) out["lang"] = evidence.lang;
  if (evidence.reference) {
    json::object& reference = (out["reference"] = json::object{{"title", evidence.reference->title}}).as_object();
    if (!evidence.reference->country.empty()) reference["country"] = evidence.reference->country;
    if (evidence.reference->year) reference["year"] = *evidence.reference->year;
    if (!evidence.reference->sector.empty()) reference["sector"] = evidence.reference->sector;
    reference["number"] = evidence.reference_number;
  }
  if (const auto& asked = evidence.asked) {
    json::object& own =
        (out["asked"] =
             json::object{
                 {"member", asked->member}, {"text", asked->text}, {"offset", asked->offset}, {"length", asked->length}})
            .as_object();
    if (!asked->lang.empty()) own["lang"] = asked->lang;
  }
  return out;
}

json::array write_verdicts(const std::vector<Verdict>& verdicts, const Speech& speech) {
  json::array out;
  for (const Verdict& verdict : verdicts) {
    json::object one{{"owner", speech.say(verdict.owner)},
                     {"condition", speech.say(verdict.condition)},
                     {"met", verdict.met},
                     {"found", speech.say(verdict.found)}};
    if (!verdict.change.empty()) one["change"] = speech.say(verdict.change);
    out.push_back(std::move(one));
  }
  return out;
}

std::string_view name_of(WouldHelp::Outcome outcome) {
  switch (outcome) {
    case WouldHelp::Outcome::kAlready: return "already";
    case WouldHelp::Outcome::kEdits: return "edits";
    case WouldHelp::Outcome::kNotEnough: return "not_enough";
    case WouldHelp::Outcome::kNotYours: return "not_yours";
  }
  return "not_enough";
}

json::object write_would_help(const WouldHelp& help, const Speech& speech) {
  json::array edits;
  for (const HelpfulEdit& edit : help.edits)
    edits.push_back(json::object{
        {"words", speech.say(edit.words)}, {"members", strings(edit.members)}, {"score", edit.score}, {"rank", edit.rank}});
  json::object out{{"outcome", name_of(help.outcome)},
                   {"summary", speech.say(help.summary)},
                   {"edits", std::move(edits)},
                   {"blocking", write_verdicts(help.blocking, speech)},
                   {"trials", help.trials},
                   {"exhausted", help.exhausted}};
  if (help.tenth > 0) out["tenth"] = help.tenth;
  return out;
}

Result<std::string> text_of(const json::value& value, std::string_view member) {
  if (value.is_string()) return std::string(value.as_string());
  return fail(ErrorCode::kInvalid, std::string(member), "not a string", "give a string");
}

Result<Profile> draft_of(const json::value& value, const Taxonomy& taxonomy) {
  if (!value.is_object()) return fail(ErrorCode::kInvalid, "draft", "not an object", "give a profile");
  Result<Profile> draft = read_profile(value, taxonomy);
  if (!draft)
    return fail(draft.error().code, draft.error().place.empty() ? "draft" : "draft." + draft.error().place,
                draft.error().message, draft.error().remedy);
  return draft;
}

Result<std::string> country_of(const json::value& value, const Taxonomy& taxonomy) {
  Result<std::string> code = text_of(value, "country");
  if (!code || taxonomy.countries.find(*code)) return code;
  return fail(ErrorCode::kInvalid, "country", "`" + code->substr(0, 80) + "` is not in " + taxonomy.countries.name(),
              country_meant(*code, taxonomy.country_names(), "give an ISO 3166-1 alpha-2 code, as in `KE`"));
}

Result<std::vector<std::string>> facets_of(const json::value& value) {
  std::vector<std::string> fields;
  if (!value.is_array() || value.as_array().size() > kMostFacets)
    return fail(ErrorCode::kInvalid, "facets", "not a list of fields", "see GET /v1/profiles");
  for (const json::value& entry : value.as_array()) {
    if (!entry.is_string() || !find_field(std::string_view(entry.as_string())))
      return fail(ErrorCode::kInvalid, "facets", "holds what is no field", "see GET /v1/profiles");
    fields.emplace_back(entry.as_string());
  }
  return fields;
}

Result<BandSet> bands_of(const json::value& value) {
  std::string names;
  for (const BandRow& row : bands()) names += (names.empty() ? "" : ", ") + std::string(row.name);
  const std::string remedy = "give a list of some of " + names;
  if (!value.is_array() || value.as_array().empty()) return fail(ErrorCode::kInvalid, "bands", "not a list of bands", remedy);
  BandSet set;
  for (const json::value& entry : value.as_array()) {
    const std::optional<Band> band = entry.is_string() ? find_band(std::string_view(entry.as_string())) : std::nullopt;
    if (!band) return fail(ErrorCode::kInvalid, "bands", "holds what is no band", remedy);
    set.insert(*band);
  }
  return set;
}

json::object write_facets(const std::map<std::string, FacetCounts>& facets) {
  json::object out;
  for (const auto& [field, counts] : facets) {
    json::array list;
    for (const auto& [key, count] : counts) list.push_back(json::object{{"key", key}, {"count", count}});
    out[field] = std::move(list);
  }
  return out;
}

json::object write_places(const PlacesOf& places) { return {{"of", places.capacity}, {"taken", places.taken}}; }

// What is said of a match as much as of an explanation.
void add_band(json::object& out, Band band, std::optional<double> expected, std::optional<std::size_t> place) {
  out["band"] = name_of(band);
  if (expected) out["expected_by_chance"] = *expected;
  if (place.value_or(0) > 0) out["place"] = *place;
}

// One member of POST /v1/match into the call.
Status take_member(std::string_view name, const json::value& value, const Taxonomy& taxonomy, MatchCall& call) {
  if (name == "where") return into(read_where(value, taxonomy), call.where);
  if (name == "draft") return into(draft_of(value, taxonomy), call.draft);
  if (name == "limit") return into(number_of(value, name, kMatchList), call.limit);
  if (name == "after") return into(number_of(value, name, kMatchAfter), call.after);
  if (name == "sequence") return into(number_of(value, name, kAfter), call.seen);
  if (name == "facets") return into(facets_of(value), call.facets);
  if (name == "explain") return into(flag_of(value, name), call.explain);
  if (name == "exact") return into(flag_of(value, name), call.exact);
  if (name == "diversify") return into(flag_of(value, name), call.diversify);
  if (name == "full") return into(flag_of(value, name), call.full);
  if (name == "bands") return into(bands_of(value), call.bands);
  if (name == "country") return into(country_of(value, taxonomy), call.country);
  std::string* text = name == "profile"     ? &call.profile_id
                      : name == "text"      ? &call.text
                      : name == "offering"  ? &call.offering
                      : name == "programme" ? &call.programme
                      : name == "side"      ? &call.side
                                            : nullptr;
  if (!text)
    return fail(ErrorCode::kInvalid, std::string(name.substr(0, 80)), "no such member",
                "members are profile, text, offering, draft, country, side, programme, where, limit, after, sequence, facets, "
                "bands, explain, exact, diversify, full");
  if (Status taken = into(text_of(value, name), *text); !taken) return taken;
  if (text->find_first_not_of(" \t\r\n") == std::string::npos)
    return fail(ErrorCode::kInvalid, std::string(name), "empty", "leave the member out, or say something");
  return {};
}

}  // namespace

namespace {

Result<json::object> parse_object(std::string_view body) {
  const std::string remedy = "send one JSON object in UTF-8";
  Result<json::value> value = parse_strictly(body);
  if (!value) {
    Error& error = value.error();
    if (error.remedy.empty()) error.remedy = remedy;
    return tl::unexpected(std::move(error));
  }
  if (!value->is_object()) return fail(ErrorCode::kInvalid, {}, "not a JSON object", remedy);
  return std::move(value->as_object());
}

}  // namespace

const Result<json::object>& json_body(const Request& request) {
  if (!request.json) request.json = std::make_shared<const Result<json::object>>(parse_object(request.body));
  return *request.json;
}

Result<MatchCall> read_match_call(const Request& request, const Taxonomy& taxonomy) {
  const Result<json::object>& object = json_body(request);
  if (!object) return tl::unexpected(object.error());
  MatchCall call;
  for (const auto& [name, value] : *object)
    if (Status taken = take_member(std::string_view(name.data(), name.size()), value, taxonomy, call); !taken)
      return tl::unexpected(taken.error());
  const int ways =
      int{!call.profile_id.empty()} + int{call.draft.has_value()} + int{!call.text.empty() || !call.offering.empty()};
  if (ways != 1)
    return fail(ErrorCode::kInvalid, "profile", "exactly one of a profile, a draft and a text is needed",
                "give `profile`, `draft`, or `text` (with or without `offering`)");
  if (!call.country.empty() && call.text.empty() && call.offering.empty())
    return fail(ErrorCode::kInvalid, "country", "a profile and a draft state their own", "leave it out");
  return call;
}

Result<Conditions> read_where(const json::value& value, const Taxonomy& taxonomy) {
  const std::string_view remedy = R"(write {"FIELD": ["VALUE", ...]})";
  if (!value.is_object()) return fail(ErrorCode::kInvalid, "where", "not an object", std::string(remedy));
  Conditions conditions;
  for (const auto& [name, list] : value.as_object()) {
    const std::string place = "where." + std::string(name.substr(0, 80));
    if (!list.is_array()) return fail(ErrorCode::kInvalid, place, "not a list", std::string(remedy));
    if (list.as_array().empty()) return fail(ErrorCode::kInvalid, place, "no value is given", std::string(remedy));
    if (list.as_array().size() > kFieldValues.most)
      return fail(ErrorCode::kInvalid, place, "too many values", "at most " + std::to_string(kFieldValues.most));
    std::vector<std::string> values;
    for (const json::value& entry : list.as_array()) {
      Result<std::string> text = text_of(entry, place);
      if (!text) return tl::unexpected(text.error());
      values.push_back(std::move(*text));
    }
    Result<Condition> condition = requested_condition(std::string_view(name.data(), name.size()), values, taxonomy);
    if (!condition) return fail(condition.error().code, place, condition.error().message, condition.error().remedy);
    conditions.push_back(std::move(*condition));
  }
  return conditions;
}

namespace {

// How a question that nobody answers is kept, so that whoever comes later and fits is told: a call that can be made as it is.
void add_keeping(json::object& out, const MatchCall& call) {
  json::object body{{"programme", call.programme}};
  const Profile* draft = call.draft ? &*call.draft : nullptr;
  const std::string &text = draft ? draft->seeks : call.text, &offering = draft ? draft->offers : call.offering;
  if (text.empty() && offering.empty()) return;  // a stored profile is matched anew every night
  if (!text.empty()) body["text"] = text;
  if (!offering.empty()) body["offering"] = offering;
  json::object where;
  for (const Condition& condition : call.where) where[condition.field] = strings(condition.any_of);
  if (!where.empty()) body["where"] = std::move(where);
  out["keep"] = json::object{{"method", "POST"}, {"path", "/v1/standing-queries"}, {"body", std::move(body)}};
}

}  // namespace

json::object write_matches(const Matches& matches, const MatchCall& call, const Speech& speech) {
  json::array list;
  for (const Match& match : matches.matches) {
    json::object one{{"id", match.id}, {"title", match.title}, {"country", match.country}, {"score", match.score}};
    if (call.explain) one["parts"] = write_parts(match.parts, speech);
    one["reasons"] = strings(speech.say_all(match.reasons));
    if (!match.also.empty()) one["also"] = strings(match.also);
    if (!match.brought_in.empty()) one["exposure"] = strings(match.brought_in);
    if (match.evidence) one["evidence"] = write_evidence(*match.evidence);
    add_band(one, match.band, match.expected, match.place);
    if (!match.side.empty()) one["side"] = match.side;
    if (!match.roles.empty()) one["roles"] = strings(match.roles);
    if (match.places) one["places"] = write_places(*match.places);
    list.push_back(std::move(one));
  }
  json::array exposure;
  for (const Exposure& group : matches.exposure) {
    json::object one{
        {"group", group.group}, {"in_list", group.in_list}, {"of_list", group.of_list}, {"qualifying", group.qualifying}};
    if (group.floor > 0) one["floor"] = group.floor;
    if (!group.side.empty()) one["side"] = group.side;
    exposure.push_back(std::move(one));
  }
  json::object out{{"matches", std::move(list)},
                   {"complete", matches.complete},
                   {"method", matches.method},
                   {"qualifying", matches.qualifying},
                   {"scanned", matches.scanned},
                   {"sequence", matches.sequence},
                   {"programme", call.programme},
                   {"exposure", std::move(exposure)},
                   {"exposure_cost", matches.exposure_cost},
                   {"diversity_cost", matches.diversity_cost},
                   {"fit", matches.somebody ? "some" : "nobody"},
                   {"weak", matches.weak}};
  if (matches.full > 0) out["full"] = matches.full;
  if (matches.more) out["next_after"] = std::min(call.after + call.limit, kMaxLimit);
  if (call.seen) out["moved_on"] = *call.seen != matches.sequence;
  if (!call.facets.empty()) out["facets"] = write_facets(matches.facets);
  add_absence(out, matches, speech);
  if (!matches.somebody) add_keeping(out, call);
  add_awaiting(out, matches.awaiting_fine, speech);
  return out;
}

json::object write_explanation(const ExplainAnswer& answer, const Speech& speech) {
  json::object out{{"a", answer.a},
                   {"b", answer.b},
                   {"programme", answer.programme},
                   {"matched", answer.explanation.matched},
                   {"score", answer.explanation.score.total},
                   {"parts", write_parts(answer.explanation.score.parts, speech)},
                   {"reasons", strings(speech.say_all(answer.explanation.reasons))},
                   {"verdicts", write_verdicts(answer.explanation.verdicts, speech)},
                   {"would_help", write_would_help(answer.would_help, speech)},
                   {"sequence", answer.sequence}};
  if (answer.explanation.evidence) out["evidence"] = write_evidence(*answer.explanation.evidence);
  if (answer.rank) out["rank"] = *answer.rank;
  if (answer.band) add_band(out, *answer.band, answer.expected, answer.place);
  add_awaiting(out, answer.awaiting_fine, speech);
  return out;
}

json::object write_search(const SearchAnswer& answer, const Speech& speech) {
  json::array hits;
  for (const SearchHit& hit : answer.hits) {
    json::object one{{"id", hit.id}, {"title", hit.title}, {"country", hit.country}, {"kind", hit.kind}};
    if (hit.score) one["score"] = *hit.score;
    if (!hit.found_by.empty()) one["found_by"] = hit.found_by;
    hits.push_back(std::move(one));
  }
  json::object out{{"profiles", std::move(hits)},
                   {"total", answer.total},
                   {"facets", write_facets(answer.facets)},
                   {"sequence", answer.sequence}};
  if (!answer.removed.empty()) out["removed"] = write_removed(answer.removed, speech);
  if (!answer.next_cursor.empty()) out["next_cursor"] = answer.next_cursor;
  return out;
}

json::object write_advice(const AdviceAnswer& answer) {
  json::array list;
  for (const Advice& one : answer.advice)
    list.push_back(json::object{{"member", one.member}, {"add", one.add}, {"help", one.help}});
  json::object out{
      {"id", answer.id}, {"lang", answer.language}, {"completeness", answer.completeness}, {"advice", std::move(list)}};
  json::array inferred;
  for (const InferredSector& one : answer.inferred)
    inferred.push_back(json::object{{"code", one.code}, {"title", one.title}, {"probability", one.probability}});
  if (answer.places) out["places"] = write_places(*answer.places);
  if (!inferred.empty()) out["inferred_sectors"] = std::move(inferred);
  return out;
}

json::object write_duplicates(const DuplicatesAnswer& answer, const Speech& speech) {
  json::array list;
  for (const DuplicatePair& pair : answer.pairs)
    list.push_back(json::object{{"keep", pair.keep},
                                {"keep_title", pair.keep_title},
                                {"erase", pair.erase},
                                {"erase_title", pair.erase_title},
                                {"score", pair.score},
                                {"reasons", strings(speech.say_all(pair.reasons))},
                                {"call", "POST /v1/profiles/" + pair.keep + ":merge"},
                                {"body", json::object{{"with", pair.erase}}}});
  return {{"pairs", std::move(list)}, {"total", answer.total}, {"sequence", answer.sequence}};
}

json::object write_written(const Written& written) {
  return {{"id", written.id},
          {"version", written.version},
          {"sequence", written.sequence},
          {"status", written.created     ? "created"
                     : written.unchanged ? "unchanged"
                                         : "replaced"}};
}

json::array write_revelations(const std::vector<Revelation>& found) {
  json::array out;
  for (const Revelation& one : found)
    out.push_back(json::object{{"member", one.member}, {"offset", one.offset}, {"length", one.length}, {"kind", one.kind}});
  return out;
}

}  // namespace counterpart::server
