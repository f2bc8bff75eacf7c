#include "server/service_assemble.h"

#include <map>

#include "engine/traits.h"

namespace counterpart {
namespace {

constexpr std::size_t kBest = 300;    // matches of any role
constexpr std::size_t kOfRole = 100;  // matches of each role needed: the best of all may be of one kind only

// Scores by id.
using Scores = std::map<std::string, double, std::less<>>;

Status add_matches(const Service& service, const MatchCall& call, Scores& scores, std::uint64_t& sequence) {
  const Result<Matches> found = service.match(call);
  if (!found) return tl::unexpected(found.error());
  for (const Match& match : found->matches) scores.emplace(match.id, match.score);
  sequence = found->sequence;
  return {};
}

Result<Scores> scores_of(const Service& service, const AssembleCall& call, const std::vector<AssembleNeed>& needs,
                         std::uint64_t& sequence) {
  Scores scores;
  MatchCall match;
  match.profile_id = call.project;
  match.programme = call.programme;
  match.limit = kBest;
  match.plain = true;  // the portfolio chooses among all of them
  if (Status added = add_matches(service, match, scores, sequence); !added) return tl::unexpected(added.error());
  match.limit = kOfRole;
  for (const AssembleNeed& need : needs) {
    if (need.kind != AssembleNeed::Kind::kRole) continue;
    const Result<Condition> role = service.condition("roles", need.codes);
    if (!role) return tl::unexpected(role.error());
    match.where = {*role};
    if (Status added = add_matches(service, match, scores, sequence); !added) return tl::unexpected(added.error());
  }
  return scores;
}

}  // namespace

Result<AssembleAnswer> assemble_partners(const Service& service, const AssembleCall& call) {
  const Result<StoredProfile> stored = service.get(call.project);
  if (!stored) return tl::unexpected(stored.error());
  const Profile& project = stored->profile;
  if (project.kind != Kind::kProject)
    return fail(ErrorCode::kInvalid, "id", "`" + call.project + "` is a " + std::string(name_of(project.kind)),
                "partners are assembled for a project; ask for its matches");
  const Taxonomy& taxonomy = service.taxonomy();
  AssembleAnswer answer{.project = call.project, .title = project.title, .programme = call.programme, .problem = {},
                        .portfolio = {}};
  answer.problem.needs = needs_of(project, taxonomy);
  answer.problem.budget_usd = budget_of(project, taxonomy).value_or(0);
  answer.problem.instruments = traits_of(project, taxonomy).sought_instruments;
  const Result<Scores> scores = scores_of(service, call, answer.problem.needs, answer.sequence);
  if (!scores) return tl::unexpected(scores.error());
  for (const auto& [id, score] : *scores) {
    const Result<StoredProfile> profile = service.get(id);
    if (!profile && profile.error().code == ErrorCode::kNotFound) continue;  // erased since
    if (!profile) return tl::unexpected(profile.error());
    answer.problem.candidates.push_back(candidate_of(profile->profile, score, answer.problem.needs, taxonomy));
  }
  Result<Portfolio> portfolio = assemble(answer.problem);
  if (!portfolio) return tl::unexpected(portfolio.error());
  answer.portfolio = std::move(*portfolio);
  return answer;
}

}  // namespace counterpart
