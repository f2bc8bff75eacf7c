#include "engine/score/sector_fit.h"

#include <algorithm>
#include <array>
#include <bit>
#include <span>

namespace counterpart::engine {
namespace {

// By digits shared: nothing, section, (never), division, group, class.
constexpr double kAffinity[] = {0.1, 0.45, 0.45, 0.8, 0.9, 1.0};

// ISIC codes nest by prefix (C, C27, C271, C2710), so the common prefix names the narrowest class shared. A match compares some
// thousand pairs of codes, so they are compared as the bytes of one number, the first letter lowest.
class Code {
 public:
  Code() = default;
  explicit Code(std::string_view name) : name_(name) {
    for (std::size_t i = name.size(); i-- > 0;) bytes_ = bytes_ << 8U | static_cast<unsigned char>(name[i]);
  }
  // How many digits both begin with.
  std::size_t shared(const Code& other) const {
    const std::size_t same = static_cast<std::size_t>(std::countr_zero(bytes_ ^ (other.bytes_ | kEnd))) / 8;
    const std::size_t length = std::min({same, name_.size(), other.name_.size()});
    return length == 2 ? 1 : length;  // half a division is none
  }
  std::string_view first(std::size_t digits) const { return name_.substr(0, digits); }

 private:
  static constexpr std::uint64_t kEnd = std::uint64_t{1} << 63U;  // so that two of the same digits end somewhere
  std::string_view name_;
  std::uint64_t bytes_ = 0;  // at most seven digits; none of them is zero
};

using Codes = std::span<const Code>;

std::string_view best_shared(Codes a, Codes b) {
  std::string_view best;
  for (const Code& one : a)
    for (const Code& other : b)
      if (const std::size_t shared = one.shared(other); shared > best.size()) best = one.first(shared);
  return best;
}

// What one side's sectors may be: those that it states, all of them for sure, or one of several by its text.
class Side {
 public:
  Side(const Traits& who, const SectorGuess& guess, const Taxonomy& taxonomy)
      : guess_(guess), stated_(who.sector_count > 0), count_(stated_ ? who.sector_count : guess.size()) {
    for (std::size_t i = 0; i < count_; ++i)
      codes_[i] = Code(stated_ ? std::string_view(taxonomy.sectors.entries()[who.sectors[i]].code) : guess.likeliest[i].name());
  }
  bool stated() const { return stated_; }
  std::size_t outcomes() const { return stated_ ? 1 : count_; }
  double chance(std::size_t outcome) const { return stated_ ? 1 : guess_.likeliest[outcome].share / 255.0; }
  Codes codes(std::size_t outcome) const { return stated_ ? Codes(codes_).first(count_) : Codes(codes_).subspan(outcome, 1); }

 private:
  const SectorGuess& guess_;
  bool stated_;
  std::size_t count_;
  std::array<Code, kMaxSectors> codes_;
};

}  // namespace

std::optional<SectorFit> sector_fit(const Pair& pair) {
  const Side yours(pair.seeker, pair.texts.own_sectors, pair.taxonomy);
  const Side theirs(pair.counterpart, pair.texts.their_sectors, pair.taxonomy);
  if (yours.outcomes() == 0 || theirs.outcomes() == 0) return std::nullopt;
  SectorFit fit{.yours_stated = yours.stated(), .theirs_stated = theirs.stated()};
  double told = 0, most = 0;
  for (std::size_t i = 0; i < yours.outcomes(); ++i)
    for (std::size_t j = 0; j < theirs.outcomes(); ++j) {
      const std::string_view shared = best_shared(yours.codes(i), theirs.codes(j));
      const double chance = yours.chance(i) * theirs.chance(j), gain = chance * kAffinity[shared.size()];
      fit.value += gain;
      told += chance;
      if (shared.empty() || gain <= most) continue;
      most = gain;
      fit.shared = shared;
    }
  fit.value += std::max(1 - told, 0.0) * kAffinity[0];  // what is left may be any other
  return fit;
}

}  // namespace counterpart::engine
