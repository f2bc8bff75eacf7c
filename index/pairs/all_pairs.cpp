#include "index/pairs/all_pairs.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>

#include "index/pairs/pair_scan.h"
#include "index/vector/packed_matrix.h"

namespace counterpart::index {
namespace {

constexpr std::uint32_t kTileColumns = 512;  // with the sums of a block they stay in the second-level cache
constexpr std::uint32_t kBlockRows = 256;
constexpr std::uint8_t kZeroCode = 128;
constexpr float kBarred = std::numeric_limits<float>::quiet_NaN();

// Vectors of one model: rows [offers | seeks] and a scale each.
struct Model {
  std::size_t half = 0;
  bool fine = false;
};

struct StoredRow {
  const std::int8_t* values;
  float scale;
};

// Where a position's vectors lie.
class Rows {
 public:
  Rows(const Snapshot& snapshot, const Admission& admission) : snapshot_(snapshot), admission_(admission) {}
  StoredRow at(std::uint32_t position, bool fine) const {
    const Snapshot::SegmentRow at = snapshot_.locate(admission_.row(position));
    const Segment& segment = at.segment;
    return fine ? StoredRow{segment.fine().row(at.row), segment.fine_scale(at.row)}
                : StoredRow{segment.vectors().row(at.row), segment.scale(at.row)};
  }

 private:
  const Snapshot& snapshot_;
  const Admission& admission_;
};

// The best of one row so far. Key and rank are packed into one number whose order is theirs: by key, ties by id.
class Best {
 public:
  explicit Best(std::size_t wanted) : wanted_(wanted) {}
  float least() const { return least_; }
  void offer(float key, std::uint32_t rank) {
    kept_.push_back((std::uint64_t{ascending(key)} << 32U) | (0xffffffffU - rank));
    if (kept_.size() >= 3 * wanted_ + 16) prune();
  }
  std::vector<TextCandidate> take(const Admission& admission) {
    std::ranges::sort(kept_, std::greater{});
    if (kept_.size() > wanted_) kept_.resize(wanted_);
    std::vector<TextCandidate> list;
    list.reserve(kept_.size());
    for (const std::uint64_t packed : kept_)
      list.push_back({admission.position(0xffffffffU - static_cast<std::uint32_t>(packed)), key_of(packed)});
    kept_ = {};
    return list;
  }

 private:
  // The bits of floats ascend with them once those of negative ones are turned round.
  static std::uint32_t ascending(float key) {
    const auto bits = std::bit_cast<std::uint32_t>(key);
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
  }
  static float key_of(std::uint64_t packed) {
    const auto bits = static_cast<std::uint32_t>(packed >> 32U);
    return std::bit_cast<float>((bits & kSign) != 0 ? bits & ~kSign : ~bits);
  }
  void prune() {
    std::ranges::nth_element(kept_, kept_.begin() + static_cast<std::ptrdiff_t>(wanted_) - 1, std::greater{});
    kept_.resize(wanted_);
    least_ = key_of(kept_.back());
  }

  static constexpr std::uint32_t kSign = 0x80000000U;
  std::size_t wanted_;
  float least_ = -std::numeric_limits<float>::max();  // no candidate below can be among the best
  std::vector<std::uint64_t> kept_;
};

// One model's side of a group's work: its rows as codes, a tile of columns, and their products.
class Plane {
 public:
  Plane(const Rows& rows, Model model, float forward_weight, float backward_weight, std::span<const std::uint32_t> group)
      : rows_(rows), model_(model), forward_weight_(forward_weight), backward_weight_(backward_weight) {
    const std::size_t count = group.size(), half = model.half;
    offers_.resize(count * half);
    seeks_.resize(count * half);
    for (std::size_t i = 0; i < count; ++i) {
      const StoredRow row = rows.at(group[i], model.fine);
      for (std::size_t k = 0; k < half; ++k) {
        offers_[i * half + k] = static_cast<std::uint8_t>(row.values[k] + kZeroCode);
        seeks_[i * half + k] = static_cast<std::uint8_t>(row.values[half + k] + kZeroCode);
      }
      row_scales_.push_back(row.scale);
    }
    column_offers_.resize(kTileColumns * half);
    column_seeks_.resize(kTileColumns * half);
    for (auto* column : {&forward_excess_, &backward_excess_}) column->resize(kTileColumns);
    scales_.resize(kTileColumns);
    forward_.resize(kBlockRows * kTileColumns);
    backward_.resize(kBlockRows * kTileColumns);
  }

  // `columns` at most kTileColumns positions.
  void load(std::span<const std::uint32_t> columns) {
    const std::size_t half = model_.half;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const StoredRow row = rows_.at(columns[i], model_.fine);
      std::copy_n(row.values, half, column_offers_.data() + i * half);
      std::copy_n(row.values + half, half, column_seeks_.data() + i * half);
      forward_excess_[i] = kZeroCode * std::accumulate(row.values, row.values + half, 0);
      backward_excess_[i] = kZeroCode * std::accumulate(row.values + half, row.values + 2 * half, 0);
      scales_[i] = row.scale;
    }
    packed_offers_.assign(column_offers_.data(), Int8Layout::kOutputsFirst, half, kTileColumns);
    packed_seeks_.assign(column_seeks_.data(), Int8Layout::kOutputsFirst, half, kTileColumns);
  }
  // Rows first .. first + count - 1 of the group with the loaded columns.
  void multiply(std::size_t first, std::size_t count) {
    const std::size_t half = model_.half;
    packed_offers_.multiply(seeks_.data() + first * half, count, forward_.data());
    packed_seeks_.multiply(offers_.data() + first * half, count, backward_.data());
  }
  float scale(std::size_t column) const { return scales_[column]; }
  // Row `row` of the group, which is `in_block` of the multiplied ones.
  ScanPlane scan(std::size_t row, std::size_t in_block, const float* scales) const {
    return {forward_.data() + in_block * kTileColumns,
            backward_.data() + in_block * kTileColumns,
            forward_excess_.data(),
            backward_excess_.data(),
            scales,
            forward_weight_ * row_scales_[row],
            backward_weight_ * row_scales_[row]};
  }
  // The column as the seeker, the row as its candidate: near its key, not the very bits of it.
  ScanPlane scan_reverse(std::size_t row, std::size_t in_block, const float* scales) const {
    ScanPlane plane = scan(row, in_block, scales);
    plane.forward_weight = backward_weight_ * row_scales_[row];
    plane.backward_weight = forward_weight_ * row_scales_[row];
    return plane;
  }
  // The very bits that a scan with the column as the seeker comes to.
  float reverse_key(std::size_t row, std::size_t in_block, std::size_t column) const {
    const std::size_t at = in_block * kTileColumns + column;
    const auto forward = static_cast<float>(backward_[at] - backward_excess_[column]);
    const auto backward = static_cast<float>(forward_[at] - forward_excess_[column]);
    const float sum = forward_weight_ * scales_[column] * forward + backward_weight_ * scales_[column] * backward;
    return sum * row_scales_[row];
  }
  std::uint64_t multiply_adds() const { return 2 * model_.half; }  // a pair

 private:
  const Rows& rows_;
  Model model_;
  float forward_weight_, backward_weight_;
  std::vector<std::uint8_t> offers_, seeks_;  // codes of the group's rows
  std::vector<float> row_scales_;
  std::vector<std::int8_t> column_offers_, column_seeks_;
  PackedMatrix packed_offers_, packed_seeks_;  // the same, laid out
  std::vector<std::int32_t> forward_excess_, backward_excess_;
  std::vector<float> scales_;
  std::vector<std::int32_t> forward_, backward_;
};

// Neighbouring rows of one class within a group, and whom they may meet.
struct Run {
  std::uint32_t first, end;  // of the group's rows
  std::vector<PositionRange> admitted;
  std::vector<float> scales = {}, fine_scales = {};  // of the loaded tile, kBarred where not admitted
  bool meets_any = false;                            // of the loaded tile
  std::size_t next = 0;                              // of `admitted`: the first that does not end before the tile

  // Positions are asked for in ascending order.
  bool admits(std::uint32_t position) {
    while (next < admitted.size() && admitted[next].end <= position) ++next;
    return next < admitted.size() && admitted[next].first <= position;
  }
};

std::vector<Run> runs_of(const Admission& admission, std::span<const std::uint32_t> group) {
  std::vector<Run> runs;
  for (std::uint32_t at = 0; at < group.size();) {
    const std::uint32_t of = admission.class_of(group[at]), first = at;
    while (at < group.size() && group[at] < admission.members(of).end) ++at;
    runs.push_back({first, at, admission.admitted(of)});
  }
  return runs;
}

// All positions that any of the runs admits, ascending.
std::vector<std::uint32_t> columns_of(const std::vector<Run>& runs) {
  std::vector<PositionRange> all;
  for (const Run& run : runs) all.insert(all.end(), run.admitted.begin(), run.admitted.end());
  std::ranges::sort(all, {}, &PositionRange::first);
  std::vector<std::uint32_t> columns;
  std::uint32_t next = 0;
  for (const PositionRange& range : all)
    for (next = std::max(next, range.first); next < range.end; ++next) columns.push_back(next);
  return columns;
}

std::uint64_t pairs_of(const Run& run, std::span<const std::uint32_t> group) {
  std::uint64_t admitted = 0, selves = 0;
  for (const PositionRange& range : run.admitted) {
    admitted += range.end - range.first;
    for (const std::uint32_t position : group.subspan(run.first, run.end - run.first))
      if (range.first <= position && position < range.end) ++selves;
  }
  return admitted * (run.end - run.first) - selves;
}

// Bars, for each run, the columns that it does not admit and those of the tile that are no columns at all.
void bar(std::vector<Run>& runs, std::span<const std::uint32_t> tile, const Plane& fast, const Plane* fine) {
  for (Run& run : runs) {
    run.scales.assign(kTileColumns, kBarred);
    run.fine_scales.assign(fine ? kTileColumns : 0, 0.0F);
    run.meets_any = false;
    for (std::size_t i = 0; i < tile.size(); ++i) {
      if (!run.admits(tile[i])) continue;
      run.meets_any = true;
      run.scales[i] = fast.scale(i);
      if (fine) run.fine_scales[i] = fine->scale(i);
    }
  }
}

// From the products of a tile to the lists of the group's rows and, if asked for, to those of the others.
class GroupScan {
 public:
  GroupScan(std::span<const std::uint32_t> group, const Plane& fast, const Plane* fine, const Admission& admission,
            std::vector<Best>& best, Reverse* reverse)
      : group_(group), fast_(fast), fine_(fine), admission_(admission), best_(best), reverse_(reverse) {}

  void enter(std::span<const std::uint32_t> tile) {
    tile_ = tile;
    if (!reverse_) return;
    bars_.assign(kTileColumns, kBarred);
    for (std::size_t i = 0; i < tile.size(); ++i) bars_[i] = reverse_->bars[tile[i]] - kNearKey;
  }

  void row(std::uint32_t row, std::uint32_t in_block, const Run& run) {
    found_.clear();
    ScanPlane of_fast = fast_.scan(row, in_block, run.scales.data()), of_fine;
    if (fine_) of_fine = fine_->scan(row, in_block, run.fine_scales.data());
    scan_columns(of_fast, fine_ ? &of_fine : nullptr, kTileColumns, best_[row].least(), found_);
    for (const Scanned& one : found_)
      // Adding zero makes one of the two zeros that floats have.
      if (tile_[one.column] != group_[row]) best_[row].offer(one.key + 0.0F, admission_.rank(tile_[one.column]));
    if (!reverse_) return;
    found_.clear();
    of_fast = fast_.scan_reverse(row, in_block, run.scales.data());
    if (fine_) of_fine = fine_->scan_reverse(row, in_block, run.fine_scales.data());
    scan_columns_over(of_fast, fine_ ? &of_fine : nullptr, kTileColumns, bars_.data(), found_);
    for (const Scanned& one : found_) {
      const std::uint32_t position = tile_[one.column];
      float key = fast_.reverse_key(row, in_block, one.column);
      if (fine_) key += fine_->reverse_key(row, in_block, one.column);
      if (position != group_[row] && key >= reverse_->bars[position])
        reverse_->hits.push_back({position, group_[row], key + 0.0F});
    }
  }

 private:
  static constexpr float kNearKey = 1e-4F;  // keys are sums of cosines times weights; float errs by less

  std::span<const std::uint32_t> group_;
  const Plane& fast_;
  const Plane* fine_;
  const Admission& admission_;
  std::vector<Best>& best_;
  Reverse* reverse_;
  std::span<const std::uint32_t> tile_ = {};
  std::vector<float> bars_ = {};
  std::vector<Scanned> found_ = {};
};

}  // namespace

PairWork& PairWork::operator+=(const PairWork& other) {
  admissible += other.admissible;
  multiplied += other.multiplied;
  multiply_adds += other.multiply_adds;
  return *this;
}

AllPairs::AllPairs(const Snapshot& snapshot, const Admission& admission, const TextWeights& weights, std::size_t wanted)
    : snapshot_(snapshot), admission_(admission), weights_(weights), wanted_(wanted) {}

std::uint32_t AllPairs::groups() const { return (admission_.size() + kGroupRows - 1) / kGroupRows; }

PositionRange AllPairs::group(std::uint32_t number) const {
  return {number * kGroupRows, std::min(admission_.size(), (number + 1) * kGroupRows)};
}

std::vector<std::vector<TextCandidate>> AllPairs::lists(std::uint32_t number, PairWork* work) const {
  const PositionRange range = group(number);
  std::vector<std::uint32_t> positions(range.end - range.first);
  std::iota(positions.begin(), positions.end(), range.first);
  return lists_of(positions, work);
}

std::vector<std::vector<TextCandidate>> AllPairs::lists_of(std::span<const std::uint32_t> group, PairWork* work,
                                                           Reverse* reverse) const {
  const Rows stored(snapshot_, admission_);
  Plane fast(stored, {padded_half(snapshot_.dimensions()), false}, weights_.forward, weights_.backward, group);
  std::unique_ptr<Plane> fine;
  if (weights_.fine_forward > 0 || weights_.fine_backward > 0)
    fine = std::make_unique<Plane>(stored, Model{padded_half(snapshot_.fine_dimensions()), true}, weights_.fine_forward,
                                   weights_.fine_backward, group);
  std::vector<Run> runs = runs_of(admission_, group);
  const std::vector<std::uint32_t> columns = columns_of(runs);
  const auto count = static_cast<std::uint32_t>(group.size());
  std::vector<Best> best(count, Best(wanted_));
  GroupScan scan{group, fast, fine.get(), admission_, best, reverse};
  const std::span<const std::uint32_t> all(columns);

  for (std::size_t start = 0; start < columns.size(); start += kTileColumns) {
    const auto tile = all.subspan(start, std::min<std::size_t>(kTileColumns, columns.size() - start));
    fast.load(tile);
    if (fine) fine->load(tile);
    bar(runs, tile, fast, fine.get());
    scan.enter(tile);
    for (std::uint32_t block = 0; block < count; block += kBlockRows) {
      const std::uint32_t block_rows = std::min(kBlockRows, count - block);
      fast.multiply(block, block_rows);
      if (fine) fine->multiply(block, block_rows);
      for (const Run& run : runs)
        if (run.meets_any)
          for (std::uint32_t row = std::max(run.first, block); row < std::min(run.end, block + block_rows); ++row)
            scan.row(row, row - block, run);
      if (work) {
        const std::uint64_t pairs = std::uint64_t{block_rows} * kTileColumns;
        work->multiplied += pairs;
        work->multiply_adds += pairs * (fast.multiply_adds() + (fine ? fine->multiply_adds() : 0));
      }
    }
  }
  if (work)
    for (const Run& run : runs) work->admissible += pairs_of(run, group);
  std::vector<std::vector<TextCandidate>> lists;
  for (Best& one : best) lists.push_back(one.take(admission_));
  return lists;
}

}  // namespace counterpart::index
