#include "index/segment/segment_merge.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "index/vector/training.h"

namespace counterpart::index {
namespace {

constexpr std::size_t kSamplePerList = 40;
constexpr double kListsPerRoot = 1.25;  // lists = so many times the root of the rows
constexpr std::uint32_t kGone = std::numeric_limits<std::uint32_t>::max();

struct Source {
  std::uint32_t input = 0;
  std::uint32_t row = 0;
  std::uint32_t list = 0;
};

struct Centroids {
  std::uint32_t count = 0;
  Column<float>::Owned scales;
  Column<std::int8_t>::Owned values;
};

std::vector<Source> live_rows(std::span<const LiveSegment> inputs) {
  std::vector<Source> sources;
  for (std::uint32_t input = 0; input < inputs.size(); ++input)
    for (std::uint32_t row = 0; row < inputs[input].segment->size(); ++row)
      if (!inputs[input].deleted || !inputs[input].deleted->contains(row)) sources.push_back({input, row, 0});
  return sources;
}

// Evenly spaced rows as f32, halves without padding kept in place: the same points whatever order the threads ran in.
std::vector<float> sample_of(std::span<const LiveSegment> inputs, std::vector<Source> sources, std::size_t wanted) {
  std::ranges::sort(sources, {}, [&](const Source& s) { return inputs[s.input].segment->id(s.row); });
  const std::size_t width = 2 * inputs[0].segment->half();
  const std::size_t count = std::min(wanted, sources.size());
  std::vector<float> sample;
  sample.reserve(count * width);
  for (std::size_t i = 0; i < count; ++i) {
    const Source& source = sources[i * sources.size() / count];
    const Segment& segment = *inputs[source.input].segment;
    const std::int8_t* values = segment.vectors().row(source.row);
    const float scale = segment.scale(source.row);
    for (std::size_t j = 0; j < width; ++j) sample.push_back(scale * static_cast<float>(values[j]));
  }
  return sample;
}

Centroids round_off(std::span<const float> points, std::size_t width) {
  Centroids centroids;
  centroids.count = static_cast<std::uint32_t>(points.size() / width);
  for (std::size_t c = 0; c < centroids.count; ++c) {
    const auto point = points.subspan(c * width, width);
    float largest = 0;
    for (const float value : point) largest = std::max(largest, std::abs(value));
    const float scale = largest / 127.0F;
    centroids.scales.push_back(scale);
    for (const float value : point)
      centroids.values.push_back(static_cast<std::int8_t>(scale > 0 ? std::lround(value / scale) : 0));
  }
  return centroids;
}

Result<Centroids> choose_centroids(std::span<const LiveSegment> inputs, const std::vector<Source>& sources, Lists lists) {
  const Segment& first = *inputs[0].segment;
  if (lists == Lists::kReuse && first.lists() > 0) {
    const auto values = first.columns().centroids.view();
    const auto scales = first.columns().centroid_scales.view();
    return Centroids{first.lists(), {scales.begin(), scales.end()}, {values.begin(), values.end()}};
  }
  const std::size_t width = 2 * first.half();
  const auto count = static_cast<std::size_t>(kListsPerRoot * std::sqrt(static_cast<double>(sources.size())));
  Result<std::vector<float>> points = cluster(sample_of(inputs, sources, kSamplePerList * count), width, count);
  if (!points) return tl::unexpected(points.error());
  return round_off(*points, width);
}

// Nearest centroid by distance: |c|^2 - 2 x.c is least.
void assign(std::span<const LiveSegment> inputs, const Centroids& centroids, std::vector<Source>& sources) {
  const std::size_t half = inputs[0].segment->half();
  const VectorRows rows{centroids.values.data(), half};
  std::vector<double> lengths(centroids.count);
  for (std::size_t c = 0; c < centroids.count; ++c) {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < 2 * half; ++j) sum += std::int64_t{rows.row(c)[j]} * rows.row(c)[j];
    lengths[c] = static_cast<double>(sum) * centroids.scales[c] * centroids.scales[c] / 2;
  }
  std::vector<HalfDots> dots(centroids.count);
  QueryVector query(2 * half);
  for (Source& source : sources) {
    const Segment& segment = *inputs[source.input].segment;
    const std::int8_t* values = segment.vectors().row(source.row);
    std::copy(values, values + 2 * half, query.begin());
    dot_range(query, rows, 0, centroids.count, dots.data());
    double best = -std::numeric_limits<double>::infinity();
    for (std::uint32_t c = 0; c < centroids.count; ++c) {
      const double near = (static_cast<double>(dots[c].forward) + dots[c].backward) *
                              static_cast<double>(segment.scale(source.row)) * centroids.scales[c] -
                          lengths[c];
      if (near > best) best = near, source.list = c;
    }
  }
}

void copy_rows(std::span<const LiveSegment> inputs, const std::vector<Source>& sources, SegmentColumns& columns) {
  const std::size_t width = 2 * padded_half(columns.dimensions);
  std::vector<std::string_view> ids, titles, names;
  Column<Traits>::Owned traits;
  Column<RowVersion>::Owned versions;
  Column<float>::Owned scales;
  Column<std::int8_t>::Owned vectors(sources.size() * width);
  const std::size_t fine_width = 2 * padded_half(columns.fine_dimensions);
  Column<float>::Owned fine_scales;
  Column<std::int8_t>::Owned fine(sources.size() * fine_width);
  Column<std::uint32_t>::Owned passage_ends{0};
  Column<float>::Owned passage_scales;
  Column<std::int8_t>::Owned passages;
  Column<DifferentWords>::Owned different_words;
  traits.reserve(sources.size());
  versions.reserve(sources.size());
  scales.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const Segment& segment = *inputs[sources[i].input].segment;
    const std::uint32_t row = sources[i].row;
    ids.push_back(segment.id(row));
    titles.push_back(segment.title(row));
    names.push_back(segment.name(row));
    traits.push_back(segment.traits(row));
    versions.push_back(segment.version(row));
    scales.push_back(segment.scale(row));
    std::copy_n(segment.vectors().row(row), width, vectors.data() + i * width);
    fine_scales.push_back(segment.fine_scale(row));
    std::copy_n(segment.fine().row(row), fine_width, fine.data() + i * fine_width);
    for (std::uint32_t p = segment.first_passage(row); p < segment.first_passage(row) + segment.passage_count(row); ++p) {
      passage_scales.push_back(segment.passage_scale(p));
      passages.insert(passages.end(), segment.passages().row(p), segment.passages().row(p) + fine_width);
    }
    passage_ends.push_back(static_cast<std::uint32_t>(passage_scales.size()));
    different_words.push_back(segment.different_words(row));
  }
  columns.traits = std::move(traits);
  columns.versions = std::move(versions);
  columns.scales = std::move(scales);
  columns.vectors = std::move(vectors);
  columns.fine_scales = std::move(fine_scales);
  columns.fine = std::move(fine);
  columns.passage_ends = std::move(passage_ends);
  columns.passage_scales = std::move(passage_scales);
  columns.passages = std::move(passages);
  columns.different_words = std::move(different_words);
  set_names(columns, ids, titles, names);
  set_expiries(columns);
}

// References lie in the order of their rows.
void copy_references(std::span<const LiveSegment> inputs, const std::vector<Source>& sources, SegmentColumns& columns) {
  const std::size_t width = padded_half(columns.fine_dimensions);
  Column<std::uint32_t>::Owned ends{0};
  Column<float>::Owned scales;
  Column<std::int8_t>::Owned vectors;
  Column<std::uint16_t>::Owned different_words;
  for (const Source& source : sources) {
    const Segment& segment = *inputs[source.input].segment;
    const std::uint32_t first = segment.first_reference(source.row), count = segment.reference_count(source.row);
    for (std::uint32_t i = first; i < first + count; ++i) {
      scales.push_back(segment.reference_scale(i));
      different_words.push_back(segment.reference_different_words(i));
    }
    vectors.insert(vectors.end(), segment.reference_vector(first), segment.reference_vector(first) + count * width);
    ends.push_back(static_cast<std::uint32_t>(scales.size()));
  }
  columns.reference_ends = std::move(ends);
  columns.reference_scales = std::move(scales);
  columns.references = std::move(vectors);
  columns.reference_different_words = std::move(different_words);
}

// Where each row of each input has gone.
using Moves = std::vector<std::vector<std::uint32_t>>;

Moves moves_of(std::span<const LiveSegment> inputs, const std::vector<Source>& sources) {
  Moves moved(inputs.size());
  for (std::size_t input = 0; input < inputs.size(); ++input) moved[input].assign(inputs[input].segment->size(), kGone);
  for (std::uint32_t row = 0; row < sources.size(); ++row) moved[sources[row].input][sources[row].row] = row;
  return moved;
}

KeyBitmaps merge_keys(std::span<const LiveSegment> inputs, const Moves& moved, std::size_t size) {
  KeyBitmaps::Rows keys;
  for (std::size_t input = 0; input < inputs.size(); ++input)
    for (const KeyBitmaps::Entry& entry : inputs[input].segment->keys().entries()) {
      std::vector<std::uint32_t>& rows = keys[{entry.field, entry.key}];
      for (const std::uint32_t row : entry.rows.rows())
        if (moved[input][row] != kGone) rows.push_back(moved[input][row]);
    }
  std::erase_if(keys, [](const auto& entry) { return entry.second.empty(); });
  for (auto& [name, rows] : keys) std::ranges::sort(rows);
  return KeyBitmaps::build(keys, static_cast<std::uint32_t>(size));
}

// Where each reference has gone, by where its row has.
Moves moves_of_references(std::span<const LiveSegment> inputs, const Moves& moved, const SegmentColumns& merged) {
  Moves references(inputs.size());
  for (std::size_t input = 0; input < inputs.size(); ++input) {
    const Segment& segment = *inputs[input].segment;
    for (std::uint32_t row = 0; row < segment.size(); ++row)
      for (std::uint32_t i = 0; i < segment.reference_count(row); ++i)
        references[input].push_back(moved[input][row] == kGone ? kGone : merged.reference_ends[moved[input][row]] + i);
  }
  return references;
}

WordColumns merge_words(std::span<const LiveSegment> inputs, WordColumns SegmentColumns::*words, const Moves& moved) {
  std::vector<WordEntry> entries;
  for (std::size_t input = 0; input < inputs.size(); ++input) {
    const WordColumns& own = inputs[input].segment->columns().*words;
    for (const std::uint32_t word : own.words.view())
      for (WordPosting posting : own.of(word)) {
        posting.row = moved[input][posting.row];
        if (posting.row != kGone) entries.push_back({word, posting});
      }
  }
  return columns_of_words(std::move(entries));
}

void set_lists(const std::vector<Source>& sources, Centroids centroids, SegmentColumns& columns) {
  Column<std::uint32_t>::Owned ends(centroids.count + 1, 0);
  for (const Source& source : sources) ++ends[source.list + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  columns.list_ends = std::move(ends);
  columns.centroid_scales = std::move(centroids.scales);
  columns.centroids = std::move(centroids.values);
}

// Of rows that are in their lists' order.
void set_sketches(const std::vector<Source>& sources, SegmentColumns& columns) {
  const std::size_t width = 2 * padded_half(columns.dimensions), words = sketch_words(width);
  Column<std::uint64_t>::Owned sketches(sources.size() * words);
  Column<SketchScale>::Owned scales(sources.size());
  std::vector<float> residual(width);
  for (std::size_t row = 0; row < sources.size(); ++row) {
    const std::uint32_t list = sources[row].list;
    const std::int8_t *values = columns.vectors.view().data() + row * width,
                      *centroid = columns.centroids.view().data() + list * width;
    for (std::size_t i = 0; i < width; ++i)
      residual[i] =
          columns.scales[row] * static_cast<float>(values[i]) - columns.centroid_scales[list] * static_cast<float>(centroid[i]);
    scales[row] = make_sketch(residual, sketches.data() + row * words);
  }
  columns.sketches = std::move(sketches);
  columns.sketch_scales = std::move(scales);
}

}  // namespace

Result<std::shared_ptr<const Segment>> merge_segments(std::span<const LiveSegment> inputs, Lists lists) {
  SegmentColumns columns;
  columns.dimensions = inputs.empty() ? 0 : inputs[0].segment->dimensions();
  columns.fine_dimensions = inputs.empty() ? 0 : inputs[0].segment->fine_dimensions();
  std::vector<Source> sources = live_rows(inputs);
  const bool cut = lists != Lists::kNone && sources.size() >= kMinRowsForLists;
  Centroids centroids;
  if (cut) {
    Result<Centroids> chosen = choose_centroids(inputs, sources, lists);
    if (!chosen) return tl::unexpected(chosen.error());
    centroids = std::move(*chosen);
    assign(inputs, centroids, sources);
  }
  // Neighbours in a list are alike in what conditions ask for, so that a condition passes them in runs.
  std::ranges::sort(sources, {}, [&](const Source& source) {
    const Segment& segment = *inputs[source.input].segment;
    const Traits& traits = segment.traits(source.row);
    return std::tuple(source.list, traits.kind, traits.country, segment.id(source.row));
  });
  copy_rows(inputs, sources, columns);
  copy_references(inputs, sources, columns);
  const Moves moved = moves_of(inputs, sources);
  columns.keys = merge_keys(inputs, moved, sources.size());
  columns.words = merge_words(inputs, &SegmentColumns::words, moved);
  columns.reference_words = merge_words(inputs, &SegmentColumns::reference_words, moves_of_references(inputs, moved, columns));
  if (cut) {
    set_lists(sources, std::move(centroids), columns);
    set_sketches(sources, columns);
  }
  return std::make_shared<const Segment>(std::move(columns));
}

}  // namespace counterpart::index
