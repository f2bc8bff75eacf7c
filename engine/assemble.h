// A portfolio for a project: the smallest set of counterparts that together cover its needs and its budget.
//
// A set covering problem (Karp 1972) with a knapsack row for the money, solved exactly by branch and cut
// (engine/panel_solver.h). What goes first is fixed: needs covered, then the budget, then few partners, then their scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/profile.h"
#include "engine/result.h"
#include "engine/taxonomy.h"

namespace counterpart {

// One thing that the set must have a partner for.
struct AssembleNeed {
  enum class Kind : std::uint8_t { kTechnology, kSector, kCooperation, kInstrument, kRole };
  std::string what;  // in words: "solar energy"
  Kind kind = Kind::kRole;
  std::vector<std::string> codes = {};  // any of them will do: "C27"; "financier", "investor"
};
std::string_view name_of(AssembleNeed::Kind kind);  // "technology"

// `min_usd` and `max_usd`: the money one party stakes or needs, US dollars; 0: not stated. Bits of Cooperation.
struct AssembleCandidate {
  std::string id, title, country;
  std::uint32_t roles = 0;          // bits of Role
  std::vector<std::size_t> covers;  // positions among the needs, ascending
  double score = 0;                 // 0..1
  std::uint32_t instruments = 0;    // 0: not stated, any
  double min_usd = 0, max_usd = 0;
};

struct AssembleProblem {
  std::vector<AssembleNeed> needs;
  std::vector<AssembleCandidate> candidates;
  double budget_usd = 0;          // 0: none stated, or in a currency without a rate
  std::uint32_t instruments = 0;  // of the budget; 0: any
};

struct PortfolioPartner {
  std::size_t candidate = 0;
  double usd = 0;                            // its part of the budget
  std::optional<Cooperation> instrument{};  // by which it gives that; nullopt: neither side says
  bool states_amount = false;
};

struct Portfolio {
  std::vector<PortfolioPartner> partners;   // by score, ties by id
  std::vector<std::size_t> uncovered;       // needs that no partner covers, for no candidate does
  double covered_usd = 0, missing_usd = 0;  // of the budget
  bool proven = false;                      // no better set exists; false: none better was found
};

// A project's own technologies, sectors (ISIC divisions; a section where it names no narrower one), forms of cooperation,
// instruments of the finance it seeks, and the roles of financier or investor (if it seeks finance), supplier of
// technology, adviser. In that order; none twice.
std::vector<AssembleNeed> needs_of(const Profile& project, const Taxonomy& taxonomy);

// Finance sought, its upper end if stated, in US dollars; nullopt: none, or no rate for its currency.
std::optional<double> budget_of(const Profile& project, const Taxonomy& taxonomy);

// What `profile` brings to `needs`; `score` as matched.
AssembleCandidate candidate_of(const Profile& profile, double score, const std::vector<AssembleNeed>& needs,
                               const Taxonomy& taxonomy);

// Deterministic; from any thread. kInternal: the solver gave up.
Result<Portfolio> assemble(const AssembleProblem& problem);

}  // namespace counterpart
