// Who may call what: THE table of roles and rights. Each endpoint names the right it takes (server/api/routes.cpp); a right's
// row says how far each role has it, and which members of a profile it shows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "server/layer.h"

namespace counterpart::server {

enum class TokenRole : std::uint8_t { kAdmin, kOfficer, kOwner, kFocalPoint, kBatch, kReader };
inline constexpr std::array<std::string_view, 6> kRoleNames{"admin", "officer", "owner", "focal_point", "batch", "reader"};
std::string_view name_of(TokenRole role);
std::optional<TokenRole> token_role_of(std::string_view name);

enum class Right : std::uint8_t {
  kOpen,      // needs no token: is it alive, the page's files, the description
  kBegin,     // the same, of its address's budget: begin a draft without an account
  kSignIn,    // the same, of its address's budget: begin a session
  kDraft,     // a draft that is opened by its secret
  kLook,      // what says nothing of stored profiles: programmes, who am I
  kRead,      // public members, search
  kPrivate,   // private members: contact, legal name
  kWrite,     // put and erase profiles
  kErase,     // for good: rewrites all files of the directory
  kImport,    // many at once
  kExport,    // public members of many at once
  kMatch,     // match and explain, asked for a profile; a draft or a text is everybody's own
  kRunLists,  // a profile's matches in a published run
  kAdvise,    // what is missing in a profile
  kSurvey,    // what looks at all profiles at once: panels, coverage, portfolios, briefs, duplicates
  kRuns,      // published match runs and digests
  kControl,   // start, hold and end match runs
  kStanding,  // standing queries and alerts
  kCasework,  // cases, desks' work and letters
  kOffices,   // the directory of offices and desks
  kMeasure,   // figures for monitoring
  kOperate,   // verify, back up
  kFollow,    // all that the directory holds, as a copy of it needs it; and who owns it
  kGovern,    // tokens, the audit log, changes of offices and desks
  kReport,    // figures of the offices' work: response times, how far interests come
  kCaseLog,   // the cases that figures are made of, without what anybody wrote; and what came of them, as known pairs
};
inline constexpr std::size_t kRights = 26;

// kOwn, of an officer: profiles, standing queries and cases of the own office, and figures of those cases; of an owner: the
// profiles that the token names, and of their cases what a submitter may do.
enum class Reach : std::uint8_t { kNone, kOwn, kAll };

// What text adds to the cost of a call: units for each thousand pieces that a text model cuts it into, up to so many.
struct TextCost {
  unsigned per_thousand = 0;
  std::size_t most = 0;
};

struct Grant {
  Right right;
  std::string_view name;
  std::array<Reach, kRoleNames.size()> reach;  // in the order of TokenRole
  unsigned cost;  // of one call, in the units of a token's budget; a unit is about a millisecond of one core
  TextCost text;
  // Calls of this right apply a token's filter. False: they look at everybody, so a token with a filter is refused.
  bool filtered;
  Reach of_draft = Reach::kNone;  // of whoever has a draft's secret, which is no token and has no role
};

std::span<const Grant> grants();
const Grant& grant_of(Right right);
Reach reach_of(TokenRole role, Right right);

}  // namespace counterpart::server
