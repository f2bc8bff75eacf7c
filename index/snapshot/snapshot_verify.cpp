#include "index/snapshot/snapshot_verify.h"

#include <algorithm>
#include <cstring>
#include <set>

#include "engine/corpus/field.h"
#include "engine/taxonomy/names.h"
#include "index/text/words.h"

namespace counterpart::index {
namespace {

// How many keys each row has.
std::vector<std::uint32_t> count_keys(const Segment& segment) {
  std::vector<std::uint32_t> counts(segment.size(), 0);
  for (const KeyBitmaps::Entry& entry : segment.keys().entries())
    for (const std::uint32_t row : entry.rows.rows()) ++counts[row];
  return counts;
}

std::int64_t count_keys(const Segment& segment, std::uint32_t row) {
  return std::ranges::count_if(segment.keys().entries(), [&](const auto& entry) { return entry.rows.contains(row); });
}

struct Located {
  const Segment* segment;
  std::uint32_t row;
};

Located locate(const Snapshot& snapshot, Row row) {
  for (const LiveSegment& live : snapshot.segments()) {
    if (row < live.segment->size()) return {live.segment.get(), row};
    row -= live.segment->size();
  }
  return {nullptr, 0};
}

bool expiry_listed(const Segment& segment, std::uint32_t row) {
  const std::int32_t last_day = segment.traits(row).valid_until;
  const auto listed = segment.columns().expiries.view();
  const auto first = std::ranges::lower_bound(listed, last_day, {}, &RowExpiry::last_day);
  const auto end = std::ranges::upper_bound(listed, last_day, {}, &RowExpiry::last_day);
  const bool found = std::any_of(first, end, [&](const RowExpiry& e) { return e.row == row; });
  return found == (last_day != kNoEnd);
}

std::optional<std::string> key_difference(const Located& at, const Profile& profile, const Taxonomy& taxonomy,
                                          std::int64_t key_count) {
  std::set<std::pair<std::string, std::string>> expected;
  for (const IndexedKey& indexed : indexed_keys(profile, taxonomy)) expected.emplace(indexed.field, indexed.key);
  for (const auto& [field, key] : expected) {
    const KeyBitmaps::Entry* entry = at.segment->keys().find(field, key);
    if (!entry || !entry->rows.contains(at.row)) return "is not found under " + field + "=" + key;
  }
  if (key_count < 0) key_count = count_keys(*at.segment, at.row);
  if (key_count != static_cast<std::int64_t>(expected.size())) return "is found under a key that it does not have";
  return std::nullopt;
}

bool same_traits(const Traits& a, const Traits& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

bool same_vectors(const Embedding& a, const Embedding& b) {
  return std::memcmp(&a.scale, &b.scale, sizeof a.scale) == 0 && a.values == b.values;
}

// Stored vectors of another fine model wait to be made again; until then the row has none.
bool same_fine(const Snapshot& snapshot, const Embedding& indexed, const Embedding& stored) {
  if (snapshot.fine_model().empty() || stored.fine_model != snapshot.fine_model()) return indexed.fine_values.empty();
  return std::memcmp(&indexed.fine_scale, &stored.fine_scale, sizeof stored.fine_scale) == 0 &&
         (stored.fine_scale == 0 || indexed.passages == stored.passages) &&
         (stored.fine_scale == 0 || indexed.references == stored.references) &&
         (stored.fine_scale == 0 || indexed.fine_values == stored.fine_values);
}

bool holds_words(const WordColumns& columns, std::uint32_t text, const Words& expected) {
  return std::ranges::all_of(expected.counts, [&](const WordCount& count) {
    const auto postings = columns.of(count.word);
    const auto found = std::ranges::lower_bound(postings, text, {}, &WordPosting::row);
    return found != postings.end() && found->row == text && found->offers == count.offers && found->seeks == count.seeks;
  });
}

bool same_words(const Located& at, const Profile& profile) {
  const Words expected = words_of(profile);
  const DifferentWords different = at.segment->different_words(at.row);
  return different.offers == expected.different_offers && different.seeks == expected.different_seeks &&
         holds_words(at.segment->columns().words, at.row, expected);
}

bool same_references(const Located& at, const Profile& profile) {
  const std::vector<Words> expected = words_of_references(profile);
  if (at.segment->reference_count(at.row) != expected.size()) return false;
  std::uint32_t reference = at.segment->first_reference(at.row);
  return std::ranges::all_of(expected, [&](const Words& words) {
    const std::uint32_t number = reference++;
    return at.segment->reference_different_words(number) == words.different_offers &&
           holds_words(at.segment->columns().reference_words, number, words);
  });
}

}  // namespace

std::optional<Difference> compare_profile(const Snapshot& snapshot, const Taxonomy& taxonomy, const Expected& expected) {
  const auto& [id, stored, vectors, key_count] = expected;
  const auto differs = [&](const std::string& what) { return Difference{std::string(expected.id), what}; };
  const std::optional<Row> row = snapshot.find(id);
  if (!stored) return row ? std::optional(differs("is indexed but not stored")) : std::nullopt;
  const bool ready = vectors && vectors->model == snapshot.model();
  if (!row) return ready ? std::optional(differs("is stored but not indexed")) : std::nullopt;
  if (!ready) return differs("is indexed without vectors of this model");

  const Located at = locate(snapshot, *row);
  if (snapshot.version(*row) != RowVersion{stored->sequence, stored->version}) return differs("is indexed at another version");
  if (snapshot.title(*row) != stored->profile.title) return differs("has another title");
  if (snapshot.name(*row) != name_key(stored->profile.title, taxonomy.legal_forms)) return differs("has another name");
  Traits traits = traits_of(stored->profile, taxonomy);
  traits.accepted = accepted_day(stored->accepted_at);
  if (!same_traits(traits, snapshot.traits(*row))) return differs("has other traits");
  if (!expiry_listed(*at.segment, at.row)) return differs("has another last day");
  if (!same_vectors(snapshot.embedding(*row), *vectors)) return differs("has other vectors");
  if (!same_fine(snapshot, snapshot.embedding(*row), *vectors)) return differs("has other fine vectors");
  if (!same_words(at, stored->profile)) return differs("has other words");
  if (!same_references(at, stored->profile)) return differs("has other words in its references");
  if (const auto what = key_difference(at, stored->profile, taxonomy, key_count)) return differs(*what);
  return std::nullopt;
}

Result<std::vector<Difference>> compare_with_store(const Snapshot& snapshot, const Store& store, const Taxonomy& taxonomy,
                                                   VerifyReport& counts) {
  std::vector<std::uint32_t> key_counts;
  for (const LiveSegment& live : snapshot.segments()) {
    const std::vector<std::uint32_t> more = count_keys(*live.segment);
    key_counts.insert(key_counts.end(), more.begin(), more.end());
  }
  std::vector<Difference> differences;
  std::vector<bool> seen(key_counts.size(), false);
  const auto excluded = excluded_ids(store.database());
  if (!excluded) return tl::unexpected(excluded.error());
  const Status read = store.for_each(false, [&](const StoredProfile& stored, const std::optional<Embedding>& vectors) {
    if (excluded->contains(stored.profile.id)) return true;
    ++counts.stored;
    if (!vectors || vectors->model != snapshot.model()) ++counts.awaiting;
    const std::optional<Row> row = snapshot.find(stored.profile.id);
    if (row) seen[*row] = true;
    const std::int64_t keys = row ? std::int64_t{key_counts[*row]} : -1;
    if (auto found = compare_profile(snapshot, taxonomy, {stored.profile.id, &stored, vectors, keys}))
      differences.push_back(std::move(*found));
    return true;
  });
  if (!read) return tl::unexpected(read.error());
  counts.indexed = snapshot.size();
  for (Row row = 0; row < seen.size(); ++row)
    if (!seen[row] && snapshot.live(row)) differences.push_back({std::string(snapshot.id(row)), "is indexed but not stored"});
  return differences;
}

namespace {

constexpr int kComparisons = 3;  // at a difference, before it is believed

// The difference of one profile as it is now; nullopt: equal, or it changes too fast to tell.
std::optional<Difference> look_again(const std::string& id, const Store& store, const Taxonomy& taxonomy,
                                     const std::function<std::shared_ptr<const Snapshot>()>& caught_up) {
  for (int time = 0; time < kComparisons; ++time) {
    const std::shared_ptr<const Snapshot> now = caught_up();
    if (!now) continue;
    const Result<StoredProfile> stored = store.get(id);
    const Result<std::optional<Embedding>> vectors = store.embedding(id);
    const Result<bool> excluded = is_excluded(store.database(), id);
    if (now->sequence() != store.sequence()) continue;  // changed meanwhile
    if (!excluded) return Difference{id, describe(excluded.error())};
    if (*excluded) return compare_profile(*now, taxonomy, {id, nullptr, {}, -1});
    if (!stored && stored.error().code != ErrorCode::kNotFound) return Difference{id, describe(stored.error())};
    if (!vectors && vectors.error().code != ErrorCode::kNotFound) return Difference{id, describe(vectors.error())};
    const std::optional<Embedding> own = vectors.value_or(std::nullopt);
    return compare_profile(*now, taxonomy, {id, stored ? &*stored : nullptr, own, -1});
  }
  return std::nullopt;
}

}  // namespace

Result<VerifyReport> verify_published(const Store& store, const Taxonomy& taxonomy,
                                      const std::function<std::shared_ptr<const Snapshot>()>& caught_up) {
  const std::shared_ptr<const Snapshot> now = caught_up();
  if (!now) return fail(ErrorCode::kUnavailable, "index", "it does not catch up with the store", "try again in a moment");
  VerifyReport report;
  Result<std::vector<Difference>> suspected = compare_with_store(*now, store, taxonomy, report);
  if (!suspected) return tl::unexpected(suspected.error());
  const bool still = store.sequence() == now->sequence();
  for (Difference& difference : *suspected) {
    if (!still) {
      std::optional<Difference> again = look_again(difference.id, store, taxonomy, caught_up);
      if (!again) continue;
      difference = std::move(*again);
    }
    report.differs("profile `" + difference.id + "` " + difference.what);
  }
  return report;
}

}  // namespace counterpart::index
