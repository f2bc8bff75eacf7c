#include "index/network/receipts.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "index/base/time.h"
#include "index/network/records.h"

namespace counterpart::index {
namespace {

// What an office said of operations that this one has since lost, and made others of the same number, says nothing.
bool has_confirmed(const Confirmation& confirmed, const ErasedOperation& erased, const Position& head) {
  const Position& has = confirmed.position;
  if (has.epoch != head.epoch) return false;
  if (has.epoch > erased.epoch) return confirmed.clean == has.sequence;
  const bool through = confirmed.clean >= erased.sequence && confirmed.clean <= has.sequence;
  return through || std::ranges::find(confirmed.ahead, erased.sequence) != confirmed.ahead.end();
}

}  // namespace

Status add_offices(const Store& store, ErasureReceipt& receipt) {
  std::vector<ErasedOperation> erased;
  for (const std::string& id : receipt.profiles) {
    const Result<std::optional<ErasedOperation>> told = read_erased(store.database(), id);
    if (!told) return tl::unexpected(told.error());
    if (*told) erased.push_back(**told);
  }
  if (erased.empty()) return {};
  const Result<std::vector<OtherOffice>> offices = read_offices(store.database());
  if (!offices) return tl::unexpected(offices.error());
  const Result<std::optional<Position>> head = read_network_head(store.database());
  if (!head) return tl::unexpected(head.error());
  std::string waiting;
  for (const OtherOffice& office : *offices) {
    const std::string& id = office.card.office;
    // Whoever never confirmed anything and was never sent anything has nothing.
    if (office.exported == 0) continue;
    const bool done =
        std::ranges::all_of(erased, [&](const auto& one) { return *head && has_confirmed(office.confirmed, one, **head); });
    receipt.places.push_back(
        {"office " + id, done ? "removed" : "not reached",
         done ? "confirmed by that office on " + iso_time(office.confirmed.at) + ": nothing is left in its files"
              : "it has been told and has not confirmed yet"});
    if (!done) waiting += (waiting.empty() ? "" : ", ") + id;
  }
  if (waiting.empty()) return {};
  receipt.complete = false;
  if (!receipt.pending)
    receipt.pending = Error{ErrorCode::kUnavailable,
                            {},
                            "offices have not confirmed yet: " + waiting,
                            "repeat this call when their confirmation is here"};
  return {};
}

Result<OpenErasures> open_erasures(const Store& store) {
  Result<std::vector<OtherOffice>> offices = read_offices(store.database());
  if (!offices) return tl::unexpected(std::move(offices.error()));
  std::erase_if(*offices, [](const OtherOffice& office) { return office.exported == 0; });
  const Result<std::optional<Position>> head = read_network_head(store.database());
  if (!head) return tl::unexpected(head.error());
  OpenErasures open;
  const Status walked = for_each_erased(store.database(), [&](const ErasedOperation& erased) {
    bool missed = false;
    for (const OtherOffice& office : *offices) {
      if (*head && has_confirmed(office.confirmed, erased, **head)) continue;
      ++open.missed[office.card.office];
      missed = true;
    }
    open.profiles += missed ? 1 : 0;
  });
  if (!walked) return tl::unexpected(walked.error());
  return open;
}

}  // namespace counterpart::index
