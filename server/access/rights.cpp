#include "server/access/rights.h"

#include <algorithm>
#include <limits>

namespace counterpart::server {
namespace {

constexpr Reach N = Reach::kNone, O = Reach::kOwn, A = Reach::kAll;

// The fast text model takes some 40 microseconds for a piece. The fine one, by which a draft or text is compared as well, takes
// half a millisecond. Each looks at a bounded number of a text's windows (index/model); `kBoth` is the mean of the two over
// what they look at. The rows of an import are not the text of one question: they keep to the workers of long calls.
constexpr TextCost kNone{}, kFast{40, 16'000}, kBoth{300, 8'000}, kRows{2, std::numeric_limits<std::size_t>::max()};

constexpr std::array<Grant, kRights> kGrants{{
    //                          admin officer owner focal batch reader; cost; of text; heeds a filter; who has a draft's secret
    {Right::kOpen, "open", {A, A, A, A, A, A}, 0, kNone, true, A},
    {Right::kBegin, "begin", {A, A, A, A, A, A}, 1, kNone, true, A},
    {Right::kSignIn, "sign_in", {A, A, A, A, A, A}, 5, kNone, true, A},
    {Right::kDraft, "draft", {N, N, N, N, N, N}, 5, kFast, true, O},
    {Right::kLook, "look", {A, A, A, A, A, A}, 1, kNone, true, A},
    {Right::kRead, "read", {A, A, A, A, A, A}, 1, kFast, true},
    {Right::kPrivate, "private", {A, O, O, N, N, N}, 0, kNone, true},
    {Right::kWrite, "write", {A, O, O, N, A, N}, 5, kFast, true},
    {Right::kErase, "erase", {A, O, O, N, N, N}, 500, kNone, true},
    {Right::kImport, "import", {A, O, N, N, A, N}, 100, kRows, true},
    {Right::kExport, "export", {A, A, N, N, A, A}, 100, kNone, true},
    {Right::kMatch, "match", {A, A, O, A, A, A}, 5, kBoth, true},
    {Right::kRunLists, "run_lists", {A, A, O, A, A, A}, 2, kNone, false},
    {Right::kAdvise, "advise", {A, O, O, N, N, N}, 1, kNone, true},
    {Right::kSurvey, "survey", {A, A, N, A, A, A}, 50, kFast, false},
    {Right::kRuns, "runs", {A, A, N, A, A, A}, 10, kNone, false},
    {Right::kControl, "control", {A, N, N, N, A, N}, 50, kNone, false},
    {Right::kStanding, "standing", {A, O, N, N, N, N}, 20, kFast, false},
    {Right::kCasework, "casework", {A, O, O, N, N, N}, 5, kNone, false},
    {Right::kOffices, "offices", {A, A, N, N, N, N}, 1, kNone, true},
    {Right::kMeasure, "measure", {A, N, N, N, A, A}, 1, kNone, false},
    {Right::kOperate, "operate", {A, N, N, N, A, N}, 500, kNone, false},
    {Right::kFollow, "follow", {A, N, N, N, N, N}, 0, kNone, false},
    {Right::kGovern, "govern", {A, N, N, N, N, N}, 5, kNone, false},
    {Right::kReport, "report", {A, O, N, N, A, A}, 200, kNone, false},
    {Right::kCaseLog, "case_log", {A, O, N, N, A, N}, 200, kNone, false},
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

}  // namespace counterpart::server
