#include "index/segment/segment.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/date.h"
#include "engine/corpus/field.h"
#include "index/text/words.h"

namespace counterpart::index {
namespace {

std::string_view text_at(const Column<std::uint32_t>& ends, const Column<char>& heap, std::uint32_t row) {
  return {heap.view().data() + ends[row], ends[row + 1] - ends[row]};
}

void fill_heap(std::span<const std::string_view> texts, Column<std::uint32_t>& ends, Column<char>& heap) {
  Column<std::uint32_t>::Owned all_ends{0};
  all_ends.reserve(texts.size() + 1);
  Column<char>::Owned bytes;
  for (const std::string_view text : texts) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    all_ends.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  bytes.shrink_to_fit();
  ends = std::move(all_ends);
  heap = std::move(bytes);
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

}  // namespace

void set_names(SegmentColumns& columns, std::span<const std::string_view> ids, std::span<const std::string_view> titles,
               std::span<const std::string_view> names) {
  fill_heap(ids, columns.id_ends, columns.ids);
  fill_heap(titles, columns.title_ends, columns.titles);
  fill_heap(names, columns.name_ends, columns.names);
  Column<std::uint32_t>::Owned order(ids.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::sort(order, {}, [&](std::uint32_t row) { return ids[row]; });
  columns.by_id = std::move(order);
}

void set_expiries(SegmentColumns& columns) {
  Column<RowExpiry>::Owned ends;
  for (std::uint32_t row = 0; row < columns.traits.size(); ++row)
    if (columns.traits[row].valid_until != kNoEnd) ends.push_back({columns.traits[row].valid_until, row});
  std::ranges::sort(ends, {}, [](const RowExpiry& e) { return std::pair(e.last_day, e.row); });
  columns.expiries = std::move(ends);
}

WordColumns columns_of_words(std::vector<WordEntry> entries) {
  std::ranges::sort(entries, {}, [](const WordEntry& e) { return std::pair(e.word, e.posting.row); });
  Column<std::uint32_t>::Owned words, ends;
  Column<WordPosting>::Owned postings;
  postings.reserve(entries.size());
  for (const WordEntry& entry : entries) {
    if (words.empty() || words.back() != entry.word) {
      words.push_back(entry.word);
      ends.push_back(static_cast<std::uint32_t>(postings.size()));
    }
    postings.push_back(entry.posting);
  }
  ends.push_back(static_cast<std::uint32_t>(postings.size()));
  return {std::move(words), std::move(ends), std::move(postings)};
}

std::span<const WordPosting> WordColumns::of(std::uint32_t word) const {
  const auto at = std::ranges::lower_bound(words.view(), word);
  if (at == words.view().end() || *at != word) return {};
  const auto place = static_cast<std::size_t>(at - words.view().begin());
  return postings.view().subspan(ends[place], ends[place + 1] - ends[place]);
}

Segment::Segment(SegmentColumns columns, std::shared_ptr<const void> backing)
    : columns_(std::move(columns)), backing_(std::move(backing)) {}

std::uint32_t Segment::lists() const {
  return columns_.list_ends.size() == 0 ? 0 : static_cast<std::uint32_t>(columns_.list_ends.size() - 1);
}

std::string_view Segment::id(std::uint32_t row) const { return text_at(columns_.id_ends, columns_.ids, row); }
std::string_view Segment::title(std::uint32_t row) const { return text_at(columns_.title_ends, columns_.titles, row); }

std::string_view Segment::name(std::uint32_t row) const { return text_at(columns_.name_ends, columns_.names, row); }

std::optional<std::uint32_t> Segment::find(std::string_view wanted) const {
  const auto order = by_id();
  const auto at = std::ranges::lower_bound(order, wanted, {}, [&](std::uint32_t row) { return id(row); });
  if (at == order.end() || id(*at) != wanted) return std::nullopt;
  return *at;
}

std::size_t Segment::after(std::string_view last) const {
  const auto order = by_id();
  const auto at = std::ranges::upper_bound(order, last, {}, [&](std::uint32_t row) { return id(row); });
  return static_cast<std::size_t>(at - order.begin());
}

Embedding Segment::embedding(std::uint32_t row) const {
  Embedding found;
  found.scale = scale(row);
  const std::int8_t* values = vectors().row(row);
  found.values.assign(values, values + dimensions());
  found.values.insert(found.values.end(), values + half(), values + half() + dimensions());
  if (columns_.fine_dimensions == 0 || fine_scale(row) == 0) return found;
  found.fine_scale = fine_scale(row);
  const std::int8_t* exact = fine().row(row);
  found.fine_values.assign(exact, exact + columns_.fine_dimensions);
  found.fine_values.insert(found.fine_values.end(), exact + fine().half, exact + fine().half + columns_.fine_dimensions);
  for (std::uint32_t i = first_passage(row); i < first_passage(row) + passage_count(row); ++i) {
    const std::int8_t* at = passages().row(i);
    Embedding::Row passage{passage_scale(i), {at, at + columns_.fine_dimensions}};
    passage.values.insert(passage.values.end(), at + passages().half, at + passages().half + columns_.fine_dimensions);
    found.passages.push_back(std::move(passage));
  }
  for (std::uint32_t i = first_reference(row); i < first_reference(row) + reference_count(row); ++i) {
    const std::int8_t* at = reference_vector(i);
    found.references.push_back({reference_scale(i), {at, at + columns_.fine_dimensions}});
  }
  return found;
}

FineRow Segment::fine_row(std::uint32_t row) const {
  return {fine(), row, fine_scale(row), reference_vector(first_reference(row)),
          columns_.reference_scales.view().subspan(first_reference(row), reference_count(row))};
}

FineRow SeenRows::fine_row(const Segment& segment, std::uint32_t row) const {
  const std::size_t half = segment.fine().half, first = segment.first_reference(row);
  return {rows(half), row, scales[row], references.view().data() + first * half,
          std::span(reference_scales).subspan(first, segment.reference_count(row))};
}

std::uint32_t Segment::row_of_reference(std::uint32_t reference) const {
  const auto ends = columns_.reference_ends.view();
  return static_cast<std::uint32_t>(std::ranges::upper_bound(ends, reference) - ends.begin()) - 1;
}

Bitmap Segment::matching(const Filter& filter, std::int32_t today) const {
  Bitmap rows = keys().matching(filter);
  const auto ends = columns_.expiries.view();
  const auto valid = std::ranges::lower_bound(ends, today, {}, &RowExpiry::last_day);
  std::vector<std::uint32_t> expired;
  for (auto at = ends.begin(); at != valid; ++at) expired.push_back(at->row);
  if (!expired.empty()) {
    std::ranges::sort(expired);
    rows -= Bitmap::of(expired);
  }
  return rows;
}

Query make_query(const std::vector<float>& offers, const std::vector<float>& seeks, std::size_t dimensions) {
  // A face of another length than the corpus (a text that was never embedded) counts as one with nothing in it.
  Faces faces{.offers = offers, .seeks = seeks, .fine_offers = {}, .fine_seeks = {}, .words = {}};
  if (faces.offers.size() != dimensions) faces.offers.assign(dimensions, 0.0F);
  if (faces.seeks.size() != dimensions) faces.seeks.assign(dimensions, 0.0F);
  const Embedding rounded = quantise(faces, {});
  const std::size_t half = padded_half(dimensions);
  Query query{QueryVector(2 * half, 0), rounded.scale};
  for (std::size_t i = 0; i < dimensions; ++i) {
    query.values[i] = rounded.values[dimensions + i];  // what it seeks meets what they offer
    query.values[half + i] = rounded.values[i];
  }
  return query;
}

Query stored_query(const VectorRows& rows, std::size_t row, float scale) {
  const std::int8_t* values = rows.row(row);
  Query query{QueryVector(2 * rows.half), scale};
  std::copy_n(values + rows.half, rows.half, query.values.begin());
  std::copy_n(values, rows.half, query.values.begin() + static_cast<std::ptrdiff_t>(rows.half));
  return query;
}

FineSide stored_fine_side(const FineRow& row) {
  FineSide side{stored_query(row.rows, row.row, row.scale), {}};
  for (std::size_t i = 0; i < row.reference_scales.size(); ++i) {
    const std::int8_t* values = row.references + i * row.rows.half;
    side.references.push_back({QueryVector(values, values + row.rows.half), row.reference_scales[i]});
  }
  return side;
}

Query reference_query(const std::vector<float>& vector, std::size_t dimensions) {
  Query query{QueryVector(padded_half(dimensions), 0), 0};
  if (vector.size() != dimensions) return query;
  Faces faces;
  faces.offers = vector;
  const Embedding rounded = quantise(faces, {});
  std::ranges::copy(rounded.values, query.values.begin());
  query.scale = rounded.scale;
  return query;
}

namespace {

// Appends one row: both halves padded, or zeros where there are no values.
void append_row(Column<std::int8_t>::Owned& rows, const std::vector<std::int8_t>& values, std::size_t dimensions) {
  const std::size_t half = padded_half(dimensions);
  const std::size_t start = rows.size();
  rows.resize(start + 2 * half, 0);
  if (values.size() != 2 * dimensions) return;
  for (const std::size_t face : {0U, 1U})
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(face * dimensions), dimensions,
                rows.begin() + static_cast<std::ptrdiff_t>(start + face * half));
}

}  // namespace

std::int32_t accepted_day(std::string_view time) { return parse_date(time.substr(0, 10)).value_or(0); }

void SegmentBuilder::add(const Profile& profile, RowVersion version, const Embedding& embedding, const Taxonomy& taxonomy,
                         std::int32_t accepted) {
  const std::uint32_t row = size();
  ids_.push_back(profile.id);
  titles_.push_back(profile.title);
  names_.push_back(name_key(profile.title, taxonomy.legal_forms));
  traits_.push_back(traits_of(profile, taxonomy));
  traits_.back().accepted = accepted;
  versions_.push_back(version);
  scales_.push_back(embedding.scale);
  append_row(vectors_, embedding.values, dimensions_);
  const bool has_fine = fine_dimensions_ > 0 && embedding.fine_values.size() == 2 * std::size_t{fine_dimensions_};
  fine_scales_.push_back(has_fine ? embedding.fine_scale : 0);
  append_row(fine_, embedding.fine_values, fine_dimensions_);
  if (has_fine)
    for (const Embedding::Row& passage : embedding.passages) {
      append_row(passages_, passage.values, fine_dimensions_);
      passage_scales_.push_back(passage.values.size() == 2 * std::size_t{fine_dimensions_} ? passage.scale : 0);
    }
  passage_ends_.push_back(static_cast<std::uint32_t>(passage_scales_.size()));
  add_references(profile, embedding, has_fine);
  const Words words = words_of(profile);
  for (const WordCount& count : words.counts) words_.push_back({count.word, {row, count.offers, count.seeks, 0}});
  different_words_.push_back({words.different_offers, words.different_seeks});
  for (IndexedKey& indexed : indexed_keys(profile, taxonomy)) {
    std::vector<std::uint32_t>& rows = keys_[{std::move(indexed.field), std::move(indexed.key)}];
    if (rows.empty() || rows.back() != row) rows.push_back(row);
  }
}

void SegmentBuilder::add_references(const Profile& profile, const Embedding& embedding, bool has_fine) {
  const std::vector<Words> words = words_of_references(profile);
  const std::size_t half = padded_half(fine_dimensions_);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto number = static_cast<std::uint32_t>(reference_scales_.size());
    references_.resize(references_.size() + half, 0);
    reference_scales_.push_back(0);
    if (has_fine && i < embedding.references.size() && embedding.references[i].values.size() == fine_dimensions_) {
      std::ranges::copy(embedding.references[i].values, references_.end() - static_cast<std::ptrdiff_t>(half));
      reference_scales_.back() = embedding.references[i].scale;
    }
    for (const WordCount& count : words[i].counts) reference_words_.push_back({count.word, {number, count.offers, 0, 0}});
    reference_different_words_.push_back(words[i].different_offers);
  }
  reference_ends_.push_back(static_cast<std::uint32_t>(reference_scales_.size()));
}

std::shared_ptr<const Segment> SegmentBuilder::build() {
  SegmentColumns columns;
  columns.dimensions = dimensions_;
  set_names(columns, views(ids_), views(titles_), views(names_));
  const std::uint32_t rows = size();
  columns.traits = std::move(traits_);
  columns.versions = std::move(versions_);
  columns.scales = std::move(scales_);
  columns.vectors = std::move(vectors_);
  columns.fine_dimensions = fine_dimensions_;
  columns.fine_scales = std::move(fine_scales_);
  columns.fine = std::move(fine_);
  columns.passage_ends = std::move(passage_ends_);
  columns.passage_scales = std::move(passage_scales_);
  columns.passages = std::move(passages_);
  columns.reference_ends = std::move(reference_ends_);
  columns.reference_scales = std::move(reference_scales_);
  columns.references = std::move(references_);
  columns.reference_words = columns_of_words(std::move(reference_words_));
  columns.reference_different_words = std::move(reference_different_words_);
  columns.words = columns_of_words(std::move(words_));
  columns.different_words = std::move(different_words_);
  columns.keys = KeyBitmaps::build(keys_, rows);
  set_expiries(columns);
  *this = SegmentBuilder(dimensions_, fine_dimensions_);
  return std::make_shared<const Segment>(std::move(columns));
}

}  // namespace counterpart::index
