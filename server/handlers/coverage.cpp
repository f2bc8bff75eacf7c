#include "engine/survey/coverage.h"

#include <algorithm>
#include <charconv>

#include "server/handlers/received.h"
#include "server/handlers/route.h"
#include "server/service/rules.h"
#include "server/wire/absence.h"
#include "server/wire/arguments.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

tl::unexpected<Error> wrong_share(std::string_view part) {
  return fail(ErrorCode::kInvalid, "shares", "`" + std::string(part.substr(0, 80)) + "` is no key with its share",
              "write KEY=SHARE,KEY=SHARE, as in LDC=0.3,C=0.5");
}

Status read_shares(std::string_view text, CoverageCall& call) {
  while (true) {
    const std::string_view part = text.substr(0, text.find(','));
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == part.npos) return wrong_share(part);
    const std::string_view number = part.substr(equals + 1);
    double share = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), share);
    if (error != std::errc{} || end != number.data() + number.size()) return wrong_share(part);
    const std::string key(part.substr(0, equals));
    if (!call.shares.emplace(key, share).second)
      return fail(ErrorCode::kInvalid, "shares", "`" + key.substr(0, 80) + "` is given twice", "give each key once");
    if (part.size() == text.size()) return {};
    text.remove_prefix(part.size() + 1);
  }
}

json::object write_key(const CoverageKey& key, const Speech& speech) {
  json::object out{{"key", key.key},        {"title", speech.word(key.title)}, {"members", key.members},
                   {"share", key.share},    {"expected", key.expected},        {"asked", key.asked},
                   {"missing", key.missing}};
  if (key.ratio) out["ratio"] = *key.ratio;
  return out;
}

json::object write_coverage(const std::string& programme, const Coverage& coverage, const Speech& speech) {
  json::array dimensions, gaps;
  for (const CoverageDimension& dimension : coverage.dimensions) {
    json::array keys;
    for (const CoverageKey& key : dimension.keys) keys.push_back(write_key(key, speech));
    dimensions.push_back(json::object{
        {"name", dimension.name}, {"reference", dimension.reference}, {"stated", dimension.stated}, {"keys", std::move(keys)}});
  }
  for (const CoverageGap& gap : coverage.gaps) {
    json::array fillers;
    for (const CoverageFiller& one : gap.fillers)
      fillers.push_back(
          json::object{{"id", one.id}, {"title", one.title}, {"country", one.country}, {"nearness", one.nearness}});
    json::object out = write_key(gap.key, speech);
    out["dimension"] = gap.dimension;
    out["could_join"] = gap.could_join;
    out["fillers"] = std::move(fillers);
    gaps.push_back(std::move(out));
  }
  json::object out{{"programme", programme},
                   {"members", coverage.members},
                   {"assumed", coverage.assumed},
                   {"not_eligible", coverage.not_eligible},
                   {"dimensions", std::move(dimensions)},
                   {"gaps", std::move(gaps)},
                   {"sequence", coverage.sequence}};
  if (!coverage.removed.empty()) out["removed"] = write_removed(coverage.removed, speech);
  return out;
}

Response coverage(const Call& call) {
  CoverageCall asked;
  if (const auto shares = call.request.query.find("shares"); shares != call.request.query.end())
    if (const Status read = read_shares(shares->second, asked); !read) return problem(read.error(), call.request);
  const Result<std::uint64_t> gaps = number_of(call.request, "gaps", kCoverageGaps);
  if (!gaps) return problem(gaps.error(), call.request);
  const Result<std::uint64_t> fillers = number_of(call.request, "fillers", kGapFillers);
  if (!fillers) return problem(fillers.error(), call.request);
  asked.gaps = *gaps;
  asked.fillers_per_gap = *fillers;
  asked.today = call.data.today();
  const Result<const Programme*> programme = find_programme(call.data.programmes, call.id);
  if (!programme) return problem(programme.error(), call.request);
  const Result<Coverage> answer = coverage_of(*call.data.corpus(), **programme, asked, call.data.taxonomy);
  if (!answer) return problem(answer.error(), call.request);
  json::object body = write_coverage(call.id, *answer, call.speech);
  for (json::value& gap : body["gaps"].as_array())
    if (const Status told = tell_origins(call, gap.at("fillers").as_array()); !told) return problem(told.error(), call.request);
  return json_response(200, std::move(body));
}

constexpr Parameter kCoverage[] = {
    {"shares", R"({"type":"string","minLength":1,"maxLength":4000})",
     "shares that keys ought to have, as in LDC=0.3,C=0.5; other keys are compared with all countries, or with all who could "
     "take part"},
    {"gaps", kCoverageGaps, "gaps at most"},
    {"fillers", kGapFillers, "profiles named for each gap at most"}};

constexpr Answer kCovered[] = {{200, kJson, "Coverage", "who is in, who is missing, who could join"},
                               {404, {}, {}, "no such programme"}};

constexpr Route kRoutes[] = {{"GET", "/v1/programmes/{programme}/coverage", coverage, Right::kSurvey,
                              "Which members a programme has, lacks and could have", kCoverage, kCovered}};

}  // namespace

std::span<const Route> coverage_routes() { return kRoutes; }

}  // namespace counterpart::server
