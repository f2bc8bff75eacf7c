#include "engine/allocation/portfolio.h"

#include "tests/support/catch.h"
#include "tests/support/taxonomy.h"

namespace counterpart::engine {
namespace {

AssembleCandidate candidate(std::string id, double score, std::vector<std::size_t> covers, double min = 0, double max = 0,
                            std::uint32_t instruments = 0) {
  return {.id = std::move(id),
          .title = {},
          .country = "DE",
          .roles = 0,
          .covers = std::move(covers),
          .score = score,
          .instruments = instruments,
          .min = min,
          .max = max};
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
  const AssembleProblem problem = problem_with(
      6, {candidate("most", 0.9, {0, 1, 3, 4}), candidate("left", 0.2, {0, 1, 2}), candidate("right", 0.3, {3, 4, 5})});
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
  problem.budget = 5e6;
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(portfolio->partners.empty());
  CHECK(portfolio->uncovered == std::vector<std::size_t>{0, 1});
  CHECK(portfolio->missing == 5e6);
}

TEST_CASE("assemble: the budget is shared by those whose instruments and tickets fit it", "[assemble]") {
  const std::uint32_t loan = bit_of(Cooperation::kLoan), equity = bit_of(Cooperation::kEquity);
  AssembleProblem problem = problem_with(
      0, {candidate("grants", 1.0, {}, 0, 9e6, bit_of(Cooperation::kGrant)), candidate("too big", 0.9, {}, 50e6, 90e6, loan),
          candidate("bank", 0.5, {}, 1e6, 6e6, loan), candidate("fund", 0.4, {}, 1e6, 8e6, equity)});
  problem.budget = 10e6;
  problem.instruments = loan | equity;
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  REQUIRE(ids_of(problem, *portfolio) == Ids{"bank", "fund"});
  CHECK(portfolio->partners[0].amount == Approx(1e6 + 8e6 * 5 / 12));  // each its least, the rest by what each could add
  CHECK(portfolio->partners[0].instrument == Cooperation::kLoan);
  CHECK(portfolio->partners[1].amount == Approx(1e6 + 8e6 * 7 / 12));
  CHECK(portfolio->partners[1].instrument == Cooperation::kEquity);
  CHECK(portfolio->missing == Approx(0).margin(1));
}

TEST_CASE("assemble: smallest tickets together stay within the budget", "[assemble]") {
  AssembleProblem problem = problem_with(0, {candidate("a", 0.9, {}, 6e6, 7e6), candidate("b", 0.8, {}, 6e6, 7e6)});
  problem.budget = 10e6;
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(ids_of(problem, *portfolio) == Ids{"a"});
  CHECK(portfolio->covered == Approx(7e6));
  CHECK(portfolio->missing == Approx(3e6));
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
  CHECK(codes == std::vector<std::string>{t.technologies.entries()[0].code, "C27", "D", "joint_venture", "loan", "financier",
                                          "technology_supplier", "adviser"});
  const AssembleProblem problem = problem_of(project, t);
  CHECK(problem.budget == 2e6);
  CHECK(problem.currency == "EUR");
  CHECK(problem.instruments == bit_of(Cooperation::kLoan));
}

TEST_CASE("assemble: a role is an institution's, not a single expert's", "[assemble]") {
  const Taxonomy& t = real_taxonomy();
  const AssembleProblem problem = problem_of(Profile{}, t);  // needs a supplier of technology and an adviser
  Profile adviser;
  adviser.roles = {Role::kAdviser};
  CHECK(candidate_of(adviser, 0.5, problem, t).covers == std::vector<std::size_t>{1});
  adviser.kind = Kind::kExpert;
  CHECK(candidate_of(adviser, 0.5, problem, t).covers.empty());
}

TEST_CASE("assemble: amounts are brought into the budget's currency, and unlike ones are not added", "[assemble]") {
  const Taxonomy& t = real_taxonomy();
  REQUIRE_FALSE(t.in_usd(1, "AFN"));
  Profile project, bank;
  project.finance_sought = Finance{{}, 10e6, "EUR", {Cooperation::kLoan}};
  bank.finance_offered = Finance{1e6, 2e6, "USD", {Cooperation::kLoan}};
  const AssembleCandidate converted = candidate_of(bank, 0.5, problem_of(project, t), t);
  CHECK(converted.max == Approx(2e6 / t.in_usd(1, "EUR").value()));
  CHECK(converted.currency.empty());
  bank.finance_offered->currency = "AFN";
  const AssembleCandidate unlike = candidate_of(bank, 0.5, problem_of(project, t), t);
  CHECK(unlike.max == 0);
  CHECK(unlike.currency == "AFN");
  project.finance_sought->currency = "AFN";
  CHECK(candidate_of(bank, 0.5, problem_of(project, t), t).max == 2e6);
}

TEST_CASE("assemble: who states its money covers an instrument by giving some, and grants are used to their most",
          "[assemble]") {
  const std::uint32_t loan = bit_of(Cooperation::kLoan), equity = bit_of(Cooperation::kEquity),
                      grant = bit_of(Cooperation::kGrant);
  AssembleProblem problem = problem_with(3, {});
  for (AssembleNeed& need : problem.needs) need.kind = AssembleNeed::Kind::kInstrument;
  problem.budget = 60e6;
  problem.instruments = loan | equity | grant;
  problem.candidates = {candidate("bank 1", 0.9, {0}, 10e6, 40e6, loan), candidate("bank 2", 0.8, {0}, 5e6, 30e6, loan),
                        candidate("fund", 0.1, {1}, 0, 6e6, equity), candidate("facility", 0.2, {2}, 1e6, 8e6, grant)};
  const auto portfolio = assemble(problem);
  REQUIRE(portfolio);
  CHECK(portfolio->uncovered.empty());
  CHECK(portfolio->missing == Approx(0).margin(1));
  for (const PortfolioPartner& partner : portfolio->partners) {
    const AssembleCandidate& one = problem.candidates[partner.candidate];
    INFO(one.id << " gives " << partner.amount);
    CHECK(partner.amount > 0);
    CHECK(partner.amount >= one.min);
    CHECK(partner.amount <= one.max);
    if (one.id == "facility") CHECK(partner.amount == Approx(8e6));
  }
  SECTION("one whose smallest ticket is more than the budget covers nothing") {
    problem.candidates = {candidate("fund", 0.9, {1}, 70e6, 90e6, equity)};
    CHECK(assemble(problem)->uncovered == std::vector<std::size_t>{0, 1, 2});
  }
  SECTION("one who does not say how much may still be asked") {
    problem.candidates = {candidate("silent", 0.9, {1}, 0, 0, equity)};
    const auto asked = assemble(problem);
    CHECK(asked->uncovered == std::vector<std::size_t>{0, 2});
    CHECK_FALSE(asked->partners.at(0).states_amount);
    CHECK(asked->missing == 60e6);
  }
  SECTION("two that are needed and whose tickets are more than the budget: one need gives way, the budget does not") {
    problem.candidates = {candidate("a", 0.9, {0}, 40e6, 50e6, loan), candidate("b", 0.8, {1}, 40e6, 50e6, equity)};
    const auto tight = assemble(problem);
    REQUIRE(tight);
    CHECK(tight->covered <= 60e6 + 1);
    CHECK(tight->uncovered.size() == 2);
  }
}

TEST_CASE("assemble: a candidate covers a sector from below, not from above", "[assemble]") {
  const Taxonomy& t = real_taxonomy();
  Profile project;
  project.sectors = {"C27"};
  const AssembleProblem problem = problem_of(project, t);
  Profile narrow, broad;
  narrow.sectors = {"C2710"};
  broad.sectors = {"C"};
  broad.roles = {Role::kAdviser};
  CHECK(candidate_of(narrow, 0.5, problem, t).covers == std::vector<std::size_t>{0});
  CHECK(candidate_of(broad, 0.5, problem, t).covers == std::vector<std::size_t>{2});
}

}  // namespace counterpart::engine
