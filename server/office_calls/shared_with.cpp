#include "server/office_calls/shared_with.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "index/base/time.h"
#include "index/network/records.h"
#include "server/handlers/scope.h"
#include "server/wire/wire.h"

namespace counterpart::server {
namespace {

namespace json = boost::json;

// A whole state under a later epoch has the cases beside it. What an office said of operations that this one has since lost
// says nothing.
bool has(const Position& position, const SharedCase& shared, const Position& head) {
  if (position.epoch != head.epoch) return false;
  if (position.epoch != shared.told_epoch) return position.epoch > shared.told_epoch;
  return position.sequence >= shared.told;
}

Status add_delivery(const Database& database, const SharedCase& shared, const OtherOffice& other, json::object& out) {
  const auto untold = untold_cases(database);
  if (!untold) return tl::unexpected(untold.error());
  const bool waits = std::ranges::find(*untold, std::pair(shared.office, shared.shared)) != untold->end();
  if (!waits && shared.told == 0) return {};
  const Result<std::optional<Position>> head = read_network_head(database);
  if (!head) return tl::unexpected(head.error());
  const bool delivered = !waits && *head && has(other.confirmed.position, shared, **head);
  out["delivered"] = delivered;
  if (delivered && other.confirmed.at != 0) out["confirmed_at"] = iso_time(other.confirmed.at);
  return {};
}

}  // namespace

Status add_shared_with(const Call& call, const SharedCase& shared, json::object& out) {
  const Database& database = call.data.store.database();
  const Result<std::optional<OtherOffice>> other = read_office(database, shared.office);
  if (!other) return tl::unexpected(other.error());
  if (*other) {
    out["name"] = (*other)->card.name;
    if ((*other)->as_of != 0) out["as_of"] = iso_time((*other)->as_of);
    if (Status told = add_delivery(database, shared, **other, out); !told) return told;
  }
  out["ended_there"] = shared.over;
  if (shared.home || call.caller.role == TokenRole::kOwner) return {};
  json::array refused;
  for (const AskedAct& asked : shared.asked) {
    if (asked.refused.empty()) continue;
    Error why{ErrorCode::kConflict, {}, asked.refused, {}};
    RefusalsIn{call.data.refusals, language_of_refusals(call.request)}.say(why);
    refused.push_back({{"verb", asked.act.verb},
                       {"at", iso_time(static_cast<std::uint64_t>(asked.act.at))},
                       {"reason", std::move(why.message)}});
  }
  if (!refused.empty()) out["not_done"] = std::move(refused);
  return {};
}

}  // namespace counterpart::server
