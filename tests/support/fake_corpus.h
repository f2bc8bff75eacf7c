// A Corpus of a handful of profiles, compared one by one: what the engine's tests need of an index.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/corpus/corpus.h"
#include "engine/corpus/field.h"
#include "engine/profile/traits.h"
#include "engine/programme/eligibility.h"
#include "engine/taxonomy/names.h"
#include "tests/support/fake_embedder.h"

namespace counterpart::engine {

class FakeCorpus : public Corpus {
 public:
  FakeCorpus(const Taxonomy& taxonomy, std::vector<Profile> profiles) : taxonomy_(taxonomy), profiles_(std::move(profiles)) {
    for (const Profile& profile : profiles_) {
      traits_.push_back(traits_of(profile, taxonomy_));
      faces_.push_back(faces_of(profile));
      keys_.push_back(indexed_keys(profile, taxonomy_));
      names_.push_back(name_key(profile.title, taxonomy_.legal_forms));
    }
  }

  static Faces faces_of(const Profile& profile) {
    const FakeEmbedder embedder;
    return {embedder.embed(profile.offers, {}), embedder.embed(profile.seeks, {})};
  }
  const Profile& profile(std::string_view wanted) const { return profiles_[*find(wanted)]; }

  std::uint64_t sequence() const override { return profiles_.size(); }
  std::size_t size() const override { return profiles_.size(); }
  std::optional<Row> find(std::string_view wanted) const override {
    for (Row row = 0; row < profiles_.size(); ++row)
      if (profiles_[row].id == wanted) return row;
    return std::nullopt;
  }
  std::string_view id(Row row) const override { return profiles_[row].id; }
  std::string_view title(Row row) const override { return profiles_[row].title; }
  std::string_view name(Row row) const override { return names_[row]; }
  std::vector<std::uint8_t> words_held(std::span<const AlternativeWords>) const override {
    return std::vector<std::uint8_t>(profiles_.size(), 0);  // it cuts no words
  }
  const Traits& traits(Row row) const override { return traits_[row]; }
  Faces faces(Row row) const override { return faces_[row]; }

  SearchResult search(const Search& search) const override {
    SearchResult found{.candidates = {}, .qualifying = 0, .scanned = 0, .method = "exact"};
    for (Row row = 0; row < profiles_.size(); ++row)
      if (passes(search.filter, row, search.today) && profiles_[row].id != search.exclude_id)
        found.candidates.push_back(compare(search.seeker, row));
    found.qualifying = found.scanned = found.candidates.size();
    const auto key = [&](const Candidate& c) {
      return search.forward_weight * c.forward + search.backward_weight * c.backward;
    };
    std::ranges::sort(found.candidates, [&](const Candidate& a, const Candidate& b) {
      return key(a) != key(b) ? key(a) > key(b) : id(a.row) < id(b.row);
    });
    if (found.candidates.size() > search.wanted) found.candidates.resize(search.wanted);
    return found;
  }
  using Corpus::compare;
  Candidate compare(const Faces& seeker, Row row, const void*) const override {
    return {row, dot(seeker.seeks, faces_[row].offers), dot(seeker.offers, faces_[row].seeks)};
  }
  std::vector<bool> passing(const Filter& filter, std::int32_t today, std::span<const Row> rows) const override {
    std::vector<bool> passing;
    for (const Row row : rows) passing.push_back(passes(filter, row, today));
    return passing;
  }
  std::uint64_t count(const Filter& filter, std::int32_t today) const override {
    std::uint64_t total = 0;
    for (Row row = 0; row < profiles_.size(); ++row) total += passes(filter, row, today);
    return total;
  }
  std::vector<std::pair<std::string, std::uint64_t>> facet(const Filter& filter, std::int32_t today,
                                                           std::string_view field) const override {
    std::map<std::string, std::uint64_t> counts;
    for (Row row = 0; row < profiles_.size(); ++row) {
      if (!passes(filter, row, today)) continue;
      for (const IndexedKey& key : keys_[row])
        if (key.field == field) ++counts[key.key];
    }
    return {counts.begin(), counts.end()};
  }
  std::vector<std::string> list(const Filter& filter, std::string_view after, std::size_t limit) const override {
    std::vector<std::string> ids;
    for (Row row = 0; row < profiles_.size(); ++row)
      if (profiles_[row].id > after && passes(filter, row, std::numeric_limits<std::int32_t>::min()))
        ids.push_back(profiles_[row].id);
    std::ranges::sort(ids);
    if (ids.size() > limit) ids.resize(limit);
    return ids;
  }

 private:
  static float dot(const std::vector<float>& a, const std::vector<float>& b) {
    float sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  }
  bool holds_by_key(const Condition& condition, Row row) const {
    const bool any = std::ranges::any_of(keys_[row], [&](const IndexedKey& key) {
      return key.field == condition.field && std::ranges::find(condition.any_of, key.key) != condition.any_of.end();
    });
    return any != condition.negated;
  }
  bool holds_all(const Conditions& conditions, Row row) const {
    return std::ranges::all_of(conditions, [&](const Condition& c) { return holds_by_key(c, row); });
  }
  bool passes(const Filter& filter, Row row, std::int32_t today) const {
    if (traits_[row].valid_until < today || !holds_all(filter.all, row)) return false;
    return filter.either.empty() ||
           std::ranges::any_of(filter.either, [&](const Conditions& group) { return holds_all(group, row); });
  }

  const Taxonomy& taxonomy_;
  std::vector<Profile> profiles_;
  std::vector<Traits> traits_;
  std::vector<Faces> faces_;
  std::vector<std::vector<IndexedKey>> keys_;
  std::vector<std::string> names_;
};

}  // namespace counterpart::engine
