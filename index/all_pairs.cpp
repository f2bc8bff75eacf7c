#include "index/all_pairs.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>

#include "index/int8_product.h"
#include "index/pair_scan.h"

namespace counterpart {
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

// Where a position's vectors lie; looked up once for a tile of columns.
class Rows {
 public:
  Rows(const Snapshot& snapshot, const Admission& admission) : admission_(admission) {
    Row first = 0;
    for (const LiveSegment& part : snapshot.segments()) {
      segments_.push_back(part.segment.get());
      firsts_.push_back(first);
      first += part.segment->size();
    }
  }
  StoredRow at(std::uint32_t position, bool fine) const {
    const Row row = admission_.row(position);
    const auto index = static_cast<std::size_t>(std::ranges::upper_bound(firsts_, row) - firsts_.begin()) - 1;
    const Segment& segment = *segments_[index];
    const std::uint32_t own = row - firsts_[index];
    return fine ? StoredRow{segment.fine().row(own), segment.fine_scale(own)}
                : StoredRow{segment.vectors().row(own), segment.scale(own)};
  }

 private:
  const Admission& admission_;
  std::vector<const Segment*> segments_;
  std::vector<Row> firsts_;
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
  Plane(const Rows& rows, Model model, float forward_weight, float backward_weight, PositionRange group)
      : rows_(rows), model_(model), forward_weight_(forward_weight), backward_weight_(backward_weight) {
    const std::size_t count = group.end - group.first, half = model.half;
    offers_.resize(count * half);
    seeks_.resize(count * half);
    for (std::size_t i = 0; i < count; ++i) {
      const StoredRow row = rows.at(group.first + static_cast<std::uint32_t>(i), model.fine);
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
  }
  // Rows first .. first + count - 1 of the group with the loaded columns.
  void multiply(std::size_t first, std::size_t count) {
    const std::size_t half = model_.half;
    multiply_int8(seeks_.data() + first * half, count, column_offers_.data(), Int8Layout::kOutputsFirst, half,
                  kTileColumns, forward_.data());
    multiply_int8(offers_.data() + first * half, count, column_seeks_.data(), Int8Layout::kOutputsFirst, half,
                  kTileColumns, backward_.data());
  }
  float scale(std::size_t column) const { return scales_[column]; }
  // Row `row` of the group, which is `in_block` of the multiplied ones.
  ScanPlane scan(std::size_t row, std::size_t in_block, const float* scales) const {
    return {forward_.data() + in_block * kTileColumns, backward_.data() + in_block * kTileColumns,
            forward_excess_.data(), backward_excess_.data(), scales,
            forward_weight_ * row_scales_[row], backward_weight_ * row_scales_[row]};
  }
  std::uint64_t multiply_adds() const { return 2 * model_.half; }  // a pair

 private:
  const Rows& rows_;
  Model model_;
  float forward_weight_, backward_weight_;
  std::vector<std::uint8_t> offers_, seeks_;  // codes of the group's rows
  std::vector<float> row_scales_;
  std::vector<std::int8_t> column_offers_, column_seeks_;
  std::vector<std::int32_t> forward_excess_, backward_excess_;
  std::vector<float> scales_;
  std::vector<std::int32_t> forward_, backward_;
};

// Neighbouring rows of one class within a group, and whom they may meet.
struct Run {
  PositionRange rows;
  std::vector<PositionRange> admitted;
  std::vector<float> scales = {}, fine_scales = {};  // of the loaded tile, kBarred where not admitted
  bool meets_any = false;                  // of the loaded tile
  std::size_t next = 0;                    // of `admitted`: the first that does not end before the tile

  // Positions are asked for in ascending order.
  bool admits(std::uint32_t position) {
    while (next < admitted.size() && admitted[next].end <= position) ++next;
    return next < admitted.size() && admitted[next].first <= position;
  }
};

std::vector<Run> runs_of(const Admission& admission, PositionRange group) {
  std::vector<Run> runs;
  for (std::uint32_t at = group.first; at < group.end;) {
    const std::uint32_t of = admission.class_of(at);
    const std::uint32_t end = std::min(group.end, admission.members(of).end);
    runs.push_back({{at, end}, admission.admitted(of), {}, {}});
    at = end;
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

std::uint64_t pairs_of(const Run& run) {
  std::uint64_t admitted = 0, selves = 0;
  for (const PositionRange& range : run.admitted) {
    admitted += range.end - range.first;
    const std::uint32_t first = std::max(range.first, run.rows.first), end = std::min(range.end, run.rows.end);
    if (first < end) selves += end - first;
  }
  return admitted * (run.rows.end - run.rows.first) - selves;
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
  const PositionRange rows = group(number);
  const Rows stored(snapshot_, admission_);
  Plane fast(stored, {padded_half(snapshot_.dimensions()), false}, weights_.forward, weights_.backward, rows);
  std::unique_ptr<Plane> fine;
  if (weights_.fine_forward > 0 || weights_.fine_backward > 0)
    fine = std::make_unique<Plane>(stored, Model{padded_half(snapshot_.fine_dimensions()), true},
                                   weights_.fine_forward, weights_.fine_backward, rows);
  std::vector<Run> runs = runs_of(admission_, rows);
  const std::vector<std::uint32_t> columns = columns_of(runs);
  const std::uint32_t count = rows.end - rows.first;
  std::vector<Best> best(count, Best(wanted_));
  std::vector<Scanned> found;
  const std::span<const std::uint32_t> all(columns);

  for (std::size_t start = 0; start < columns.size(); start += kTileColumns) {
    const auto tile = all.subspan(start, std::min<std::size_t>(kTileColumns, columns.size() - start));
    fast.load(tile);
    if (fine) fine->load(tile);
    bar(runs, tile, fast, fine.get());
    for (std::uint32_t block = 0; block < count; block += kBlockRows) {
      const std::uint32_t block_rows = std::min(kBlockRows, count - block);
      fast.multiply(block, block_rows);
      if (fine) fine->multiply(block, block_rows);
      for (const Run& run : runs) {
        if (!run.meets_any) continue;
        const std::uint32_t first = std::max(run.rows.first - rows.first, block);
        const std::uint32_t end = std::min(run.rows.end - rows.first, block + block_rows);
        for (std::uint32_t row = first; row < end; ++row) {
          found.clear();
          const ScanPlane of_fast = fast.scan(row, row - block, run.scales.data());
          ScanPlane of_fine;
          if (fine) of_fine = fine->scan(row, row - block, run.fine_scales.data());
          scan_columns(of_fast, fine ? &of_fine : nullptr, kTileColumns, best[row].least(), found);
          for (const Scanned& one : found)
            // Adding zero makes one of the two zeros that floats have.
            if (tile[one.column] != rows.first + row) best[row].offer(one.key + 0.0F, admission_.rank(tile[one.column]));
        }
      }
      if (work) {
        const std::uint64_t pairs = std::uint64_t{block_rows} * kTileColumns;
        work->multiplied += pairs;
        work->multiply_adds += pairs * (fast.multiply_adds() + (fine ? fine->multiply_adds() : 0));
      }
    }
  }
  if (work)
    for (const Run& run : runs) work->admissible += pairs_of(run);
  std::vector<std::vector<TextCandidate>> lists;
  for (Best& one : best) lists.push_back(one.take(admission_));
  return lists;
}

}  // namespace counterpart
