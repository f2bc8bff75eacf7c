#include "index/pairs/admission.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "engine/corpus/field.h"
#include "engine/programme/eligibility.h"

namespace counterpart::index {
namespace {

bool has(const std::vector<std::uint64_t>& bits, std::uint32_t at) { return (bits[at / 64] >> (at % 64) & 1U) != 0; }

void add(std::vector<std::uint64_t>& bits, std::uint32_t at) { bits[at / 64] |= std::uint64_t{1} << (at % 64); }

void unite(std::vector<std::uint64_t>& bits, const std::vector<std::uint64_t>& more) {
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] |= more[i];
}

void intersect(std::vector<std::uint64_t>& bits, const std::vector<std::uint64_t>& other) {
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] &= other[i];
}

void subtract(std::vector<std::uint64_t>& bits, const std::vector<std::uint64_t>& other) {
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] &= ~other[i];
}

// What distinguishes rows, numbered: a side stood on, a key had or demanded. Sides come first, so that classes sorted by
// their items lie together by side.
struct Item {
  enum class Kind : std::uint8_t { kSide, kOf, kDemand, kAnything, kExcludedOf, kExcludes };
  Kind kind;
  std::size_t field;  // in Demand order; kSide: the side
  std::size_t key;
};

// Collects the rows' items.
class Signatures {
 public:
  Signatures(const Snapshot& snapshot, const Programme& programme, std::int32_t today) : snapshot_(snapshot), today_(today) {
    Filter members;
    if (programme.slug != "open")
      members.all.push_back({"programmes", {programme.slug, std::string(kAnyKey)}, false, Condition::Owner::kProgramme});
    std::size_t total = 0;
    for (const LiveSegment& live : snapshot.segments()) {
      firsts_.push_back(static_cast<Row>(total));
      total += live.segment->size();
    }
    of_row_.resize(total);
    taking_part_.assign(total, false);
    if (programme.pairs.empty()) {
      mark(members);
      return;
    }
    for (std::size_t side = 0; side < programme.sides.size(); ++side) {
      Filter on_side = members;
      for (Condition& condition : demands_of_side(programme, side)) on_side.all.push_back(std::move(condition));
      mark(on_side);
      note({Item::Kind::kSide, side, 0}, on_side);
    }
  }

  // The keys of `field` that anybody has.
  std::set<std::string> keys_of(std::string_view field) const {
    std::set<std::string> keys;
    for (const LiveSegment& live : snapshot_.segments())
      for (const KeyBitmaps::Entry& entry : live.segment->keys().of_field(field)) keys.insert(entry.key);
    return keys;
  }
  void note(Item item, std::string_view field, const std::string& key) {
    note(item, {.all = {{std::string(field), {key}, false, Condition::Owner::kProgramme}}, .either = {}});
  }

  const std::vector<Item>& items() const { return items_; }
  // Rows that take part, ascending.
  std::vector<Row> rows() const {
    std::vector<Row> rows;
    for (Row row = 0; row < taking_part_.size(); ++row)
      if (taking_part_[row]) rows.push_back(row);
    return rows;
  }
  const std::vector<std::uint32_t>& of(Row row) const { return of_row_[row]; }

 private:
  void note(Item item, const Filter& filter) {
    const auto number = static_cast<std::uint32_t>(items_.size());
    items_.push_back(item);
    each(filter, [&](Row row) { of_row_[row].push_back(number); });
  }
  void mark(const Filter& filter) {
    each(filter, [&](Row row) { taking_part_[row] = true; });
  }
  template <class Visit>
  void each(const Filter& filter, Visit visit) {
    for (std::size_t i = 0; i < firsts_.size(); ++i) {
      const LiveSegment& live = snapshot_.segments()[i];
      Bitmap rows = live.segment->matching(filter, today_);
      if (live.deleted) rows -= *live.deleted;
      for (const std::uint32_t row : rows.rows()) visit(firsts_[i] + row);
    }
  }

  const Snapshot& snapshot_;
  std::int32_t today_;
  std::vector<Row> firsts_;
  std::vector<Item> items_;
  std::vector<std::vector<std::uint32_t>> of_row_;  // ascending
  std::vector<char> taking_part_;
};

}  // namespace

Admission::Admission(const Snapshot& snapshot, const Programme& programme, std::int32_t today) : pairs_(programme.pairs) {
  Signatures signatures(snapshot, programme, today);
  std::vector<std::size_t> key_counts;
  for (const Field& field : fields()) {
    if (!field.demanded) continue;
    std::set<std::string> demanded = signatures.keys_of(demand_field(field.name));
    demanded.erase(std::string(kAnyKey));
    if (demanded.empty()) continue;
    const std::size_t number = key_counts.size();
    std::size_t key = 0;
    for (const std::string& name : demanded) {
      signatures.note({Item::Kind::kOf, number, key}, field.name, name);
      signatures.note({Item::Kind::kDemand, number, key}, demand_field(field.name), name);
      ++key;
    }
    signatures.note({Item::Kind::kAnything, number, 0}, demand_field(field.name), std::string(kAnyKey));
    key_counts.push_back(key);
  }
  std::size_t exclusions = 0;
  for (const std::string& name : signatures.keys_of(kExcludedCountries)) {
    signatures.note({Item::Kind::kExcludedOf, 0, exclusions}, "country", name);
    signatures.note({Item::Kind::kExcludes, 0, exclusions}, kExcludedCountries, name);
    ++exclusions;
  }

  rows_ = signatures.rows();
  std::ranges::sort(rows_, [&](Row a, Row b) { return snapshot.id(a) < snapshot.id(b); });
  std::vector<std::uint32_t> order(rows_.size());  // ranks, class by class
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order,
                           [&](std::uint32_t a, std::uint32_t b) { return signatures.of(rows_[a]) < signatures.of(rows_[b]); });
  ranks_ = order;
  positions_.resize(order.size());
  for (std::uint32_t at = 0; at < order.size(); ++at) positions_[order[at]] = at;
  std::vector<Row> by_position;
  for (const std::uint32_t rank : order) by_position.push_back(rows_[rank]);
  rows_ = std::move(by_position);
  for (std::uint32_t at = 0; at < rows_.size(); ++at) {
    if (at == 0 || signatures.of(rows_[at]) != signatures.of(rows_[at - 1])) members_.push_back({at, at});
    members_.back().end = at + 1;
  }

  const Classes none(words(), 0);
  for (const std::size_t count : key_counts) demands_.push_back({std::vector<Key>(count, {none, none}), none});
  excluded_.assign(exclusions, {none, none});
  sides_.assign(programme.sides.size(), none);
  for (std::uint32_t of = 0; of < classes(); ++of)
    for (const std::uint32_t number : signatures.of(rows_[members_[of].first])) {
      const Item& item = signatures.items()[number];
      switch (item.kind) {
        case Item::Kind::kSide: add(sides_[item.field], of); break;
        case Item::Kind::kOf: add(demands_[item.field].keys[item.key].of, of); break;
        case Item::Kind::kDemand: add(demands_[item.field].keys[item.key].demand, of); break;
        case Item::Kind::kAnything: add(demands_[item.field].anything, of); break;
        case Item::Kind::kExcludedOf: add(excluded_[item.key].of, of); break;
        case Item::Kind::kExcludes: add(excluded_[item.key].demand, of); break;
      }
    }
}

std::uint32_t Admission::class_of(std::uint32_t position) const {
  const auto after = std::ranges::upper_bound(members_, position, {}, &PositionRange::first);
  return static_cast<std::uint32_t>(after - members_.begin()) - 1;
}

void Admission::narrow(const Demand& demand, std::uint32_t of, Classes& passing) const {
  Classes wanted(words(), 0), wanting = demand.anything;
  for (const Key& key : demand.keys) {
    if (has(key.demand, of)) unite(wanted, key.of);
    if (has(key.of, of)) unite(wanting, key.demand);
  }
  if (!has(demand.anything, of)) intersect(passing, wanted);
  intersect(passing, wanting);
}

void Admission::exclude(std::uint32_t of, Classes& passing) const {
  for (const Key& country : excluded_) {
    if (has(country.demand, of)) subtract(passing, country.of);
    if (has(country.of, of)) subtract(passing, country.demand);
  }
}

void Admission::oppose(std::uint32_t of, Classes& passing) const {
  Classes opposite(words(), 0);
  for (const auto& [left, right] : pairs_) {
    if (has(sides_[left], of)) unite(opposite, sides_[right]);
    if (has(sides_[right], of)) unite(opposite, sides_[left]);
  }
  intersect(passing, opposite);
}

std::vector<PositionRange> Admission::admitted(std::uint32_t of) const {
  Classes passing(words(), ~std::uint64_t{0});
  if (!pairs_.empty()) oppose(of, passing);
  for (const Demand& demand : demands_) narrow(demand, of, passing);
  exclude(of, passing);
  std::vector<PositionRange> ranges;
  for (std::uint32_t other = 0; other < classes(); ++other) {
    if (!has(passing, other)) continue;
    if (!ranges.empty() && ranges.back().end == members_[other].first)
      ranges.back().end = members_[other].end;
    else
      ranges.push_back(members_[other]);
  }
  return ranges;
}

}  // namespace counterpart::index
