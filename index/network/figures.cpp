#include "index/network/figures.h"

#include <algorithm>
#include <utility>

#include "index/network/records.h"

namespace counterpart::index {

Result<std::optional<NetworkFigures>> network_figures(const Database& database) {
  const Result<std::optional<OfficeCard>> self = read_self(database);
  if (!self) return tl::unexpected(self.error());
  if (!*self) return std::nullopt;
  const Result<std::optional<Position>> head = read_network_head(database);
  if (!head) return tl::unexpected(head.error());
  NetworkFigures figures;
  figures.office = (*self)->office;
  const Position own = head->value_or(Position{});
  figures.epoch = own.epoch;
  // They have no gaps, so the first tells how many there are.
  Status walked = for_each_operation(database, 0, nullptr, [&](const KeptOperation& first) {
    figures.kept = own.sequence - first.operation.sequence + 1;
    figures.oldest_kept = first.operation.at;
    return false;
  });
  if (!walked) return tl::unexpected(walked.error());
  const Result<std::vector<OtherOffice>> offices = read_offices(database);
  if (!offices) return tl::unexpected(offices.error());
  for (const OtherOffice& office : *offices) {
    OfficeFigures one{
        .office = office.card.office, .name = office.card.name, .as_of = office.as_of, .heard_at = office.heard_at};
    const Position& has = office.confirmed.position;
    one.behind = has.epoch == own.epoch ? own.sequence - std::min(own.sequence, has.sequence) : own.sequence;
    const Result<std::vector<NoteOf>> parked = read_notes(database, Note::kParked, one.office);
    if (!parked) return tl::unexpected(parked.error());
    const Result<std::vector<NoteOf>> beside = read_notes(database, Note::kBeside, one.office);
    if (!beside) return tl::unexpected(beside.error());
    const auto waits = [](const NoteOf& note) { return !note.reason.empty(); };
    one.parked = parked->size() + static_cast<std::uint64_t>(std::ranges::count_if(*beside, waits));
    const Result<std::vector<NoteOf>> erasing = read_notes(database, Note::kErase, one.office);
    if (!erasing) return tl::unexpected(erasing.error());
    one.erasures_pending = erasing->size();
    figures.offices.push_back(std::move(one));
  }
  return figures;
}

}  // namespace counterpart::index
