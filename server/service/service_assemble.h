// The use case behind `assemble`: the counterparts of a project under a programme, and the portfolio made of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/allocation/portfolio.h"
#include "server/layer.h"
#include "server/service/service.h"

namespace counterpart::server {

struct AssembleCall {
  std::string project;  // id of a stored profile
  std::string programme = "pcp";
};

struct AssembleAnswer {
  std::string project, title, programme;
  AssembleProblem problem;  // needs, budget, all who were considered
  Portfolio portfolio;
  Matches nobody = {};            // of a project that nobody may be paired with: why
  std::size_t awaiting_fine = 0;  // as in Matches
  std::uint64_t sequence = 0;
};

// Considers the best matches of the project, and the best of each role that it needs. kNotFound: no such project or
// programme. kInvalid: the profile is no project.
Result<AssembleAnswer> assemble_partners(const Service& service, const AssembleCall& call);

}  // namespace counterpart::server
