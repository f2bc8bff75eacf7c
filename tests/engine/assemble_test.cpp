#include "engine/assemble.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart {
namespace {

AssembleCandidate candidate(std::string id, double score, std::vector<std::size_t> covers, double min_usd = 0,
                            double max_usd = 0, std::uint32_t instruments = 0) {
  return {.id = std::move(id), .title = {}, .country = "DE", .roles = 0, .covers = std::move(covers), .score = score,
          .instruments = instruments, .min_usd = min_usd, .max_usd = max_usd};
}

AssembleProblem problem_with(std::size_t needs, std::vector<AssembleCandidate> candidates) {
  AssembleProblem problem;
  for (std::size_t i = 0; i < needs; ++i) problem.needs.push_back({.what = "need " + std::to_string(i)});
  problem.candidates = std::move(candidates);
  return problem;
}

std::vector<std::string> ids_of(const AssembleProblem& problem, const Portfolio& portfolio) {
  std::vector<std::string> ids;
  for (const PortfolioPartner& partner : portfolio.partners) ids.push_back(problem.candidates[partner.candidate].id);
  return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("assemble: two partners that cover all go before the three that greedy choice ends with", "[assemble]") {
  // Greedy takes `most` first, which covers four of six needs, and then needs both others as well.
  const AssembleProblem problem = problem_with(6, {candidate("most", 0.9, {0, 1, 3, 4}), candidate("left", 0.2, {0, 1, 2}),
                                                   candidate("right", 0.3, {3, 4, 5})});
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(ids_of(problem, *portfolio) == Ids{"right", "left"});
  CHECK(portfolio->proven);
  CHECK(portfolio->uncovered.empty());
}

TEST_CASE("assemble: one partner for two needs goes before two of the best scores", "[assemble]") {
  const AssembleProblem problem =
      problem_with(2, {candidate("first", 1.0, {0}), candidate("second", 1.0, {1}), candidate("both", 0.1, {0, 1})});
  CHECK(ids_of(problem, *assemble(problem)) == Ids{"both"});
}

TEST_CASE("assemble: of sets of one size the best scores win, then the first id", "[assemble]") {
  AssembleProblem problem = problem_with(1, {candidate("c", 0.5, {0}), candidate("b", 0.8, {0}), candidate("a", 0.7, {0})});
  CHECK(ids_of(problem, *assemble(problem)) == Ids{"b"});
  for (AssembleCandidate& one : problem.candidates) one.score = 0.5;
  CHECK(ids_of(problem, *assemble(problem)) == Ids{"a"});
}

TEST_CASE("assemble: a need that nobody covers is named, and nobody is picked for nothing", "[assemble]") {
  const AssembleProblem problem = problem_with(2, {candidate("a", 0.9, {1}), candidate("idle", 1.0, {})});
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(ids_of(problem, *portfolio) == Ids{"a"});
  CHECK(portfolio->uncovered == std::vector<std::size_t>{0});
}

TEST_CASE("assemble: nobody to choose from leaves everything uncovered and the whole budget missing", "[assemble]") {
  AssembleProblem problem = problem_with(2, {});
  problem.budget_usd = 5e6;
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(portfolio->partners.empty());
  CHECK(portfolio->uncovered == std::vector<std::size_t>{0, 1});
  CHECK(portfolio->missing_usd == 5e6);
}

TEST_CASE("assemble: the budget is shared by those whose instruments and tickets fit it", "[assemble]") {
  const std::uint32_t loan = bit_of(Cooperation::kLoan), equity = bit_of(Cooperation::kEquity);
  AssembleProblem problem = problem_with(0, {candidate("grants", 1.0, {}, 0, 9e6, bit_of(Cooperation::kGrant)),
                                             candidate("too big", 0.9, {}, 50e6, 90e6, loan),
                                             candidate("bank", 0.5, {}, 1e6, 6e6, loan),
                                             candidate("fund", 0.4, {}, 1e6, 8e6, equity)});
  problem.budget_usd = 10e6;
  problem.instruments = loan | equity;
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  REQUIRE(ids_of(problem, *portfolio) == Ids{"bank", "fund"});
  CHECK(portfolio->partners[0].usd == Approx(6e6));
  CHECK(portfolio->partners[0].instrument == Cooperation::kLoan);
  CHECK(portfolio->partners[1].usd == Approx(4e6));
  CHECK(portfolio->partners[1].instrument == Cooperation::kEquity);
  CHECK(portfolio->missing_usd == Approx(0).margin(1));
}

TEST_CASE("assemble: smallest tickets together stay within the budget", "[assemble]") {
  AssembleProblem problem = problem_with(0, {candidate("a", 0.9, {}, 6e6, 7e6), candidate("b", 0.8, {}, 6e6, 7e6)});
  problem.budget_usd = 10e6;
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(ids_of(problem, *portfolio) == Ids{"a"});
  CHECK(portfolio->covered_usd == Approx(7e6));
  CHECK(portfolio->missing_usd == Approx(3e6));
}

TEST_CASE("assemble: needs are a project's technologies, divisions, forms, instruments and roles, each once", "[assemble]") {
  const Taxonomy& t = real_taxonomy();
  Profile project;
  project.technologies = {t.technologies.entries()[0].code};
  project.sectors = {"C2710", "C27", "D"};
  project.cooperation = {Cooperation::kJointVenture, Cooperation::kLoan};
  project.finance_sought = Finance{std::nullopt, 2e6, "EUR", {Cooperation::kLoan}};
  std::vector<std::string> codes;
  for (const AssembleNeed& need : needs_of(project, t)) codes.push_back(need.codes.front());
  CHECK(codes == std::vector<std::string>{t.technologies.entries()[0].code, "C27", "D", "joint_venture", "loan",
                                          "financier", "technology_supplier", "adviser"});
  CHECK(budget_of(project, t).value() == Approx(t.in_usd(2e6, "EUR").value()));
}

TEST_CASE("assemble: a candidate covers a sector from below, not from above", "[assemble]") {
  const Taxonomy& t = real_taxonomy();
  Profile project;
  project.sectors = {"C27"};
  const std::vector<AssembleNeed> needs = needs_of(project, t);
  Profile narrow, broad;
  narrow.sectors = {"C2710"};
  broad.sectors = {"C"};
  broad.roles = {Role::kAdviser};
  CHECK(candidate_of(narrow, 0.5, needs, t).covers == std::vector<std::size_t>{0});
  CHECK(candidate_of(broad, 0.5, needs, t).covers == std::vector<std::size_t>{2});
}

}  // namespace counterpart
