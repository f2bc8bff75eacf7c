#include "engine/match/bands.h"

#include <algorithm>
#include <limits>

namespace counterpart::engine {
namespace {

constexpr double kAny = std::numeric_limits<double>::infinity();
// Thresholds are those of the first try on 310 answers judged by eye, by another measure of chance. By this one, of the judged
// questions' answers (tests/quality/judged) .76 of the strong, .67 of the good and .48 of the possible are relevant to whoever
// offers, and .38, .21 and .07 to whoever needs. Who is better than chance is possible, whatever is expected: among
// ten found where five are expected half are what was asked for.
constexpr BandRow kBands[] = {
    {Band::kStrong, "strong", 0.05, "chance would bring one as near to one question in twenty"},
    {Band::kGood, "good", 0.37, "chance would bring one as near to one question in three"},
    {Band::kPossible, "possible", kAny, "more are as near as chance would bring, or too few profiles are there to tell"},
    {Band::kWeak, "weak", kAny, "chance would bring as many as near as this"},
};
constexpr std::size_t kMutual = 10;

}  // namespace

std::span<const BandRow> bands() { return kBands; }

std::string_view name_of(Band band) { return kBands[static_cast<std::size_t>(band)].name; }

std::optional<Band> find_band(std::string_view name) {
  const auto* found = std::ranges::find(kBands, name, &BandRow::name);
  return found == std::end(kBands) ? std::nullopt : std::optional(found->band);
}

Band with_place(Band band, std::size_t place) {
  const bool mutual = place > 0 && place <= kMutual;
  if (mutual && band == Band::kPossible) return Band::kGood;
  return !mutual && band == Band::kStrong ? Band::kGood : band;
}

Band band_of(const BandEvidence& evidence) {
  if (!evidence.better) return Band::kWeak;
  Band band = Band::kPossible;
  if (evidence.expected)
    band = std::ranges::find_if(kBands, [&](const BandRow& row) { return *evidence.expected < row.expected; })->band;
  if (evidence.place) band = with_place(band, *evidence.place);
  return evidence.about_matter ? band : std::max(band, Band::kPossible);
}

}  // namespace counterpart::engine
