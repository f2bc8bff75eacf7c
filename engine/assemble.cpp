#include "engine/assemble.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>

#include "engine/panel_solver.h"
#include "engine/traits.h"

namespace counterpart {
namespace {

// What somebody can cover is covered. Then a hundredth of the budget is worth a partner, and a partner more than all
// differences of score: a smaller set always goes first.
constexpr double kBudgetPrice = 100;
constexpr double kPartnerPrice = 1;
constexpr double kScorePrice = 0.01;
constexpr double kTiePrice = 1e-7;  // by order, so that equal candidates have one answer

constexpr std::array kMoney{Cooperation::kEquity, Cooperation::kLoan, Cooperation::kGuarantee, Cooperation::kGrant};

std::string words_of(std::string_view code) {
  std::string words(code);
  std::ranges::replace(words, '_', ' ');
  return words;
}

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

bool states_amount(const AssembleCandidate& candidate) { return candidate.min_usd > 0 || candidate.max_usd > 0; }

// The most that it may give; 0: it cannot, or does not say.
double capacity_of(const AssembleCandidate& candidate, const AssembleProblem& problem) {
  if (candidate.min_usd > problem.budget_usd) return 0;  // its smallest ticket is more than is needed
  if (candidate.instruments && problem.instruments && !(candidate.instruments & problem.instruments)) return 0;
  if (candidate.max_usd == 0 && candidate.min_usd > 0) return problem.budget_usd;  // open above
  return std::min(candidate.max_usd, problem.budget_usd);
}

// In order; left out is who gives no money and covers nothing beyond what one before it covers: it is in no best set.
std::vector<std::size_t> worth_considering(const AssembleProblem& problem, const std::vector<std::size_t>& order) {
  std::vector<std::size_t> kept;
  for (const std::size_t one : order) {
    const AssembleCandidate& candidate = problem.candidates[one];
    const auto has_all = [&](std::size_t other) {
      return std::ranges::includes(problem.candidates[other].covers, candidate.covers);
    };
    const bool gives = problem.budget_usd > 0 && capacity_of(candidate, problem) > 0;
    if (gives || std::ranges::none_of(kept, has_all)) kept.push_back(one);
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
  for (std::size_t need = 0; need < problem.needs.size(); ++need) {
    CoverRow row{.terms = {}, .demand = 1, .price = 0};
    for (std::size_t i = 0; i < count; ++i)
      if (std::ranges::binary_search(problem.candidates[order[i]].covers, need))
        row.terms.emplace_back(static_cast<std::uint32_t>(i), 1.0);
    if (!row.terms.empty()) model.cover.rows.push_back(std::move(row));
  }
  if (!(problem.budget_usd > 0)) return model;
  CoverRow money{.terms = {}, .demand = 1, .price = kBudgetPrice};
  CoverRow tickets{.terms = {}, .demand = -1, .price = 0};  // together no more than the budget
  for (std::size_t i = 0; i < count; ++i) {
    const AssembleCandidate& candidate = problem.candidates[order[i]];
    const double share = capacity_of(candidate, problem) / problem.budget_usd;
    if (!(share > 0)) continue;
    const auto gives = static_cast<std::uint32_t>(model.cover.costs.size());
    model.cover.costs.push_back(0);
    model.givers.push_back(order[i]);
    money.terms.emplace_back(gives, share);
    if (candidate.min_usd > 0) tickets.terms.emplace_back(gives, -candidate.min_usd / problem.budget_usd);
    model.cover.rows.push_back({{{static_cast<std::uint32_t>(i), 1.0}, {gives, -1.0}}, 0, 0});  // who gives is picked
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

// Smallest tickets first, then each up to its most, best score first.
void share_budget(const AssembleProblem& problem, const std::vector<bool>& gives, Portfolio& portfolio) {
  double left = problem.budget_usd;
  std::uint32_t used = 0;
  for (PortfolioPartner& partner : portfolio.partners) {
    const AssembleCandidate& candidate = problem.candidates[partner.candidate];
    if (!gives[partner.candidate]) continue;
    partner.usd = candidate.min_usd;
    left -= candidate.min_usd;
    partner.instrument = instrument_for(candidate.instruments, problem.instruments, used);
  }
  for (PortfolioPartner& partner : portfolio.partners) {
    if (!gives[partner.candidate]) continue;
    const double more = std::clamp(capacity_of(problem.candidates[partner.candidate], problem) - partner.usd, 0.0,
                                   std::max(left, 0.0));
    partner.usd += more;
    left -= more;
  }
  for (const PortfolioPartner& partner : portfolio.partners) portfolio.covered_usd += partner.usd;
  portfolio.missing_usd = std::max(0.0, problem.budget_usd - portfolio.covered_usd);
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
    add_need(needs, {std::string(taxonomy.technologies.title(code)), kTechnology, {code}});
  for (const std::string& code : project.sectors)
    if (const std::string_view division = division_of(code, taxonomy); !division.empty())
      add_need(needs, {std::string(taxonomy.sectors.title(division)), kSector, {std::string(division)}});
  const std::vector<Cooperation> instruments =
      project.finance_sought ? project.finance_sought->instruments : std::vector<Cooperation>{};
  for (const Cooperation form : project.cooperation)
    if (std::ranges::find(instruments, form) == instruments.end())
      add_need(needs, {words_of(name_of(form)), kCooperation, {std::string(name_of(form))}});
  for (const Cooperation form : instruments)
    add_need(needs, {words_of(name_of(form)), kInstrument, {std::string(name_of(form))}});
  const auto role = [](Role one) { return std::string(name_of(one)); };
  if (project.finance_sought)
    add_need(needs, {"financier or investor", kRole, {role(Role::kFinancier), role(Role::kInvestor)}});
  add_need(needs, {"technology supplier", kRole, {role(Role::kTechnologySupplier)}});
  add_need(needs, {"adviser", kRole, {role(Role::kAdviser)}});
  return needs;
}

std::optional<double> budget_of(const Profile& project, const Taxonomy& taxonomy) {
  const std::optional<Finance>& sought = project.finance_sought;
  if (!sought || !(sought->max || sought->min)) return std::nullopt;
  return taxonomy.in_usd(sought->max ? *sought->max : *sought->min, sought->currency);
}

AssembleCandidate candidate_of(const Profile& profile, double score, const std::vector<AssembleNeed>& needs,
                               const Taxonomy& taxonomy) {
  const Traits traits = traits_of(profile, taxonomy);
  AssembleCandidate candidate{.id = profile.id, .title = profile.title, .country = profile.country,
                              .roles = traits.roles, .covers = {}, .score = score,
                              .instruments = traits.offered_instruments,
                              .min_usd = static_cast<double>(traits.offered_min),
                              .max_usd = static_cast<double>(traits.offered_max)};
  const std::uint32_t forms = traits.cooperation | traits.offered_instruments;
  const auto has = [&](AssembleNeed::Kind kind, const std::string& code) {
    switch (kind) {
      case AssembleNeed::Kind::kTechnology:
        return std::ranges::find(profile.technologies, code) != profile.technologies.end();
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
    if (std::ranges::any_of(needs[i].codes, [&](const std::string& code) { return has(needs[i].kind, code); }))
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
  std::vector<bool> gives(problem.candidates.size()), covered(problem.needs.size());
  for (std::size_t g = 0; g < model.givers.size(); ++g) gives[model.givers[g]] = cover->picked[order.size() + g];
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!cover->picked[i]) continue;
    const AssembleCandidate& candidate = problem.candidates[order[i]];
    portfolio.partners.push_back({.candidate = order[i], .usd = 0, .states_amount = states_amount(candidate)});
    for (const std::size_t need : candidate.covers) covered[need] = true;
  }
  for (std::size_t need = 0; need < covered.size(); ++need)
    if (!covered[need]) portfolio.uncovered.push_back(need);
  share_budget(problem, gives, portfolio);
  return portfolio;
}

}  // namespace counterpart
