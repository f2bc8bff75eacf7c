#include "engine/allocation/portfolio.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "engine/profile/traits.h"
#include "engine/solver/branch_and_cut.h"
#include "engine/taxonomy/money.h"

namespace counterpart::engine {
namespace {

// What somebody can cover is covered. Then a hundredth of the budget is worth a partner, and a partner more than all
// differences of score: a smaller set always goes first.
// The smallest tickets of all who are needed for their instrument may come to more than the budget: then a need gives way.
constexpr double kNeedPrice = 10'000;
constexpr double kBudgetPrice = 100;
constexpr double kPartnerPrice = 1;
constexpr double kScorePrice = 0.01;
constexpr double kTiePrice = 1e-7;    // by order, so that equal candidates have one answer
constexpr double kLeastShare = 0.01;  // of the budget: what one gives at least who states no least

constexpr std::array kMoney{Cooperation::kEquity, Cooperation::kLoan, Cooperation::kGuarantee, Cooperation::kGrant};

PhraseWord form_word(Cooperation form) { return Term{"cooperation." + std::string(name_of(form))}; }

// The lineage's second entry from the top: the division; of a section alone, the section.
std::string_view division_of(std::string_view sector, const Taxonomy& taxonomy) {
  const auto line = taxonomy.sectors.lineage(sector);
  if (line.empty()) return {};
  return line.size() < 2 ? line.back() : line[line.size() - 2];
}

void add_need(std::vector<AssembleNeed>& needs, AssembleNeed need) {
  const auto same = [&](const AssembleNeed& n) { return n.kind == need.kind && n.codes == need.codes; };
  if (std::ranges::none_of(needs, same)) needs.push_back(std::move(need));
}

bool states_amount(const AssembleCandidate& candidate) { return candidate.min > 0 || candidate.max > 0; }

// The most that it may give; 0: it cannot, or does not say.
double capacity_of(const AssembleCandidate& candidate, const AssembleProblem& problem) {
  if (candidate.min > problem.budget) return 0;  // its smallest ticket is more than is needed
  if (candidate.instruments && problem.instruments && !(candidate.instruments & problem.instruments)) return 0;
  if (candidate.max == 0 && candidate.min > 0) return problem.budget;  // open above
  return std::min(candidate.max, problem.budget);
}

double least_of(const AssembleCandidate& candidate, const AssembleProblem& problem) {
  return candidate.min > 0 ? candidate.min : std::min(kLeastShare * problem.budget, capacity_of(candidate, problem));
}

// Covers it by giving money only: whoever says how much it gives is held to that.
bool covers_by_money(const AssembleProblem& problem, const AssembleCandidate& candidate, std::size_t need) {
  return problem.needs[need].kind == AssembleNeed::Kind::kInstrument && problem.budget > 0 && states_amount(candidate);
}

// Needs that it could cover in some set, ascending.
std::vector<std::size_t> coverable(const AssembleProblem& problem, const AssembleCandidate& candidate) {
  std::vector<std::size_t> needs = candidate.covers;
  std::erase_if(needs, [&](std::size_t need) {
    return covers_by_money(problem, candidate, need) && !(capacity_of(candidate, problem) > 0);
  });
  return needs;
}

// In order; left out is who gives no money and covers nothing beyond what one before it covers: it is in no best set.
std::vector<std::size_t> worth_considering(const AssembleProblem& problem, const std::vector<std::size_t>& order) {
  std::vector<std::size_t> kept;
  std::vector<std::vector<std::size_t>> covered;  // by each of them, whatever money it gives
  for (const std::size_t one : order) {
    const AssembleCandidate& candidate = problem.candidates[one];
    const std::vector<std::size_t> own = coverable(problem, candidate);
    const auto has_all = [&](const std::vector<std::size_t>& other) { return std::ranges::includes(other, own); };
    const bool gives = problem.budget > 0 && capacity_of(candidate, problem) > 0;
    if (!gives && std::ranges::any_of(covered, has_all)) continue;
    kept.push_back(one);
    std::vector<std::size_t> surely = own;
    std::erase_if(surely, [&](std::size_t need) { return covers_by_money(problem, candidate, need); });
    covered.push_back(std::move(surely));
  }
  return kept;
}

// Columns: pick i at i; then, where there is a budget, "i gives money" for each who can.
struct Model {
  CoverProblem cover;
  std::vector<std::size_t> givers;  // candidates
};

Model model_of(const AssembleProblem& problem, const std::vector<std::size_t>& order) {
  const std::size_t count = order.size();
  Model model;
  for (std::size_t i = 0; i < count; ++i)
    model.cover.costs.push_back(kPartnerPrice + kScorePrice * (1 - problem.candidates[order[i]].score) +
                                kTiePrice * static_cast<double>(i));
  std::vector<std::uint32_t> gives_at(count, 0);  // the column of "i gives money"; 0: it cannot
  if (problem.budget > 0)
    for (std::size_t i = 0; i < count; ++i)
      if (capacity_of(problem.candidates[order[i]], problem) > 0) {
        gives_at[i] = static_cast<std::uint32_t>(model.cover.costs.size());
        model.cover.costs.push_back(0);
        model.givers.push_back(order[i]);
      }
  for (std::size_t need = 0; need < problem.needs.size(); ++need) {
    CoverRow row{.terms = {}, .demand = 1, .price = 0};
    for (std::size_t i = 0; i < count; ++i) {
      const AssembleCandidate& candidate = problem.candidates[order[i]];
      if (!std::ranges::binary_search(candidate.covers, need)) continue;
      const bool by_money = covers_by_money(problem, candidate, need);
      if (by_money && gives_at[i] == 0) continue;
      row.terms.emplace_back(by_money ? gives_at[i] : static_cast<std::uint32_t>(i), 1.0);
      row.price = std::max(row.price, by_money ? kNeedPrice : 0);
    }
    if (!row.terms.empty()) model.cover.rows.push_back(std::move(row));
  }
  if (!(problem.budget > 0)) return model;
  CoverRow money{.terms = {}, .demand = 1, .price = kBudgetPrice};
  CoverRow tickets{.terms = {}, .demand = -1, .price = 0};  // together no more than the budget
  for (std::size_t i = 0; i < count; ++i) {
    const AssembleCandidate& candidate = problem.candidates[order[i]];
    if (gives_at[i] == 0) continue;
    money.terms.emplace_back(gives_at[i], capacity_of(candidate, problem) / problem.budget);
    tickets.terms.emplace_back(gives_at[i], -least_of(candidate, problem) / problem.budget);
    model.cover.rows.push_back({{{static_cast<std::uint32_t>(i), 1.0}, {gives_at[i], -1.0}}, 0, 0});  // who gives is picked
  }
  if (!money.terms.empty()) model.cover.rows.push_back(std::move(money));
  if (!tickets.terms.empty()) model.cover.rows.push_back(std::move(tickets));
  return model;
}

// An instrument that giver and budget have in common, one that the portfolio still lacks if there is such.
std::optional<Cooperation> instrument_for(std::uint32_t offered, std::uint32_t wanted, std::uint32_t& used) {
  const std::uint32_t common = offered && wanted ? offered & wanted : offered | wanted;
  std::optional<Cooperation> chosen;
  for (const Cooperation one : kMoney) {
    if (!(common & bit_of(one))) continue;
    if (!chosen || ((used & bit_of(*chosen)) && !(used & bit_of(one)))) chosen = one;
  }
  if (chosen) used |= bit_of(*chosen);
  return chosen;
}

// As the header says.
void share_budget(const AssembleProblem& problem, const std::vector<bool>& gives, Portfolio& portfolio) {
  double left = problem.budget;
  std::uint32_t used = 0;
  for (PortfolioPartner& partner : portfolio.partners) {
    const AssembleCandidate& candidate = problem.candidates[partner.candidate];
    if (!gives[partner.candidate]) continue;
    partner.amount = least_of(candidate, problem);
    left -= partner.amount;
    partner.instrument = instrument_for(candidate.instruments, problem.instruments, used);
  }
  for (const bool grants : {true, false}) {
    const auto room = [&](const PortfolioPartner& partner) {
      if (!gives[partner.candidate] || (partner.instrument == Cooperation::kGrant) != grants) return 0.0;
      return std::max(0.0, capacity_of(problem.candidates[partner.candidate], problem) - partner.amount);
    };
    double rooms = 0;
    for (const PortfolioPartner& partner : portfolio.partners) rooms += room(partner);
    if (rooms <= 0) continue;
    const double given = std::clamp(left, 0.0, rooms);
    for (PortfolioPartner& partner : portfolio.partners) partner.amount += given * room(partner) / rooms;
    left -= given;
  }
  for (const PortfolioPartner& partner : portfolio.partners) portfolio.covered += partner.amount;
  portfolio.missing = std::max(0.0, problem.budget - portfolio.covered);
}

// Who covers what, now that it is known who gives money.
void tell_covered(const AssembleProblem& problem, Portfolio& portfolio) {
  std::vector<bool> covered(problem.needs.size());
  for (PortfolioPartner& partner : portfolio.partners) {
    const AssembleCandidate& candidate = problem.candidates[partner.candidate];
    for (const std::size_t need : candidate.covers) {
      if (covers_by_money(problem, candidate, need) && !(partner.amount > 0)) continue;
      partner.covers.push_back(need);
      covered[need] = true;
    }
  }
  for (std::size_t need = 0; need < covered.size(); ++need)
    if (!covered[need]) portfolio.uncovered.push_back(need);
}

}  // namespace

std::string_view name_of(AssembleNeed::Kind kind) {
  switch (kind) {
    case AssembleNeed::Kind::kTechnology: return "technology";
    case AssembleNeed::Kind::kSector: return "sector";
    case AssembleNeed::Kind::kCooperation: return "cooperation";
    case AssembleNeed::Kind::kInstrument: return "instrument";
    case AssembleNeed::Kind::kRole: return "role";
  }
  return {};
}

std::vector<AssembleNeed> needs_of(const Profile& project, const Taxonomy& taxonomy) {
  using enum AssembleNeed::Kind;
  std::vector<AssembleNeed> needs;
  for (const std::string& code : project.technologies)
    add_need(needs, {Title{Title::List::kTechnologies, code}, kTechnology, {code}});
  for (const std::string& code : project.sectors)
    if (const std::string_view division = division_of(code, taxonomy); !division.empty())
      add_need(needs, {Title{Title::List::kSectors, std::string(division)}, kSector, {std::string(division)}});
  const std::vector<Cooperation> instruments =
      project.finance_sought ? project.finance_sought->instruments : std::vector<Cooperation>{};
  for (const Cooperation form : project.cooperation)
    if (std::ranges::find(instruments, form) == instruments.end())
      add_need(needs, {form_word(form), kCooperation, {std::string(name_of(form))}});
  for (const Cooperation form : instruments) add_need(needs, {form_word(form), kInstrument, {std::string(name_of(form))}});
  const auto institution = [&](std::string_view what, std::initializer_list<Role> roles) {
    AssembleNeed need{Term{"need." + std::string(what)}, kRole, {}, {Kind::kCompany}};
    for (const Role role : roles) need.codes.emplace_back(name_of(role));
    add_need(needs, std::move(need));
  };
  if (project.finance_sought) institution("financier_or_investor", {Role::kFinancier, Role::kInvestor});
  institution("technology_supplier", {Role::kTechnologySupplier});
  institution("adviser", {Role::kAdviser});
  return needs;
}

AssembleProblem problem_of(const Profile& project, const Taxonomy& taxonomy) {
  AssembleProblem problem{.needs = needs_of(project, taxonomy), .candidates = {}, .currency = "USD"};
  const std::optional<Finance>& sought = project.finance_sought;
  if (!sought) return problem;
  for (const Cooperation instrument : sought->instruments) problem.instruments |= bit_of(instrument);
  if (!sought->max && !sought->min) return problem;
  problem.budget = sought->max ? *sought->max : *sought->min;
  problem.currency = sought->currency;
  return problem;
}

AssembleCandidate candidate_of(const Profile& profile, double score, const AssembleProblem& problem, const Taxonomy& taxonomy) {
  const Traits traits = traits_of(profile, taxonomy);
  const std::vector<AssembleNeed>& needs = problem.needs;
  AssembleCandidate candidate{.id = profile.id,
                              .title = profile.title,
                              .country = profile.country,
                              .roles = traits.roles,
                              .covers = {},
                              .score = score,
                              .instruments = traits.offered_instruments};
  if (const std::optional<Finance>& offered = profile.finance_offered; offered && (offered->min || offered->max)) {
    if (const auto unit = converted(1, offered->currency, problem.currency, taxonomy)) {
      candidate.min = offered->min.value_or(0) * *unit;
      candidate.max = offered->max.value_or(0) * *unit;
    } else {
      candidate.currency = offered->currency;
    }
  }
  const std::uint32_t forms = traits.cooperation | traits.offered_instruments;
  const auto has = [&](AssembleNeed::Kind kind, const std::string& code) {
    switch (kind) {
      case AssembleNeed::Kind::kTechnology: return std::ranges::find(profile.technologies, code) != profile.technologies.end();
      case AssembleNeed::Kind::kSector:
        return std::ranges::any_of(profile.sectors, [&](const std::string& own) {
          const auto line = taxonomy.sectors.lineage(own);
          return std::ranges::find(line, code) != line.end();
        });
      case AssembleNeed::Kind::kCooperation:
      case AssembleNeed::Kind::kInstrument: {
        const auto form = parse_word<Cooperation>(code);
        return form && (forms & bit_of(*form)) != 0;
      }
      case AssembleNeed::Kind::kRole: {
        const auto role = parse_word<Role>(code);
        return role && (traits.roles & bit_of(*role)) != 0;
      }
    }
    return false;
  };
  for (std::size_t i = 0; i < needs.size(); ++i)
    if ((needs[i].of.empty() || std::ranges::find(needs[i].of, profile.kind) != needs[i].of.end()) &&
        std::ranges::any_of(needs[i].codes, [&](const std::string& code) { return has(needs[i].kind, code); }))
      candidate.covers.push_back(i);
  return candidate;
}

Result<Portfolio> assemble(const AssembleProblem& problem) {
  std::vector<std::size_t> order(problem.candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    const AssembleCandidate &left = problem.candidates[a], &right = problem.candidates[b];
    return left.score != right.score ? left.score > right.score : left.id < right.id;
  });
  order = worth_considering(problem, order);
  const Model model = model_of(problem, order);
  const Result<Cover> cover = solve_cover(model.cover);
  if (!cover) return tl::unexpected(cover.error());
  Portfolio portfolio;
  portfolio.proven = cover->proven;
  std::vector<bool> gives(problem.candidates.size());
  for (std::size_t g = 0; g < model.givers.size(); ++g) gives[model.givers[g]] = cover->picked[order.size() + g];
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!cover->picked[i]) continue;
    portfolio.partners.push_back({.candidate = order[i], .states_amount = states_amount(problem.candidates[order[i]])});
  }
  share_budget(problem, gives, portfolio);
  tell_covered(problem, portfolio);
  return portfolio;
}

}  // namespace counterpart::engine
