// An immutable block of profiles as search sees them: columns of fixed-size rows, bitmaps by key, optional lists.
#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/profile/traits.h"
#include "index/layer.h"
#include "index/segment/bitmaps.h"
#include "index/vector/embedding.h"
#include "index/vector/kernel.h"
#include "index/vector/sketch.h"

namespace counterpart::index {

// Values in memory of our own, or a view of a mapped file that outlives the segment.
template <class T>
class Column {
 public:
  using Owned = std::vector<T, boost::alignment::aligned_allocator<T, 64>>;
  Column() = default;
  Column(Owned values) : owned_(std::move(values)), view_(owned_) {}
  static Column borrowed(std::span<const T> view) {
    Column column;
    column.view_ = view;
    return column;
  }
  Column(Column&& other) noexcept { *this = std::move(other); }
  Column& operator=(Column&& other) noexcept {
    owned_ = std::move(other.owned_);  // a moved vector keeps its buffer, so the view stays right
    view_ = std::exchange(other.view_, {});
    return *this;
  }
  std::span<const T> view() const { return view_; }
  const T& operator[](std::size_t index) const { return view_[index]; }
  std::size_t size() const { return view_.size(); }

 private:
  Owned owned_;
  std::span<const T> view_;
};

struct RowVersion {
  std::uint64_t sequence = 0;
  std::uint64_t version = 0;
  bool operator==(const RowVersion&) const = default;
};

struct RowExpiry {
  std::int32_t last_day = 0;
  std::uint32_t row = 0;
};

// One word of one row: how often it stands in each face.
struct WordPosting {
  std::uint32_t row = 0;
  std::uint8_t offers = 0;
  std::uint8_t seeks = 0;
  std::uint16_t unused = 0;  // so that no byte of the file is undefined
};

// Of one row.
struct DifferentWords {
  std::uint16_t offers = 0;
  std::uint16_t seeks = 0;
};

// Postings ends[w] .. ends[w + 1] - 1, ascending by row, are those of words[w]; words ascend.
struct WordColumns {
  Column<std::uint32_t> words, ends;
  Column<WordPosting> postings;
  std::span<const WordPosting> of(std::uint32_t word) const;
};

// Everything of a segment that is written to a file, section by section. Offsets have one entry more than rows.
struct SegmentColumns {
  std::uint32_t dimensions = 0;
  Column<std::uint32_t> id_ends, title_ends, name_ends;  // first entry 0
  Column<char> ids, titles, names;                       // names: Corpus::name()
  Column<std::uint32_t> by_id;                           // rows in ascending order of id
  Column<Traits> traits;
  Column<RowVersion> versions;
  Column<RowExpiry> expiries;  // rows with an end, by last_day
  Column<float> scales;
  Column<std::int8_t> vectors;        // [offers | seeks] a row, each half padded
  std::uint32_t fine_dimensions = 0;  // of the second text model; 0: none
  Column<float> fine_scales;          // 0: the row's fine vectors have not been made yet
  Column<std::int8_t> fine;           // as `vectors`
  // Passages passage_ends[row] .. passage_ends[row + 1] - 1 are those of a row, each laid out as a row of `fine`.
  Column<std::uint32_t> passage_ends;
  Column<float> passage_scales;
  Column<std::int8_t> passages;
  WordColumns words;
  Column<DifferentWords> different_words;  // a row
  // References reference_ends[row] .. reference_ends[row + 1] - 1 are those of a row. Their vectors are of the fine model, one
  // padded half each; scale 0: it has not been made yet. Their words have the reference in place of the row, as of an offer.
  Column<std::uint32_t> reference_ends;
  Column<float> reference_scales;
  Column<std::int8_t> references;
  WordColumns reference_words;
  Column<std::uint16_t> reference_different_words;  // a reference
  // Inverted lists: rows list_ends[l] .. list_ends[l + 1] - 1 are list l. Empty: no lists.
  Column<std::uint32_t> list_ends;
  Column<float> centroid_scales;
  Column<std::int8_t> centroids;
  // What a row has beyond the centroid of its list, sketch_words() of both faces a row. Empty: no lists.
  Column<std::uint64_t> sketches;
  Column<SketchScale> sketch_scales;
  KeyBitmaps keys;
};

// The fine vectors of one row: its two faces, and its references, a half each.
struct FineRow {
  VectorRows rows;
  std::uint32_t row = 0;
  float scale = 0;  // 0: it has none yet
  const std::int8_t* references = nullptr;
  std::span<const float> reference_scales = {};
};

// Safe from any thread.
class Segment {
 public:
  // `backing` keeps alive what the columns borrow.
  explicit Segment(SegmentColumns columns, std::shared_ptr<const void> backing = nullptr);

  std::uint32_t size() const { return static_cast<std::uint32_t>(columns_.traits.size()); }
  std::uint32_t dimensions() const { return columns_.dimensions; }
  std::size_t half() const { return padded_half(columns_.dimensions); }
  std::uint32_t lists() const;

  std::string_view id(std::uint32_t row) const;
  std::string_view title(std::uint32_t row) const;
  std::string_view name(std::uint32_t row) const;
  const Traits& traits(std::uint32_t row) const { return columns_.traits[row]; }
  RowVersion version(std::uint32_t row) const { return columns_.versions[row]; }
  std::optional<std::uint32_t> find(std::string_view id) const;
  std::span<const std::uint32_t> by_id() const { return columns_.by_id.view(); }
  // Position in by_id() of the first row whose id comes after `id`.
  std::size_t after(std::string_view id) const;
  VectorRows vectors() const { return {columns_.vectors.view().data(), half()}; }
  float scale(std::uint32_t row) const { return columns_.scales[row]; }
  // The names of the models are left empty: all rows of a snapshot share them.
  Embedding embedding(std::uint32_t row) const;
  std::uint32_t fine_dimensions() const { return columns_.fine_dimensions; }
  VectorRows fine() const { return {columns_.fine.view().data(), padded_half(columns_.fine_dimensions)}; }
  float fine_scale(std::uint32_t row) const { return columns_.fine_scales[row]; }
  FineRow fine_row(std::uint32_t row) const;
  VectorRows passages() const { return {columns_.passages.view().data(), padded_half(columns_.fine_dimensions)}; }
  std::uint32_t first_passage(std::uint32_t row) const { return columns_.passage_ends[row]; }
  std::uint32_t passage_count(std::uint32_t row) const { return columns_.passage_ends[row + 1] - columns_.passage_ends[row]; }
  float passage_scale(std::uint32_t passage) const { return columns_.passage_scales[passage]; }
  std::uint32_t references() const { return static_cast<std::uint32_t>(columns_.reference_scales.size()); }
  std::uint32_t first_reference(std::uint32_t row) const { return columns_.reference_ends[row]; }
  std::uint32_t reference_count(std::uint32_t row) const {
    return columns_.reference_ends[row + 1] - columns_.reference_ends[row];
  }
  std::uint32_t row_of_reference(std::uint32_t reference) const;
  float reference_scale(std::uint32_t reference) const { return columns_.reference_scales[reference]; }
  const std::int8_t* reference_vector(std::uint32_t reference) const {
    return columns_.references.view().data() + reference * padded_half(columns_.fine_dimensions);
  }
  std::uint16_t reference_different_words(std::uint32_t reference) const {
    return columns_.reference_different_words[reference];
  }
  std::span<const WordPosting> postings(std::uint32_t word) const { return columns_.words.of(word); }
  DifferentWords different_words(std::uint32_t row) const { return columns_.different_words[row]; }
  const KeyBitmaps& keys() const { return columns_.keys; }
  // Rows that pass `filter` and are still valid on `today`.
  Bitmap matching(const Filter& filter, std::int32_t today) const;
  const SegmentColumns& columns() const { return columns_; }

 private:
  SegmentColumns columns_;
  std::shared_ptr<const void> backing_;
};

// The fine vectors of a segment's rows and references as another space shows them (index/space/corpus_space.h): laid out
// like those of the segment, and compared as exactly.
struct SeenRows {
  Column<std::int8_t> values, references;
  std::vector<float> scales, reference_scales;  // 0: there is no fine vector
  std::vector<SectorGuess> sectors;             // by row; empty guesses of those that state theirs
  VectorRows rows(std::size_t half) const { return {values.view().data(), half}; }
  FineRow fine_row(const Segment& segment, std::uint32_t row) const;
};

// What a search compares with: both faces in int8, as stored ones are.
struct Query {
  QueryVector values;
  float scale = 0;
};
Query make_query(const std::vector<float>& offers, const std::vector<float>& seeks, std::size_t dimensions);
// A stored row as a query.
Query stored_query(const VectorRows& rows, std::size_t row, float scale);
// One half: the vector of a reference.
Query reference_query(const std::vector<float>& vector, std::size_t dimensions);
// By the fine model: both faces, and each of the references, a half.
struct FineSide {
  Query faces;
  std::vector<Query> references = {};
};
FineSide stored_fine_side(const FineRow& row);

// One multiplication in double, rounded once to float: equal on every machine.
inline float cosine(std::int32_t dot, float query_scale, float row_scale) {
  return static_cast<float>(dot * (static_cast<double>(query_scale) * static_cast<double>(row_scale)));
}
// The two similarities of a row.
inline Candidate similarity(HalfDots dots, float query_scale, float row_scale, Row row) {
  return {row, cosine(dots.forward, query_scale, row_scale), cosine(dots.backward, query_scale, row_scale)};
}

// The order of candidates. Products of two floats are exact in double, so a fused multiply-add changes nothing.
inline double order_key(float forward_weight, float backward_weight, float forward, float backward) {
  return static_cast<double>(forward_weight) * static_cast<double>(forward) +
         static_cast<double>(backward_weight) * static_cast<double>(backward);
}

// The day of a time as the store writes it ("2024-05-01T12:00:00Z"); 0: not such a time.
std::int32_t accepted_day(std::string_view time);

struct WordEntry {
  std::uint32_t word = 0;
  WordPosting posting;
};

// Collects rows one by one into a segment without lists. Not thread-safe.
class SegmentBuilder {
 public:
  explicit SegmentBuilder(std::uint32_t dimensions, std::uint32_t fine_dimensions = 0)
      : dimensions_(dimensions), fine_dimensions_(fine_dimensions) {}
  // Ids must differ. `embedding` is of `dimensions`; its fine part is of `fine_dimensions` or absent.
  // `accepted`: Traits::accepted.
  void add(const Profile& profile, RowVersion version, const Embedding& embedding, const Taxonomy& taxonomy,
           std::int32_t accepted = 0);
  std::uint32_t size() const { return static_cast<std::uint32_t>(traits_.size()); }
  // Leaves the builder empty.
  std::shared_ptr<const Segment> build();

 private:
  void add_references(const Profile& profile, const Embedding& embedding, bool has_fine);

  std::uint32_t dimensions_, fine_dimensions_;
  std::vector<std::string> ids_, titles_, names_;
  Column<Traits>::Owned traits_;
  Column<RowVersion>::Owned versions_;
  Column<float>::Owned scales_;
  Column<std::int8_t>::Owned vectors_;
  Column<float>::Owned fine_scales_;
  Column<std::int8_t>::Owned fine_;
  Column<std::uint32_t>::Owned passage_ends_{0};
  Column<float>::Owned passage_scales_;
  Column<std::int8_t>::Owned passages_;
  Column<std::uint32_t>::Owned reference_ends_{0};
  Column<float>::Owned reference_scales_;
  Column<std::int8_t>::Owned references_;
  std::vector<WordEntry> reference_words_;
  Column<std::uint16_t>::Owned reference_different_words_;
  std::vector<WordEntry> words_;
  Column<DifferentWords>::Owned different_words_;
  KeyBitmaps::Rows keys_;
};

// The columns that follow from the others: id, title and name heaps, the id order, the expiries.
void set_names(SegmentColumns& columns, std::span<const std::string_view> ids, std::span<const std::string_view> titles,
               std::span<const std::string_view> names);
void set_expiries(SegmentColumns& columns);
// From entries in any order.
WordColumns columns_of_words(std::vector<WordEntry> entries);

}  // namespace counterpart::index
