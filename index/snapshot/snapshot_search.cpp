// The search of a Snapshot: count what qualifies, then compare all of it, or the lists nearest to the query.
#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "engine/base/stopwatch.h"
#include "index/segment/reference_vectors.h"
#include "index/snapshot/snapshot.h"
#include "index/vector/sketch.h"

namespace counterpart::index {
namespace {

// So few are compared one by one; more, and the lists pay.
constexpr std::uint64_t kExactRows = 8'192;
// A probe compares at least kProbeRows qualifying rows (and twice what is wanted), then goes on while kWindow more
// still change the best kWatched. (What changes far down a list of candidates is not worth a longer probe.)
constexpr std::uint64_t kProbeRows = 6'000;
constexpr std::uint64_t kWindow = 2'000;
constexpr std::size_t kWatched = 10;
constexpr std::size_t kBlock = 1'024;
constexpr std::size_t kSpare = 64;
// A row of which its sketch says that it hardly reaches the bar is passed over: one in 120 of those that would.
constexpr float kDeviations = 2.4F;
// Beside the candidates of the vectors as many are looked for by words, if they share more than a trace: the fast vectors
// choose among those who speak another language, but words count for more among the others.
constexpr float kLeastWords = 0.05F;  // mean of both directions

struct Hit {
  double key;
  Candidate candidate;
};

// The best `wanted` rows seen so far. Hits above the bar are collected and thinned out when a quarter more are there.
class Best {
 public:
  Best(const Snapshot& snapshot, std::size_t wanted)
      : snapshot_(snapshot), wanted_(wanted), room_(std::min(wanted, snapshot.size()) * 5 / 4 + kSpare) {}

  void offer(const Hit& hit) {
    if (hit.key < bar_ || wanted_ == 0) return;
    watch(hit.key);
    hits_.push_back(hit);
    if (hits_.size() >= room_) thin();
  }
  // What a row must reach to be among the best `wanted`, as far as is known.
  double bar() const { return bar_; }
  // Have the best kWatched changed since the last call?
  bool changed() { return std::exchange(changed_, false); }
  std::vector<Candidate> take() {
    thin();
    std::ranges::sort(hits_, [this](const Hit& a, const Hit& b) { return better(a, b); });
    std::vector<Candidate> candidates;
    candidates.reserve(hits_.size());
    for (const Hit& hit : hits_) candidates.push_back(hit.candidate);
    return candidates;
  }

 private:
  bool better(const Hit& a, const Hit& b) const {
    return a.key != b.key ? a.key > b.key : snapshot_.id(a.candidate.row) < snapshot_.id(b.candidate.row);
  }
  void watch(double key) {
    if (watched_.size() == kWatched) {
      if (key <= watched_.top()) return;
      watched_.pop();
    }
    watched_.push(key);
    changed_ = true;
  }
  void thin() {
    if (wanted_ == 0 || hits_.size() < wanted_) return;
    const auto last = hits_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
    std::nth_element(hits_.begin(), last, hits_.end(), [this](const Hit& a, const Hit& b) { return better(a, b); });
    hits_.resize(wanted_);
    bar_ = hits_.back().key;
  }

  const Snapshot& snapshot_;
  std::size_t wanted_;
  std::size_t room_;
  double bar_ = -std::numeric_limits<double>::infinity();
  std::priority_queue<double, std::vector<double>, std::greater<>> watched_;  // the lowest of them on top
  bool changed_ = false;
  std::vector<Hit> hits_;
};

// One segment under one search.
class Scan {
 public:
  Scan(const Search& search, const Query& query, const Segment& segment, Row first, const Bitmap& rows, Best& best)
      : search_(search), query_(query), segment_(segment), first_(first), rows_(rows), best_(best) {}

  std::uint64_t all() {
    const std::vector<std::uint32_t> rows = rows_.rows();
    compare(rows);
    return rows.size();
  }

  // Lists in falling order of their centroid's similarity, until `enough` says so.
  std::uint64_t probe() {
    const std::uint64_t least = std::max<std::uint64_t>(kProbeRows, 2 * search_.wanted);
    const auto ends = segment_.columns().list_ends.view();
    const SketchQuery sketch(weighted_query());
    std::vector<std::uint32_t> rows;
    std::uint64_t scanned = 0, next_check = least;
    for (const NearList& list : nearest_lists()) {
      rows.clear();
      rows_.rows_between(ends[list.number], ends[list.number + 1], rows);
      scanned += rows.size();
      pass_over(sketch, list, rows);
      compare(rows);
      if (scanned < next_check) continue;
      if (!best_.changed() && scanned >= least + kWindow) break;
      next_check = scanned + kWindow;
    }
    return scanned;
  }

 private:
  struct NearList {
    std::uint32_t number;
    double key;  // of its centroid
  };

  // Such that its product with a row is the row's key.
  std::vector<float> weighted_query() const {
    std::vector<float> query(query_.values.size());
    for (std::size_t i = 0; i < query.size(); ++i)
      query[i] = (i < segment_.half() ? search_.forward_weight : search_.backward_weight) * query_.scale *
                 static_cast<float>(query_.values[i]);
    return query;
  }

  // Takes those out of `rows` that will hardly be among the best.
  void pass_over(const SketchQuery& sketch, const NearList& list, std::vector<std::uint32_t>& rows) {
    const double bar = best_.bar() - list.key;
    if (bar == -std::numeric_limits<double>::infinity()) return;
    bounds_.resize(rows.size());
    const SegmentColumns& columns = segment_.columns();
    sketch.bounds({columns.sketches.view().data(), columns.sketch_scales.view().data()}, rows, kDeviations, bounds_);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[kept] = rows[i];
      kept += std::size_t{static_cast<double>(bounds_[i]) >= bar};
    }
    rows.resize(kept);
  }

  void compare(std::span<const std::uint32_t> rows) {
    dots_.resize(kBlock);
    for (std::size_t start = 0; start < rows.size(); start += kBlock) {
      const auto block = rows.subspan(start, std::min(kBlock, rows.size() - start));
      dot_rows(query_.values, segment_.vectors(), block, dots_.data());
      for (std::size_t i = 0; i < block.size(); ++i) {
        const Candidate found = similarity(dots_[i], query_.scale, segment_.scale(block[i]), first_ + block[i]);
        best_.offer({order_key(search_.forward_weight, search_.backward_weight, found.forward, found.backward), found});
      }
    }
  }

  std::vector<NearList> nearest_lists() const {
    const std::uint32_t count = segment_.lists();
    const VectorRows centroids{segment_.columns().centroids.view().data(), segment_.half()};
    std::vector<HalfDots> dots(count);
    dot_range(query_.values, centroids, 0, count, dots.data());
    std::vector<NearList> lists;
    lists.reserve(count);
    for (std::uint32_t list = 0; list < count; ++list) {
      const Candidate near = similarity(dots[list], query_.scale, segment_.columns().centroid_scales[list], list);
      lists.push_back({list, order_key(search_.forward_weight, search_.backward_weight, near.forward, near.backward)});
    }
    std::ranges::sort(
        lists, [](const NearList& a, const NearList& b) { return a.key != b.key ? a.key > b.key : a.number < b.number; });
    return lists;
  }

  const Search& search_;
  const Query& query_;
  const Segment& segment_;
  Row first_;
  const Bitmap& rows_;
  Best& best_;
  std::vector<HalfDots> dots_;
  std::vector<float> bounds_;
};

// Of the qualifying rows that share words with the seeker, the best by words: the vectors' candidates may lack them.
std::vector<Row> best_by_words(const WordScores& words, const Search& search, const Snapshot& snapshot,
                               const std::vector<Bitmap>& qualifying, std::span<const Row> firsts, std::size_t wanted) {
  struct Named {
    float score;
    Row row;
  };
  std::vector<Named> found;
  constexpr std::uint64_t kFew = 8;  // one in so many
  const float least = kLeastWords * (search.forward_weight + search.backward_weight);
  const auto known = [](float score) { return std::isnan(score) ? 0.0F : score; };
  for (std::size_t i = 0; i < qualifying.size(); ++i) {
    const Segment& segment = *snapshot.segments()[i].segment;
    const auto may = [&](std::uint32_t row) {
      return words.bound(firsts[i] + row, search.forward_weight, search.backward_weight) > least;
    };
    const auto look_at = [&](std::uint32_t row) {
      const std::uint8_t language = segment.traits(row).text_language;
      const float score = search.forward_weight * known(words.forward(firsts[i] + row, language)) +
                          search.backward_weight * known(words.backward(firsts[i] + row, language));
      if (score > least) found.push_back({score, firsts[i] + row});
    };
    if (qualifying[i].size() * kFew < segment.size()) {
      for (const std::uint32_t row : qualifying[i].rows())
        if (may(row)) look_at(row);
    } else {  // few rows have the words: those are asked whether they qualify, instead of the other way round
      for (std::uint32_t row = 0; row < segment.size(); ++row)
        if (may(row) && qualifying[i].contains(row)) look_at(row);
    }
  }
  const auto better = [](const Named& a, const Named& b) { return a.score != b.score ? a.score > b.score : a.row < b.row; };
  const std::size_t kept = std::min(wanted, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(), better);
  std::vector<Row> rows;
  for (std::size_t i = 0; i < kept; ++i) rows.push_back(found[i].row);
  return rows;
}

}  // namespace

void Snapshot::fetch(Row row) const {
  const SegmentRow at = locate(row);
  const auto* traits = reinterpret_cast<const char*>(&at.segment.traits(at.row));
  for (std::size_t byte = 0; byte < sizeof(Traits); byte += 64) __builtin_prefetch(traits + byte);
  if (!fine_ready_) return;
  const std::size_t half = at.segment.fine().half;
  const std::int8_t* values = at.segment.fine().row(at.row);
  for (std::size_t byte = 0; byte < 2 * half; byte += 64) __builtin_prefetch(values + byte);
  if (!at.seen) return;
  values = at.seen->rows(half).row(at.row);
  for (std::size_t byte = 0; byte < 2 * half; byte += 64) __builtin_prefetch(values + byte);
}

Snapshot::Finer Snapshot::finer_of(const Faces& seeker) const {
  const std::size_t total = segments_.empty() ? 0 : firsts_.back() + segments_.back().segment->size();
  return {fine_query(seeker), WordScores(seeker, segments_, firsts_, total, texts())};
}

void Snapshot::complete(Candidate& candidate, const Finer& seeker) const {
  const SegmentRow at = locate(candidate.row);
  const std::uint8_t language = at.segment.traits(at.row).text_language;
  candidate.words_forward = seeker.words.forward(candidate.row, language);
  candidate.words_backward = seeker.words.backward(candidate.row, language);
  compare_fine(seeker.fine, at, candidate);
}

FineQuery Snapshot::fine_query(const Faces& seeker) const {
  FineQuery query;
  query.plain.faces = make_query(seeker.fine_offers, seeker.fine_seeks, models_.fine_dimensions);
  for (const std::vector<float>& reference : seeker.fine_references)
    query.plain.references.push_back(reference_query(reference, models_.fine_dimensions));
  if (!space_) return query;
  query.seen.faces = space_->see(query.plain.faces);
  query.sectors = space_->guess(query.seen.faces);
  for (const Query& reference : query.plain.references) query.seen.references.push_back(space_->see_reference(reference));
  return query;
}

FineQuery Snapshot::fine_query(const SegmentRow& at) const {
  const FineRow plain = at.segment.fine_row(at.row);
  FineQuery query;
  if (plain.scale == 0) return query;
  query.plain = stored_fine_side(plain);
  if (!at.seen) return query;
  query.seen = stored_fine_side(at.seen->fine_row(at.segment, at.row));
  query.sectors = at.seen->sectors[at.row];
  return query;
}

void Snapshot::compare_fine(const FineQuery& seeker, const SegmentRow& at, Candidate& candidate) const {
  if (!fine_ready_ || seeker.plain.faces.scale == 0) return;
  const FineRow plain = at.segment.fine_row(at.row);
  if (plain.scale == 0) return;
  const auto compare = [&](const FineSide& query, const FineRow& row, float& forward, float& backward) {
    HalfDots dots;
    dot_range(query.faces.values, row.rows, at.row, 1, &dots);
    const Candidate joined = similarity(dots, query.faces.scale, row.scale, candidate.row);
    const BestReference theirs = best_reference(query.faces, row);
    forward = theirs.similarities.raise(joined.forward, row.reference_scales.size());
    backward = raise_by_own(joined.backward, query.references, row);
    candidate.reference = theirs.similarity > joined.forward ? theirs.number : kNoReference;
  };
  if (!at.seen || seeker.seen.faces.scale == 0)
    return compare(seeker.plain, plain, candidate.fine_forward, candidate.fine_backward);
  candidate.own_sectors = seeker.sectors;
  candidate.their_sectors = at.seen->sectors[at.row];
  compare(seeker.plain, plain, candidate.plain_fine_forward, candidate.plain_fine_backward);
  compare(seeker.seen, at.seen->fine_row(at.segment, at.row), candidate.fine_forward, candidate.fine_backward);
}

SectorGuess Snapshot::guessed_sectors(Row row) const {
  const SegmentRow at = locate(row);
  return fine_ready_ && at.seen ? at.seen->sectors[at.row] : SectorGuess{};
}

std::uint16_t Snapshot::best_passage(const Query& fine, Row row) const {
  const SegmentRow at = locate(row);
  const std::uint32_t first = at.segment.first_passage(at.row), count = at.segment.passage_count(at.row);
  if (!fine_ready_ || fine.scale == 0 || count == 0) return kNoPassage;
  std::vector<HalfDots> dots(count);
  dot_range(fine.values, at.segment.passages(), first, count, dots.data());
  std::uint32_t best = 0;
  float most = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const float forward = similarity(dots[i], fine.scale, at.segment.passage_scale(first + i), row).forward;
    if (i == 0 || forward > most) best = i, most = forward;
  }
  return static_cast<std::uint16_t>(best);
}

SearchResult Snapshot::search(const Search& search) const {
  SearchResult found;
  Stopwatch watch;
  std::vector<Bitmap> rows;
  for (const LiveSegment& live : segments_) {
    rows.push_back(matching(live, search.filter, search.today));
    if (!search.exclude_id.empty())
      if (const auto self = live.segment->find(search.exclude_id)) rows.back().remove(*self);
    found.qualifying += rows.back().size();
  }
  found.filter_seconds = watch.lap();

  const Query query = make_query(search.seeker.offers, search.seeker.seeks, models_.dimensions);
  const bool all = search.exact || found.qualifying <= std::max<std::uint64_t>(kExactRows, search.wanted);
  Best best(*this, all ? std::max(search.wanted, search.wanted_if_all_compared) : search.wanted);
  // Recent segments first: they have no lists, and what they raise the bar to spares the probes.
  for (std::size_t i = segments_.size(); i-- > 0;) {
    Scan scan(search, query, *segments_[i].segment, firsts_[i], rows[i], best);
    found.scanned += all || segments_[i].segment->lists() == 0 ? scan.all() : scan.probe();
  }
  found.candidates = best.take();
  found.method = found.scanned == found.qualifying ? "exact" : "probed";

  found.prepared = search.prepared ? search.prepared : prepare(search.seeker);
  const Finer& seeker = *static_cast<const Finer*>(found.prepared.get());
  if (found.candidates.size() < found.qualifying && !seeker.words.empty()) {
    std::vector<Row> known;
    for (const Candidate& candidate : found.candidates) known.push_back(candidate.row);
    std::ranges::sort(known);
    std::vector<Row> more = best_by_words(seeker.words, search, *this, rows, firsts_, search.wanted);
    std::erase_if(more, [&](Row row) { return std::ranges::binary_search(known, row); });
    compare_vectors(query, more, found.candidates);
  }
  constexpr std::size_t kAhead = 6;  // what is known of the candidates lies far apart: fetched before their turn
  for (std::size_t i = 0; i < found.candidates.size(); ++i) {
    if (i + kAhead < found.candidates.size()) fetch(found.candidates[i + kAhead].row);
    complete(found.candidates[i], seeker);
  }
  found.search_seconds = watch.lap();
  return found;
}

void Snapshot::compare_vectors(const Query& query, std::span<const Row> rows, std::vector<Candidate>& candidates) const {
  const std::size_t before = candidates.size();
  candidates.resize(before + rows.size());
  std::vector<std::uint32_t> places, local;
  std::vector<HalfDots> dots;
  for (std::size_t i = 0; i < segments_.size(); ++i) {  // a segment's rows together, so that they are fetched ahead
    const Segment& segment = *segments_[i].segment;
    places.clear();
    local.clear();
    for (std::uint32_t place = 0; place < rows.size(); ++place)
      if (rows[place] >= firsts_[i] && rows[place] - firsts_[i] < segment.size()) {
        places.push_back(place);
        local.push_back(rows[place] - firsts_[i]);
      }
    dots.resize(local.size());
    dot_rows(query.values, segment.vectors(), local, dots.data());
    for (std::size_t k = 0; k < local.size(); ++k)
      candidates[before + places[k]] = similarity(dots[k], query.scale, segment.scale(local[k]), rows[places[k]]);
  }
}

std::shared_ptr<const void> Snapshot::prepare(const Faces& seeker) const {
  return std::make_shared<const Finer>(finer_of(seeker));
}

Candidate Snapshot::compare(const Faces& seeker, Row row, const void* prepared) const {
  if (!prepared) return compare(seeker, row, prepare(seeker).get());
  std::vector<Candidate> compared;
  compare_vectors(make_query(seeker.offers, seeker.seeks, models_.dimensions), {&row, 1}, compared);
  Candidate candidate = compared.front();
  const Finer& finer = *static_cast<const Finer*>(prepared);
  complete(candidate, finer);
  candidate.passage = best_passage(finer.fine.plain.faces, row);
  return candidate;
}

}  // namespace counterpart::index
