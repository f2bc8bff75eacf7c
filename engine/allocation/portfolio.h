// A portfolio for a project: the smallest set of counterparts that together cover its needs and its budget.
//
// A set covering problem (Karp 1972) with a knapsack row for the money, solved exactly by branch and cut
// (engine/solver/branch_and_cut.h). What goes first is fixed: needs covered, then the budget, then few partners, then their
// scores. The budget is then shared out: everybody gives its least (what it states, or a hundredth of the budget), then grants,
// which nobody pays back, up to their most, then the others in proportion to what each could still give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/phrase.h"
#include "engine/base/result.h"
#include "engine/profile/profile.h"
#include "engine/taxonomy/taxonomy.h"

namespace counterpart::engine {

// One thing that the set must have a partner for.
struct AssembleNeed {
  enum class Kind : std::uint8_t { kTechnology, kSector, kCooperation, kInstrument, kRole };
  PhraseWord what;  // "solar energy"
  Kind kind = Kind::kRole;
  std::vector<std::string> codes = {};  // any of them will do: "C27"; "financier", "investor"
  // Kinds of profile that can be meant: a role is an institution's here, not a single expert's. Empty: any.
  std::vector<engine::Kind> of = {};
};
std::string_view name_of(AssembleNeed::Kind kind);  // "technology"

// `min` and `max`: the money that it stakes, in the budget's currency; 0: not stated. Bits of Cooperation.
struct AssembleCandidate {
  std::string id, title, country;
  std::uint32_t roles = 0;          // bits of Role
  std::vector<std::size_t> covers;  // positions among the needs, ascending
  double score = 0;                 // 0..1
  std::uint32_t instruments = 0;    // 0: not stated, any
  double min = 0, max = 0;
  std::string currency = {};  // that it states its money in; set where no rate brings it into the budget's
};

struct AssembleProblem {
  std::vector<AssembleNeed> needs;
  std::vector<AssembleCandidate> candidates;
  double budget = 0;              // 0: none stated
  std::string currency = {};      // of all amounts here: the budget's own; USD where none is stated
  std::uint32_t instruments = 0;  // of the budget; 0: any
};

struct PortfolioPartner {
  std::size_t candidate = 0;
  double amount = 0;                        // its part of the budget
  std::optional<Cooperation> instrument{};  // by which it gives that; nullopt: neither side says
  bool states_amount = false;               // one that can be compared with the budget
  // Needs, ascending. One whose money is an instrument that is needed covers it by what it gives: who states an amount
  // and is given no part of the budget does not.
  std::vector<std::size_t> covers = {};
};

struct Portfolio {
  std::vector<PortfolioPartner> partners;  // by score, ties by id
  std::vector<std::size_t> uncovered;      // needs that no partner covers, for no candidate does
  double covered = 0, missing = 0;         // of the budget
  bool proven = false;                     // no better set exists; false: none better was found
};

// A project's own technologies, sectors (ISIC divisions; a section where it names no narrower one), forms of cooperation,
// instruments of the finance it seeks, and the roles of financier or investor (if it seeks finance), supplier of
// technology, adviser: these of companies alone. In that order; none twice.
std::vector<AssembleNeed> needs_of(const Profile& project, const Taxonomy& taxonomy);

// The project's needs and its budget: finance sought, its upper end if stated, in its own currency. No candidates yet.
AssembleProblem problem_of(const Profile& project, const Taxonomy& taxonomy);

// What `profile` brings to `problem`; `score` as matched.
AssembleCandidate candidate_of(const Profile& profile, double score, const AssembleProblem& problem, const Taxonomy& taxonomy);

// Deterministic; from any thread. kInternal: the solver gave up.
Result<Portfolio> assemble(const AssembleProblem& problem);

}  // namespace counterpart::engine
