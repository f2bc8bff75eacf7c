#include "server/service/service_assemble.h"

#include <map>

#include "server/service/condition.h"

namespace counterpart::server {
namespace {

constexpr std::size_t kBest = 300;    // matches of any role
constexpr std::size_t kOfRole = 100;  // matches of each role needed: the best of all may be of one kind only

// Scores by id.
using Scores = std::map<std::string, double, std::less<>>;

Status add_matches(const Service& service, const MatchCall& call, Scores& scores, AssembleAnswer& answer) {
  Result<Matches> found = service.match(call);
  if (!found) return tl::unexpected(found.error());
  for (const Match& match : found->matches) scores.emplace(match.id, match.score);
  answer.sequence = found->sequence;
  answer.awaiting_fine = found->awaiting_fine;
  if (found->absence && found->matches.empty()) answer.nobody = std::move(*found);
  return {};
}

Result<Scores> scores_of(const Service& service, const AssembleCall& call, AssembleAnswer& answer) {
  Scores scores;
  MatchCall match;
  match.profile_id = call.project;
  match.programme = call.programme;
  match.limit = kBest;
  match.bands = BandSet::all();
  match.plain = true;  // the portfolio chooses among all of them
  if (Status added = add_matches(service, match, scores, answer); !added) return tl::unexpected(added.error());
  match.limit = kOfRole;
  match.tell_absence = false;  // nobody of one role is no riddle
  for (const AssembleNeed& need : answer.problem.needs) {
    if (need.kind != AssembleNeed::Kind::kRole) continue;
    const Result<Condition> role = requested_condition("roles", need.codes, service.data().taxonomy);
    if (!role) return tl::unexpected(role.error());
    match.where = {*role};
    if (!need.of.empty()) {
      std::vector<std::string> kinds;
      for (const Kind kind : need.of) kinds.emplace_back(name_of(kind));
      match.where.push_back({"kind", std::move(kinds), false, Condition::Owner::kRequest});
    }
    if (Status added = add_matches(service, match, scores, answer); !added) return tl::unexpected(added.error());
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
  const Taxonomy& taxonomy = service.data().taxonomy;
  AssembleAnswer answer{
      .project = project.id, .title = project.title, .programme = call.programme, .problem = {}, .portfolio = {}};
  answer.problem = problem_of(project, taxonomy);
  const Result<Scores> scores = scores_of(service, call, answer);
  if (!scores) return tl::unexpected(scores.error());
  for (const auto& [id, score] : *scores) {
    const Result<StoredProfile> profile = service.get(id);
    if (!profile && profile.error().code == ErrorCode::kNotFound) continue;  // erased since
    if (!profile) return tl::unexpected(profile.error());
    answer.problem.candidates.push_back(candidate_of(profile->profile, score, answer.problem, taxonomy));
  }
  Result<Portfolio> portfolio = assemble(answer.problem);
  if (!portfolio) return tl::unexpected(portfolio.error());
  answer.portfolio = std::move(*portfolio);
  return answer;
}

}  // namespace counterpart::server
