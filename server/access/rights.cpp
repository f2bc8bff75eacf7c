#include "server/access/rights.h"

#include <algorithm>

namespace counterpart {
namespace {

constexpr Reach N = Reach::kNone, O = Reach::kOwn, A = Reach::kAll;

constexpr std::array<Grant, kRights> kGrants{{
    //                          admin officer owner focal batch reader; cost; heeds a filter
    {Right::kOpen, "open",         {A, A, A, A, A, A},   0, true},
    {Right::kLook, "look",         {A, A, A, A, A, A},   1, true},
    {Right::kRead, "read",         {A, A, A, A, A, A},   1, true},
    {Right::kPrivate, "private",   {A, O, O, N, N, N},   0, true},
    {Right::kWrite, "write",       {A, O, O, N, A, N},   5, true},
    {Right::kErase, "erase",       {A, O, O, N, N, N}, 500, true},
    {Right::kImport, "import",     {A, O, N, N, A, N}, 100, true},
    {Right::kExport, "export",     {A, A, N, N, A, A}, 100, true},
    {Right::kMatch, "match",       {A, A, O, A, A, A},   5, true},
    {Right::kRunLists, "run_lists", {A, A, O, A, A, A},   2, false},
    {Right::kAdvise, "advise",     {A, O, O, N, N, N},   1, true},
    {Right::kSurvey, "survey",     {A, A, N, A, A, A},  50, false},
    {Right::kRuns, "runs",         {A, A, N, A, A, A},  10, false},
    {Right::kControl, "control",   {A, N, N, N, A, N},  50, false},
    {Right::kStanding, "standing", {A, O, N, N, N, N},  20, false},
    {Right::kMeasure, "measure",   {A, N, N, N, A, A},   1, false},
    {Right::kOperate, "operate",   {A, N, N, N, A, N}, 500, false},
    {Right::kGovern, "govern",     {A, N, N, N, N, N},   5, false},
}};

// A right's row is found by its number.
static_assert(std::ranges::all_of(kGrants, [at = std::size_t{0}](const Grant& grant) mutable {
  return static_cast<std::size_t>(grant.right) == at++;
}));

}  // namespace

std::string_view name_of(TokenRole role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<TokenRole> token_role_of(std::string_view name) {
  const auto found = std::ranges::find(kRoleNames, name);
  if (found == kRoleNames.end()) return std::nullopt;
  return static_cast<TokenRole>(found - kRoleNames.begin());
}

std::span<const Grant> grants() { return kGrants; }
const Grant& grant_of(Right right) { return kGrants[static_cast<std::size_t>(right)]; }
Reach reach_of(TokenRole role, Right right) { return grant_of(right).reach[static_cast<std::size_t>(role)]; }

}  // namespace counterpart
